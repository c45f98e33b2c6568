"""Connections to the database, embedded or external, for every service. No SQL here.

This is asyncpg, for hot paths and COPY; `crud_engine` has SQLAlchemy's for the CRUD domains.
"""

from typing import Any, Final, Literal
from urllib.parse import unquote, urlsplit

import asyncpg

from bezant.kit.config import Settings
from bezant.kit.operator_error import OperatorError
from bezant.kit.paths import DataDir
from bezant.kit.postgres.server import embedded_dsn

DatabaseRole = Literal["app", "owner"]

CONNECT_TIMEOUT_S: Final = 10.0
COMMAND_TIMEOUT_S: Final = 30.0
POOL_SIZE_MAX: Final = 10


class DatabaseError(OperatorError):
    """The database cannot be used; the text says what to do."""


def database_dsn(settings: Settings, role: DatabaseRole = "app") -> str:
    """Return the DSN of the database as the application's role, or as the owner of the tables.

    Raises DatabaseError or PasswordMissing where there is none.
    """
    if settings.database_url is None:
        return embedded_dsn(DataDir.of(settings), role, tcp_port=settings.postgres_port)
    if role == "app":
        return settings.database_url
    if settings.database_owner_url is None:
        raise DatabaseError(
            "BEZANT_DATABASE_OWNER_URL is not set: tables are made and changed by a role of their "
            "own. Set it to the same database with the owning role"
        )
    return settings.database_owner_url


def role_name(dsn: str) -> str:
    """Return the database role that a DSN logs in as. Raises DatabaseError if it names none."""
    name = urlsplit(dsn).username
    if not name:
        raise DatabaseError("the database URL names no role: write postgresql://ROLE:password@…")
    return unquote(name)


async def connect(dsn: str, *, command_timeout_s: float | None = COMMAND_TIMEOUT_S) -> Any:
    """Return one asyncpg connection. Raises DatabaseError if the server does not answer."""
    try:
        return await asyncpg.connect(
            dsn, timeout=CONNECT_TIMEOUT_S, command_timeout=command_timeout_s
        )
    except (OSError, TimeoutError, asyncpg.PostgresError) as error:
        raise DatabaseError(
            f"the database does not answer ({type(error).__name__}: {error}): is `bezant up` "
            "running on this data directory, or BEZANT_DATABASE_URL right?"
        ) from error


async def create_pool(
    dsn: str,
    *,
    size_min: int = 1,
    size_max: int = POOL_SIZE_MAX,
    command_timeout_s: float | None = COMMAND_TIMEOUT_S,
) -> Any:
    """Return an asyncpg pool that is connected. Raises DatabaseError as `connect` does."""
    try:
        return await asyncpg.create_pool(
            dsn,
            min_size=size_min,
            max_size=size_max,
            timeout=CONNECT_TIMEOUT_S,
            command_timeout=command_timeout_s,
        )
    except (OSError, TimeoutError, asyncpg.PostgresError) as error:
        raise DatabaseError(
            f"the database does not answer ({type(error).__name__}: {error}): is `bezant up` "
            "running on this data directory, or BEZANT_DATABASE_URL right?"
        ) from error
