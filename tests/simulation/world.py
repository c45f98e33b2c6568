"""A house in simulated time: two cores after one lease, clients, a consumer, and chance against it.

Everything is the real thing but the clock, the disk of the journal and the network.
"""

import asyncio
import contextlib
import random
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from bezant.apps.engines import default_engine_name, named_engine_maker
from bezant.core import codec
from bezant.core.commands import Command
from bezant.core.contract import EngineContract
from bezant.egress.client import decode
from bezant.egress.feed import Feed, FeedEnd
from bezant.egress.frames import FeedRow
from bezant.ingress.client import (
    CoreStopping,
    CoreUnavailable,
    OutcomeUnknown,
    Overloaded,
    Submission,
)
from bezant.journal.memory import MemoryJournal, Store
from bezant.journal.ports import LeaseHeld
from bezant.journal.snapshot import MemorySnapshotIndex, SnapshotStore
from bezant.kit.clock import NS_PER_S
from bezant.kit.framing import HEADER_SIZE
from bezant.sequencer.faults import SequencerFault
from bezant.sequencer.inbox import Done, Inbox, Request, Settlement, TurnedAway
from bezant.sequencer.recovery import Recovery
from bezant.sequencer.sequencer import Lease, Sequencer

_ROWS = msgspec.msgpack.Decoder(FeedRow)
START_S = 1_700_000_000
LEASE_TTL_MS = 1_000


class SimulatedClock:
    """A machine's clocks: monotonic time is the simulation's, UTC may be off and may jump."""

    def __init__(self) -> None:
        self.offset_s = 0.0

    def now_ns(self) -> int:
        return int((START_S + _now_s() + self.offset_s) * NS_PER_S)

    def monotonic_ns(self) -> int:
        return int(_now_s() * NS_PER_S)


