"""The application's role reads and adds; it changes no journal row and makes no table (S60)."""

from pathlib import Path

import asyncpg
import pytest
from alembic.script import ScriptDirectory

from bezant.kit import db
from bezant.kit.crud_engine import create_engine
from bezant.kit.postgres import DurabilityError, check_durability
from bezant.migrations.partitions import make_partitions_ahead, partition_name
from bezant.migrations.runner import check_migrated, current_revision, head_revision, migrate
from bezant.migrations.upgrade import configuration
from tests.fixtures_postgres import Database

_APPEND = """
INSERT INTO journal VALUES ($1, $2, $2, 1, 1, 1, 1, 'in', 'out', $3, $3)
"""
_HASH = bytes(32)


async def test_a_database_stands_at_the_newest_revision(database: Database) -> None:
    assert await current_revision(database.app_dsn) == head_revision()
    await check_migrated(database.app_dsn)


def test_revisions_form_one_line_and_are_named_like_their_files() -> None:
    scripts = ScriptDirectory.from_config(configuration())
    assert scripts.get_heads() == [head_revision()]
    for script in scripts.walk_revisions():
        assert Path(script.path).stem == script.revision


async def test_migrating_again_changes_nothing(database: Database) -> None:
    assert await migrate(database.owner_dsn, "bezant_app") == head_revision()


async def test_the_app_role_appends_and_reads(database: Database) -> None:
    connection = await db.connect(database.app_dsn)
    await connection.execute(_APPEND, 0, 1, _HASH)
    assert await connection.fetchval("SELECT seq_last FROM journal") == 1
    await connection.close()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal SET ts_ns = 2",
        "DELETE FROM journal",
        "TRUNCATE journal",
        "DELETE FROM journal_p000000",
        "INSERT INTO journal_p000000 SELECT * FROM journal",
        "DROP TABLE journal",
        "ALTER TABLE journal ADD COLUMN more int",
        "CREATE TABLE mine (a int)",
        "CREATE TEMPORARY TABLE mine (a int)",
        "CREATE SCHEMA mine",
        "CREATE DATABASE mine",
        "CREATE ROLE mine",
        "ALTER SYSTEM SET fsync = off",
        "COPY journal TO PROGRAM 'cat'",
        "UPDATE command_outbox SET command = 'x'",
        "DELETE FROM lease",
        "UPDATE alembic_version SET version_num = 'x'",
    ],
)
async def test_the_app_role_may_not(database: Database, statement: str) -> None:
    connection = await db.connect(database.app_dsn)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.execute(statement)
    await connection.close()


async def test_the_app_role_owns_nothing_and_is_no_superuser(database: Database) -> None:
    connection = await db.connect(database.app_dsn)
    owned = await connection.fetchval(
        "SELECT count(*) FROM pg_class WHERE relowner = (SELECT oid FROM pg_roles "
        "WHERE rolname = current_user)"
    )
    is_mighty = await connection.fetchval(
        "SELECT rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls "
        "FROM pg_roles WHERE rolname = current_user"
    )
    await connection.close()
    assert (owned, is_mighty) == (0, False)


async def test_partitions_are_made_ahead_of_the_tip(database: Database) -> None:
    owner = await db.connect(database.owner_dsn)
    assert await make_partitions_ahead(owner) == 0
    await owner.execute("UPDATE lease SET tip_seq = 120_000_000")
    assert await make_partitions_ahead(owner, ahead=2) == 3
    assert await owner.fetchval("SELECT to_regclass($1)", partition_name(140_000_000))
    await owner.close()


async def test_house_accounts_keep_their_numbers(database: Database) -> None:
    connection = await db.connect(database.app_dsn)
    user_id = await connection.fetchval(
        "INSERT INTO users (email, password_hash) VALUES ('a@example.org', 'x') RETURNING id"
    )
    first = await connection.fetchval(
        "INSERT INTO accounts (user_id) VALUES ($1) RETURNING id", user_id
    )
    with pytest.raises(asyncpg.CheckViolationError):
        await connection.execute(
            "INSERT INTO users (email, password_hash) VALUES ('A@example.org', 'x')"
        )
    await connection.close()
    assert first == 1000


@pytest.mark.parametrize("name", ["synchronous_commit"])
async def test_a_session_that_may_lose_commits_is_refused(database: Database, name: str) -> None:
    connection = await db.connect(database.app_dsn)
    await check_durability(connection)
    await connection.execute(f"SET {name} = off")
    with pytest.raises(DurabilityError, match=f"{name} is off"):
        await check_durability(connection)
    await connection.close()


async def test_sqlalchemy_speaks_to_the_same_database(database: Database) -> None:
    engine = create_engine(database.app_dsn)
    async with engine.connect() as connection:
        found = await connection.exec_driver_sql("SELECT current_user::text")
        assert found.scalar_one() == "bezant_app"
    await engine.dispose()
