"""The worker's place: one relays, the next waits for as long as it takes, then relays."""

import asyncio

import asyncpg

from bezant.apps.worker import wait_for_place
from tests.fixtures_postgres import Database


async def test_a_second_worker_stands_by_until_the_first_is_gone(database: Database) -> None:
    first = await asyncpg.connect(database.app_dsn)
    # A command that waited on the server would be given up after this time.
    second = await asyncpg.connect(database.app_dsn, command_timeout=0.2)
    await wait_for_place(first)
    waiting = asyncio.create_task(wait_for_place(second))
    done, _ = await asyncio.wait([waiting], timeout=0.5)
    assert not done
    await first.close()
    await asyncio.wait_for(waiting, 5)
    await second.close()
