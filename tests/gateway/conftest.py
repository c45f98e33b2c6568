"""One exchange a test module; each test makes its own users, so none sees another's orders."""

import os
import shutil
from collections.abc import AsyncIterator

import asyncpg
import pytest
import pytest_asyncio

from bezant.kit.paths import DataDir
from bezant.kit.postgres import EmbeddedPostgres
from bezant.kit.postgres.database import grant_database
from bezant.kit.postgres.passwords import ROLE_NAMES
from tests.gateway.exchange import Client, Exchange, make_settings, open_exchange


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def module_dsn(
    pg_server: EmbeddedPostgres, request: pytest.FixtureRequest
) -> AsyncIterator[str]:
    """A fresh, migrated database for all tests of a module."""
    name = f"gateway_{os.getpid()}_{abs(hash(request.node.nodeid)) % 10**9}"
    connection = await asyncpg.connect(pg_server.dsn("superuser", name="postgres"))
    try:
        await connection.execute(
            f"CREATE DATABASE {name} OWNER {ROLE_NAMES['owner']} TEMPLATE bezant"
        )
        await grant_database(connection, name)
        yield pg_server.dsn("app", name=name)
    finally:
        await connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        await connection.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def exchange(
    module_dsn: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Exchange]:
    """A running exchange with the markets BTCUSDT and ETHUSDT and without rate limits."""
    folder = tmp_path_factory.mktemp("exchange") / "data"
    settings = make_settings(folder, module_dsn)
    try:
        async with open_exchange(settings) as running:
            yield running
    finally:
        places = DataDir.of(settings)
        shutil.rmtree(places.sockets, ignore_errors=True)


@pytest_asyncio.fixture(loop_scope="module")
async def alice(exchange: Exchange) -> Client:
    """A user with plenty of BTC and USDT."""
    return await exchange.user()


@pytest_asyncio.fixture(loop_scope="module")
async def bob(exchange: Exchange) -> Client:
    """Another one."""
    return await exchange.user()