class Chance:
    """Decides what goes wrong; in peace nothing does."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.is_peace = False
        # Swarm: each run has faults of its own kind and frequency.
        self.lost_share = self.random.choice((0, 0.002, 0.02))
        self.slow_share = self.random.choice((0, 0.005, 0.03))
        self.kill_every_s = self.random.choice((0.3, 1.0, 4.0))
        self.clock_every_s = self.random.choice((2.0, 1_000.0))

    async def before_write(self) -> None:
        await self._travel()

    async def after_write(self) -> None:
        await self._travel()

    async def _travel(self) -> None:
        """Delay what travels; sometimes for longer than a lease lives; sometimes lose it."""
        await asyncio.sleep(self.random.uniform(0.0002, 0.004))
        if self.is_peace:
            return
        if self.random.random() < self.slow_share:
            await asyncio.sleep(self.random.uniform(0.5, 3))
        if self.random.random() < self.lost_share:
            raise ConnectionResetError


class Node:
    """One machine with a core on it, started again by its supervisor whenever it ends."""

    def __init__(
        self,
        name: str,
        make_engine: Callable[[], EngineContract],
        store: Store,
        snapshots: SnapshotStore,
        chance: Chance,
    ) -> None:
        self.name = name
        self._make_engine = make_engine
        self.clock = SimulatedClock()
        self.inbox: Inbox | None = None  # While its doors are open.
        self.feed: Feed | None = None
        self.ends: list[str] = []
        self._store = store
        self._snapshots = snapshots
        self._chance = chance
        self._life: asyncio.Task[None] | None = None

    async def supervise(self) -> None:
        """Start the core, and again after each end, for ever."""
        try:
            while True:
                self._life = asyncio.create_task(self._live())
                await asyncio.wait([self._life])
                self._note_end(self._life)
                await asyncio.sleep(self._chance.random.uniform(0.05, 0.5))
        finally:
            self.kill()

    def kill(self) -> None:
        """End the core at whatever it awaits; what it has sent still arrives."""
        if self._life is not None:
            self._life.cancel()

    def stop(self) -> None:
        """Ask it to stop cleanly."""
        if self.inbox is not None:
            self._sequencer.stop()

    async def _live(self) -> None:
        journal = MemoryJournal(self._store, lease_ttl_ms=LEASE_TTL_MS, faults=self._chance)
        recovery = Recovery(
            journal,
            self._snapshots,
            self._make_engine,
            lease_ttl_ms=LEASE_TTL_MS,
            report=self.ends.append,
        )
        recovered = await recovery.lead(self.name)
        inbox, feed = Inbox(), Feed(journal, recovered.tenure.tip.seq, rows_max=16)
        self._sequencer = Sequencer(
            recovered.engine,
            journal,
            Lease(recovered.tenure, LEASE_TTL_MS),
            inbox=inbox,
            clock=self.clock,
            publish=feed.publish,
        )
        self.inbox, self.feed = inbox, feed
        try:
            await self._sequencer.run()
            await journal.release(recovered.tenure)
        finally:
            self.inbox = self.feed = None
            feed.close()

    def _note_end(self, life: asyncio.Task[None]) -> None:
        """Keep why it ended; only known ends are allowed."""
        if life.cancelled():
            self.ends.append("killed")
            return
        error = life.exception()
        if error is None:
            self.ends.append("stopped")
        elif isinstance(error, SequencerFault | LeaseHeld):
            self.ends.append(type(error).__name__)
        else:
            raise error


class SimulatedClient:
    """Speaks to whichever core has its doors open; has the words of `CoreClient`."""

    def __init__(self, nodes: Sequence[Node], store: Store, chance: Chance) -> None:
        self._nodes = nodes
        self._store = store
        self._chance = chance

    @property
    def is_connected(self) -> bool:
        return any(node.inbox is not None for node in self._nodes)

    async def submit(self, commands: Sequence[Command]) -> Submission:
        """Submit to one of the open cores; after 2 s, or when it dies, the outcome is unknown."""
        await asyncio.sleep(self._chance.random.uniform(0, 0.002))
        open_nodes = [node for node in self._nodes if node.inbox is not None]
        if not open_nodes:
            raise CoreUnavailable
        node = self._chance.random.choice(open_nodes)
        settled: asyncio.Future[Settlement] = asyncio.get_running_loop().create_future()

        def settle(settlement: Settlement) -> None:
            if not settled.done():
                settled.set_result(settlement)

        assert node.inbox is not None
        encoded = [codec.encode(command) for command in commands]
        node.inbox.submit(
            Request(commands=encoded, has_new_order=True, valid_until_ns=0, settle=settle)
        )
        try:
            async with asyncio.timeout(2):
                return self._told(await settled)
        except TimeoutError as error:
            raise OutcomeUnknown from error

    def _told(self, settlement: Settlement) -> Submission:
        """Return what was told; by then it must be committed (INV-08)."""
        if isinstance(settlement, TurnedAway):
            raise Overloaded if settlement is TurnedAway.OVERLOADED else CoreStopping
        assert isinstance(settlement, Done)
        raw = b"".join(settlement.outcomes)
        outcomes = codec.decode_outcomes(raw, len(settlement.outcomes))
        assert outcomes[-1].seq <= self._store.tip.seq, "a reply left before its commit"
        return Submission(settlement.ts_ns, outcomes)


class Consumer:
    """Follows the feed of whichever core serves it, and keeps all that it saw."""

    def __init__(self, nodes: Sequence[Node], store: Store) -> None:
        self.next_seq = 1
        self.events: list[bytes] = []
        self._nodes = nodes
        self._store = store

    async def follow(self) -> None:
        """Consume for ever."""
        while True:
            await asyncio.sleep(0.01)
            for node in self._nodes:
                if node.feed is not None:
                    with contextlib.suppress(FeedEnd):
                        await self._consume(node.feed)

    async def _consume(self, feed: Feed) -> None:
        async for frame in feed.follow(self.next_seq, idle_s=0.2):
            if frame is None:
                return
            assert frame.seq_last <= self._store.tip.seq, "an event left before its commit"
            row = _ROWS.decode(frame.packed[HEADER_SIZE:])
            assert row.seq_first == self.next_seq, "a gap or a repeat in the feed"
            assert len(decode(row)) == row.seq_last - row.seq_first + 1
            self.events.append(row.events)
            self.next_seq = row.seq_last + 1


class World:
    """All of it, and the hand of chance."""

    def __init__(self, seed: int, folder: Path) -> None:
        self.chance = Chance(seed)
        self.store = Store(SimulatedClock())
        self.snapshots = SnapshotStore(folder, MemorySnapshotIndex())
        # Each takes over from the other: on its journal, from its snapshots, on another engine.
        self.nodes = [
            Node(name, named_engine_maker(engine), self.store, self.snapshots, self.chance)
            for name, engine in (("north", default_engine_name()), ("south", "python"))
        ]
        self.client = SimulatedClient(self.nodes, self.store, self.chance)
        self.consumer = Consumer(self.nodes, self.store)

    async def hurt(self) -> None:
        """Kill cores, stop them, move their clocks, at random, until there is peace."""
        next_clock_s = _now_s() + self.chance.clock_every_s
        while not self.chance.is_peace:
            await asyncio.sleep(self.chance.random.expovariate(1 / self.chance.kill_every_s))
            node = self.chance.random.choice(self.nodes)
            if self.chance.random.random() < 0.8:
                node.kill()
            else:
                node.stop()
            if _now_s() > next_clock_s:
                node.clock.offset_s = self.chance.random.choice((-3.0, -1.0, 0.0, 2.0, 8.0))
                next_clock_s = _now_s() + self.chance.clock_every_s

    def make_peace(self) -> None:
        """From now on nothing goes wrong."""
        self.chance.is_peace = True
        for node in self.nodes:
            node.clock.offset_s = 0


def _now_s() -> float:
    return asyncio.get_running_loop().time()
