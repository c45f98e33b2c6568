"""A data directory has one supervisor; a second one is told who it is."""

import asyncio

import asyncpg
import pytest

from bezant.kit.postgres.server import embedded_dsn
from tests.contracts.postgres_lifecycle.conftest import StartHouse, servers_of, wait_until

pytestmark = pytest.mark.slow


def test_the_second_is_refused_and_told_who_the_first_is(start_house: StartHouse) -> None:
    first = start_house("one-each")
    first.wait_started()
    said = start_house("one-each").wait_refused()
    assert f"in use by `bezant up`, pid {first.process.pid}" in said
    assert first.ask("SELECT 1") == 1
    assert first.stop() == 0
    third = start_house("one-each")
    third.wait_started()


def test_sigterm_is_a_fast_stop_even_with_a_session_open(start_house: StartHouse) -> None:
    house = start_house()
    house.wait_started()

    async def stop_beside_a_query() -> None:
        connection = await asyncpg.connect(embedded_dsn(house.places))
        query = asyncio.create_task(connection.execute("SELECT pg_sleep(600)"))
        await asyncio.sleep(0.2)
        assert await asyncio.to_thread(house.stop) == 0
        with pytest.raises((asyncpg.PostgresError, ConnectionError)):
            await query

    asyncio.run(stop_beside_a_query())
    assert servers_of(house.places) == []
    assert list(house.places.run.glob("*.pid")) == []


def test_sigterm_during_the_start_stops_too(start_house: StartHouse) -> None:
    house = start_house()
    wait_until((house.places.run / "supervisor.pid").exists)
    assert house.stop() in {0, -15}
    wait_until(lambda: servers_of(house.places) == [])
    again = start_house()
    again.wait_started()
