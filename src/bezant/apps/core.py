"""The core: journal → recovery → sequencer → doors. One leader writes; a standby waits.

This file wires and no more. Whatever goes wrong ends the process; its restart is the recovery.
"""

import asyncio
import contextlib
import os
import socket
from collections.abc import AsyncIterator

from bezant.apps.core_metrics import CoreMetrics
from bezant.apps.engines import calm_garbage_collector, engine_maker, engine_name, engine_warning
from bezant.egress.feed import Feed
from bezant.egress.server import FeedServer
from bezant.ingress.server import IngressServer
from bezant.journal.ports import JournalCorrupt, LeaseHeld, Row
from bezant.journal.postgres import FAILURES, PostgresJournal
from bezant.journal.snapshot import SnapshotStore
from bezant.journal.snapshot_index import PostgresSnapshotIndex
from bezant.kit import db
from bezant.kit.clock import SystemClock
from bezant.kit.config import Settings
from bezant.kit.log import get_logger
from bezant.kit.operator_error import OperatorError
from bezant.kit.paths import DataDir
from bezant.kit.stopping import run_until_stopped
from bezant.sequencer.faults import AppendUnknown, SequencerFault
from bezant.sequencer.inbox import Inbox
from bezant.sequencer.recovery import Recovered, Recovery
from bezant.sequencer.sequencer import Lease, Sequencer

log = get_logger(__name__)


def main(settings: Settings, *, standby: bool = False, metrics_port: int | None = None) -> int:
    """Run the core until it is stopped; return the exit status. Raises OperatorError."""
    try:
        return run_until_stopped(work(settings, standby=standby, metrics_port=metrics_port))
    except (LeaseHeld, JournalCorrupt, SequencerFault) as error:
        raise OperatorError(str(error)) from error
    except FAILURES as error:
        raise OperatorError(f"the database broke off: {type(error).__name__}: {error}") from error


async def work(
    settings: Settings, *, standby: bool = False, metrics_port: int | None = None
) -> None:
    """Recover, then serve until canceled."""
    if warning := engine_warning(settings):
        log.warning("core.engine", reason=warning)
    else:
        log.info("core.engine", engine=engine_name(settings))
    async with _journal(settings) as journal:
        recovered = await _recover(settings, journal, standby=standby)
        calm_garbage_collector()
        await _serve(settings, journal, recovered, metrics_port=metrics_port)


@contextlib.asynccontextmanager
async def _journal(settings: Settings) -> AsyncIterator[PostgresJournal]:
    journal = await PostgresJournal.connect(
        db.database_dsn(settings), shard=settings.shard, lease_ttl_ms=settings.lease_ttl_ms
    )
    try:
        yield journal
    except AppendUnknown as error:
        raise AppendUnknown(f"{error} ({journal.last_failure})") from error
    finally:
        await journal.close()


async def _recover(settings: Settings, journal: PostgresJournal, *, standby: bool) -> Recovered:
    """Restore the newest snapshot, replay the rest, verify, under the lease."""
    folder = DataDir.of(settings).snapshots
    index = PostgresSnapshotIndex(journal.readers, shard=settings.shard)
    recovery = Recovery(
        journal,
        SnapshotStore(folder, index, shard=settings.shard),
        engine_maker(settings),
        lease_ttl_ms=settings.lease_ttl_ms,
        report=lambda text: log.warning("core.snapshot_bad", reason=text),
    )
    holder = f"{socket.gethostname()} pid {os.getpid()}"
    if standby:
        log.info("core.standby", holder=holder)
        recovered = await recovery.stand_by(holder)
    else:
        recovered = await recovery.lead(holder)
    log.info("core.recovered", seq=recovered.engine.seq, epoch=recovered.tenure.epoch)
    return recovered


async def _serve(
    settings: Settings,
    journal: PostgresJournal,
    recovered: Recovered,
    *,
    metrics_port: int | None,
) -> None:
    """Open the doors, sequence until canceled, then close them in the order of the way out."""
    places = DataDir.of(settings)
    tenure = recovered.tenure
    inbox = Inbox()
    feed = Feed(journal, tenure.tip.seq)
    ingress, egress = IngressServer(inbox), FeedServer(feed)
    metrics = CoreMetrics(inbox, feed, ingress)

    def publish(row: Row) -> None:
        feed.publish(row)
        metrics.count(row)

    sequencer = Sequencer(
        recovered.engine,
        journal,
        Lease(tenure, settings.lease_ttl_ms, settings.shard),
        inbox=inbox,
        clock=SystemClock(settings.clock_offset_s),
        publish=publish,
    )
    await egress.start(places.egress_socket)
    await ingress.start(places.ingress_socket)
    if metrics_port is not None:
        metrics.serve(metrics_port)
    log.info("core.ready", seq=tenure.tip.seq, epoch=tenure.epoch)
    running = asyncio.create_task(sequencer.run())
    try:
        await asyncio.shield(running)
    except asyncio.CancelledError:
        sequencer.stop()
        await running
        await journal.release(tenure)
        log.info("core.stopped", seq=sequencer.committed_seq)
        raise
    finally:
        await ingress.close()
        await egress.close()
