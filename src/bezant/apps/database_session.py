"""A reachable database for tools: the running one, or the embedded one started for the while."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bezant.kit.config import Settings
from bezant.kit.db import database_dsn
from bezant.kit.lockfile import DataDirInUse, data_dir_lock
from bezant.kit.operator_error import OperatorError
from bezant.kit.paths import DataDir
from bezant.kit.postgres import EmbeddedPostgres
from bezant.migrations.runner import check_migrated


@asynccontextmanager
async def reachable_database(settings: Settings, *, purpose: str) -> AsyncIterator[str]:
    """Yield the application's DSN of a database that answers and has this release's tables.

    `purpose` is how we name ourselves to whoever wants the data directory meanwhile. Raises
    OperatorError.
    """
    if not settings.is_database_embedded:
        yield await _checked(settings)
        return
    places = DataDir.of(settings)
    if not places.pg.is_dir():
        raise OperatorError(
            f"there is no exchange in {places.root}: choose its folder with --data-dir, or start "
            "a new one with `bezant up`"
        )
    try:
        with data_dir_lock(places.run, purpose=purpose):
            async with EmbeddedPostgres(places, tcp_port=settings.postgres_port):
                yield await _checked(settings)
            return
    except DataDirInUse:
        pass  # `bezant up` runs, and its server with it.
    yield await _checked(settings)


async def _checked(settings: Settings) -> str:
    dsn = database_dsn(settings)
    await check_migrated(dsn)
    return dsn
