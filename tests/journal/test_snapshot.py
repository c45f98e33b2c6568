"""A snapshot is whole or passed over; what it restores is what the journal gives (F09, F10)."""

from pathlib import Path

import pytest

from bezant.journal.memory import MemoryJournal, Store
from bezant.journal.ports import GENESIS_HASH, Tenure, Tip
from bezant.journal.replay import replay_to_tip
from bezant.journal.snapshot import (
    CHUNK_SIZE,
    BadSnapshot,
    MemorySnapshotIndex,
    SnapshotHeader,
    SnapshotPointer,
    SnapshotStore,
    read_object,
    write_object,
)
from bezant.kit import failpoints
from bezant.kit.clock import FakeClock
from bezant.kit.failpoints import FailpointHit
from tests.sequencer.counting_engine import CountingEngine
from tests.sequencer.orders import after, apply_batch, place


class World:
    """A journal in memory, an engine at its tip, snapshots in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.journal = MemoryJournal(Store(FakeClock()))
        self.index = MemorySnapshotIndex()
        self.store = SnapshotStore(folder, self.index)
        self.engine = CountingEngine()
        self.tenure = Tenure(0, Tip(0, GENESIS_HASH))
        self.reports: list[str] = []

    async def write(self, *client_ids: str) -> None:
        if self.tenure.epoch == 0:
            self.tenure = await self.journal.open("alice")
        batch = apply_batch(self.engine, self.engine.seq, *(place(one) for one in client_ids))
        await self.journal.append(self.tenure, batch)
        self.tenure = after(self.tenure, batch)

    async def save(self) -> Path:
        header = await self.store.save(self.engine, self.tenure.tip, engine_name="python")
        return self.folder / f"00-{header.seq:016}.snapshot"

    async def restore(self) -> int:
        """Restore, replay the rest, compare; return the seq of the snapshot that was taken."""
        engine, tip = await self.store.restore_newest(
            CountingEngine, self.journal, self.reports.append
        )
        await replay_to_tip(self.journal, engine, tip, self.tenure.tip)
        assert engine.digest() == self.engine.digest()
        return tip.seq


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


async def test_snapshot_and_tail_give_the_state_of_genesis(world: World) -> None:
    await world.write("a1", "a2")
    await world.save()
    await world.write("a3")
    assert await world.restore() == 2
    assert world.reports == []


async def test_the_newest_three_stay(world: World) -> None:
    for number in range(5):
        await world.write(f"a{number}")
        await world.save()
    names = sorted(path.name for path in world.folder.iterdir())
    assert names == [f"00-{seq:016}.snapshot" for seq in (3, 4, 5)]
    assert [one.seq for one in await world.index.list_newest_first()] == [5, 4, 3]


@pytest.mark.parametrize("damage", ["flip", "truncate", "empty", "remove", "append", "garbage"])
async def test_a_bad_object_is_passed_over_for_an_older_one(world: World, damage: str) -> None:
    await world.write("a1")
    await world.save()
    await world.write("a2")
    path = await world.save()
    raw = path.read_bytes()
    if damage == "remove":
        path.unlink()
    else:
        path.write_bytes(
            {
                "flip": raw[:-3] + bytes([raw[-3] ^ 4]) + raw[-2:],
                "truncate": raw[:-1],
                "empty": b"",
                "append": raw + b"!",
                "garbage": b"\xff" * 200,
            }[damage]
        )
    assert await world.restore() == 1
    assert len(world.reports) == 1
    assert "at seq 2 is passed over" in world.reports[0]


async def test_no_flipped_bit_changes_the_state(world: World) -> None:
    await world.write("a1")
    path = await world.save()
    pointer = (await world.index.list_newest_first())[0]
    raw = path.read_bytes()
    _, state = read_object(path, pointer)
    for index in range(len(raw)):
        path.write_bytes(raw[:index] + bytes([raw[index] ^ 0x10]) + raw[index + 1 :])
        try:
            _, read = read_object(path, pointer)
        except BadSnapshot:
            continue
        assert read == state  # Some bits mean nothing to zstd; what is read is right or nothing.


async def test_without_a_good_one_genesis_is_replayed(world: World) -> None:
    await world.write("a1")
    (await world.save()).write_bytes(b"")
    assert await world.restore() == 0


async def test_a_snapshot_of_another_journal_is_passed_over(world: World, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    other = World(tmp_path / "other")
    await other.write("b1")
    path = await other.save()
    await world.write("a1")
    (world.folder / path.name).write_bytes(path.read_bytes())
    header = read_object(path, (await other.index.list_newest_first())[0])[0]
    await world.index.add(header, path.name)
    assert await world.restore() == 0
    assert "the journal has no row" in world.reports[0]


async def test_a_snapshot_ahead_of_a_restored_journal_is_passed_over(world: World) -> None:
    await world.write("a1")
    await world.save()
    await world.write("a2")
    await world.save()
    world.journal._store.rows.pop()
    first = world.journal._store.rows[0]
    world.tenure = Tenure(world.tenure.epoch, Tip(1, first.hash))
    world.engine = CountingEngine()
    world.engine.apply(first.batch.ts_ns, 1, first.batch.entries)
    assert await world.restore() == 1


@pytest.mark.parametrize(
    ("name", "leaves"),
    [
        ("snapshot.during_write", "00-0000000000000002.snapshot.partial"),
        ("snapshot.before_rename", "00-0000000000000002.snapshot.partial"),
        ("snapshot.before_row", "00-0000000000000002.snapshot"),
    ],
)
async def test_a_maker_that_dies_leaves_nothing_that_counts(
    world: World, name: str, leaves: str
) -> None:
    await world.write("a1")
    await world.save()
    await world.write("a2")
    failpoints.arm(f"{name}:error")
    try:
        with pytest.raises(FailpointHit):
            await world.save()
    finally:
        failpoints.arm(None)
    assert (world.folder / leaves).exists()
    assert await world.restore() == 1
    await world.write("a3")
    await world.save()
    assert not (world.folder / leaves).exists()
    assert await world.restore() == 3


def test_a_state_of_many_chunks_comes_back(tmp_path: Path) -> None:
    import hashlib

    state = bytes(range(256)) * (CHUNK_SIZE // 100)
    digest = hashlib.sha256(state).digest()
    header = SnapshotHeader(0, 7, bytes(32), 1, 1, "python", digest, len(state))
    write_object(tmp_path / "big", header, state)
    assert read_object(tmp_path / "big", SnapshotPointer(7, digest, "big")) == (header, state)
