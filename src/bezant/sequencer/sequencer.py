"""The sequencer: one append in flight while the next batch gathers and is applied.

It is the single writer of its journal and releases replies, reads and events only once the row
they come from is committed (INV-08). Whatever goes wrong ends it; nothing is tried twice. Clock,
journal and engine are given to it, so that it can be simulated.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Final, Protocol

from msgspec import Struct

from bezant.core.codec import MalformedMessage
from bezant.core.contract import EngineContract
from bezant.journal.ports import Appended, Batch, Journal, Row, Tenure, Tip, chain
from bezant.journal.quarantine import Quarantine
from bezant.kit.clock import NS_PER_S, Clock
from bezant.kit.failpoints import failpoint
from bezant.sequencer.applier import Applier
from bezant.sequencer.faults import AppendUnknown, Deposed, Poisoned
from bezant.sequencer.inbox import Done, Inbox, Question, Request, TurnedAway
from bezant.sequencer.read_budget import ReadBudget
from bezant.sequencer.steered_time import SteeredTime

TURN_COMMANDS_MAX: Final = 64  # Then the loop gets its turn: sockets, and the answer of an append.
TURN_READS_MAX: Final = 16
RENEWALS_PER_LIFE: Final = 3


class Log(Journal, Quarantine, Protocol):
    """What the sequencer writes to."""


class Lease(Struct, frozen=True):
    """The right to write: under which epoch from which tip on, and how long it lives unrenewed."""

    tenure: Tenure
    ttl_ms: int
    shard: int = 0


class Sequencer:
    """Takes requests from the inbox, gives settlements to their senders and rows to `publish`."""

    def __init__(
        self,
        engine: EngineContract,
        log: Log,
        lease: Lease,
        *,
        inbox: Inbox,
        clock: Clock,
        publish: Callable[[Row], None],
    ) -> None:
        self._engine = engine
        self._log = log
        self._lease = lease
        self._tip = lease.tenure.tip
        self._inbox = inbox
        self._clock = clock
        self._time = SteeredTime(clock, engine.ts_ns)
        self._publish = publish
        self._applier = Applier(engine, frozenset())
        self._held: deque[tuple[int, Callable[[], None]]] = deque()
        self._budget = ReadBudget()
        self._wake = asyncio.Event()
        self._writing: _Write | None = None
        self._renewing: asyncio.Task[bool] | None = None
        self._written_at = 0.0
        self._is_stopping = False
        inbox.on_arrival(self._wake.set)

    @property
    def committed_seq(self) -> int:
        """The seq up to which the journal is known to be durable."""
        return self._tip.seq

    def stop(self) -> None:
        """Turn away what waits, write what is applied, then let `run` return."""
        self._is_stopping = True
        self._inbox.close()
        self._wake.set()

    async def run(self) -> None:
        """Work until `stop`. Raises SequencerFault: then the process has to end."""
        self._applier = Applier(self._engine, await self._log.list_quarantined())
        self._written_at = asyncio.get_running_loop().time()
        try:
            while not (self._is_stopping and self._is_quiet()):
                self._wake.clear()
                await self._pause(self._turn())
        except Poisoned as poison:
            await self._bury(poison)
            raise
        finally:
            if self._writing is not None:
                self._writing.task.cancel()
            if self._renewing is not None:
                self._renewing.cancel()

    def _is_quiet(self) -> bool:
        return self._writing is None and self._renewing is None and not self._applier.has_batch

    def _turn(self) -> bool:
        """Do what can be done at once; answer whether more of it waits."""
        if self._writing is not None and self._writing.task.done():
            self._finish_write(self._writing)
        if self._renewing is not None and self._renewing.done():
            self._finish_renewal(self._renewing)
        started_ns = self._clock.monotonic_ns()
        has_more = self._gather()
        self._budget.earn(self._clock.monotonic_ns() - started_ns)
        has_more = self._answer_reads(has_more) or has_more
        self._start_write()
        return has_more

    async def _pause(self, has_more: bool) -> None:
        """Let others run; without more to do, until something arrives or falls due."""
        if has_more:
            await asyncio.sleep(0)
            return
        loop = asyncio.get_running_loop()
        timer = loop.call_later(self._idle_s(), self._wake.set)
        try:
            await self._wake.wait()
        finally:
            timer.cancel()

    def _idle_s(self) -> float:
        """Return how long nothing falls due, at most until the lease wants to be renewed."""
        renewal_s = self._renew_every_s()
        deadline_ns = self._engine.next_deadline()
        if deadline_ns == 0 or self._applier.is_full:
            return renewal_s
        left_ns = max(deadline_ns - self._time.now_ns(), 0)
        return min(renewal_s, left_ns / NS_PER_S + 0.001)

    def _renew_every_s(self) -> float:
        return self._lease.ttl_ms / 1000 / RENEWALS_PER_LIFE

    def _gather(self) -> bool:
        """Apply what waits, up to a turn's worth; answer whether more could be applied at once."""
        budget = TURN_COMMANDS_MAX
        if self._is_stopping or self._applier.is_full:
            return False
        ts_ns = self._applier.begin(self._time.now_ns())
        while budget > 0 and not self._applier.is_full:
            if self._applier.is_timer_due(ts_ns):
                self._applier.tick()
                budget -= 1
            elif self._inbox.has_requests:
                budget -= self._take(self._inbox.take_request(), ts_ns)
            else:
                break
        self._applier.drop_empty()
        return budget <= 0 and not self._applier.is_full

    def _take(self, request: Request, ts_ns: int) -> int:
        """Apply one request and hold its reply until it is committed; return its weight."""
        if 0 < request.valid_until_ns < ts_ns:
            request.settle(TurnedAway.EXPIRED)
            return 1
        outcomes = self._applier.apply(request.commands)
        done = Done(ts_ns, outcomes)
        self._held.append((self._applier.seq, lambda: request.settle(done)))
        return len(request.commands)

    def _answer_reads(self, commands_wait: bool) -> bool:
        """Answer reads between batches, within their share; answer whether more may follow."""
        for _ in range(TURN_READS_MAX):
            if not self._inbox.has_reads or (commands_wait and not self._budget.has_credit):
                return False
            started_ns = self._clock.monotonic_ns()
            self._answer(self._inbox.take_read())
            self._budget.spend(self._clock.monotonic_ns() - started_ns)
        return self._inbox.has_reads

    def _answer(self, question: Question) -> None:
        """Answer a read from memory, told once all that it saw is committed."""
        try:
            answer = self._engine.query(question.read)
        except MalformedMessage as error:
            question.settle(error)
            return
        if self._applier.seq == self._tip.seq:
            question.settle(answer)
        else:
            self._held.append((self._applier.seq, lambda: question.settle(answer)))

    def _start_write(self) -> None:
        """Send the next append, or renew the lease if nothing was written for a while."""
        if self._writing is not None or self._renewing is not None:
            return
        loop = asyncio.get_running_loop()
        if self._applier.has_batch:
            batch = self._applier.take_batch()
            failpoint("core.after_apply")
            tenure = Tenure(self._lease.tenure.epoch, self._tip)
            task = loop.create_task(self._log.append(tenure, batch))
            self._writing = _Write(batch, task)
            task.add_done_callback(self._on_written)
        elif loop.time() - self._written_at >= self._renew_every_s():
            self._renewing = loop.create_task(self._log.renew(self._lease.tenure))
            self._renewing.add_done_callback(self._on_written)

    def _on_written(self, _: object) -> None:
        self._wake.set()

    def _finish_write(self, write: "_Write") -> None:
        """Take note of a committed row and let out what waited for it. Raises SequencerFault."""
        appended = write.task.result()
        if appended is Appended.DEPOSED:
            raise Deposed(
                f"epoch {self._lease.tenure.epoch} has ended or the journal's tip is not ours: "
                f"the batch from seq {write.batch.seq_first} on was not written"
            )
        if appended is Appended.UNKNOWN:
            raise AppendUnknown(
                f"no answer to the append of seq {write.batch.seq_first} to {write.batch.seq_last}"
            )
        failpoint("journal.after_append")
        self._writing = None
        self._written_at = asyncio.get_running_loop().time()
        row = self._row(write.batch)
        self._tip = Tip(write.batch.seq_last, row.hash)
        failpoint("core.before_reply")
        self._publish(row)
        while self._held and self._held[0][0] <= self._tip.seq:
            self._held.popleft()[1]()

    def _finish_renewal(self, renewing: asyncio.Task[bool]) -> None:
        if not renewing.result():
            raise Deposed(f"epoch {self._lease.tenure.epoch} has ended: another core took over")
        self._renewing = None
        self._written_at = asyncio.get_running_loop().time()

    def _row(self, batch: Batch) -> Row:
        epoch, prev_hash = self._lease.tenure.epoch, self._tip.hash
        row_hash = chain(prev_hash, self._lease.shard, epoch, batch)
        return Row(self._lease.shard, epoch, batch, prev_hash, row_hash)

    async def _bury(self, poison: Poisoned) -> None:
        """Put the command into quarantine, after the append in flight has stood or fallen."""
        if self._writing is not None:
            await asyncio.wait([self._writing.task])
        try:
            await self._log.quarantine(poison.command_sha256, poison.error)
        finally:
            if self._writing is not None:
                self._finish_write(self._writing)


class _Write(Struct):
    """An append in flight."""

    batch: Batch
    task: asyncio.Task[Appended]
