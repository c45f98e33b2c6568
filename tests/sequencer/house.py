"""A core in one process for tests: sequencer, journal in memory, feed, and doors if asked for."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

from bezant.core.contract import EngineContract
from bezant.egress.feed import Feed
from bezant.egress.server import FeedServer
from bezant.ingress.server import IngressServer
from bezant.journal.memory import Faults, MemoryJournal, Store
from bezant.journal.ports import Row
from bezant.kit.clock import SystemClock
from bezant.sequencer.inbox import Inbox, Request, Settlement
from bezant.sequencer.sequencer import Lease, Sequencer
from tests.sequencer.counting_engine import CountingEngine


class Gate:
    """Lets appends through one by one, when the test says so."""

    def __init__(self, *, is_open: bool = True) -> None:
        self.sent = 0
        self._open = asyncio.Event()
        if is_open:
            self._open.set()

    def open(self) -> None:
        self._open.set()

    async def before_write(self) -> None:
        self.sent += 1
        await self._open.wait()

    async def after_write(self) -> None:
        pass


class House:
    """What a running core is made of."""

    def __init__(self, engine: EngineContract, store: Store, faults: Faults | None) -> None:
        self.engine = engine
        self.store = store
        self.journal = MemoryJournal(store, faults=faults)
        self.inbox = Inbox()
        self.rows: list[Row] = []

    async def begin(self, *, lease_ttl_ms: int = 2_000) -> None:
        tenure = await self.journal.open("alice")
        self.feed = Feed(self.journal, tenure.tip.seq)
        self.sequencer = Sequencer(
            self.engine,
            self.journal,
            Lease(tenure, lease_ttl_ms),
            inbox=self.inbox,
            clock=SystemClock(),
            publish=self._publish,
        )
        self.running = asyncio.create_task(self.sequencer.run())

    def submit(self, *commands: bytes, valid_until_ns: int = 0) -> "asyncio.Future[Settlement]":
        settled: asyncio.Future[Settlement] = asyncio.get_running_loop().create_future()
        self.inbox.submit(
            Request(
                commands=list(commands),
                has_new_order=True,
                valid_until_ns=valid_until_ns,
                settle=settled.set_result,
            )
        )
        return settled

    async def end(self) -> None:
        self.sequencer.stop()
        await self.running

    def _publish(self, row: Row) -> None:
        self.rows.append(row)
        self.feed.publish(row)


@contextlib.asynccontextmanager
async def running_house(
    *,
    engine: EngineContract | None = None,
    store: Store | None = None,
    faults: Faults | None = None,
    lease_ttl_ms: int = 2_000,
) -> AsyncIterator[House]:
    """A sequencer that runs while the block does; at the end it must still be healthy or done."""
    house = House(engine or CountingEngine(), store or Store(SystemClock()), faults)
    await house.begin(lease_ttl_ms=lease_ttl_ms)
    try:
        yield house
        if not house.running.done():
            await house.end()
    finally:
        house.running.cancel()
        await asyncio.gather(house.running, return_exceptions=True)


@contextlib.asynccontextmanager
async def open_doors(house: House, folder: Path) -> AsyncIterator[tuple[Path, Path]]:
    """Serve a house on two sockets; yield their paths: ingress, egress."""
    ingress, egress = IngressServer(house.inbox), FeedServer(house.feed)
    paths = folder / "i.sock", folder / "e.sock"
    await ingress.start(paths[0])
    await egress.start(paths[1])
    try:
        yield paths
    finally:
        await ingress.close()
        await egress.close()
