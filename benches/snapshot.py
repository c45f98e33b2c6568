"""A snapshot of many orders on as many accounts: its time, its size, and who restores it.

The native engine opens N accounts, each with money and one resting order with a client id, takes a
snapshot and restores it; with `--reference` the reference restores the same bytes and writes them
again, which takes minutes and gigabytes for a million. All digests must be the same.

    python -m benches.snapshot --size 1000000
"""

import argparse
import importlib
import time
from collections.abc import Callable, Iterator
from itertools import count, islice
from typing import TypeVar

from msgspec.structs import replace

from benches.core import BASE, LEVELS, MARKET, MIDDLE, PARAMETERS, QUOTE, STEP_NS, terms
from bezant.core import codec
from bezant.core.commands import (
    Command,
    CreateAsset,
    CreateMarket,
    OpenAccount,
    PlaceOrder,
    SetMarketStatus,
    Transfer,
)
from bezant.core.contract import EngineContract
from bezant.core.engine import Engine
from bezant.core.ids import AccountId, Number, Seq, Source
from bezant.core.units import Units
from bezant.core.words import MarketStatus, Side

BATCH = 10_000
ORDER_BYTES_MIN = 50  # Of an order with its account.
T = TypeVar("T")


def house(size: int) -> Iterator[Command]:
    """Yield what opens a market, so many accounts, and an order of each."""
    source, number = Source(1), map(Number, count(1))
    for asset in (BASE, QUOTE):
        yield CreateAsset(source, next(number), asset, 8, Units(2**62), True)
    parameters = replace(PARAMETERS, band_bips=0)
    yield CreateMarket(source, next(number), MARKET, BASE, QUOTE, Units(1_000), 1, 3, parameters)
    yield SetMarketStatus(source, next(number), MARKET, MarketStatus.TRADING)
    for account in map(AccountId, range(1_000, 1_000 + size)):
        yield OpenAccount(source, next(number), account, 0, 0, False, False)
        for asset in (BASE, QUOTE):
            yield Transfer(source, next(number), AccountId(8), account, asset, Units(2**40), 0)
        side, away = (Side.BUY, -1) if account % 2 else (Side.SELL, 1)
        price = MIDDLE + away * (1 + account // 2 % LEVELS)
        yield PlaceOrder(account, MARKET, terms(f"order-{account}", side, price, 10))


def fill(engine: EngineContract, commands: Iterator[Command]) -> None:
    """Apply commands in batches."""
    while batch := list(islice(commands, BATCH)):
        first = engine.seq + 1
        entries = (
            codec.encode_entry(Seq(seq), codec.encode(one)) for seq, one in enumerate(batch, first)
        )
        engine.apply(STEP_NS, first, b"".join(entries))


def timed(what: str, call: Callable[[], T]) -> T:
    """Print how long a call takes; return what it returns."""
    start = time.perf_counter()
    value = call()
    print(f"{what:<24} {time.perf_counter() - start:>9.2f} s")
    return value


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=100_000, help="orders, and accounts")
    parser.add_argument("--reference", action="store_true", help="restore in the reference too")
    options = parser.parse_args()
    native: type[EngineContract] = importlib.import_module("bezant_core").Engine
    engine, again = native(), native()
    timed("filled", lambda: fill(engine, house(options.size)))
    raw = timed("native snapshot", engine.snapshot)
    assert len(raw) > ORDER_BYTES_MIN * options.size, "every order is there"
    print(f"{'size':<24} {len(raw):>9,} bytes, {len(raw) // options.size} an order and account")
    timed("native restore", lambda: again.restore(raw))
    digests = [engine.digest(), again.digest()]
    if options.reference:
        reference = Engine()
        timed("reference restore", lambda: reference.restore(raw))
        written = timed("reference snapshot", reference.snapshot)
        timed("native restore of it", lambda: again.restore(written))
        digests += [reference.digest(), again.digest()]
    print(f"{len(digests)} digests {'the same' if len(set(digests)) == 1 else 'ANOTHER'}")


if __name__ == "__main__":
    main()
