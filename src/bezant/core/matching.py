"""The taker phase: an order meets the book (L5). Queues are price-time in fifo markets (INV-05)."""

import enum

from bezant.core import auction, dry_run, lifecycle, lists, prevention, pro_rata, trade
from bezant.core import taker as takers
from bezant.core.book import BookSide, Level
from bezant.core.contract import InvariantViolation
from bezant.core.market import Band, Market, is_beyond, roll_window
from bezant.core.order import Order, is_by_quote
from bezant.core.rules import MATCHES_MAX
from bezant.core.state import State
from bezant.core.units import Lots
from bezant.core.words import EXPIRED, FILLED, FOK, GTC, GTD, LIMIT, Algorithm, DoneReason, STPMode


class Stop(enum.Enum):
    """Why a taker phase stopped (L5.2)."""

    FILLED = enum.auto()
    SELF_TRADE = enum.auto()  # Nothing is left after a decrement.
    ENDED = enum.auto()  # Prevention ended the taker.
    LIQUIDITY = enum.auto()  # Nothing opposite, or only beyond the limit.
    PRICE_BAND = enum.auto()
    MATCH_LIMIT = enum.auto()
    FUNDS = enum.auto()
    INTERRUPTED = enum.auto()


def take(state: State, market: Market, taker: Order) -> None:
    """Run the taker phase of an order that is in no book, to its end or its rest."""
    roll_window(market, seq=state.seq, ts_ns=state.ts_ns)
    if taker.terms.tif == FOK:
        run = dry_run.dry_run(state, market, taker)
        if run.lots != taker.leaves:
            lists.end(state, market, taker, EXPIRED, DoneReason.FOK)
            return
    stop = _run(state, market, taker, market.book.opposite(taker.side))
    _conclude(state, market, taker, stop)


def _run(state: State, market: Market, taker: Order, side: BookSide) -> Stop:
    """Match until something stops the taker; the checks stand in L5.2's order."""
    bands = (market.dynamic_band(), market.price_band())
    is_pro_rata = market.parameters.algorithm == Algorithm.PRO_RATA
    was_prevented = False
    match_count = 0
    while True:
        if takers.is_used_up(taker):
            return Stop.SELF_TRADE if was_prevented else Stop.FILLED
        level = side.best()
        if level is None:
            return Stop.LIQUIDITY
        stop = _stop_at(taker, level, bands)
        if stop is not None:
            return stop
        if match_count >= MATCHES_MAX:
            return Stop.MATCH_LIMIT
        cap = takers.cap(state, market, taker, level.price)
        if cap == 0:
            return Stop.FUNDS
        match = pro_rata.match_level if is_pro_rata else _match_head
        matches, was_prevented = match(state, market, taker, level, cap)
        match_count += matches
        state.matches += matches
        if not taker.is_open:
            return Stop.ENDED


def _stop_at(taker: Order, level: Level, bands: tuple[Band | None, Band | None]) -> Stop | None:
    """Return why the taker may not trade at the best opposite price, or None if it may."""
    price = level.price
    if taker.terms.type == LIMIT and (price < taker.price if taker.side else price > taker.price):
        return Stop.LIQUIDITY
    dynamic_band, price_band = bands
    if is_beyond(price, dynamic_band):
        return Stop.INTERRUPTED
    return Stop.PRICE_BAND if is_beyond(price, price_band) else None


def _match_head(
    state: State, market: Market, taker: Order, level: Level, cap: Lots
) -> tuple[int, bool]:
    """Trade with the head of the queue or prevent it; return one match, and which it was."""
    maker = level.head
    if maker is None:
        raise InvariantViolation("INV-05: a level has orders")
    price = level.price
    if taker.stp != STPMode.NONE and prevention.is_self(
        state, state.accounts[taker.account], maker
    ):
        prevention.prevent(state, market, taker=taker, maker=maker, price=price, cap=cap)
        return 1, True
    lots = min(cap, maker.visible)
    trade.execute(state, market, taker=taker, maker=maker, price=price, qty=lots)
    trade.fill_taker(market, taker, price, lots)
    trade.fill_maker(state, market, maker, lots)
    return 1, False


def _conclude(state: State, market: Market, taker: Order, stop: Stop) -> None:
    """End the taker, or let it rest (L5.4)."""
    is_limit = taker.terms.type == LIMIT
    may_rest = is_limit and taker.terms.tif in (GTC, GTD)
    match stop:
        case Stop.ENDED:
            return
        case Stop.FILLED:
            _fill(state, market, taker)
        case Stop.FUNDS if is_by_quote(taker.terms) and taker.filled > 0:
            _fill(state, market, taker)
        case Stop.FUNDS:
            _expire(state, market, taker, DoneReason.FUNDS)
        case Stop.SELF_TRADE:
            _expire(state, market, taker, DoneReason.SELF_TRADE)
        case Stop.PRICE_BAND:
            _expire(state, market, taker, DoneReason.PRICE_BAND)
        case Stop.MATCH_LIMIT:
            _expire(state, market, taker, DoneReason.MATCH_LIMIT)
        case Stop.INTERRUPTED:
            auction.interrupt(state, market)
            if may_rest:
                lifecycle.rest(state, market, taker)
            else:
                _expire(state, market, taker, DoneReason.INTERRUPTED)
        case Stop.LIQUIDITY:
            if may_rest:
                lifecycle.rest(state, market, taker)
            else:
                reason = DoneReason.IOC if is_limit else DoneReason.LIQUIDITY
                _expire(state, market, taker, reason)


def _fill(state: State, market: Market, taker: Order) -> None:
    lifecycle.end(state, market, taker, FILLED, DoneReason.NONE)
    lists.executed(state, market, taker)


def _expire(state: State, market: Market, taker: Order, reason: DoneReason) -> None:
    lists.end(state, market, taker, EXPIRED, reason)
