"""The two databases that the journal's contract is held against, with the same ways to be hurt."""

import asyncio
from abc import ABC, abstractmethod
from pathlib import Path

import asyncpg
import msgspec
import zstandard

from bezant.journal.memory import MemoryJournal, Store
from bezant.journal.ports import Appended, Batch, Tenure, Tip
from bezant.journal.postgres import PostgresJournal
from bezant.kit.clock import SystemClock
from bezant.sequencer.sequencer import Log
from tests.contracts.journal.proxy import Proxy
from tests.fixtures_postgres import Database

LEASE_TTL_MS = 60_000


class House(ABC):
    """A database, and connections to it as different processes would have them."""

    @abstractmethod
    async def connect(self, *, lease_ttl_ms: int = LEASE_TTL_MS) -> Log:
        """Return a connection of its own."""

    @abstractmethod
    async def connect_losing_answer(self) -> Log:
        """Return a connection whose next append arrives, but whose answer is lost."""

    @abstractmethod
    async def connect_late(self) -> tuple[Log, "LateWire"]:
        """Return a connection whose next append waits on the wire until it is let go."""

    @abstractmethod
    async def expire_lease(self) -> None:
        """Let the lease end now, by the database's clock."""

    @abstractmethod
    async def tamper(self, seq_first: int, column: str, value: object) -> None:
        """Change a column of a row behind the journal's back."""

    @abstractmethod
    async def remove(self, seq_first: int) -> None:
        """Remove a row behind the journal's back."""

    @abstractmethod
    async def set_tip(self, tip: Tip) -> None:
        """Change the lease's tip behind the journal's back."""

    @abstractmethod
    async def close(self) -> None:
        """Close all connections."""


class LateWire:
    """A wire on which requests wait."""

    def __init__(self) -> None:
        self.released = asyncio.Event()

    def let_go(self) -> None:
        self.released.set()


class _MemoryFaults:
    def __init__(self, *, loses_answer: bool = False, late: LateWire | None = None) -> None:
        self._loses_answer = loses_answer
        self._late = late

    async def before_write(self) -> None:
        if self._late is not None:
            await self._late.released.wait()

    async def after_write(self) -> None:
        if self._loses_answer:
            raise ConnectionResetError


class MemoryHouse(House):
    """The store in memory."""

    def __init__(self) -> None:
        self._store = Store(SystemClock())

    async def connect(self, *, lease_ttl_ms: int = LEASE_TTL_MS) -> Log:
        return self._make(lease_ttl_ms, None)

    async def connect_losing_answer(self) -> Log:
        return self._make(LEASE_TTL_MS, _MemoryFaults(loses_answer=True))

    async def connect_late(self) -> tuple[Log, LateWire]:
        wire = LateWire()
        return self._make(LEASE_TTL_MS, _MemoryFaults(late=wire)), wire

    def _make(self, lease_ttl_ms: int, faults: _MemoryFaults | None) -> Log:
        return MemoryJournal(self._store, lease_ttl_ms=lease_ttl_ms, faults=faults)

    async def expire_lease(self) -> None:
        self._store.expires_ns = 0

    async def tamper(self, seq_first: int, column: str, value: object) -> None:
        for index, row in enumerate(self._store.rows):
            if row.batch.seq_first == seq_first:
                if hasattr(row, column):
                    changed = msgspec.structs.replace(row, **{column: value})
                else:
                    batch = msgspec.structs.replace(row.batch, **{column: value})
                    changed = msgspec.structs.replace(row, batch=batch)
                self._store.rows[index] = changed

    async def remove(self, seq_first: int) -> None:
        self._store.rows = [row for row in self._store.rows if row.batch.seq_first != seq_first]

    async def set_tip(self, tip: Tip) -> None:
        self._store.tip = tip

    async def close(self) -> None:
        pass


class PostgresHouse(House):
    """A database of its own on a real server."""

    def __init__(self, database: Database, folder: Path) -> None:
        self._database = database
        self._folder = folder
        self._journals: list[PostgresJournal] = []
        self._proxies: list[Proxy] = []

    async def connect(self, *, lease_ttl_ms: int = LEASE_TTL_MS) -> Log:
        return await self._make(self._database.app_dsn, lease_ttl_ms=lease_ttl_ms)

    async def connect_losing_answer(self) -> Log:
        proxy = await self._proxy()
        journal = await self._make(proxy.dsn, append_timeout_s=0.5)
        append = journal.append

        async def append_and_lose(tenure: Tenure, batch: Batch) -> Appended:
            proxy.drops_answers = True
            return await append(tenure, batch)

        journal.append = append_and_lose  # type: ignore[method-assign]
        return journal

    async def connect_late(self) -> tuple[Log, LateWire]:
        proxy = await self._proxy()
        journal = await self._make(proxy.dsn)
        append = journal.append

        async def append_late(tenure: Tenure, batch: Batch) -> Appended:
            proxy.holds_requests = True
            return await append(tenure, batch)

        journal.append = append_late  # type: ignore[method-assign]
        wire = LateWire()
        wire.let_go = proxy.let_go  # type: ignore[method-assign]
        return journal, wire

    async def expire_lease(self) -> None:
        await self._run("UPDATE lease SET expires_at = clock_timestamp() - interval '1 ms'")

    async def tamper(self, seq_first: int, column: str, value: object) -> None:
        if column in {"entries", "events"}:
            assert isinstance(value, bytes)
            value = zstandard.ZstdCompressor().compress(value)
        await self._run(f"UPDATE journal SET {column} = $2 WHERE seq_first = $1", seq_first, value)

    async def remove(self, seq_first: int) -> None:
        await self._run("DELETE FROM journal WHERE seq_first = $1", seq_first)

    async def set_tip(self, tip: Tip) -> None:
        await self._run("UPDATE lease SET tip_seq = $1, tip_hash = $2", tip.seq, tip.hash)

    async def close(self) -> None:
        for journal in self._journals:
            await journal.close()
        for proxy in self._proxies:
            await proxy.close()

    async def _make(
        self, dsn: str, *, lease_ttl_ms: int = LEASE_TTL_MS, append_timeout_s: float = 5
    ) -> PostgresJournal:
        journal = await PostgresJournal.connect(
            dsn, lease_ttl_ms=lease_ttl_ms, append_timeout_s=append_timeout_s
        )
        self._journals.append(journal)
        return journal

    async def _proxy(self) -> Proxy:
        folder = self._folder / f"proxy-{len(self._proxies)}"
        folder.mkdir()
        proxy = Proxy(folder, self._database.app_dsn)
        await proxy.start()
        self._proxies.append(proxy)
        return proxy

    async def _run(self, query: str, *args: object) -> None:
        connection = await asyncpg.connect(self._database.superuser_dsn)
        try:
            await connection.execute(query, *args)
        finally:
            await connection.close()
