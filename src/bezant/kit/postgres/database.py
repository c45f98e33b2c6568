"""The two roles and the database inside a running server, made where they are missing."""

from typing import Any, Final
from urllib.parse import quote, urlencode

import asyncpg

from bezant.kit.postgres.cluster import SOCKET_PORT, Cluster
from bezant.kit.postgres.passwords import ROLE_NAMES, RoleKind, make_passwords, read_password

DATABASE: Final = "bezant"


def socket_dsn(cluster: Cluster, role: RoleKind, *, sockets: str, database: str, port: int) -> str:
    """Return a DSN for asyncpg that logs in as `role` through the Unix socket."""
    password = quote(read_password(cluster.pg, role), safe="")
    query = urlencode({"host": sockets, "port": port or SOCKET_PORT})
    return f"postgresql://{ROLE_NAMES[role]}:{password}@/{database}?{query}"


async def make_database(cluster: Cluster, superuser_dsn: str) -> None:
    """Make the owner's role, the application's role and the database between them.

    The application's role may connect and no more: each migration grants what it needs. Passwords
    are set anew each time, so that a start which broke off in between heals itself.
    """
    make_passwords(cluster.pg)
    connection = await asyncpg.connect(superuser_dsn)
    try:
        for role in ("owner", "app"):
            await _make_role(connection, ROLE_NAMES[role], read_password(cluster.pg, role))
        if not await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", DATABASE):
            await connection.execute(f"CREATE DATABASE {DATABASE} OWNER {ROLE_NAMES['owner']}")
        await grant_database(connection, DATABASE)
    finally:
        await connection.close()


async def grant_database(connection: Any, database: str) -> None:
    """Let only our roles connect to the database, and the application's role only that."""
    await connection.execute(f'REVOKE ALL ON DATABASE "{database}" FROM PUBLIC')
    await connection.execute(f'GRANT CONNECT ON DATABASE "{database}" TO {ROLE_NAMES["app"]}')


async def _make_role(connection: Any, name: str, password: str) -> None:
    if not await connection.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", name):
        await connection.execute(f"CREATE ROLE {name}")
    literal = await connection.fetchval("SELECT quote_literal($1::text)", password)
    await connection.execute(
        f"ALTER ROLE {name} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION "
        f"NOBYPASSRLS PASSWORD {literal}"
    )
