"""A projector on a database of its own."""

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from bezant.projections.projector import Projector
from tests.fixtures_postgres import Database
from tests.projections.house import House


@pytest.fixture
async def conn(database: Database) -> AsyncIterator[Any]:
    """A connection of the application's role."""
    connection = await asyncpg.connect(database.app_dsn)
    yield connection
    await connection.close()


@pytest.fixture
async def house(database: Database, conn: Any) -> AsyncIterator[House]:
    """An open projector with a stream to fill it from."""
    projector = await Projector.connect(database.app_dsn)
    await projector.open()
    yield House(projector, conn)
    projector.terminate()
