"""The house under test: the one in memory, then a database on a real server."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.contracts.journal.houses import House, MemoryHouse, PostgresHouse


@pytest.fixture(params=["memory", "postgres"])
def new_house(request: pytest.FixtureRequest, tmp_path: Path) -> House:
    if request.param == "memory":
        return MemoryHouse()
    return PostgresHouse(request.getfixturevalue("database"), tmp_path)


@pytest.fixture
async def house(new_house: House) -> AsyncIterator[House]:
    yield new_house
    await new_house.close()
