"""The journal on PostgreSQL: one row a batch, written by a single compare-and-set (INV-10).

The form of the append statement matters: see `docs/adr/0004-append.md` before changing a word.
Lease time is the database's clock only. Not for read models: nothing joins this table.
"""

import asyncio
from collections.abc import AsyncIterator
from typing import Final, Self

import asyncpg
import zstandard
from asyncpg.prepared_stmt import PreparedStatement

from bezant.journal.chaining import check_follows, check_hash
from bezant.journal.ports import (
    GENESIS_HASH,
    Appended,
    Batch,
    JournalCorrupt,
    LeaseHeld,
    Row,
    Tenure,
    Tip,
    chain,
)
from bezant.kit import db
from bezant.kit.failpoints import failpoint
from bezant.kit.postgres.durability import check_durability

APPEND_TIMEOUT_S: Final = 5.0  # Then the outcome is unknown and the process ends.
READERS_MAX: Final = 4
PAGE_ROWS: Final = 64
ROW_PART_SIZE_MAX: Final = 512 * 1_048_576  # A packed column that says it is longer is corrupt.
ZSTD_LEVEL: Final = 1

_NEW_SHARD: Final = """
INSERT INTO lease (shard, epoch, holder, expires_at, tip_seq, tip_hash)
VALUES ($1, 0, '', '-infinity', 0, $2) ON CONFLICT DO NOTHING
"""
_TAKE: Final = """
UPDATE lease
SET epoch = epoch + 1, holder = $2, expires_at = clock_timestamp() + $3 * interval '1 millisecond'
WHERE shard = $1 AND expires_at < clock_timestamp()
RETURNING epoch, tip_seq, tip_hash
"""
_HOLDER: Final = """
SELECT holder, epoch,
       ceil(extract(epoch FROM expires_at - clock_timestamp()) * 1000)::bigint AS left_ms
FROM lease WHERE shard = $1
"""
_APPEND: Final = """
WITH l AS (
  UPDATE lease
  SET tip_seq = $3, tip_hash = $11, expires_at = clock_timestamp() + $12 * interval '1 millisecond'
  WHERE shard = $1 AND epoch = $5 AND tip_seq = $2::bigint - 1 AND tip_hash = $10
  RETURNING 1
)
INSERT INTO journal (shard, seq_first, seq_last, ts_ns, epoch, rules, format,
                     entries, events, prev_hash, hash)
SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11 FROM l
RETURNING 1
"""
_RENEW: Final = """
UPDATE lease SET expires_at = clock_timestamp() + $3 * interval '1 millisecond'
WHERE shard = $1 AND epoch = $2
RETURNING 1
"""
_RELEASE: Final = """
UPDATE lease SET expires_at = clock_timestamp() - interval '1 microsecond'
WHERE shard = $1 AND epoch = $2
"""
_TIP: Final = "SELECT tip_seq, tip_hash FROM lease WHERE shard = $1"
_ROW_OF: Final = """
SELECT seq_first FROM journal WHERE shard = $1 AND seq_first <= $2
ORDER BY seq_first DESC LIMIT 1
"""
_PAGE: Final = """
SELECT shard, seq_first, seq_last, ts_ns, epoch, rules, format, entries, events, prev_hash, hash
FROM journal WHERE shard = $1 AND seq_first >= $2 AND seq_first <= $3
ORDER BY seq_first LIMIT $4
"""
_QUARANTINE: Final = """
INSERT INTO quarantine (shard, command_sha256, error) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING
"""
_QUARANTINED: Final = "SELECT command_sha256 FROM quarantine WHERE shard = $1"

# All that a statement may end with but a result; after any of them its effect is unknown.
FAILURES: Final = (
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    OSError,
    TimeoutError,
)


