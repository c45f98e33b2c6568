"""A real PostgreSQL for tests: one server a session, one fresh migrated database a test."""

import asyncio
import itertools
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import pytest

from bezant.kit.paths import DataDir
from bezant.kit.postgres import EmbeddedPostgres
from bezant.kit.postgres.database import grant_database
from bezant.kit.postgres.passwords import ROLE_NAMES
from bezant.migrations.runner import migrate

_TEMPLATE = "bezant"
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Database:
    """A migrated database of one test."""

    name: str
    app_dsn: str
    owner_dsn: str
    superuser_dsn: str


def make_reachable_folder(prefix: str) -> Path:
    """Return a new folder that PostgreSQL's user may pass through, also when root runs the tests.

    pytest's own `tmp_path` is closed to other users.
    """
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir="/tmp"))
    folder.chmod(0o755)
    return folder


def remove_data_dir(data_dir: DataDir) -> None:
    """Remove a data directory and its folders of sockets."""
    for uid in {os.geteuid(), *_uids(data_dir.pg)}:
        shutil.rmtree(data_dir.socket_folder(uid), ignore_errors=True)
    shutil.rmtree(data_dir.root, ignore_errors=True)


def _uids(folder: Path) -> set[int]:
    return {path.stat().st_uid for path in folder.iterdir()} if folder.is_dir() else set()


@pytest.fixture(scope="session")
def pg_server() -> Iterator[EmbeddedPostgres]:
    """An embedded PostgreSQL with a migrated template; stopped and removed at the end."""
    folder = make_reachable_folder("bezant-test-")
    data_dir = DataDir(folder / "data")
    server = EmbeddedPostgres(data_dir)
    try:
        asyncio.run(server.start())
        asyncio.run(migrate(server.dsn("owner"), ROLE_NAMES["app"]))
        yield server
    finally:
        asyncio.run(server.stop())
        remove_data_dir(data_dir)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
async def database(pg_server: EmbeddedPostgres) -> AsyncIterator[Database]:
    """A fresh, migrated, empty database, dropped after the test."""
    name = f"test_{os.getpid()}_{next(_numbers)}"
    owner = ROLE_NAMES["owner"]
    connection = await asyncpg.connect(pg_server.dsn("superuser", name="postgres"))
    try:
        await connection.execute(f"CREATE DATABASE {name} OWNER {owner} TEMPLATE {_TEMPLATE}")
        await grant_database(connection, name)
        yield Database(
            name=name,
            app_dsn=pg_server.dsn("app", name=name),
            owner_dsn=pg_server.dsn("owner", name=name),
            superuser_dsn=pg_server.dsn("superuser", name=name),
        )
    finally:
        await connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        await connection.close()
