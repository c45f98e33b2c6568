"""The feed: join anywhere, no gap, no repeat; live tail and catch-up look alike."""

import asyncio
import random
from collections.abc import AsyncIterator
from itertools import pairwise
from pathlib import Path

import pytest

from bezant.core import codec
from bezant.core.ids import Seq
from bezant.egress import client
from bezant.egress.client import FeedRefused, follow
from bezant.egress.feed import Feed
from bezant.egress.frames import FeedIdle, FeedRefusal, FeedRow, Subscribe
from bezant.egress.server import FeedServer
from bezant.journal.ports import Appended, Journal, Row, Tenure
from bezant.kit.framing import pack
from tests.contracts.journal.houses import House
from tests.sequencer.counting_engine import CountingEngine
from tests.sequencer.orders import after, apply_batch, place


class Publisher:
    """A journal with a feed on it, which can be stopped and started like a core."""

    def __init__(self, house: House, journal: Journal, folder: Path) -> None:
        self.house = house
        self.path = folder / "e.sock"
        self.journal = journal
        self.engine = CountingEngine()
        self.tenure: Tenure | None = None
        self.ring_rows = 8

    async def start(self) -> None:
        if self.tenure is None:
            self.tenure = await self.journal.open("alice")
        self.feed = Feed(self.journal, self.tenure.tip.seq, rows_max=self.ring_rows)
        self.server = FeedServer(self.feed)
        await self.server.start(self.path)

    async def stop(self) -> None:
        await self.server.close()

    async def write(self, count: int) -> None:
        """Commit and publish one row of `count` entries."""
        assert self.tenure is not None
        names = (place(f"{self.engine.seq}-{i}") for i in range(count))
        batch = apply_batch(self.engine, self.engine.seq, *names)
        assert await self.journal.append(self.tenure, batch) is Appended.COMMITTED
        before = self.tenure.tip
        self.tenure = after(self.tenure, batch)
        row = Row(0, self.tenure.epoch, batch, before.hash, self.tenure.tip.hash)
        self.feed.publish(row)

    async def events(self, from_seq: int) -> bytes:
        """Return what the journal says from a seq on."""
        parts = []
        async for row in self.journal.read(from_seq):
            count = row.batch.seq_last - row.batch.seq_first + 1
            for seq, raw in enumerate(codec.split(row.batch.events, count), row.batch.seq_first):
                if seq >= from_seq:
                    parts.append(bytes(raw))
        return b"".join(parts)


@pytest.fixture
async def publisher(house: House, tmp_path: Path) -> AsyncIterator[Publisher]:
    made = Publisher(house, await house.connect(), tmp_path)
    await made.start()
    yield made
    await made.stop()


async def collect(publisher: Publisher, from_seq: int, to_seq: int) -> list[FeedRow]:
    rows: list[FeedRow] = []
    async with asyncio.timeout(10):
        async for frame in follow(publisher.path, "test", from_seq):
            if isinstance(frame, FeedRow):
                rows.append(frame)
                if frame.seq_last >= to_seq:
                    return rows
    raise AssertionError("the feed ended")


def check_dense(rows: list[FeedRow], from_seq: int) -> None:
    assert rows[0].seq_first == from_seq
    assert all(a.seq_last + 1 == b.seq_first for a, b in pairwise(rows))


@pytest.mark.parametrize("from_seq", [1, 2, 10, 11, 15, 99, 100])
async def test_a_consumer_joins_at_any_seq(publisher: Publisher, from_seq: int) -> None:
    """Seqs 1–20 are in the journal only, the rest in the ring too."""
    for _ in range(10):
        await publisher.write(10)
    rows = await collect(publisher, from_seq, 100)
    check_dense(rows, from_seq)
    assert b"".join(row.events for row in rows) == await publisher.events(from_seq)
    assert client.decode(rows[0])[0].seq == from_seq


