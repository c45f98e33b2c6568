"""Bring a database to the newest tables, or say how far it is."""

from typing import Final

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from bezant.kit import db
from bezant.migrations.partitions import make_partitions_ahead

_LOCK: Final = 0x62657A616E74  # "bezant": one migrator at a time.


class NotMigrated(db.DatabaseError):
    """The tables are older or newer than this release."""


def head_revision() -> str:
    """Return the newest revision that this release knows."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    if head is None:
        raise RuntimeError("the package holds no migrations")
    return head


async def migrate(owner_dsn: str, app_role: str) -> str:
    """Run what is missing in one transaction, make partitions ahead, return the revision.

    Both roles exist already; `owner_dsn` is the owner's, `app_role` the name of the other.
    """
    engine = create_async_engine(
        make_url(owner_dsn).set(drivername="postgresql+asyncpg"), poolclass=NullPool
    )
    try:
        async with engine.begin() as connection:
            await connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
            await connection.run_sync(_upgrade, app_role)
    finally:
        await engine.dispose()
    connection_as_owner = await db.connect(owner_dsn)
    try:
        await make_partitions_ahead(connection_as_owner)
    finally:
        await connection_as_owner.close()
    return head_revision()


async def current_revision(dsn: str) -> str | None:
    """Return the revision that the database stands at; None if it was never migrated."""
    connection = await db.connect(dsn)
    try:
        if await connection.fetchval("SELECT to_regclass('public.alembic_version')") is None:
            return None
        revision: str | None = await connection.fetchval(
            "SELECT version_num FROM public.alembic_version"
        )
        return revision
    finally:
        await connection.close()


async def check_migrated(dsn: str) -> None:
    """Raise NotMigrated unless the database stands at this release's newest revision."""
    found, wanted = await current_revision(dsn), head_revision()
    if found != wanted:
        raise NotMigrated(
            f"the tables stand at {found or 'nothing'}, this release needs {wanted}: run "
            "`bezant db migrate` with BEZANT_DATABASE_OWNER_URL set"
        )


def _config(connection: Connection | None = None, app_role: str = "") -> Config:
    config = Config()
    config.set_main_option("script_location", "bezant:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    config.attributes["app_role"] = app_role
    return config


def _upgrade(connection: Connection, app_role: str) -> None:
    command.upgrade(_config(connection, app_role), "head")
