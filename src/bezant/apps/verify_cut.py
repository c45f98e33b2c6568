"""A consistent cut of a database: lease, journal, cursors, rows, all as of one moment.

One transaction in REPEATABLE READ, so that an exchange may run on while it is audited.
"""

from collections.abc import AsyncIterator
from typing import Any, Final

import zstandard
from msgspec import Struct

from bezant.apps.verify_outbox import Answered
from bezant.journal.ports import Batch, Row
from bezant.journal.snapshot import SnapshotPointer

PAGE_ROWS: Final = 64
PART_SIZE_MAX: Final = 512 * 1_048_576

_BEGIN: Final = "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY"
_LEASE: Final = "SELECT epoch, tip_seq, tip_hash FROM lease WHERE shard = $1"
_PAGE: Final = """
SELECT shard, epoch, seq_first, seq_last, ts_ns, rules, format, entries, events, prev_hash, hash
FROM journal WHERE shard = $1 AND seq_first > $2 ORDER BY seq_first LIMIT $3
"""
_CURSORS: Final = "SELECT consumer, seq FROM cursor WHERE shard = $1 ORDER BY consumer"
_SNAPSHOTS: Final = "SELECT seq, digest, object FROM snapshot WHERE shard = $1 ORDER BY seq"
_OUTBOX: Final = """
SELECT source, number, submitted_seq AS seq, outcome FROM command_outbox
WHERE submitted_seq IS NOT NULL AND outcome IS NOT NULL ORDER BY submitted_seq
"""
_ASSETS: Final = "SELECT id, code FROM assets"


class RowUnreadable(Exception):
    """A row's columns cannot be unpacked; says which."""

    def __init__(self, seq: int, why: str) -> None:
        super().__init__(f"the row of seq {seq} cannot be unpacked: {why}")
        self.seq = seq


class LeaseView(Struct, frozen=True):
    """Where the lease says that the journal ends."""

    epoch: int
    tip_seq: int
    tip_hash: bytes


class Cut:
    """All reads of an audit, in one transaction. `begin` before, `end` after."""

    def __init__(self, connection: Any, *, shard: int) -> None:
        self.connection = connection
        self._shard = shard
        self._unpacker = zstandard.ZstdDecompressor()

    async def begin(self) -> None:
        """Fix the moment."""
        await self.connection.execute(_BEGIN)

    async def end(self) -> None:
        """Let the database forget the moment."""
        await self.connection.execute("ROLLBACK")

    async def lease(self) -> LeaseView:
        """Return the lease; all zero where there is none."""
        row = await self.connection.fetchrow(_LEASE, self._shard)
        return LeaseView(0, 0, bytes(32)) if row is None else LeaseView(**row)

    async def rows(self, after_seq: int) -> AsyncIterator[Row]:
        """Yield the rows that begin after a seq, in order, unpacked. Raises RowUnreadable."""
        last = after_seq
        while True:
            page = await self.connection.fetch(_PAGE, self._shard, last, PAGE_ROWS)
            for record in page:
                last = record["seq_first"]
                yield self._row(record)
            if len(page) < PAGE_ROWS:
                return

    async def cursors(self) -> dict[str, int]:
        """Return how far each consumer is."""
        rows = await self.connection.fetch(_CURSORS, self._shard)
        return {row["consumer"]: row["seq"] for row in rows}

    async def snapshots(self) -> list[SnapshotPointer]:
        """Return the snapshots that are pointed at, oldest first."""
        rows = await self.connection.fetch(_SNAPSHOTS, self._shard)
        return [SnapshotPointer(row["seq"], row["digest"], row["object"]) for row in rows]

    async def answers(self) -> list[Answered]:
        """Return the outbox's commands that were done, by seq."""
        return [Answered(**row) for row in await self.connection.fetch(_OUTBOX)]

    async def asset_codes(self) -> dict[int, str]:
        """Return what people call each asset."""
        return {row["id"]: row["code"] for row in await self.connection.fetch(_ASSETS)}

    def _row(self, record: Any) -> Row:
        seq = record["seq_first"]
        batch = Batch(
            seq,
            record["seq_last"],
            record["ts_ns"],
            record["rules"],
            record["format"],
            self._unpack(seq, record["entries"]),
            self._unpack(seq, record["events"]),
        )
        return Row(record["shard"], record["epoch"], batch, record["prev_hash"], record["hash"])

    def _unpack(self, seq: int, packed: bytes) -> bytes:
        try:
            if not 0 <= zstandard.frame_content_size(packed) <= PART_SIZE_MAX:
                raise RowUnreadable(seq, "it has no known size")
            return self._unpacker.decompress(packed)
        except zstandard.ZstdError as error:
            raise RowUnreadable(seq, str(error)) from error
