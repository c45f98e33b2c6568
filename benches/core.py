"""How many commands a second the reference core applies, on a seeded synthetic flow.

Half adds, of which some cross and more than half stand within 20 ticks of the touch, 45 % cancels,
5 % market orders, around a book that keeps 1,000 levels a side; fees on, balances checked at the
end. Two figures: commands that are decoded already, and the whole way through bytes. No aim is
asserted: it prints what it saw and under which conditions.

    python -m benches.core --commands 200000 --seed 1
"""

import argparse
import platform
import random
import time
from collections.abc import Iterator
from itertools import count

from bezant.core import codec
from bezant.core.commands import (
    CancelOrder,
    Command,
    CreateAsset,
    CreateMarket,
    MarketParameters,
    OpenAccount,
    OrderTerms,
    PlaceOrder,
    SetFees,
    SetMarketStatus,
    Transfer,
)
from bezant.core.engine import Engine
from bezant.core.events import OrderAccepted, OrderDone
from bezant.core.ids import AccountId, AssetId, MarketId, Number, OrderId, Seq, Source
from bezant.core.invariants import check
from bezant.core.units import Lots, Ticks, Units
from bezant.core.words import MarketStatus, OrderType, Side, TimeInForce

ACCOUNTS = tuple(AccountId(1_000 + index) for index in range(1_000))
MARKET, BASE, QUOTE = MarketId(1), AssetId(1), AssetId(2)
LEVELS = 1_000
MIDDLE = 100_000
BATCH = 200  # Commands of one `apply`.
QUEUE = 2  # Orders of each level at the start; the first of them is never canceled.
SHARE_ADDS, SHARE_CANCELS = 0.50, 0.45
SHARE_NEAR, NEAR = 0.50, 20  # Of the adds that rest, within so many ticks of the middle.
SHARE_CROSSING = 0.04  # Of the adds.
MAKER_LOTS, TAKER_LOTS = 100, 40  # Takers take as many orders as the adds put above the cancels.
STEP_NS = 1_000_000

PARAMETERS = MarketParameters(
    price_max=Ticks(2**40),
    qty_min=Lots(1),
    qty_max=Lots(2**40),
    notional_min=Units(1),
    notional_max=Units(2**62),
    band_bips=5_000,
    dynamic_bips=0,
    window_ms=0,
    auction_ms=1_000,
    extensions_max=0,
    open_orders_max=10_000,
    stop_orders_max=100,
    icebergs_max=100,
    lists_max=100,
    parts_max=100,
    amends_max=100,
    trailing_min=1,
    trailing_max=1_000,
    algorithm=0,
    top_percent=0,
    min_allocation=Lots(1),
)


def terms(client_id: str, side: Side, price: int, qty: int) -> OrderTerms:
    """Return a plain limit order, or with price 0 a market order."""
    kind = OrderType.LIMIT if price else OrderType.MARKET
    tif = TimeInForce.GTC if price else TimeInForce.IOC
    no_ticks, no_units, no_lots = Ticks(0), Units(0), Lots(0)
    return OrderTerms(
        client_id,
        side,
        kind,
        tif,
        Ticks(price),
        Lots(qty),
        no_units,
        0,
        no_ticks,
        0,
        False,
        no_lots,
        0,
        0,
    )


