"""Reads of single journal entries: the first reply of a repeated order, and when one was placed.

Goes by the primary key and takes few rows. Not for following the journal: that is the feed's way.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import zstandard

from bezant.core import codec
from bezant.core.codec import Outcome

_EVENTS_SIZE_MAX: Final = 512 * 1_048_576

_ROW: Final = """
SELECT seq_first, seq_last, ts_ns, events FROM journal
WHERE shard = $1 AND seq_first <= $2 ORDER BY seq_first DESC LIMIT 1
"""
_ROWS: Final = """
SELECT seq_first, seq_last, ts_ns, events FROM journal
WHERE shard = $1 AND seq_last >= $2 AND seq_first <= $3 AND seq_first >= coalesce(
    (SELECT seq_first FROM journal WHERE shard = $1 AND seq_first <= $2
     ORDER BY seq_first DESC LIMIT 1), 0)
ORDER BY seq_first
"""
_TIMES: Final = """
SELECT wanted.seq, row.ts_ns FROM unnest($2::bigint[]) AS wanted (seq)
CROSS JOIN LATERAL (
    SELECT seq_last, ts_ns FROM journal
    WHERE shard = $1 AND seq_first <= wanted.seq ORDER BY seq_first DESC LIMIT 1
) row
WHERE row.seq_last >= wanted.seq
"""


class JournalReads:
    """Reads entries of one shard through the gateway's own pool."""

    def __init__(self, pool: Any, shard: int = 0) -> None:
        self._pool = pool
        self._shard = shard

    async def find_outcome(self, seq: int) -> tuple[int, Outcome] | None:
        """Return the time in ns and the outcome of the entry `seq`, or None past the tip."""
        row = await self._pool.fetchrow(_ROW, self._shard, seq)
        if row is None or row["seq_last"] < seq:
            return None
        return row["ts_ns"], _outcomes(row)[seq - row["seq_first"]]

    async def list_outcomes(self, first: int, last: int) -> Sequence[tuple[int, Outcome]]:
        """Return time in ns and outcome of the entries `first` … `last`, up to the tip.

        For the few entries between a read and a command that follows it.
        """
        rows = await self._pool.fetch(_ROWS, self._shard, first, last)
        return [
            (row["ts_ns"], outcome)
            for row in rows
            for outcome in _outcomes(row)
            if first <= outcome.seq <= last
        ]

    async def list_times(self, seqs: Sequence[int]) -> Mapping[int, int]:
        """Return the time in ns of each entry, up to the tip."""
        rows = await self._pool.fetch(_TIMES, self._shard, list(seqs))
        return {row["seq"]: row["ts_ns"] for row in rows}


def _outcomes(row: Any) -> tuple[Outcome, ...]:
    raw = zstandard.ZstdDecompressor().decompress(row["events"], max_output_size=_EVENTS_SIZE_MAX)
    return codec.decode_outcomes(raw, row["seq_last"] - row["seq_first"] + 1)
