"""Checks of a journal's chain, shared by all that read rows (INV-07).

Not for re-applying entries: that is `replay`. Not for an audit by code of its own: `verifier`.
"""

from bezant.journal.ports import JournalCorrupt, Row, Tip, chain


def check_hash(row: Row) -> None:
    """Check that a row's hash is that of its content. Raises JournalCorrupt, naming the seq."""
    expected = chain(row.prev_hash, row.shard, row.epoch, row.batch)
    if expected != row.hash:
        raise JournalCorrupt(
            f"the journal row of seq {row.batch.seq_first} to {row.batch.seq_last} was changed: "
            f"its hash is {row.hash.hex()}, its content gives {expected.hex()}"
        )


def check_follows(tip: Tip, row: Row) -> None:
    """Check that a row comes right after `tip`. Raises JournalCorrupt, naming the seq."""
    if row.batch.seq_first != tip.seq + 1:
        raise JournalCorrupt(
            f"the journal goes on at seq {row.batch.seq_first} after {tip.seq}: "
            "a row is missing, or one too many is there"
        )
    if row.batch.seq_last < row.batch.seq_first:
        raise JournalCorrupt(
            f"the journal row of seq {row.batch.seq_first} ends at {row.batch.seq_last}"
        )
    if row.prev_hash != tip.hash:
        raise JournalCorrupt(
            f"the journal row of seq {row.batch.seq_first} is chained to {row.prev_hash.hex()}, "
            f"the row before it has the hash {tip.hash.hex()}"
        )
