"""The gateway: HTTP on one side, the core's doors and the database on the other.

This file wires and no more. It starts without the core and answers 503 until the core is there.
"""

import asyncio
import contextlib
import gc
from collections.abc import AsyncIterator, Coroutine
from importlib.metadata import version
from typing import Any, Final

from bezant.accounts import signing_keys
from bezant.accounts.attempts import Attempts
from bezant.accounts.operations import Accounts
from bezant.accounts.passwords import PasswordHasher
from bezant.accounts.tokens import Tokens
from bezant.gateway.access import Access
from bezant.gateway.entry import door
from bezant.gateway.feed import keep_fresh
from bezant.gateway.house import House
from bezant.gateway.journal_reads import JournalReads
from bezant.gateway.limits import PRESETS
from bezant.gateway.native.app import make_app
from bezant.gateway.server import serve
from bezant.gateway.site import Site, default_folder
from bezant.gateway.stream import private, public
from bezant.gateway.stream.hub import StreamHub
from bezant.ingress.client import CoreClient
from bezant.kit import db
from bezant.kit.clock import SystemClock
from bezant.kit.config import Settings
from bezant.kit.log import get_logger
from bezant.kit.paths import DataDir
from bezant.kit.stopping import run_until_stopped

_YOUNG_MAX: Final = 10_000

log = get_logger(__name__)


def main(settings: Settings, *, host: str | None = None, port: int | None = None) -> int:
    """Run the gateway until it is stopped; return the exit status. Raises OperatorError."""
    return run_until_stopped(work(settings, host or settings.host, port or settings.port))


async def work(settings: Settings, host: str, port: int) -> None:
    """Serve until canceled."""
    places = DataDir.of(settings)
    async with make_house(settings) as house:
        hub = StreamHub(house, is_limited=settings.limits != "off")
        house.live = hub
        app = make_app(
            house,
            Site(default_folder()),
            version=version("bezant"),
            streams=(*public.HANDLERS, *private.HANDLERS, *door.HANDLERS),
        )
        _calm_garbage_collector()
        log.info("gateway.listening", host=host, port=port)
        await _until_one_ends(
            serve(app, host, port), keep_fresh(house, places.egress_socket, [hub])
        )


async def _until_one_ends(*work: Coroutine[Any, Any, None]) -> None:
    """Run side by side until one ends; raise what it raised. The others are stopped in order.

    A gateway whose feed has ended for good must not go on answering from old books.
    """
    tasks = [asyncio.create_task(one) for one in work]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)


def _calm_garbage_collector() -> None:
    """Leave what the start made out of every later scan, and scan the rest less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG_MAX, 20, 20)


@contextlib.asynccontextmanager
async def make_house(settings: Settings) -> AsyncIterator[House]:
    """Yield all that endpoints use, connected as far as the world is there."""
    places = DataDir.of(settings)
    clock = SystemClock(settings.clock_offset_s)
    # The first start makes a key, which takes seconds.
    keys = await asyncio.to_thread(signing_keys.load_or_create, places.keys)
    tokens = Tokens(keys, clock)
    rates = PRESETS[settings.limits]
    hasher = PasswordHasher()
    pool = await db.create_pool(db.database_dsn(settings))
    core = CoreClient(places.ingress_socket)
    await core.start()
    try:
        yield House(
            clock=clock,
            core=core,
            pool=pool,
            journal=JournalReads(pool, settings.shard),
            tokens=tokens,
            access=Access(tokens, rates, clock),
            accounts=Accounts(
                pool, hasher, tokens, Attempts(pool, clock), rates.budgets if rates else None
            ),
            started_ns=clock.monotonic_ns(),
            is_production=settings.is_production,
        )
    finally:
        await core.close()
        pool.terminate()
        hasher.close()
