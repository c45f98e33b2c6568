"""The snapshotter saves when the tail is long, at most once a minute, and once more at the end."""

import asyncio
import errno
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bezant.apps.snapshotter import Follower
from bezant.journal.memory import MemoryJournal, Store
from bezant.journal.ports import GENESIS_HASH, Row, Tenure, Tip
from bezant.journal.snapshot import MemorySnapshotIndex, SnapshotStore
from bezant.kit.clock import NS_PER_S, FakeClock
from tests.sequencer.counting_engine import CountingEngine
from tests.sequencer.orders import after, apply_batch, place

GENESIS = Tip(0, GENESIS_HASH)


class SlowJournal(MemoryJournal):
    """A journal whose rows take a second each to replay."""

    def __init__(self, store: Store, clock: FakeClock) -> None:
        super().__init__(store, lease_ttl_ms=10**9)
        self._test_clock = clock

    async def read(self, from_seq: int, to_seq: int | None = None) -> AsyncIterator[Row]:
        async for row in super().read(from_seq, to_seq):
            self._test_clock.advance(NS_PER_S)
            yield row


class World:
    """A leader that writes, a follower that looks on."""

    def __init__(self, folder: Path) -> None:
        self.clock = FakeClock()
        self.journal = SlowJournal(Store(self.clock), self.clock)
        self.index = MemorySnapshotIndex()
        self.engine = CountingEngine()
        self.tenure: Tenure | None = None
        store = SnapshotStore(folder, self.index)
        self.follower = Follower(CountingEngine(), GENESIS, self.journal, store, clock=self.clock)

    async def write(self, rows: int) -> None:
        self.tenure = self.tenure or await self.journal.open("alice")
        for _ in range(rows):
            batch = apply_batch(self.engine, self.engine.seq, place(str(self.engine.seq)))
            await self.journal.append(self.tenure, batch)
            self.tenure = after(self.tenure, batch)

    def is_due(self) -> bool:
        return self.follower.is_due

    async def saved(self) -> list[int]:
        return [pointer.seq for pointer in await self.index.list_newest_first()]


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


async def test_a_short_tail_is_not_saved(world: World) -> None:
    await world.write(2)
    await world.follower.catch_up()
    assert not world.is_due()


async def test_a_tail_of_over_two_seconds_is_due_at_most_once_a_minute(world: World) -> None:
    await world.write(3)
    await world.follower.catch_up()
    assert world.is_due()
    await world.follower.save("python")
    assert await world.saved() == [3]
    await world.write(10)
    await world.follower.catch_up()
    assert not world.is_due()
    world.clock.advance(60 * NS_PER_S)
    assert world.is_due()


async def test_an_idle_journal_makes_no_tail(world: World) -> None:
    await world.write(1)
    for _ in range(100):
        await world.follower.catch_up()
        world.clock.advance(NS_PER_S)
    assert not world.is_due()


async def test_a_clean_stop_catches_up_and_saves(world: World) -> None:
    following = asyncio.create_task(world.follower.follow("python"))
    await asyncio.sleep(0.01)
    await world.write(2)
    following.cancel()
    with pytest.raises(asyncio.CancelledError):
        await following
    assert await world.saved() == [2]


async def test_a_stop_with_nothing_new_saves_nothing(world: World) -> None:
    following = asyncio.create_task(world.follower.follow("python"))
    await asyncio.sleep(0.01)
    following.cancel()
    with pytest.raises(asyncio.CancelledError):
        await following
    assert await world.saved() == []


async def test_a_full_disk_is_survived_and_tried_again_later(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_space(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    await world.write(3)
    await world.follower.catch_up()
    with monkeypatch.context() as patch:
        patch.setattr("bezant.journal.snapshot.os.fsync", no_space)
        await world.follower.save("python")
    assert await world.saved() == []
    assert list(tmp_path.iterdir()) == []
    assert not world.is_due()
    world.clock.advance(60 * NS_PER_S)
    assert world.is_due()
    await world.follower.save("python")
    assert await world.saved() == [3]
