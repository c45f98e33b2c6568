"""Rows and cursor move together, for one projector at a time; a rebuild gives the same rows."""

import asyncio
from typing import Any

import asyncpg
import pytest

from bezant.core.codec import Outcome
from bezant.core.events import OrderDone
from bezant.egress.frames import FeedIdle
from bezant.projections.batch import EventUnknown
from bezant.projections.orders import OrderMissing
from bezant.projections.projector import (
    CHANNEL,
    TABLES,
    CursorMoved,
    Projector,
    ProjectorActive,
    reset,
)
from bezant.projections.pump import Pump
from bezant.queries.cursor import get_cursor, projected_seq, wait_for_seq
from tests.fixtures_postgres import Database
from tests.projections.house import House
from tests.projections.streams import ALICE, BASE, BOB, BUY, MARKET, QUOTE, SELL, made


def fill(house: House) -> None:
    house.stream.market()
    house.stream.deposit(ALICE, QUOTE, 10**6)
    house.stream.deposit(BOB, BASE, 10**6)
    for step in range(10):
        ask = house.stream.rest(BOB, SELL, 100 + step, 2)
        house.stream.take(ALICE, BUY, 100 + step, 1, (ask, BOB, 100 + step), is_maker_done=False)
        house.stream.cancel(ask, BOB, SELL, 1, filled=1)


async def test_the_cursor_tells_how_far_rows_are(house: House) -> None:
    assert await projected_seq(house.conn) == 0
    fill(house)
    await house.project()
    cursor = await get_cursor(house.conn)
    assert (cursor.seq, cursor.lag) == (house.stream.seq, 0)
    assert cursor.ts_ns == house.stream.ts_ns


async def test_any_cut_into_batches_gives_the_same_rows(house: House) -> None:
    fill(house)
    await house.project()
    at_once = await house.everything()
    await reset(house.conn)
    assert await house.rows("orders", "order_id") == []
    house.projector.seq = 0
    await house.project(batch_size=3)
    assert await house.everything() == at_once


async def test_a_failed_batch_leaves_rows_and_cursor_alone(house: House) -> None:
    fill(house)
    await house.project()
    before = await house.everything()
    house.stream.deposit(ALICE, BASE, 5)
    house.stream.entry(made(OrderDone, 64_000, ALICE, MARKET, 0, 1, 1, 0, 0, 0, 0))
    with pytest.raises(OrderMissing, match="projections rebuild"):
        await house.project()
    house.stream.rows.pop()
    house.stream.deposit(ALICE, BASE, -(10**6))  # Would leave a debt (INV-02).
    with pytest.raises(asyncpg.CheckViolationError):
        await house.project()
    assert await house.everything() == before
    assert await projected_seq(house.conn) == house.projector.seq


async def test_an_event_that_no_read_model_knows_stops_the_projector(house: House) -> None:
    class Surprise:
        pass

    batch = house.projector.begin()
    with pytest.raises(EventUnknown, match="Surprise"):
        batch.fold(1, [made(Outcome, 1, 0, (Surprise(),))])


async def test_a_second_projector_stands_by_until_the_first_is_gone(
    house: House, database: Database
) -> None:
    second = await Projector.connect(database.app_dsn)
    with pytest.raises(ProjectorActive, match="stand by"):
        await second.open()
    fill(house)
    await house.project()
    house.projector.terminate()
    for _ in range(100):
        try:
            assert await second.open() == house.stream.seq
            break
        except ProjectorActive:
            await asyncio.sleep(0.02)
    assert second.known.grids[made(int, MARKET)].base == BASE
    second.terminate()


async def test_a_projector_whose_cursor_was_moved_ends(house: House) -> None:
    fill(house)
    await house.project()
    await reset(house.conn)
    house.stream.deposit(ALICE, BASE, 1)
    with pytest.raises(CursorMoved, match="rebuild"):
        await house.project()


async def test_an_idle_projector_hears_of_a_reset(house: House) -> None:
    watching = asyncio.create_task(house.projector.watch())
    fill(house)
    await house.project()
    assert not watching.done()
    await reset(house.conn)
    with pytest.raises(CursorMoved, match="rebuilt"):
        await asyncio.wait_for(watching, 10)


async def test_a_projector_without_connection_ends(house: House, database: Database) -> None:
    watching = asyncio.create_task(house.projector.watch())
    cut = await asyncpg.connect(database.superuser_dsn)
    await cut.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE application_name = 'bezant projector' AND datname = current_database()"
    )
    await cut.close()
    with pytest.raises(ConnectionError):
        await asyncio.wait_for(watching, 10)


async def test_the_pump_folds_while_it_writes_and_leaves_nothing_out(house: House) -> None:
    fill(house)
    counts: list[int] = []

    async def feed() -> Any:
        for row in house.stream.rows:
            yield row
            yield made(FeedIdle, row.seq_last)
            await asyncio.sleep(0)

    pump = Pump(house.projector, lambda batch: counts.append(batch.count))
    await pump.run(feed())
    assert sum(counts) == house.stream.seq
    assert await projected_seq(house.conn) == house.stream.seq


async def test_the_pump_raises_what_its_source_raises(house: House) -> None:
    async def feed() -> Any:
        for row in house.stream.rows:
            yield row
        raise ConnectionError("gone")

    with pytest.raises(ConnectionError, match="gone"):
        await Pump(house.projector, lambda _batch: None).run(feed())


async def test_a_reader_can_wait_for_a_seq(house: House) -> None:
    fill(house)
    assert not await wait_for_seq(house.conn, 1, timeout_s=0.02)
    waiting = asyncio.create_task(wait_for_seq(house.conn, house.stream.seq, timeout_s=10))
    await asyncio.sleep(0.01)
    await house.project()
    assert await waiting


async def test_each_commit_is_told_to_listeners(house: House, database: Database) -> None:
    heard: asyncio.Queue[str] = asyncio.Queue()
    listener = await asyncpg.connect(database.app_dsn)
    await listener.add_listener(CHANNEL, lambda *notice: heard.put_nowait(notice[-1]))
    fill(house)
    await house.project()
    assert await asyncio.wait_for(heard.get(), 10) == str(house.stream.seq)
    await listener.close()


async def test_the_application_owns_none_of_the_tables(house: House) -> None:
    owners = await house.conn.fetch(
        "SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'"
    )
    me = await house.conn.fetchval("SELECT current_user")
    assert me not in {row["tableowner"] for row in owners}
    for table in TABLES:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await house.conn.execute(f"DELETE FROM {table}")


async def test_partitions_are_made_ahead_of_the_cursor(house: House) -> None:
    made_count = await house.conn.fetchval("SELECT projections_partitions_ahead(9999999)")
    assert made_count == 0
    assert await house.conn.fetchval("SELECT projections_partitions_ahead(10000000)") == 3
    with pytest.raises(asyncpg.RaiseError, match="upto_seq must be a seq"):
        await house.conn.execute("SELECT projections_partitions_ahead(-1)")
