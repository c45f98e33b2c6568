"""The demo's role: makes assets, markets and users once, then trades as two users of the API."""

import asyncio
from random import Random
from typing import Final

from bezant.apps.demo.catalogue import FLOW, MAKER, MARKETS
from bezant.apps.demo.maker import Maker, Worths
from bezant.apps.demo.seed import DemoFile, DemoLogin, seed
from bezant.apps.operator import Desk
from bezant.client import APIProblem, Exchange, ExchangeAway, Session
from bezant.kit.config import Settings
from bezant.kit.log import get_logger
from bezant.kit.operator_error import OperatorError
from bezant.kit.paths import DataDir
from bezant.kit.stopping import run_until_stopped

RETRY_S: Final = 0.5

log = get_logger(__name__)


def main(settings: Settings) -> int:
    """Run the demo's role until it is stopped; return the exit status."""
    if settings.is_production:
        raise OperatorError("the demo makes users and money: it never runs in production")
    return run_until_stopped(work(settings))


async def work(settings: Settings) -> None:
    """Seed what is missing, then keep every market quoted until canceled."""
    base_url = f"http://{settings.host}:{settings.port}"
    async with Desk(settings) as desk:
        demo = await seed(desk, DataDir.of(settings).demo_file, base_url)
    log.info("demo.seeded", markets=len(MARKETS), users=len(demo.users))
    async with Exchange(base_url) as exchange:
        await quote(exchange, demo)


async def quote(exchange: Exchange, demo: DemoFile) -> None:
    """Run one maker a market, all on the same walk of prices."""
    quoting = await _log_in(exchange, demo.get(MAKER))
    taking = await _log_in(exchange, demo.get(FLOW))
    worths = Worths(_chance())
    async with asyncio.TaskGroup() as group:
        group.create_task(worths.run())
        for spec in MARKETS:
            maker = Maker(
                spec=spec, quoting=quoting, taking=taking, worths=worths, chance=_chance()
            )
            group.create_task(maker.run())


async def _log_in(exchange: Exchange, login: DemoLogin) -> Session:
    while True:
        try:
            return await exchange.log_in(login.email, login.password)
        except (APIProblem, ExchangeAway) as error:
            log.info("demo.waiting", reason=str(error))
            await asyncio.sleep(RETRY_S)


def _chance() -> Random:
    return Random()  # noqa: S311 - A price walk of the demo guards no secret.
