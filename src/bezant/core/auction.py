"""Auctions: the price, the uncross, interruptions for volatility (L12.2 to L12.7)."""

from msgspec import Struct

from bezant.core import book, lifecycle, lists, timers, trade
from bezant.core.contract import InvariantViolation
from bezant.core.events import AuctionExtended, AuctionUncrossed, MarketStatusChanged
from bezant.core.ids import Number, Source
from bezant.core.market import Market, Uncross, is_beyond, restart_window
from bezant.core.order import Order
from bezant.core.rules import NS_PER_MS, TIMED_WORK_MAX
from bezant.core.state import State
from bezant.core.units import Lots, Ticks, band, divide_down, wide
from bezant.core.words import (
    FILLED,
    POST_ONLY,
    PRE_OPEN,
    TRADING,
    DoneReason,
    MarketStatus,
    StatusCause,
)


class AuctionPrice(Struct, frozen=True):
    """What an auction would do now: `surplus` is demand less supply at the price."""

    price: Ticks
    volume: int
    surplus: int


def indicative(market: Market) -> AuctionPrice | None:
    """Return the price of L12.3, or None if the book is not crossed."""
    best: list[Step] = []
    for step in _steps(market):
        if best and step.rank() < best[0].rank():
            continue
        best = [*best, step] if best and step.rank() == best[0].rank() else [step]
    if not best:
        return None
    low, high = best[0].low, best[-1].high
    reference = market.reference()
    middle = divide_down(low + high, 2)
    price = Ticks(min(max(reference, low), high) if reference else middle)
    step = next(step for step in best if step.low <= price <= step.high)
    return AuctionPrice(price, min(step.demand, step.supply), step.demand - step.supply)


class Step(Struct, frozen=True):
    """Prices from low to high at which demand and supply are the same."""

    low: int
    high: int
    demand: int
    supply: int

    def rank(self) -> tuple[int, int]:
        """Return what the best price has most of: volume, then balance."""
        return min(self.demand, self.supply), -abs(self.demand - self.supply)


def _steps(market: Market) -> tuple[Step, ...]:
    """Return the steps from the best ask up to the best bid, none where they do not cross.

    Supply grows at an ask's price, demand shrinks on the tick above a bid's.
    """
    bids, asks = market.book.bids.levels.values(), market.book.asks.levels.values()
    low = min((level.price for level in asks), default=None)
    high = max((level.price for level in bids), default=None)
    if low is None or high is None or low > high:
        return ()
    supply, demand = 0, sum(int(level.leaves) for level in bids if level.price >= low)
    growth = {int(level.price): level.leaves for level in asks if level.price <= high}
    shrinkage = {level.price + 1: level.leaves for level in bids if low <= level.price < high}
    starts = sorted({**growth, **shrinkage})
    steps = []
    for start, next_start in zip(starts, [*starts[1:], high + 1], strict=True):
        supply += growth.get(start, 0)
        demand -= shrinkage.get(start, 0)
        steps.append(Step(start, next_start - 1, demand, supply))
    return tuple(steps)


def enter(
    state: State,
    market: Market,
    status: MarketStatus,
    *,
    cause: StatusCause,
    source: Source,
    number: Number,
) -> None:
    """Bring a market into a status; a crossed book uncrosses before it trades (L12.2, INV-04)."""
    market.auction_end_ns = market.extensions = 0
    market.interrupted_price = Ticks(0)
    found = None
    if status in (TRADING, POST_ONLY):
        found = indicative(market)
    state.uncross_count += 1
    market.uncross = Uncross(
        found.price if found is not None else Ticks(0),
        found.volume if found is not None else 0,
        status,
        cause,
        source,
        number,
    )
    if found is not None:
        state.events.append(
            AuctionUncrossed(market.id, found.price, wide(found.volume), wide(found.surplus))
        )
    go_on(state, market, market.uncross)


def go_on(state: State, market: Market, uncross: Uncross) -> None:
    """Trade on at the auction's price and change the status at the end (L12.4, L12.5)."""
    while uncross.volume_left:
        if state.timed_work == TIMED_WORK_MAX:
            return
        state.timed_work += 1
        _trade_heads(state, market, uncross)
    market.uncross = None
    state.uncross_count -= 1
    market.status = uncross.status
    if uncross.status in (TRADING, POST_ONLY):
        restart_window(market, seq=state.seq, ts_ns=state.ts_ns)
    state.events.append(
        MarketStatusChanged(
            uncross.source, uncross.number, market.id, int(uncross.status), int(uncross.cause), 0
        )
    )


def interrupt(state: State, market: Market) -> None:
    """Stop trading for an auction around V, which is kept as V₀ (L12.7)."""
    end_ns = state.ts_ns + market.parameters.auction_ms * NS_PER_MS
    market.status = PRE_OPEN
    market.interrupted_price = market.window_price
    market.auction_end_ns = end_ns
    market.extensions = 0
    timers.watch_auction_end(state, market.id, end_ns)
    cause = StatusCause.VOLATILITY
    state.events.append(
        MarketStatusChanged(Source(0), Number(0), market.id, int(market.status), int(cause), end_ns)
    )


def end_interruption(state: State, market: Market) -> None:
    """Uncross and trade on, or extend an auction whose price went too far from V₀ (L12.7)."""
    parameters = market.parameters
    found = indicative(market)
    if found is not None and parameters.dynamic_bips:
        bounds = band(market.interrupted_price, 2 * parameters.dynamic_bips)
        if is_beyond(found.price, bounds) and market.extensions < parameters.extensions_max:
            market.extensions += 1
            market.auction_end_ns += parameters.auction_ms * NS_PER_MS
            timers.watch_auction_end(state, market.id, market.auction_end_ns)
            state.events.append(AuctionExtended(market.id, market.auction_end_ns))
            return
    enter(state, market, TRADING, cause=StatusCause.AUCTION_END, source=Source(0), number=Number(0))


def _trade_heads(state: State, market: Market, uncross: Uncross) -> None:
    """Let the heads of both sides trade; the older order is the maker, in pro-rata too."""
    bid, ask = _head(market.book.bids), _head(market.book.asks)
    maker, taker = (bid, ask) if bid.id < ask.id else (ask, bid)
    lots = min(bid.leaves, ask.leaves)
    trade.execute(state, market, taker=taker, maker=maker, price=uncross.price, qty=lots)
    uncross.volume_left -= lots
    for order in (maker, taker):
        _fill(state, market, order, lots)
    if uncross.volume_left == 0:
        for order in (maker, taker):
            _refill(state, market, order)


def _head(side: book.BookSide) -> Order:
    level = side.best()
    if level is None or level.head is None:
        raise InvariantViolation("L12.4: an uncross ends before a side is empty")
    return level.head


def _fill(state: State, market: Market, order: Order, lots: Lots) -> None:
    order.filled = Lots(order.filled + lots)
    visible = Lots(max(0, order.visible - lots))
    book.reduce(market.book, order, lots=lots, visible=visible, seq=state.seq)
    if order.leaves == 0:
        lifecycle.end(state, market, order, FILLED, DoneReason.NONE)
    if order.parent is not None:
        lists.executed(state, market, order)


def _refill(state: State, market: Market, order: Order) -> None:
    """Show the next peak of the iceberg that the auction left partly filled, in its place."""
    if order.is_open and order.terms.display:
        book.show(market.book, order, min(order.terms.display, order.leaves), state.seq)
        trade.emit_refilled(state, market, order)
