"""The snapshotter: follows the journal and makes the snapshots, so that the leader never stalls.

One is due when the tail since the last would take over 2 s to replay, and at a clean stop; at most
once a minute.
"""

import asyncio
import os
from typing import Final

from bezant.apps.engines import calm_garbage_collector, engine_maker, engine_name
from bezant.core.contract import EngineContract
from bezant.journal.ports import Journal, JournalCorrupt, Tip
from bezant.journal.postgres import FAILURES, PostgresJournal
from bezant.journal.replay import replay
from bezant.journal.snapshot import SnapshotStore
from bezant.journal.snapshot_index import PostgresSnapshotIndex
from bezant.kit import db
from bezant.kit.clock import NS_PER_S, Clock, SystemClock
from bezant.kit.config import Settings
from bezant.kit.log import get_logger
from bezant.kit.operator_error import OperatorError
from bezant.kit.paths import DataDir
from bezant.kit.stopping import run_until_stopped

TAIL_MAX_NS: Final = 2 * NS_PER_S
PERIOD_MIN_NS: Final = 60 * NS_PER_S
POLL_S: Final = 1.0
NICENESS: Final = 10  # The leader and the gateways go first.

log = get_logger(__name__)


def main(settings: Settings) -> int:
    """Run the snapshotter until it is stopped; return the exit status. Raises OperatorError."""
    os.nice(NICENESS)
    try:
        return run_until_stopped(work(settings))
    except JournalCorrupt as error:
        raise OperatorError(str(error)) from error
    except FAILURES as error:
        raise OperatorError(f"the database broke off: {type(error).__name__}: {error}") from error


async def work(settings: Settings) -> None:
    """Follow the journal until canceled, then make a last snapshot."""
    journal = await PostgresJournal.connect(db.database_dsn(settings), shard=settings.shard)
    try:
        index = PostgresSnapshotIndex(journal.readers, shard=settings.shard)
        snapshots = SnapshotStore(DataDir.of(settings).snapshots, index, shard=settings.shard)
        engine, tip = await snapshots.restore_newest(
            engine_maker(settings),
            journal,
            lambda text: log.warning("snapshotter.snapshot_bad", reason=text),
        )
        calm_garbage_collector()
        follower = Follower(engine, tip, journal, snapshots, clock=SystemClock())
        log.info("snapshotter.ready", seq=tip.seq)
        await follower.follow(engine_name(settings))
    finally:
        await journal.close()


class Follower:
    """An engine that follows the journal, and the account of how long its tail takes."""

    def __init__(
        self,
        engine: EngineContract,
        tip: Tip,
        journal: Journal,
        snapshots: SnapshotStore,
        *,
        clock: Clock,
    ) -> None:
        self._engine = engine
        self._tip = tip
        self._journal = journal
        self._snapshots = snapshots
        self._clock = clock
        self._saved_seq = tip.seq
        self._saved_at_ns = clock.monotonic_ns() - PERIOD_MIN_NS
        self._tail_ns = 0

    @property
    def is_due(self) -> bool:
        """Whether the tail is long enough, and the last snapshot long enough ago."""
        return self._tail_ns > TAIL_MAX_NS and self._is_allowed

    async def follow(self, engine_name: str) -> None:
        """Catch up and save when due, until canceled; then catch up and save once more."""
        try:
            while True:
                await self.catch_up()
                if self.is_due:
                    await self.save(engine_name)
                await asyncio.sleep(POLL_S)
        except asyncio.CancelledError:
            await self.catch_up()
            if self._tip.seq > self._saved_seq and self._is_allowed:
                await self.save(engine_name)
            raise

    async def catch_up(self) -> None:
        """Replay what is new, and book how long it took."""
        started_ns = self._clock.monotonic_ns()
        tip = await replay(self._journal, self._engine, self._tip)
        if tip != self._tip:
            self._tail_ns += self._clock.monotonic_ns() - started_ns
        self._tip = tip

    async def save(self, engine_name: str) -> None:
        """Make a snapshot of where the engine stands; a full disk is told and waited for (F09)."""
        self._saved_at_ns = self._clock.monotonic_ns()
        try:
            header = await self._snapshots.save(self._engine, self._tip, engine_name=engine_name)
        except OSError as error:
            log.warning("snapshotter.not_saved", seq=self._tip.seq, reason=str(error))
            return
        self._saved_seq = header.seq
        self._tail_ns = 0
        log.info("snapshotter.saved", seq=header.seq, size=header.size, digest=header.digest.hex())

    @property
    def _is_allowed(self) -> bool:
        return self._clock.monotonic_ns() - self._saved_at_ns >= PERIOD_MIN_NS
