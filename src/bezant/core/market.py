"""A market's grid, parameters, fees, status and prices of reference. Not for its orders' fate."""

from typing import Final

from msgspec import Struct, field

from bezant.core.book import Book
from bezant.core.commands import MarketParameters
from bezant.core.ids import AssetId, MarketId, Number, OrderId, Seq, Source
from bezant.core.order import Order
from bezant.core.rules import NS_PER_MS
from bezant.core.units import Ticks, Units, band, divide_down
from bezant.core.words import PRE_OPEN, MarketStatus

Band = tuple[Ticks, Ticks]

DUE_ORDER: Final = 0
DUE_LIST: Final = 1


class Rates(Struct, frozen=True):
    """Maker and taker rates in parts per million."""

    maker: int
    taker: int


NO_RATES: Final = Rates(0, 0)


class Uncross(Struct, eq=False):
    """An uncross that has not traded its whole volume yet (L12.5), and what follows it."""

    price: Ticks
    volume_left: int
    status: MarketStatus
    cause: int
    source: Source
    number: Number


class Market(Struct, eq=False):
    """One market; `tick_lot_units` is U of L1.1, fee steps are those of its two assets.

    `rising` and `falling` are the pending triggers as (key, order id), nearest first; a key is the
    trigger price, of falling ones its negative. `trailing` are the pending trailing orders.
    """

    id: MarketId
    base: AssetId
    quote: AssetId
    lot_units: Units
    tick_num: int
    tick_scale: int
    tick_lot_units: Units
    base_step: Units
    quote_step: Units
    parameters: MarketParameters
    status: MarketStatus = PRE_OPEN
    fees: dict[int, Rates] = field(default_factory=dict)
    last: Ticks = Ticks(0)
    set_reference: Ticks = Ticks(0)
    window: int = 0
    window_price: Ticks = Ticks(0)  # V of L12.6, 0 where there is none.
    interrupted_price: Ticks = Ticks(0)  # V₀ of L12.7.
    auction_end_ns: int = 0
    extensions: int = 0
    uncross: Uncross | None = None
    trade_no: int = 0
    order_count: int = 0
    book: Book = field(default_factory=Book)
    rising: list[tuple[int, OrderId]] = field(default_factory=list)
    falling: list[tuple[int, OrderId]] = field(default_factory=list)
    trailing: dict[OrderId, Order] = field(default_factory=dict)
    due: dict[tuple[int, int], None] = field(default_factory=dict)

    def reference(self) -> Ticks:
        """Return R: the last price, before the first trade the operator's, else 0 (L5.6)."""
        return self.last or self.set_reference

    def price_band(self) -> Band | None:
        """Return the band that bounds limit prices and taker phases now, None where off (L5.6)."""
        bips = self.parameters.band_bips
        reference = self.last or self.set_reference
        return band(reference, bips) if bips and reference else None

    def dynamic_band(self) -> Band | None:
        """Return the band around V; the window must be current (L12.6)."""
        bips = self.parameters.dynamic_bips
        return band(self.window_price, bips) if bips and self.window_price else None

    def rates(self, tier: int) -> Rates:
        """Return the rates of a fee tier (L1.5)."""
        return self.fees.get(tier) or self.fees.get(0) or NO_RATES

    def notional(self, price: Ticks, qty: int) -> Units:
        """Return price × quantity in quote units: exact (L1.1)."""
        return Units(price * qty * self.tick_lot_units)


def window_now(market: Market, *, seq: Seq, ts_ns: int) -> int:
    """Return the number of the window that this entry falls into; each its own where it is 0 ms."""
    window_ms = market.parameters.window_ms
    return divide_down(ts_ns, window_ms * NS_PER_MS) if window_ms else seq


def roll_window(market: Market, *, seq: Seq, ts_ns: int) -> None:
    """Fix V before the first change of R in a new window (L12.6)."""
    window = window_now(market, seq=seq, ts_ns=ts_ns)
    if window != market.window:
        market.window = window
        market.window_price = market.reference()


def restart_window(market: Market, *, seq: Seq, ts_ns: int) -> None:
    """Start a window anew with R as it stands (L12.6)."""
    market.window = window_now(market, seq=seq, ts_ns=ts_ns)
    market.window_price = market.reference()


def is_beyond(price: Ticks, bounds: Band | None) -> bool:
    """Return whether the price is outside a band."""
    return bounds is not None and not bounds[0] <= price <= bounds[1]
