"""The worker: relays the outbox's commands to the core. One is active, others wait in line."""

import asyncio
from typing import Final

import asyncpg

from bezant.ingress.client import CoreClient
from bezant.journal.postgres import PostgresJournal
from bezant.kit import outbox
from bezant.kit.config import Settings
from bezant.kit.db import connect, database_dsn
from bezant.kit.log import get_logger
from bezant.kit.operator_error import OperatorError
from bezant.kit.paths import DataDir
from bezant.kit.stopping import run_until_stopped
from bezant.workers.relay import Relay

_DATABASE_ERRORS: Final = (asyncpg.PostgresError, asyncpg.InterfaceError, OSError)
LOCK: Final = 0x62657A61  # "beza": the advisory lock of the one active relay.
STANDBY_LOOK_S: Final = 1.0

log = get_logger(__name__)


def main(settings: Settings) -> int:
    """Run the worker until it is stopped; return the exit status."""
    return run_until_stopped(work(settings))


async def work(settings: Settings) -> None:
    """Wait for the relay's place, then relay until canceled."""
    dsn = database_dsn(settings)
    conn = await connect(dsn)
    listener = await connect(dsn)
    journal = await PostgresJournal.connect(dsn, shard=settings.shard)
    core = CoreClient(DataDir.of(settings).ingress_socket)
    lost = asyncio.Event()
    for one in (conn, listener):
        one.add_termination_listener(lambda _conn: lost.set())
    try:
        await wait_for_place(conn)
        log.info("worker.active")
        relay = Relay(conn, core, journal)
        await listener.add_listener(outbox.CHANNEL, lambda *_notice: relay.wake())
        await core.start()
        async with asyncio.TaskGroup() as group:
            group.create_task(relay.run())
            group.create_task(_raise_when(lost))
    except ExceptionGroup as failed:
        if failed.split(_DATABASE_ERRORS)[1] is None:
            raise OperatorError("the database went away: the worker starts anew") from failed
        raise
    except _DATABASE_ERRORS as failed:
        raise OperatorError("the database went away: the worker starts anew") from failed
    finally:
        await core.close()
        await journal.close()
        for one in (listener, conn):
            one.terminate()


async def wait_for_place(conn: asyncpg.Connection) -> None:
    """Return when this worker is the one that relays; it stays so while the connection lives."""
    is_told = False
    while not await conn.fetchval("SELECT pg_try_advisory_lock($1)", LOCK):
        if not is_told:
            log.info("worker.standby", reason="another worker is active; this one stands by")
            is_told = True
        await asyncio.sleep(STANDBY_LOOK_S)


async def _raise_when(lost: asyncio.Event) -> None:
    await lost.wait()
    raise ConnectionError("the database closed the connection")