class PostgresJournal:
    """A connection that writes, and a few that read. Made by `connect`."""

    def __init__(
        self,
        writer: asyncpg.Connection,
        append: PreparedStatement,
        readers: asyncpg.Pool,
        *,
        shard: int,
        lease_ttl_ms: int,
        append_timeout_s: float,
    ) -> None:
        self._writer = writer
        self._append = append
        self._readers = readers
        self._shard = shard
        self._ttl_ms = lease_ttl_ms
        self._append_timeout_s = append_timeout_s
        self._packer = zstandard.ZstdCompressor(level=ZSTD_LEVEL)
        self.last_failure = ""  # Why the last append was UNKNOWN, for the operator.

    @classmethod
    async def connect(
        cls,
        dsn: str,
        *,
        shard: int = 0,
        lease_ttl_ms: int = 2_000,
        append_timeout_s: float = APPEND_TIMEOUT_S,
    ) -> Self:
        """Connect. Raises DurabilityError if a commit could be lost, DatabaseError if not there."""
        writer = await db.connect(dsn)
        try:
            await check_durability(writer)
            append = await writer.prepare(_APPEND)
            readers = await db.create_pool(dsn, size_max=READERS_MAX)
        except BaseException:
            writer.terminate()
            raise
        return cls(
            writer,
            append,
            readers,
            shard=shard,
            lease_ttl_ms=lease_ttl_ms,
            append_timeout_s=append_timeout_s,
        )

    async def close(self) -> None:
        """Cut all connections; what is in flight stays unknown."""
        self._writer.terminate()
        self._readers.terminate()

    @property
    def readers(self) -> asyncpg.Pool:
        """The connections that read, for what stands beside the journal in the same database."""
        return self._readers

    async def open(self, holder: str) -> Tenure:
        """Take the lease, fencing whoever had it, and return epoch and tip. Raises LeaseHeld."""
        await self._writer.execute(_NEW_SHARD, self._shard, GENESIS_HASH)
        row = await self._writer.fetchrow(
            _TAKE, self._shard, holder, self._ttl_ms, timeout=self._append_timeout_s
        )
        if row is None:
            held = await self._writer.fetchrow(_HOLDER, self._shard)
            raise LeaseHeld(held["holder"], held["epoch"], max(held["left_ms"], 0))
        return Tenure(row["epoch"], Tip(row["tip_seq"], row["tip_hash"]))

    async def append(self, tenure: Tenure, batch: Batch) -> Appended:
        """Write one row by compare-and-set; any error or silence is UNKNOWN."""
        failpoint("journal.before_append")
        sending = asyncio.create_task(self._send(tenure, batch))
        try:
            await asyncio.sleep(0)
            failpoint("journal.append_sent")
            written = await sending
        except FAILURES as error:
            self.last_failure = f"{type(error).__name__}: {error}"
            return Appended.UNKNOWN
        return Appended.COMMITTED if len(written) == 1 else Appended.DEPOSED

    async def _send(self, tenure: Tenure, batch: Batch) -> list[asyncpg.Record]:
        """Run the append statement; one record if it wrote, none if it may not."""
        prev_hash = tenure.tip.hash
        written: list[asyncpg.Record] = await self._append.fetch(
            self._shard,
            batch.seq_first,
            batch.seq_last,
            batch.ts_ns,
            tenure.epoch,
            batch.rules,
            batch.format,
            self._packer.compress(batch.entries),
            self._packer.compress(batch.events),
            prev_hash,
            chain(prev_hash, self._shard, tenure.epoch, batch),
            self._ttl_ms,
            timeout=self._append_timeout_s,
        )
        return written

    async def renew(self, tenure: Tenure) -> bool:
        """Lengthen the lease; false if it is not ours any more. Raises FAILURES."""
        renewed = await self._writer.fetch(
            _RENEW, self._shard, tenure.epoch, self._ttl_ms, timeout=self._append_timeout_s
        )
        return len(renewed) == 1

    async def release(self, tenure: Tenure) -> None:
        """Let the lease end now, if it is still ours."""
        await self._writer.execute(
            _RELEASE, self._shard, tenure.epoch, timeout=self._append_timeout_s
        )

    async def tip(self) -> Tip:
        """Return the end of the journal as committed now."""
        row = await self._readers.fetchrow(_TIP, self._shard)
        return Tip(0, GENESIS_HASH) if row is None else Tip(row["tip_seq"], row["tip_hash"])

    async def read(self, from_seq: int, to_seq: int | None = None) -> AsyncIterator[Row]:
        """Yield verified rows, the first of which holds `from_seq`. Raises JournalCorrupt."""
        upto = to_seq if to_seq is not None else 2**63 - 1
        first = await self._readers.fetchval(_ROW_OF, self._shard, from_seq)
        next_first: int = from_seq if first is None else first
        tip: Tip | None = None
        while True:
            page = await self._readers.fetch(_PAGE, self._shard, next_first, upto, PAGE_ROWS)
            for record in page:
                row = _unpack(record)
                check_hash(row)
                if tip is not None:
                    check_follows(tip, row)
                tip = Tip(row.batch.seq_last, row.hash)
                next_first = row.batch.seq_first + 1
                if row.batch.seq_last >= from_seq:
                    yield row
            if len(page) < PAGE_ROWS:
                return

    async def quarantine(self, command_sha256: bytes, error: str) -> None:
        """Remember a command that broke an invariant; the first error stays (L15.5)."""
        await self._readers.execute(
            _QUARANTINE,
            self._shard,
            command_sha256,
            error,
            timeout=self._append_timeout_s,
        )

    async def list_quarantined(self) -> frozenset[bytes]:
        """Return the SHA-256 of each command that must not reach the engine again."""
        rows = await self._readers.fetch(_QUARANTINED, self._shard)
        return frozenset(row["command_sha256"] for row in rows)


def _unpack(record: asyncpg.Record) -> Row:
    """Return the row of a record, its columns unpacked. Raises JournalCorrupt."""
    seq = record["seq_first"]
    return Row(
        record["shard"],
        record["epoch"],
        Batch(
            seq,
            record["seq_last"],
            record["ts_ns"],
            record["rules"],
            record["format"],
            _decompress(record["entries"], seq),
            _decompress(record["events"], seq),
        ),
        record["prev_hash"],
        record["hash"],
    )


def _decompress(packed: bytes, seq: int) -> bytes:
    try:
        if not 0 <= zstandard.frame_content_size(packed) <= ROW_PART_SIZE_MAX:
            raise JournalCorrupt(f"the journal row of seq {seq} has a column of no known size")
        return zstandard.ZstdDecompressor().decompress(packed)
    except zstandard.ZstdError as error:
        raise JournalCorrupt(f"the journal row of seq {seq} cannot be unpacked: {error}") from error
