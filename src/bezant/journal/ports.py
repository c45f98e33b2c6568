"""The journal port: what any journal must do, and the rows it keeps (ARCHITECTURE §5).

Two implementations stand beside it, `postgres` and `memory`; one contract suite judges both.
"""

import enum
import hashlib
import struct
from collections.abc import AsyncIterator
from typing import Final, Protocol

from msgspec import Struct

GENESIS_HASH: Final = bytes(32)  # What the first row is chained to.
BATCH_BYTES_MAX: Final = 900_000  # Below Kafka's default message limit.

_HEADER: Final = struct.Struct(">HqqqqIIII")


class Batch(Struct, frozen=True):
    """Entries with their outcomes at one time, not yet written."""

    seq_first: int
    seq_last: int
    ts_ns: int
    rules: int
    format: int
    entries: bytes
    events: bytes


class Row(Struct, frozen=True):
    """A batch as it stands in the journal, chained to the row before it."""

    shard: int
    epoch: int
    batch: Batch
    prev_hash: bytes
    hash: bytes


class Tip(Struct, frozen=True):
    """The end of the journal: the last seq (0 before the first row) and its row's hash."""

    seq: int
    hash: bytes


class Tenure(Struct, frozen=True):
    """What `open` grants: the epoch to write under and the tip to go on from."""

    epoch: int
    tip: Tip


class Appended(enum.Enum):
    """How an append ended. After anything but COMMITTED the process must end."""

    COMMITTED = "committed"
    DEPOSED = "deposed"  # Another epoch holds the lease, or the tip is not ours: nothing written.
    UNKNOWN = "unknown"  # No answer: it may or may not be written; the restart reads the tip.


class LeaseHeld(Exception):
    """Another holder has an unexpired lease; says who and until when."""

    def __init__(self, holder: str, epoch: int, expires_in_ms: int) -> None:
        super().__init__(
            f"the lease is held by {holder} (epoch {epoch}, {expires_in_ms} ms left): "
            "stop that core, or start this one as a standby"
        )
        self.holder = holder
        self.epoch = epoch
        self.expires_in_ms = expires_in_ms


class JournalCorrupt(Exception):
    """A row's hash, chain or seq is wrong; the message names the seq."""


class Journal(Protocol):
    """An ordered, hash-chained log with one writer."""

    async def open(self, holder: str) -> Tenure:
        """Take the lease (fencing whoever had it) and return epoch and tip. Raises LeaseHeld."""

    async def append(self, tenure: Tenure, batch: Batch) -> Appended:
        """Write one row by compare-and-set on epoch and tip; one append at a time.

        `tenure.tip` must be the row before; on COMMITTED the caller's next tip is
        `Tip(batch.seq_last, chain(...))`.
        """

    async def renew(self, tenure: Tenure) -> bool:
        """Lengthen the lease while idle; false if it is not ours any more."""

    async def release(self, tenure: Tenure) -> None:
        """Give the lease back at a clean stop, so that the next core need not wait."""

    async def tip(self) -> Tip:
        """Return the end of the journal as committed now."""

    def read(self, from_seq: int, to_seq: int | None = None) -> AsyncIterator[Row]:
        """Yield the rows that hold seqs from `from_seq` on, in order, verified, up to the tip.

        The first row may begin before `from_seq`. Raises JournalCorrupt.
        """


def chain(prev_hash: bytes, shard: int, epoch: int, batch: Batch) -> bytes:
    """Return SHA-256(prev_hash ‖ header ‖ entries ‖ events), the header big-endian and fixed."""
    header = _HEADER.pack(
        shard,
        batch.seq_first,
        batch.seq_last,
        batch.ts_ns,
        epoch,
        batch.rules,
        batch.format,
        len(batch.entries),
        len(batch.events),
    )
    return hashlib.sha256(prev_hash + header + batch.entries + batch.events).digest()
