"""Replay finds what was changed behind the journal's back, and names the seq (F11)."""

import re

import msgspec
import pytest

from bezant.core import codec
from bezant.core.ids import Seq
from bezant.journal.ports import (
    GENESIS_HASH,
    Appended,
    Journal,
    JournalCorrupt,
    Row,
    Tenure,
    Tip,
    chain,
)
from bezant.journal.replay import replay, replay_to_tip
from tests.contracts.journal.houses import House
from tests.sequencer.counting_engine import CountingEngine
from tests.sequencer.orders import after, apply_batch, place

GENESIS = Tip(0, GENESIS_HASH)


async def write_rows(journal: Journal, tenure: Tenure, count: int) -> tuple[Tenure, CountingEngine]:
    """Append rows of two entries each: 1–2, 3–4, …"""
    engine = CountingEngine()
    for number in range(count):
        batch = apply_batch(engine, number, place(f"{number}a"), place(f"{number}b"))
        assert await journal.append(tenure, batch) is Appended.COMMITTED
        tenure = after(tenure, batch)
    return tenure, engine


async def rows_of(journal: Journal) -> list[Row]:
    return [row async for row in journal.read(1)]


async def test_replay_gives_the_same_state(house: House) -> None:
    journal = await house.connect()
    tenure, engine = await write_rows(journal, await journal.open("alice"), 20)
    again = CountingEngine()
    assert await replay(journal, again, GENESIS) == tenure.tip
    assert again.digest() == engine.digest()


async def test_replay_goes_on_from_the_middle(house: House) -> None:
    journal = await house.connect()
    tenure, engine = await write_rows(journal, await journal.open("alice"), 20)
    again = CountingEngine()
    middle = await replay(journal, again, GENESIS, to_seq=18)
    assert middle.seq == again.seq == 18
    await replay_to_tip(journal, again, middle, tenure.tip)
    assert again.digest() == engine.digest()


@pytest.mark.parametrize("column", ["entries", "events", "ts_ns", "epoch", "prev_hash", "hash"])
async def test_a_changed_column_is_found_and_named(house: House, column: str) -> None:
    journal = await house.connect()
    tenure, _ = await write_rows(journal, await journal.open("alice"), 5)
    row = (await rows_of(journal))[2]
    value = getattr(row, column) if hasattr(row, column) else getattr(row.batch, column)
    changed = value + 1 if isinstance(value, int) else bytes([value[0] ^ 1]) + value[1:]
    await house.tamper(5, column, changed)
    with pytest.raises(JournalCorrupt, match=r"seq 5\b"):
        await replay_to_tip(journal, CountingEngine(), GENESIS, tenure.tip)


async def test_a_row_that_was_made_to_fit_breaks_the_next(house: House) -> None:
    """Whoever changes a row and its hash breaks the chain after it."""
    journal = await house.connect()
    tenure, _ = await write_rows(journal, await journal.open("alice"), 5)
    row = (await rows_of(journal))[2]
    batch = msgspec.structs.replace(row.batch, ts_ns=row.batch.ts_ns + 1)
    await house.tamper(5, "ts_ns", batch.ts_ns)
    await house.tamper(5, "hash", chain(row.prev_hash, 0, row.epoch, batch))
    with pytest.raises(JournalCorrupt, match=r"seq 7\b.* chained to"):
        await replay_to_tip(journal, CountingEngine(), GENESIS, tenure.tip)


async def test_events_that_the_engine_does_not_give_are_found(house: House) -> None:
    journal = await house.connect()
    tenure = await journal.open("alice")
    engine = CountingEngine()
    batch = apply_batch(engine, 1, place("a1"))
    lie = codec.encode_outcomes([codec.outcome(Seq(1), [])])
    batch = msgspec.structs.replace(batch, events=lie)
    assert await journal.append(tenure, batch) is Appended.COMMITTED
    with pytest.raises(JournalCorrupt, match=r"seq 1 to 1 does not give the same events"):
        await replay_to_tip(journal, CountingEngine(), GENESIS, after(tenure, batch).tip)


@pytest.mark.parametrize(("missing", "named"), [(1, 3), (5, 7), (9, 8)])
async def test_a_missing_row_is_found(house: House, missing: int, named: int) -> None:
    journal = await house.connect()
    tenure, _ = await write_rows(journal, await journal.open("alice"), 5)
    await house.remove(missing)
    with pytest.raises(JournalCorrupt, match=rf"seq {named}\b"):
        await replay_to_tip(journal, CountingEngine(), GENESIS, tenure.tip)


async def test_a_row_that_no_core_has_written_is_found(house: House) -> None:
    """A row beyond the lease's tip: the chain fits, the lease does not know it."""
    journal = await house.connect()
    tenure, engine = await write_rows(journal, await journal.open("alice"), 5)
    batch = apply_batch(engine, 99, place("forged"))
    assert await journal.append(tenure, batch) is Appended.COMMITTED
    await house.set_tip(tenure.tip)
    await house.expire_lease()
    tip = (await journal.open("bob")).tip
    with pytest.raises(JournalCorrupt, match=r"seq 11 beyond the lease's tip 10"):
        await replay_to_tip(journal, CountingEngine(), GENESIS, tip)


async def test_a_lease_with_another_hash_is_found(house: House) -> None:
    journal = await house.connect()
    tenure, _ = await write_rows(journal, await journal.open("alice"), 5)
    with pytest.raises(JournalCorrupt, match=re.escape("the lease says " + "00" * 32)):
        await replay_to_tip(journal, CountingEngine(), GENESIS, Tip(tenure.tip.seq, bytes(32)))


async def test_an_entry_that_breaks_the_engine_stops_the_replay(house: House) -> None:
    journal = await house.connect()
    tenure, _ = await write_rows(journal, await journal.open("alice"), 2)
    with pytest.raises(JournalCorrupt, match=r"seq 1 to 2 cannot be applied again.*poison"):
        await replay_to_tip(journal, CountingEngine(poison="0b"), GENESIS, tenure.tip)