def opening() -> Iterator[Command]:
    """Yield what creates the market, its people and their money."""
    source, number = Source(1), count(1)

    def following() -> Number:
        return Number(next(number))

    for asset in (BASE, QUOTE):
        yield CreateAsset(source, following(), asset, 8, Units(2**62), True)
    yield CreateMarket(source, following(), MARKET, BASE, QUOTE, Units(1_000), 1, 3, PARAMETERS)
    yield SetFees(source, following(), MARKET, 0, 500, 1_000)
    yield SetMarketStatus(source, following(), MARKET, MarketStatus.TRADING)
    for account in ACCOUNTS:
        yield OpenAccount(source, following(), account, 0, 0, False, False)
        for asset in (BASE, QUOTE):
            yield Transfer(source, following(), AccountId(8), account, asset, Units(2**50), 0)
    for place in range(LEVELS * QUEUE):
        level, account = 1 + place % LEVELS, ACCOUNTS[place % len(ACCOUNTS)]
        for side, price in ((Side.BUY, MIDDLE - level), (Side.SELL, MIDDLE + level)):
            yield PlaceOrder(account, MARKET, terms("", side, price, MAKER_LOTS // 2))


class Flow:
    """Draws commands; it learns from events which orders are open, as a client would."""

    def __init__(self, seed: int, *, with_client_ids: bool) -> None:
        self._chance = random.Random(seed)
        self._open: list[tuple[AccountId, OrderId]] = []
        self._places: dict[OrderId, int] = {}
        self._standing = 2 * LEVELS  # Orders of the opening that stay until they trade.
        self._number = 0
        self._with_client_ids = with_client_ids

    def draw(self) -> Command:
        """Return the next command."""
        chance = self._chance
        dice = chance.random()
        if SHARE_ADDS <= dice < SHARE_ADDS + SHARE_CANCELS and self._open:
            account, order = chance.choice(self._open)
            return CancelOrder(account, order, "", 0)
        self._number += 1
        client_id = f"c{self._number}" if self._with_client_ids else ""
        account = chance.choice(ACCOUNTS)
        side = chance.choice((Side.BUY, Side.SELL))
        price, lots = 0, TAKER_LOTS
        if dice < SHARE_ADDS:
            away = chance.randint(1, NEAR if chance.random() < SHARE_NEAR else LEVELS)
            if chance.random() < SHARE_CROSSING:
                away = -NEAR
            else:
                lots = MAKER_LOTS
            price = MIDDLE - away if side is Side.BUY else MIDDLE + away
        return PlaceOrder(account, MARKET, terms(client_id, side, price, chance.randint(1, lots)))

    def learn(self, events: list[object]) -> None:
        """Take note of orders that may be canceled and of orders that ended."""
        for event in events:
            if isinstance(event, OrderAccepted) and event.order.price and self._standing:
                self._standing -= 1
            elif isinstance(event, OrderAccepted) and event.order.price:
                self._places[event.order_id] = len(self._open)
                self._open.append((event.account, event.order_id))
            elif isinstance(event, OrderDone) and event.order_id in self._places:
                place = self._places.pop(event.order_id)
                last = self._open.pop()
                if last[1] != event.order_id:
                    self._open[place] = last
                    self._places[last[1]] = place


def open_engine(flow: Flow) -> Engine:
    """Return an engine after the opening, which the flow has seen."""
    engine = Engine()
    for seq, command in enumerate(opening(), start=1):
        flow.learn([*engine.apply_command(STEP_NS, seq, command, codec.encode(command))])
    return engine


def record(commands: int, seed: int, *, with_client_ids: bool) -> list[tuple[Command, bytes]]:
    """Return a flow of commands with their bytes, drawn against an engine of its own."""
    flow = Flow(seed, with_client_ids=with_client_ids)
    engine = open_engine(flow)
    drawn = []
    for _ in range(commands):
        command = flow.draw()
        raw = codec.encode(command)
        drawn.append((command, raw))
        flow.learn([*engine.apply_command(engine.ts_ns, engine.seq + 1, command, raw)])
    return drawn


def time_decoded(drawn: list[tuple[Command, bytes]]) -> tuple[float, Engine]:
    """Return the CPU seconds that decoded commands take, and the engine after them."""
    engine = open_engine(Flow(0, with_client_ids=False))
    seq, apply = engine.seq, engine.apply_command
    start = time.process_time()
    for command, raw in drawn:
        seq += 1
        apply(STEP_NS, seq, command, raw)
    return time.process_time() - start, engine


def time_bytes(drawn: list[tuple[Command, bytes]]) -> tuple[float, Engine]:
    """Return the CPU seconds that the same takes from entry bytes to event bytes, in batches."""
    engine = open_engine(Flow(0, with_client_ids=False))
    first = engine.seq + 1
    batches = [
        (
            first + index,
            b"".join(
                codec.encode_entry(Seq(first + index + place), raw)
                for place, (_, raw) in enumerate(drawn[index : index + BATCH])
            ),
        )
        for index in range(0, len(drawn), BATCH)
    ]
    start = time.process_time()
    for seq, entries in batches:
        engine.apply(STEP_NS, seq, entries)
    return time.process_time() - start, engine


def main() -> None:
    """Print the figures with their conditions."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--commands", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    print(f"core: {options.commands:,} commands, seed {options.seed}, {LEVELS:,} levels a side")
    print(f"      {platform.python_implementation()} {platform.python_version()}, ", end="")
    print(f"{platform.machine()} {platform.system()}")
    for with_client_ids in (False, True):
        drawn = record(options.commands, options.seed, with_client_ids=with_client_ids)
        name = "with client ids" if with_client_ids else "without client ids"
        digests = []
        for kind, timed in (("decoded", time_decoded), ("bytes", time_bytes)):
            seconds, engine = timed(drawn)
            check(engine.state)
            digests.append(engine.digest().hex()[:16])
            rate = len(drawn) / seconds
            print(f"{kind:>10}, {name:<20} {rate:>10,.0f} commands/s of CPU time")
        print(f"{'digest':>10}  {digests[0]} {'the same' if len(set(digests)) == 1 else digests}")


if __name__ == "__main__":
    main()
