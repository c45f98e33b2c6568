"""Durable commands through the core's ingress socket, 1,000 in flight, on one machine.

    uv run python -m benches.pipeline [--seconds N] [--in-flight N]

Starts PostgreSQL (fsync on) and `bezant core` as processes of their own; the client runs beside
them on the same cores. Prints the rate of durable replies and how long they took.
"""

import argparse
import asyncio
import os
import platform
import random
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import uvloop
from msgspec import Struct

from bezant.apps.engines import engine_name
from bezant.core.commands import CancelOrder, Command, OrderTerms, PlaceOrder
from bezant.core.ids import AccountId, MarketId, OrderId
from bezant.core.units import Lots, Ticks, Units
from bezant.core.words import OrderType, Side, TimeInForce
from bezant.ingress.client import CoreClient
from bezant.kit.config import Settings
from bezant.kit.paths import DataDir
from bezant.kit.postgres import EmbeddedPostgres
from bezant.kit.postgres.passwords import ROLE_NAMES
from bezant.migrations.runner import migrate
from tests.contracts.recovery.core_process import CoreProcess
from tests.fixtures_postgres import remove_data_dir
from tests.sequencer.market import ACCOUNTS, set_up

NS_PER_MS: Final = 1_000_000
MIDDLE_TICKS: Final = 10_000
LEVELS: Final = 1_000


class Measured(Struct, frozen=True):
    """How long each command took, sorted; how many were refused; how long all took."""

    took_ns: list[int]
    refused: int
    elapsed_s: float


def main() -> None:
    """Start a core, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=10, help="how long to measure")
    parser.add_argument("--in-flight", type=int, default=1_000, help="requests that wait at once")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bezant-bench-", dir="/tmp") as name:
        folder = Path(name)
        folder.chmod(0o755)
        uvloop.run(run(folder, options.seconds, options.in_flight, options.seed))


async def run(folder: Path, seconds: int, in_flight: int, seed: int) -> None:
    """Measure on a fresh database in `folder`."""
    data_dir = DataDir(folder / "pg")
    server = EmbeddedPostgres(data_dir)
    core = CoreProcess(folder, "")
    try:
        await server.start()
        await migrate(server.dsn("owner"), ROLE_NAMES["app"])
        core = CoreProcess(folder, server.dsn("app"))
        core.start()
        client = await core.client()
        await set_up(client)
        show(await load(client, flow(seed), seconds, in_flight), in_flight)
        await client.close()
        core.stop()
    finally:
        core.close()
        await server.stop()
        remove_data_dir(data_dir)
        remove_data_dir(core.places)


async def load(
    client: CoreClient, commands: Iterator[Command], seconds: int, in_flight: int
) -> Measured:
    """Keep `in_flight` requests waiting for `seconds`."""
    took: list[int] = []
    refused = 0
    started = time.monotonic()
    deadline = started + seconds

    async def one_in_flight() -> None:
        nonlocal refused
        while time.monotonic() < deadline:
            sent_ns = time.monotonic_ns()
            submission = await client.submit([next(commands)], timeout_s=60)
            refused += submission.outcomes[0].code != 0
            took.append(time.monotonic_ns() - sent_ns)

    await asyncio.gather(*(one_in_flight() for _ in range(in_flight)))
    return Measured(sorted(took), refused, time.monotonic() - started)


def flow(seed: int) -> Iterator[Command]:
    """Yield a seeded flow: adds, cancels and market orders 50/45/5 over 1,000 levels a side."""
    chance = random.Random(seed)
    resting: list[str] = []
    number = 0
    while True:
        number += 1
        account = AccountId(chance.choice(ACCOUNTS))
        dice = chance.random()
        if dice < 0.45 and len(resting) > LEVELS:
            client_id = resting.pop(chance.randrange(len(resting)))
            owner = AccountId(int(client_id.split("-")[0]))
            yield CancelOrder(owner, OrderId(0), client_id, 0)
        elif dice < 0.5:
            yield _place(account, f"{account}-m{number}", chance, is_market=True)
        else:
            resting.append(f"{account}-{number}")
            yield _place(account, resting[-1], chance, is_market=False)


def _place(
    account: AccountId, client_id: str, chance: random.Random, *, is_market: bool
) -> Command:
    side = chance.choice((Side.BUY, Side.SELL))
    distance = chance.randint(1, LEVELS)
    price = MIDDLE_TICKS - distance if side is Side.BUY else MIDDLE_TICKS + distance
    terms = OrderTerms(
        client_id=client_id,
        side=side,
        type=OrderType.MARKET if is_market else OrderType.LIMIT,
        tif=TimeInForce.IOC if is_market else TimeInForce.GTC,
        price=Ticks(0 if is_market else price),
        qty=Lots(chance.randint(1, 100)),
        quote_units=Units(0),
        trigger=0,
        trigger_price=Ticks(0),
        trailing_bips=0,
        post_only=False,
        display=Lots(0),
        stp=0,
        expires_ns=0,
    )
    return PlaceOrder(account, MarketId(1), terms)


def show(measured: Measured, in_flight: int) -> None:
    """Print rate, latencies and conditions."""
    took, count = measured.took_ns, len(measured.took_ns)
    engine = engine_name(Settings.load())
    refused_percent = measured.refused * 100 / count
    half_ms, most_ms = took[count // 2] / NS_PER_MS, took[count * 99 // 100] / NS_PER_MS
    print(
        f"pipeline: {count / measured.elapsed_s:,.0f} durable commands/s, "
        f"p50 {half_ms:.1f} ms, p99 {most_ms:.1f} ms "
        f"({count:,} in {measured.elapsed_s:.1f} s, {refused_percent:.1f} % refused, "
        f"{in_flight:,} in flight, fsync on, {engine} core, client beside, {os.cpu_count()} cores, "
        f"{platform.machine()}, Python {platform.python_version()})"
    )


if __name__ == "__main__":
    main()
