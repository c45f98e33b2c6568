"""An append is one compare-and-set: whatever races, a journal has one line and no hole."""

import asyncio
import random

import pytest

from bezant.journal.ports import GENESIS_HASH, Appended, Batch, Journal, LeaseHeld, Row, Tenure, Tip
from tests.contracts.journal.houses import House
from tests.sequencer.counting_engine import CountingEngine
from tests.sequencer.orders import after, apply_batch, place, seqs


async def read_all(journal: Journal, from_seq: int = 1, to_seq: int | None = None) -> list[Row]:
    return [row async for row in journal.read(from_seq, to_seq)]


async def test_a_new_journal_begins_at_genesis(house: House) -> None:
    journal = await house.connect()
    tenure = await journal.open("alice")
    assert tenure.tip == Tip(0, GENESIS_HASH) == await journal.tip()
    assert await read_all(journal) == []


async def test_rows_come_back_as_they_were_written(house: House) -> None:
    journal, engine = await house.connect(), CountingEngine()
    tenure = await journal.open("alice")
    batches = []
    for number in range(5):
        batch = apply_batch(engine, number, *(place(f"{number}-{i}") for i in range(number + 1)))
        assert await journal.append(tenure, batch) is Appended.COMMITTED
        tenure = after(tenure, batch)
        batches.append(batch)
    rows = await read_all(journal)
    assert [row.batch for row in rows] == batches
    assert {row.epoch for row in rows} == {tenure.epoch}
    assert await journal.tip() == tenure.tip == Tip(15, rows[-1].hash)


async def test_reading_begins_at_the_row_that_holds_the_seq(house: House) -> None:
    journal, engine = await house.connect(), CountingEngine()
    tenure = await journal.open("alice")
    for _ in range(3):
        batch = apply_batch(engine, 1, *(place(f"{engine.seq}-{i}") for i in range(10)))
        await journal.append(tenure, batch)
        tenure = after(tenure, batch)
    assert seqs(await read_all(journal, 11)) == [(11, 20), (21, 30)]
    assert seqs(await read_all(journal, 15)) == [(11, 20), (21, 30)]
    assert seqs(await read_all(journal, 5, 11)) == [(1, 10), (11, 20)]
    assert seqs(await read_all(journal, 20, 20)) == [(11, 20)]
    assert await read_all(journal, 31) == []


async def test_a_long_journal_is_read_page_by_page(house: House) -> None:
    journal, engine = await house.connect(), CountingEngine()
    tenure = await journal.open("alice")
    for number in range(150):
        batch = apply_batch(engine, number, place(str(number)))
        assert await journal.append(tenure, batch) is Appended.COMMITTED
        tenure = after(tenure, batch)
    assert seqs(await read_all(journal)) == [(seq, seq) for seq in range(1, 151)]


@pytest.mark.parametrize("wrong", ["seq", "hash", "epoch"])
async def test_an_append_that_does_not_fit_writes_nothing(house: House, wrong: str) -> None:
    journal, engine = await house.connect(), CountingEngine()
    tenure = await journal.open("alice")
    batch = apply_batch(engine, 1, place("a1"))
    assert await journal.append(tenure, batch) is Appended.COMMITTED
    right = after(tenure, batch)
    batch = apply_batch(engine, 2, place("a2"))
    forged = {
        "seq": Tenure(right.epoch, right.tip),
        "hash": Tenure(right.epoch, Tip(right.tip.seq, bytes(32))),
        "epoch": Tenure(right.epoch - 1, right.tip),
    }[wrong]
    if wrong == "seq":
        batch = apply_batch(engine, 3, place("a3"))  # Seq 3 after 1: the second never came.
    assert await journal.append(forged, batch) is Appended.DEPOSED
    assert await journal.tip() == right.tip
    assert len(await read_all(journal)) == 1


async def test_the_lease_has_one_holder_who_is_named(house: House) -> None:
    first, second = await house.connect(), await house.connect()
    tenure = await first.open("alice")
    with pytest.raises(LeaseHeld, match=r"held by alice .* ms left") as held:
        await second.open("bob")
    assert (held.value.holder, held.value.epoch) == ("alice", tenure.epoch)
    assert 0 < held.value.expires_in_ms <= 60_000


async def test_a_lease_ends_by_the_databases_clock(house: House) -> None:
    first, second = await house.connect(lease_ttl_ms=300), await house.connect()
    old = await first.open("alice")
    await asyncio.sleep(0.2)
    assert await first.renew(old)
    await asyncio.sleep(0.2)
    with pytest.raises(LeaseHeld):
        await second.open("bob")
    await asyncio.sleep(0.2)
    new = await second.open("bob")
    assert new.epoch == old.epoch + 1
    assert not await first.renew(old)


