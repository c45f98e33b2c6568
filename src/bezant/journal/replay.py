"""Replay: rows of the journal back through the engine; the only way in which state comes to be.

Each row is checked three times over: its hash, its place in the chain, and that the engine gives
the very same outcomes (INV-07, INV-11). A row that fails any of it stops the start: never skipped.
"""

import asyncio
from typing import Final

from bezant.core import codec
from bezant.core.codec import MalformedMessage
from bezant.core.contract import EngineContract, InvariantViolation
from bezant.journal.chaining import check_follows
from bezant.journal.ports import Journal, JournalCorrupt, Row, Tip

YIELD_EVERY_ROWS: Final = 8  # So that a lease can be renewed while a long tail is replayed.


async def replay(
    journal: Journal, engine: EngineContract, tip: Tip, *, to_seq: int | None = None
) -> Tip:
    """Apply the rows after `tip` (where the engine stands) up to `to_seq`; return the new tip.

    Raises JournalCorrupt, naming the seq. The engine is of no use after that.
    """
    count = 0
    async for row in journal.read(tip.seq + 1, to_seq):
        check_follows(tip, row)
        apply_row(engine, row)
        tip = Tip(row.batch.seq_last, row.hash)
        count += 1
        if count % YIELD_EVERY_ROWS == 0:
            await asyncio.sleep(0)
    if to_seq is not None and tip.seq != to_seq:
        raise JournalCorrupt(
            f"the journal ends at seq {tip.seq}, the lease says {to_seq}: rows are missing"
        )
    return tip


async def replay_to_tip(journal: Journal, engine: EngineContract, tip: Tip, lease_tip: Tip) -> None:
    """Apply all rows after `tip` and check that the journal ends exactly where the lease says.

    Raises JournalCorrupt: also for a row beyond the lease's tip, which no core has written.
    """
    reached = await replay(journal, engine, tip, to_seq=lease_tip.seq)
    if reached.hash != lease_tip.hash:
        raise JournalCorrupt(
            f"the journal's last row, of seq {reached.seq}, has the hash {reached.hash.hex()}, "
            f"the lease says {lease_tip.hash.hex()}"
        )
    async for row in journal.read(lease_tip.seq + 1):
        raise JournalCorrupt(
            f"the journal has a row of seq {row.batch.seq_first} beyond the lease's tip "
            f"{lease_tip.seq}: no core has written it"
        )


def apply_row(engine: EngineContract, row: Row) -> None:
    """Apply one row and compare the outcomes byte for byte. Raises JournalCorrupt."""
    batch = row.batch
    where = f"the journal row of seq {batch.seq_first} to {batch.seq_last}"
    if batch.format != codec.FORMAT:
        raise JournalCorrupt(
            f"{where} has format {batch.format}, this build reads {codec.FORMAT} only"
        )
    if batch.rules != engine.rules:
        raise JournalCorrupt(f"{where} was made under rules {batch.rules}, not {engine.rules}")
    try:
        events = engine.apply(batch.ts_ns, batch.seq_first, batch.entries)
    except (MalformedMessage, ValueError, InvariantViolation) as error:
        raise JournalCorrupt(f"{where} cannot be applied again: {error!r}") from error
    if engine.seq != batch.seq_last:
        raise JournalCorrupt(f"{where} holds entries up to {engine.seq} instead")
    if events != batch.events:
        raise JournalCorrupt(f"{where} does not give the same events again")
