"""The journal in memory: the same semantics as on PostgreSQL, for tests and simulation.

A `Store` plays the database that outlives processes; each `MemoryJournal` is one process's
connection to it. Faults are injected on the way there and on the way back. Nothing here is durable.
"""

import asyncio
from collections.abc import AsyncIterator
from typing import Final, Protocol

from bezant.journal.chaining import check_follows, check_hash
from bezant.journal.ports import (
    GENESIS_HASH,
    Appended,
    Batch,
    LeaseHeld,
    Row,
    Tenure,
    Tip,
    chain,
)

NS_PER_MS: Final = 1_000_000


class StoreClock(Protocol):
    """The database's clock; the only one that leases are measured by."""

    def now_ns(self) -> int:
        """Return nanoseconds since 1970."""


class Faults(Protocol):
    """What goes wrong between a process and its database."""

    async def before_write(self) -> None:
        """Run while the request travels; a ConnectionError here loses the request."""

    async def after_write(self) -> None:
        """Run while the answer travels; a ConnectionError here loses the answer."""


class NoFaults:
    """All goes well and at once."""

    async def before_write(self) -> None:
        """Let the request pass."""

    async def after_write(self) -> None:
        """Let the answer pass."""


class Store:
    """The database: rows, lease and quarantine of one shard. Outlives the journals on it."""

    def __init__(self, clock: StoreClock, shard: int = 0) -> None:
        self.clock = clock
        self.shard = shard
        self.rows: list[Row] = []
        self.epoch = 0
        self.holder = ""
        self.expires_ns = 0
        self.tip = Tip(0, GENESIS_HASH)
        self.quarantine: dict[bytes, str] = {}

    def take(self, holder: str, ttl_ns: int) -> Tenure:
        """Take the lease if it has expired, in one step. Raises LeaseHeld."""
        left_ns = self.expires_ns - self.clock.now_ns()
        if left_ns > 0:
            raise LeaseHeld(self.holder, self.epoch, -(-left_ns // NS_PER_MS))
        self.epoch += 1
        self.holder = holder
        self.expires_ns = self.clock.now_ns() + ttl_ns
        return Tenure(self.epoch, self.tip)

    def append(self, tenure: Tenure, batch: Batch, ttl_ns: int) -> Appended:
        """Compare epoch and tip and write, in one step (INV-10)."""
        before = Tip(batch.seq_first - 1, tenure.tip.hash)
        if tenure.epoch != self.epoch or before != self.tip:
            return Appended.DEPOSED
        row_hash = chain(before.hash, self.shard, tenure.epoch, batch)
        self.rows.append(Row(self.shard, tenure.epoch, batch, before.hash, row_hash))
        self.tip = Tip(batch.seq_last, row_hash)
        self.expires_ns = self.clock.now_ns() + ttl_ns
        return Appended.COMMITTED


class MemoryJournal:
    """One process's connection to a `Store`."""

    def __init__(
        self, store: Store, *, lease_ttl_ms: int = 2_000, faults: Faults | None = None
    ) -> None:
        self._store = store
        self._ttl_ns = lease_ttl_ms * NS_PER_MS
        self._faults: Faults = faults or NoFaults()
        self._in_flight: set[asyncio.Task[Appended]] = set()

    async def open(self, holder: str) -> Tenure:
        """Take the lease. Raises LeaseHeld."""
        return self._store.take(holder, self._ttl_ns)

    async def append(self, tenure: Tenure, batch: Batch) -> Appended:
        """Write one row; what was sent arrives even if the sender dies meanwhile."""
        sent = asyncio.create_task(self._deliver(tenure, batch))
        self._in_flight.add(sent)
        sent.add_done_callback(self._in_flight.discard)
        return await asyncio.shield(sent)

    async def renew(self, tenure: Tenure) -> bool:
        """Lengthen the lease while idle; false if it is not ours any more."""
        if tenure.epoch != self._store.epoch:
            return False
        self._store.expires_ns = self._store.clock.now_ns() + self._ttl_ns
        return True

    async def release(self, tenure: Tenure) -> None:
        """Let the lease end now, if it is still ours."""
        if tenure.epoch == self._store.epoch:
            self._store.expires_ns = self._store.clock.now_ns()

    async def tip(self) -> Tip:
        """Return the end of the journal."""
        return self._store.tip

    async def read(self, from_seq: int, to_seq: int | None = None) -> AsyncIterator[Row]:
        """Yield verified rows from the one that holds `from_seq` on. Raises JournalCorrupt."""
        before: Row | None = None
        for row in tuple(self._store.rows):
            if row.batch.seq_last < from_seq:
                continue
            if to_seq is not None and row.batch.seq_first > to_seq:
                return
            check_hash(row)
            if before is not None:
                check_follows(Tip(before.batch.seq_last, before.hash), row)
            before = row
            yield row

    async def quarantine(self, command_sha256: bytes, error: str) -> None:
        """Remember a command that broke an invariant; the first error stays."""
        self._store.quarantine.setdefault(command_sha256, error)

    async def list_quarantined(self) -> frozenset[bytes]:
        """Return the SHA-256 of each command that must not reach the engine again."""
        return frozenset(self._store.quarantine)

    async def _deliver(self, tenure: Tenure, batch: Batch) -> Appended:
        try:
            await self._faults.before_write()
            appended = self._store.append(tenure, batch, self._ttl_ns)
            await self._faults.after_write()
        except ConnectionError:
            return Appended.UNKNOWN
        return appended
