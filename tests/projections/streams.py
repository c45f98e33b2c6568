"""Event streams made by hand, as a core would give them: two people, one market, plain numbers."""

from typing import Any

from bezant.core import codec
from bezant.core.codec import Outcome
from bezant.core.commands import MarketParameters, OrderTerms
from bezant.core.events import (
    AssetCreated,
    MarketCreated,
    MarketStatusChanged,
    OrderAccepted,
    OrderDone,
    OrderRested,
    TradeExecuted,
    TransferPosted,
)
from bezant.egress.frames import FeedRow

ALICE, BOB, HOT, FEES = 1_000, 1_001, 5, 1
BASE, QUOTE, MARKET = 1, 2, 7
BUY, SELL = 0, 1
MINUTE_NS = 60_000_000_000
START_NS = 28_333_333 * MINUTE_NS  # 2023-11-14 22:13 UTC.


def made(kind: Any, *fields: Any, **named: Any) -> Any:
    """Make a message of plain numbers."""
    return kind(*fields, **named)


def order_id(seq: int) -> int:
    return 64 * seq


class Stream:
    """Grows outcomes entry by entry, one row each."""

    def __init__(self) -> None:
        self.seq = 0
        self.ts_ns = START_NS
        self.rows: list[FeedRow] = []
        self._numbers = 0
        self._trades = 0
        self._tick_lot_units = 1

    def entry(self, *events: Any) -> int:
        """Add an entry with these events; return its seq."""
        self.seq += 1
        raw = codec.encode_outcomes([made(Outcome, self.seq, 0, tuple(events))])
        self.rows.append(made(FeedRow, self.seq, self.seq, self.ts_ns, 1, 1, raw))
        return self.seq

    def number(self) -> int:
        self._numbers += 1
        return self._numbers

    def market(self, *, lot_units: int = 1, tick_lot_units: int = 1) -> None:
        """Create both assets and a trading market."""
        self._tick_lot_units = tick_lot_units
        for asset in (BASE, QUOTE):
            self.entry(made(AssetCreated, 1, self.number(), asset, 8, 2**62, True))
        parameters = made(MarketParameters, *([1] * len(MarketParameters.__struct_fields__)))
        self.entry(
            made(
                MarketCreated, 1, self.number(), MARKET, BASE, QUOTE, lot_units, 1, 0,
                tick_lot_units, parameters,
            )
        )  # fmt: skip
        self.entry(made(MarketStatusChanged, 1, self.number(), MARKET, 1, 0, 0))

    def deposit(self, account: int, asset: int, units: int) -> int:
        event = made(TransferPosted, 2, self.number(), HOT, account, asset, units, 0)
        return self.entry(event)

    def terms(self, side: int, price: int, qty: int, client_id: str = "") -> OrderTerms:
        terms: OrderTerms = made(
            OrderTerms, client_id, side, 0, 0, price, qty, 0, 0, 0, 0, False, 0, 2, 0
        )
        return terms

    def rest(self, account: int, side: int, price: int, qty: int, client_id: str = "") -> int:
        """Add an order that rests at once (a lot is a unit); return its id."""
        made_id = order_id(self.seq + 1)
        held = price * qty * self._tick_lot_units if side == BUY else qty
        terms = self.terms(side, price, qty, client_id)
        self.entry(made(OrderAccepted, made_id, account, MARKET, terms, 1, held, 0))
        return made_id

    def take(
        self,
        account: int,
        side: int,
        price: int,
        qty: int,
        maker: tuple[int, int, int],
        **more: Any,
    ) -> int:
        """Add an order that takes `qty` of a maker (order, account, price) and rests with `rest`.

        `fees` are the taker's and the maker's, `is_maker_done` says that nothing of it is left.
        """
        rest: int = more.get("rest", 0)
        taker_fee, maker_fee = more.get("fees", (0, 0))
        made_id = order_id(self.seq + 1)
        maker_order, maker_account, maker_price = maker
        whole = qty + rest
        held = price * whole * self._tick_lot_units if side == BUY else whole
        improvement = (price - maker_price) * qty * self._tick_lot_units if side == BUY else 0
        self._trades += 1
        events = [
            made(
                OrderAccepted, made_id, account, MARKET, self.terms(side, price, whole), 2, held, 0
            ),
            made(
                TradeExecuted, MARKET, self._trades, made_id, account, maker_order, maker_account,
                side, maker_price, qty, taker_fee, maker_fee, improvement, True,
            ),
        ]  # fmt: skip
        if more.get("is_maker_done", True):
            events.append(
                made(OrderDone, maker_order, maker_account, MARKET, 1 - side, 0, 0, 0, qty, 0, 0)
            )
        if rest:
            events.append(made(OrderRested, made_id, account, MARKET, side, price, rest))
        else:
            events.append(made(OrderDone, made_id, account, MARKET, side, 0, 0, 0, qty, 0, 0))
        self.entry(*events)
        return made_id

    def cancel(self, order: int, account: int, side: int, released: int, filled: int = 0) -> None:
        self.entry(made(OrderDone, order, account, MARKET, side, 1, 1, released, filled, 0, 0))