async def test_an_append_lengthens_the_lease(house: House) -> None:
    first, second = await house.connect(lease_ttl_ms=300), await house.connect()
    tenure, engine = await first.open("alice"), CountingEngine()
    for number in range(3):
        await asyncio.sleep(0.15)
        batch = apply_batch(engine, number, place(str(number)))
        assert await first.append(tenure, batch) is Appended.COMMITTED
        tenure = after(tenure, batch)
    with pytest.raises(LeaseHeld):
        await second.open("bob")


async def test_a_released_lease_is_free_at_once(house: House) -> None:
    first, second = await house.connect(), await house.connect()
    await first.release(await first.open("alice"))
    tenure = await second.open("bob")
    await first.release(Tenure(tenure.epoch - 1, tenure.tip))  # Not ours any more: no effect.
    with pytest.raises(LeaseHeld):
        await first.open("alice")


async def test_an_expired_leader_goes_on_while_nobody_took_over(house: House) -> None:
    journal, engine = await house.connect(), CountingEngine()
    tenure = await journal.open("alice")
    await house.expire_lease()
    assert await journal.append(tenure, apply_batch(engine, 1, place("a1"))) is Appended.COMMITTED


async def test_a_deposed_leader_writes_nothing(house: House) -> None:
    first, second = await house.connect(), await house.connect()
    old = await first.open("alice")
    await house.expire_lease()
    new = await second.open("bob")
    ours, theirs = CountingEngine(), CountingEngine()
    assert await first.append(old, apply_batch(ours, 1, place("a1"))) is Appended.DEPOSED
    batch = apply_batch(theirs, 1, place("b1"))
    assert await second.append(new, batch) is Appended.COMMITTED
    assert [row.epoch for row in await read_all(second)] == [new.epoch]


async def test_an_append_in_flight_at_a_take_over_is_fenced(house: House) -> None:
    (first, wire), second = await house.connect_late(), await house.connect()
    old = await first.open("alice")
    in_flight = asyncio.create_task(first.append(old, apply_batch(CountingEngine(), 1, place("a"))))
    await asyncio.sleep(0.05)
    await house.expire_lease()
    new = await second.open("bob")
    assert new.tip.seq == 0
    wire.let_go()
    assert await in_flight is Appended.DEPOSED
    batch = apply_batch(CountingEngine(), 1, place("b1"))
    assert await second.append(new, batch) is Appended.COMMITTED


class Rival:
    """A writer with an engine of its own; without a tenure it has been deposed."""

    def __init__(self, name: str, journal: Journal) -> None:
        self.name = name
        self.journal = journal
        self.engine = CountingEngine()
        self.tenure: Tenure | None = None

    async def take_over(self) -> None:
        self.tenure = await self.journal.open(self.name)
        self.engine = CountingEngine()
        for row in await read_all(self.journal):
            self.engine.apply(row.batch.ts_ns, row.batch.seq_first, row.batch.entries)

    async def write(self, turn: int) -> list[Batch]:
        """Append one batch; return it if it was committed."""
        if self.tenure is None:
            return []
        batch = apply_batch(self.engine, turn, place(f"{self.name}-{turn}"))
        if await self.journal.append(self.tenure, batch) is Appended.COMMITTED:
            self.tenure = after(self.tenure, batch)
            return [batch]
        self.tenure = None
        return []


async def test_rival_writers_make_one_line(house: House) -> None:
    """Two writers take the lease from each other at odd moments; each row has one place."""
    rivals = [Rival("alice", await house.connect()), Rival("bob", await house.connect())]
    committed: list[Batch] = []
    chance = random.Random(7)
    for turn in range(60):
        if chance.random() < 0.3 or all(rival.tenure is None for rival in rivals):
            await house.expire_lease()
            await chance.choice(rivals).take_over()
        written = await asyncio.gather(*(rival.write(turn) for rival in rivals))
        assert sum(map(len, written)) <= 1
        committed += [*written[0], *written[1]]
    rows = await read_all(rivals[0].journal)
    assert [row.batch for row in rows] == committed
    assert seqs(rows) == [(seq, seq) for seq in range(1, len(rows) + 1)]
    assert len({row.epoch for row in rows}) > 5


async def test_a_lost_answer_is_unknown_and_the_tip_tells(house: House) -> None:
    journal = await house.connect_losing_answer()
    tenure = await journal.open("alice")
    batch = apply_batch(CountingEngine(), 1, place("a1"))
    assert await journal.append(tenure, batch) is Appended.UNKNOWN
    await house.expire_lease()
    successor = await house.connect()
    assert (await successor.open("bob")).tip == after(tenure, batch).tip
    assert [row.batch for row in await read_all(successor)] == [batch]


async def test_quarantine_is_kept_with_its_first_error(house: House) -> None:
    journal = await house.connect()
    assert await journal.list_quarantined() == frozenset()
    await journal.quarantine(b"\x01" * 32, "first")
    await journal.quarantine(b"\x01" * 32, "second")
    await journal.quarantine(b"\x02" * 32, "other")
    again = await house.connect()
    assert await again.list_quarantined() == {b"\x01" * 32, b"\x02" * 32}
