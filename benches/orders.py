"""Durable orders end to end over HTTP: one at a time, and with 32 connections; refused requests.

    uv run python -m benches.orders [--seconds N]

Starts an exchange of its own under `bezant up` (PostgreSQL with fsync on, one gateway, projector
beside it, client on the same cores). Prints rates and latencies with their conditions; no aim is
asserted.
"""

import argparse
import asyncio
import json
import os
import platform
import time
from collections.abc import Callable
from typing import Final

from benches.wire import Connection, post
from bezant.client import Exchange
from tests.e2e.house import House, open_house

PASSWORD: Final = "correct horse battery"
CONNECTIONS: Final = 32
NS_PER_MS: Final = 1_000_000


def main() -> None:
    """Start an exchange, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=10, help="how long each measurement takes")
    seconds = parser.parse_args().seconds
    print(
        f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, "
        f"Python {platform.python_version()}, {seconds} s each, fsync on, client beside"
    )
    with open_house() as house:
        prepare(house)
        asyncio.run(measure(house, seconds))


def prepare(house: House) -> None:
    """List a market and make a user with money."""
    house.run("asset", "create", "BTC", "--name", "Bitcoin", "--scale", "11")
    house.run("asset", "create", "USDT", "--name", "Tether")
    house.run("market", "create", "BTC", "USDT", "--tick", "0.01", "--lot", "0.00001")
    house.run("user", "create", "bench@example.com", "--password", PASSWORD, "--tier", "3")
    house.run("user", "credit", "bench@example.com", "BTC", "100000")
    house.run("user", "credit", "bench@example.com", "USDT", "1000000000")


async def measure(house: House, seconds: int) -> None:
    """Run each measurement in turn."""
    token = await log_in(house)
    await _run("one at a time", house, 1, seconds, _crossing(house, token), 201)
    await _run(
        f"{CONNECTIONS} connections", house, CONNECTIONS, seconds, _crossing(house, token), 201
    )
    await _run("refused, off tick", house, 1, seconds, _off_tick(house, token), 400)
    await _run("refused, 10^5 digits", house, 1, seconds, _long(house, token), 400)


async def _run(
    name: str,
    house: House,
    connections: int,
    seconds: int,
    make: Callable[[int], bytes],
    status: int,
) -> None:
    links = [Connection("127.0.0.1", house.port) for _ in range(connections)]
    for link in links:
        await link.open()
    deadline = time.monotonic() + seconds
    took: list[int] = []
    await asyncio.gather(*(_client(link, make, deadline, took, status) for link in links))
    for link in links:
        link.close()
    took.sort()
    print(
        f"{name:<24}{len(took) // seconds:>8}/s   p50 {_ms(took, 50)}   p99 {_ms(took, 99)}   "
        f"worst {took[-1] / NS_PER_MS:.1f} ms"
    )


async def _client(
    link: Connection, make: Callable[[int], bytes], deadline: float, took: list[int], status: int
) -> None:
    at = 0
    while time.monotonic() < deadline:
        begun = time.perf_counter_ns()
        got, body = await link.request(make(at))
        took.append(time.perf_counter_ns() - begun)
        assert got == status, body
        at += 1


def _crossing(house: House, token: str) -> Callable[[int], bytes]:
    """Return what makes pairs of orders that fill each other, so that the book stays small."""
    sides = [
        _order(house, token, {"side": side, "price": "100.00", "selfTradePrevention": "none"})
        for side in ("sell", "buy")
    ]
    return lambda at: sides[at % 2]


def _off_tick(house: House, token: str) -> Callable[[int], bytes]:
    raw = _order(house, token, {"side": "buy", "price": "100.001"})
    return lambda _at: raw


def _long(house: House, token: str) -> Callable[[int], bytes]:
    raw = _order(house, token, {"side": "buy", "price": "9" * 100_000})
    return lambda _at: raw


def _order(house: House, token: str, terms: dict[str, str]) -> bytes:
    body = {"symbol": "BTCUSDT", "type": "limit", "quantity": "0.01", **terms}
    raw = json.dumps(body).encode()
    return post("/api/v1/orders", raw, token=token, host=f"127.0.0.1:{house.port}")


async def log_in(house: House) -> str:
    """Return a token of the user that `prepare` made."""
    async with Exchange(house.url) as exchange:
        credentials = {"email": "bench@example.com", "password": PASSWORD}
        document = await exchange.request("POST", "/api/auth/login", json=credentials)
        token: str = document["accessToken"]
        return token


def _ms(took: list[int], percent: int) -> str:
    return f"{took[len(took) * percent // 100] / NS_PER_MS:.2f} ms"


if __name__ == "__main__":
    main()
