"""The projector: the core's feed → folded batches → rows. One is active; another one stands by."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Coroutine
from typing import Any, Final

import asyncpg

from bezant.egress.client import FeedGap, FeedRefused, follow
from bezant.kit.clock import Clock, SystemClock
from bezant.kit.config import Settings
from bezant.kit.db import database_dsn
from bezant.kit.log import get_logger
from bezant.kit.metrics import Metrics
from bezant.kit.operator_error import OperatorError
from bezant.kit.paths import DataDir
from bezant.kit.stopping import run_until_stopped
from bezant.projections.batch import Batch, EventUnknown
from bezant.projections.projector import CursorMoved, Projector, ProjectorActive
from bezant.projections.pump import Pump

STANDBY_LOOK_S: Final = 0.5

_NS_PER_S: Final = 1_000_000_000

log = get_logger(__name__)


def main(settings: Settings, *, metrics_port: int | None = None) -> int:
    """Run the projector until it is stopped; return the exit status. Raises OperatorError."""
    try:
        return run_until_stopped(work(settings, metrics_port=metrics_port))
    except (CursorMoved, EventUnknown, FeedGap) as error:
        raise OperatorError(str(error)) from error
    except FeedRefused as error:
        raise OperatorError(
            f"the core does not serve this cursor: {error}. If the database was restored from an "
            "older state or belongs to another exchange, run `bezant projections rebuild`"
        ) from error
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
        raise OperatorError(f"the read models cannot be written: {error}") from error


async def work(settings: Settings, *, metrics_port: int | None = None) -> None:
    """Wait to be the active projector, then project from the cursor on until canceled."""
    numbers = ProjectorMetrics(SystemClock(settings.clock_offset_s))
    if metrics_port is not None:
        numbers.metrics.serve(metrics_port)
    async with _projector(settings) as projector:
        seq = await _become_active(projector)
        log.info("projector.active", seq=seq)
        pump = Pump(projector, lambda batch: numbers.count(projector, batch))
        feed = follow(DataDir.of(settings).egress_socket, "projector", seq + 1)
        await _until_one_ends(pump.run(feed), projector.watch())


@contextlib.asynccontextmanager
async def _projector(settings: Settings) -> AsyncIterator[Projector]:
    projector = await Projector.connect(database_dsn(settings), shard=settings.shard)
    try:
        yield projector
    finally:
        projector.terminate()


async def _become_active(projector: Projector) -> int:
    is_told = False
    while True:
        try:
            return await projector.open()
        except ProjectorActive as error:
            if not is_told:
                log.info("projector.standby", reason=str(error))
                is_told = True
            await asyncio.sleep(STANDBY_LOOK_S)


async def _until_one_ends(*work: Coroutine[Any, Any, None]) -> None:
    """Run side by side until one ends; raise what it raised."""
    tasks = [asyncio.create_task(one) for one in work]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)


class ProjectorMetrics:
    """What the projector shows of itself: how much it wrote, and how far it is behind."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.metrics = Metrics("projector")
        self._commands = self.metrics.counter("commands", "entries projected")
        self._batches = self.metrics.counter("batches", "transactions committed")
        self._cursor = self.metrics.gauge("cursor_seq", "last entry that is in the read models")
        self._lag = self.metrics.gauge("lag_seqs", "entries committed and not yet projected")
        self._age = self.metrics.gauge("lag_seconds", "age of the last entry when it was projected")

    def count(self, projector: Projector, batch: Batch) -> None:
        """Take a committed batch into the numbers."""
        self._commands.inc(batch.count)
        self._batches.inc()
        self._cursor.set(projector.seq)
        self._lag.set(projector.tip_seq - projector.seq)
        self._age.set(max(self._clock.now_ns() - batch.ts_ns, 0) / _NS_PER_S)
