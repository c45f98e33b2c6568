"""With BEZANT_DATABASE_URL no PostgreSQL of ours is started, and the tables are migrated there."""

import asyncio
from pathlib import Path

import asyncpg
import pytest

from bezant.kit.postgres import EmbeddedPostgres
from bezant.kit.postgres.passwords import ROLE_NAMES
from bezant.migrations.runner import current_revision, head_revision
from tests.contracts.postgres_lifecycle.conftest import StartHouse, servers_of
from tests.contracts.postgres_lifecycle.users import Somebody, ourselves

pytestmark = pytest.mark.slow


@pytest.fixture
def empty_database(pg_server: EmbeddedPostgres) -> str:
    """The name of a database of the owner's without any table."""

    async def make() -> None:
        connection = await asyncpg.connect(pg_server.dsn("superuser", name="postgres"))
        await connection.execute("DROP DATABASE IF EXISTS outside WITH (FORCE)")
        await connection.execute(f"CREATE DATABASE outside OWNER {ROLE_NAMES['owner']}")
        await connection.close()

    asyncio.run(make())
    return "outside"


def _with(who: Somebody, monkeypatch: pytest.MonkeyPatch, **variables: str) -> None:
    monkeypatch.setattr(Somebody, "environment", {**who.environment, **variables})


def test_the_tables_are_made_in_the_database_that_is_named(
    pg_server: EmbeddedPostgres,
    empty_database: str,
    start_house: StartHouse,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app_dsn = pg_server.dsn("app", name=empty_database)
    _with(
        ourselves(),
        monkeypatch,
        BEZANT_DATABASE_URL=app_dsn,
        BEZANT_DATABASE_OWNER_URL=pg_server.dsn("owner", name=empty_database),
    )
    house = start_house()
    house.wait_started()
    assert servers_of(house.places) == []
    assert not (house.places.pg / "cluster").exists()
    assert house.stop() == 0
    assert pg_server.is_running()
    assert asyncio.run(current_revision(app_dsn)) == head_revision()


def test_without_the_owners_url_old_tables_are_refused(
    pg_server: EmbeddedPostgres,
    empty_database: str,
    start_house: StartHouse,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app_dsn = pg_server.dsn("app", name=empty_database)
    _with(ourselves(), monkeypatch, BEZANT_DATABASE_URL=app_dsn)
    said = start_house().wait_refused()
    assert "the tables stand at nothing" in said
    assert "bezant db migrate" in said


def test_a_database_that_does_not_answer_is_named(
    start_house: StartHouse, monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    _with(
        ourselves(),
        monkeypatch,
        BEZANT_DATABASE_URL=f"postgresql://app:x9y8z7@/bezant?host={folder}",
    )
    said = start_house().wait_refused()
    assert "the database does not answer" in said
    assert "x9y8z7" not in said
