"""Durable orders over the WebSocket for machines, beside the same orders over HTTP, in one run.

    uv run python -m benches.ws_orders [--seconds N]

Starts an exchange of its own under `bezant up` (PostgreSQL with fsync on, one gateway, projector
beside it, client on the same cores). Prints rates, latencies and how many times HTTP's rate the
WebSocket's is; no aim is asserted.
"""

import argparse
import asyncio
import json
import os
import platform
import time
from typing import Final

import psutil

from benches.orders import CONNECTIONS, NS_PER_MS, log_in, prepare
from benches.wire import Connection, Frames, post
from tests.e2e.house import House, open_house

WINDOWS: Final = (1, 32, 500)
BATCH: Final = 50
_SIDES: Final = ("sell", "buy")


def main() -> None:
    """Start an exchange, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=10, help="how long each measurement takes")
    seconds = parser.parse_args().seconds
    print(
        f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, load "
        f"{os.getloadavg()[0]:.1f}, Python {platform.python_version()}, {seconds} s each, fsync on"
    )
    with open_house() as house:
        prepare(house)
        asyncio.run(measure(house, seconds))


async def measure(house: House, seconds: int) -> None:
    """Measure HTTP and then the WebSocket, each with one and with many orders in flight."""
    token = await log_in(house)
    single = await _http(house, token, 1, seconds)
    many = await _http(house, token, CONNECTIONS, seconds)
    for window in WINDOWS:
        rate = await _websocket(house, token, window, seconds)
        baseline, name = (single, "1") if window == 1 else (many, str(CONNECTIONS))
        print(f"{'':<32}{rate / baseline:>6.1f} × HTTP with {name} in flight")
    rate = await _batches(house, token, seconds)
    print(f"{'':<32}{rate / many:>6.1f} × HTTP with {CONNECTIONS} in flight")


async def _http(house: House, token: str, connections: int, seconds: int) -> float:
    links = [Connection("127.0.0.1", house.port) for _ in range(connections)]
    raws = [
        post("/api/v1/orders", _order(side), token=token, host=f"127.0.0.1:{house.port}")
        for side in _SIDES
    ]
    meter = Meter(house, f"HTTP, {connections} connections")
    took = meter.took
    deadline = time.monotonic() + seconds

    async def client(link: Connection) -> None:
        await link.open()
        while time.monotonic() < deadline:
            begun = time.perf_counter_ns()
            status, body = await link.request(raws[len(took) % 2])
            took.append(time.perf_counter_ns() - begun)
            assert status == 201, body
        link.close()

    await asyncio.gather(*(client(link) for link in links))
    return meter.tell()


async def _websocket(house: House, token: str, window: int, seconds: int) -> float:
    """Keep `window` orders in flight on one connection."""
    frames = await _connect(house, token)
    params = [_order(side).decode() for side in _SIDES]
    begun: dict[bytes, int] = {}
    meter = Meter(house, f"WebSocket, {window} in flight")
    at = 0

    def send(count: int) -> None:
        nonlocal at
        texts = []
        for _ in range(count):
            name = b"%07d" % at
            begun[name] = time.perf_counter_ns()
            head = f'{{"id":"{at:07d}","method":"order.place","params":'
            texts.append(f"{head}{params[at % 2]}}}".encode())
            at += 1
        frames.send(texts)

    send(window)
    deadline = time.monotonic() + seconds
    while begun:
        body = await frames.receive()
        assert b'"status":201' in body, body
        meter.took.append(time.perf_counter_ns() - begun.pop(body[7:14]))
        if time.monotonic() < deadline:
            send(1)
    frames.close()
    return meter.tell()


async def _batches(house: House, token: str, seconds: int) -> float:
    """Send batches, two in flight."""
    frames = await _connect(house, token)
    operations = [{"op": "place", **json.loads(_order(_SIDES[at % 2]))} for at in range(BATCH)]
    params = json.dumps({"operations": operations})
    deadline = time.monotonic() + seconds
    meter = Meter(house, f"WebSocket, batches of {BATCH}")
    begun: dict[bytes, int] = {}
    at = 0

    def send() -> None:
        nonlocal at
        begun[b"%07d" % at] = time.perf_counter_ns()
        frames.send([f'{{"id":"{at:07d}","method":"batch","params":{params}}}'.encode()])
        at += 1

    send()
    send()
    while begun:
        body = await frames.receive()
        assert body.count(b'"ok":true') == BATCH, body
        meter.took += [time.perf_counter_ns() - begun.pop(body[7:14])] * BATCH
        if time.monotonic() < deadline:
            send()
    frames.close()
    return meter.tell()


async def _connect(house: House, token: str) -> Frames:
    frames = Frames("127.0.0.1", house.port)
    await frames.open("/ws/api")
    auth = {"id": "auth", "method": "session.auth", "params": {"token": token}}
    frames.send([json.dumps(auth).encode()])
    body = await frames.receive()
    assert b'"status":200' in body, body
    return frames


def _order(side: str) -> bytes:
    """Return an order of a pair that fill each other, so that the book stays small."""
    terms = {"symbol": "BTCUSDT", "side": side, "type": "limit", "quantity": "0.01"}
    return json.dumps({**terms, "price": "100.00", "selfTradePrevention": "none"}).encode()


class Meter:
    """Orders of one measurement: how long each took, and what they cost the house's processes."""

    def __init__(self, house: House, name: str) -> None:
        self.took: list[int] = []
        self._name = name
        self._processes = {role: psutil.Process(house.pid(role)) for role in ("gateway", "core")}
        self._since = self._spent()
        self._begun = time.perf_counter()

    def tell(self) -> float:
        """Print what was measured; return the rate."""
        rate = len(self.took) / (time.perf_counter() - self._begun)
        self.took.sort()
        p50, p99 = (self.took[len(self.took) * percent // 100] / NS_PER_MS for percent in (50, 99))
        cost = ", ".join(
            f"{role} {(spent - self._since[role]) * 1_000_000 / len(self.took):.0f} µs"
            for role, spent in self._spent().items()
        )
        print(
            f"{self._name:<32}{rate:>8.0f}/s   p50 {p50:.2f} ms   p99 {p99:.2f} ms   CPU an order: "
            f"{cost}"
        )
        return rate

    def _spent(self) -> dict[str, float]:
        times = {role: process.cpu_times() for role, process in self._processes.items()}
        return {role: spent.user + spent.system for role, spent in times.items()}


if __name__ == "__main__":
    main()
