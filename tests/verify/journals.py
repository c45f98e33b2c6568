"""Journals made for tests: an engine's own, of a seeded flow, and ways to spoil them on purpose."""

from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from bezant.core import codec
from bezant.core.codec import Entry, Outcome
from bezant.core.commands import (
    CreateAsset,
    CreateMarket,
    MarketParameters,
    OpenAccount,
    OrderTerms,
    PlaceOrder,
    SetFees,
    SetMarketStatus,
    SetReferencePrice,
    SetTier,
    Transfer,
)
from bezant.core.engine import Engine
from bezant.journal.ports import GENESIS_HASH, Batch, Row, chain

ALICE, BOB, CAROL = 1_000, 1_001, 1_002
PEOPLE = (ALICE, BOB, CAROL)
HOT, FEES = 5, 1
BASE, QUOTE = 1, 2
FIFO, PRO_RATA = 1, 2  # Markets.
BUY, SELL = 0, 1
TRADING = 1
SECOND_NS = 1_000_000_000
START_NS = 1_700_000_000 * SECOND_NS


def made(kind: Any, *fields: Any, **named: Any) -> Any:
    """Make a message of plain numbers."""
    return kind(*fields, **named)


def parameters(**changes: int) -> Any:
    """Return a market's parameters: wide limits, no bands."""
    fields = {
        "price_max": 10**6, "qty_min": 1, "qty_max": 10**6, "notional_min": 1,
        "notional_max": 10**15, "band_bips": 0, "dynamic_bips": 0, "window_ms": 0,
        "auction_ms": 5_000, "extensions_max": 1, "open_orders_max": 5_000,
        "stop_orders_max": 1_000, "icebergs_max": 1_000, "lists_max": 10, "parts_max": 100,
        "amends_max": 10, "trailing_min": 1, "trailing_max": 9_999, "algorithm": 0,
        "top_percent": 40, "min_allocation": 2,
    }  # fmt: skip
    return made(MarketParameters, **(fields | changes))


class Maker:
    """Applies commands to an engine and keeps what came of them as rows of a journal."""

    def __init__(self) -> None:
        self.engine = Engine()
        self.rows: list[Row] = []
        self.ts_ns = START_NS
        self.numbers: dict[int, int] = {}
        self.seq = 0
        self.sent: list[Any] = []

    def do(self, *commands: Any) -> tuple[Outcome, ...]:
        """Apply commands as one batch; return their outcomes."""
        first = self.seq + 1
        entries = b"".join(
            codec.encode_entry(made(int, first + place), codec.encode(command))
            for place, command in enumerate(commands)
        )
        events = self.engine.apply(self.ts_ns, first, entries)
        self.seq += len(commands)
        batch = Batch(first, self.seq, self.ts_ns, 1, codec.FORMAT, entries, events)
        self.rows.append(link(self.rows, batch))
        return codec.decode_outcomes(events, len(commands))

    def number(self, source: int = 1) -> int:
        self.numbers[source] = self.numbers.get(source, 0) + 1
        return self.numbers[source]

    def open_house(self) -> None:
        """Two assets, a fifo and a pro-rata market with fees and a rebate tier, three people."""
        for asset in (BASE, QUOTE):
            self.do(made(CreateAsset, 1, self.number(), asset, 8, 2**60, True))
        for market, algorithm, dynamic in ((FIFO, 0, 0), (PRO_RATA, 1, 2_000)):
            chosen = parameters(algorithm=algorithm, dynamic_bips=dynamic)
            create = made(CreateMarket, 1, self.number(), market, BASE, QUOTE, 1_000, 1, 2, chosen)
            self.do(create)
            self.do(made(SetFees, 1, self.number(), market, 0, 1_000, 2_000))
            self.do(made(SetFees, 1, self.number(), market, 3, -500, 1_500))
            self.do(made(SetReferencePrice, 1, self.number(), market, 1_000))
            self.do(made(SetMarketStatus, 1, self.number(), market, TRADING))
        for person in PEOPLE:
            self.do(made(OpenAccount, 1, self.number(), person, 0, 0, False, False))
            self.deposit(person, BASE, 10**12)
            self.deposit(person, QUOTE, 10**12)
        self.do(made(SetTier, 1, self.number(), BOB, 3))

    def deposit(self, account: int, asset: int, units: int) -> None:
        self.do(made(Transfer, 2, self.number(2), HOT, account, asset, units, 0))

    def place(self, account: int, side: int, price: int, qty: int, **more: Any) -> Outcome:
        """Place one order in a batch of its own."""
        return self.do(order(account, side, price, qty, **more))[0]


def order(account: int, side: int, price: int, qty: int, **more: Any) -> Any:
    """Return a PlaceOrder; limit gtc in the fifo market unless said."""
    market = more.pop("market", FIFO)
    fields = {
        "client_id": "", "side": side, "type": 0, "tif": 0, "price": price, "qty": qty,
        "quote_units": 0, "trigger": 0, "trigger_price": 0, "trailing_bips": 0,
        "post_only": False, "display": 0, "stp": 0, "expires_ns": 0,
    }  # fmt: skip
    return made(PlaceOrder, account, market, made(OrderTerms, **(fields | more)))


def link(rows: Sequence[Row], batch: Batch, epoch: int = 1) -> Row:
    """Return the row of a batch after the others."""
    prev = rows[-1].hash if rows else GENESIS_HASH
    return Row(0, epoch, batch, prev, chain(prev, 0, epoch, batch))


def relink(rows: Sequence[Row]) -> list[Row]:
    """Return the rows with hashes of their own: a journal whose chain tells no lie."""
    linked: list[Row] = []
    for row in rows:
        linked.append(link(linked, row.batch, row.epoch))
    return linked


def spoil_events(
    rows: Sequence[Row], spoil: Callable[[Any], Any], kind: type, *, count: int = 1
) -> list[Row]:
    """Return a well-chained journal where the last `count` events of a kind are `spoil`ed.

    `spoil` gives another event, a list of events, or None for no event at all.
    """
    changed = list(rows)
    left = count
    for place in range(len(changed) - 1, -1, -1):
        if left == 0:
            break
        batch = changed[place].batch
        outcomes = codec.decode_outcomes(batch.events, batch.seq_last - batch.seq_first + 1)
        spoiled = []
        for outcome in outcomes:
            events: list[Any] = []
            for event in outcome.events:
                if left and isinstance(event, kind):
                    left -= 1
                    new = spoil(event)
                    events += new if isinstance(new, list) else [] if new is None else [new]
                else:
                    events.append(event)
            spoiled.append(msgspec.structs.replace(outcome, events=tuple(events)))
        fresh = msgspec.structs.replace(batch, events=codec.encode_outcomes(spoiled))
        changed[place] = msgspec.structs.replace(changed[place], batch=fresh)
    return relink(changed)


def entries_of(row: Row) -> tuple[Entry, ...]:
    """Return the entries of a row."""
    return codec.decode_entries(row.batch.entries, row.batch.seq_last - row.batch.seq_first + 1)