async def test_rows_follow_live_after_the_catch_up(publisher: Publisher) -> None:
    for _ in range(20):
        await publisher.write(3)
    reading = asyncio.create_task(collect(publisher, 1, 90))
    for _ in range(10):
        await asyncio.sleep(0.005)
        await publisher.write(3)
    rows = await reading
    check_dense(rows, 1)
    assert b"".join(row.events for row in rows) == await publisher.events(1)


async def test_a_consumer_at_the_tip_waits_and_hears_that_the_link_lives(
    publisher: Publisher,
) -> None:
    await publisher.write(5)
    async with asyncio.timeout(5):
        async for frame in follow(publisher.path, "test", 6):
            assert frame == FeedIdle(Seq(5))
            break


async def test_a_cursor_of_another_journal_is_refused(publisher: Publisher) -> None:
    await publisher.write(5)
    with pytest.raises(FeedRefused, match="seq 7 was asked for, the journal ends at 5") as refused:
        await collect(publisher, 7, 7)
    assert refused.value.refusal is FeedRefusal.AHEAD


async def test_a_cursor_older_than_the_journal_is_refused(publisher: Publisher) -> None:
    for _ in range(20):
        await publisher.write(2)
    for seq_first in (1, 3, 5, 7, 9):
        await publisher.house.remove(seq_first)
    with pytest.raises(FeedRefused, match="begins at 11") as refused:
        await collect(publisher, 3, 3)
    assert refused.value.refusal is FeedRefusal.ARCHIVED


async def test_a_consumer_goes_on_after_the_core_came_back(publisher: Publisher) -> None:
    await publisher.write(5)
    reading = asyncio.create_task(collect(publisher, 1, 15))
    await asyncio.sleep(0.05)
    await publisher.stop()
    await publisher.start()
    await publisher.write(5)
    await publisher.write(5)
    check_dense(await reading, 1)


async def test_a_slow_consumer_costs_no_memory(publisher: Publisher) -> None:
    """It has a cursor and a bounded buffer; the ring forgets, the journal does not."""
    reader, writer = await asyncio.open_unix_connection(publisher.path)
    writer.write(pack(codec.encode(Subscribe("slow", Seq(1)))))
    await asyncio.sleep(0.02)
    for _ in range(300):
        await publisher.write(200)
    assert len(publisher.feed._ring) == publisher.ring_rows
    writer.transport.abort()
    check_dense(await collect(publisher, 1, publisher.engine.seq), 1)
    del reader


async def test_many_consumers_at_odd_paces_all_see_the_same(publisher: Publisher) -> None:
    chance = random.Random(11)

    async def consume(from_seq: int) -> bytes:
        seen = []
        async for frame in follow(publisher.path, "test", from_seq):
            if isinstance(frame, FeedRow):
                seen.append(frame.events)
                if chance.random() < 0.2:
                    await asyncio.sleep(0.003)
                if frame.seq_last == 600:
                    break
        return b"".join(seen)

    await publisher.write(4)
    consumers = [asyncio.create_task(consume(from_seq)) for from_seq in (1, 3, 5, 1, 2)]
    while publisher.engine.seq < 600:
        await publisher.write(min(chance.randint(1, 9), 600 - publisher.engine.seq))
        if chance.random() < 0.3:
            await asyncio.sleep(0.001)
    async with asyncio.timeout(20):
        seen = await asyncio.gather(*consumers)
    for from_seq, events in zip((1, 3, 5, 1, 2), seen, strict=True):
        assert events == await publisher.events(from_seq)


async def test_garbage_from_a_consumer_ends_its_link_alone(publisher: Publisher) -> None:
    for garbage in (b"\x00\x00\x00\x01\xc1", b"\xff" * 64, b"\x00\x00\x00\x03\x93\x01\x02"):
        reader, writer = await asyncio.open_unix_connection(publisher.path)
        writer.write(garbage)
        async with asyncio.timeout(2):
            assert await reader.read() == b""
        writer.close()
    await publisher.write(1)
    assert len(await collect(publisher, 1, 1)) == 1
