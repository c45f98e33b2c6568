"""A taker phase as it would go, with nothing changed (L5.7). Not for funds: they are ignored."""

from collections import deque
from collections.abc import Iterable

from msgspec import Struct

from bezant.core.book import Level
from bezant.core.market import Market, is_beyond, roll_window
from bezant.core.order import Order, is_by_quote
from bezant.core.prevention import is_self
from bezant.core.pro_rata import allocate, queue_of
from bezant.core.rules import MATCHES_MAX
from bezant.core.state import Account, State
from bezant.core.units import Lots, Ticks, Units, divide_down
from bezant.core.words import LIMIT, Algorithm, STPMode


class Run(Struct, eq=False):
    """How far a dry run has come: what is left to match, and what has been traded."""

    taker: Order
    account: Account
    leaves: Lots
    budget: Units
    matches: int = 0
    lots: Lots = Lots(0)
    quote_units: Units = Units(0)
    is_over: bool = False


class Shadow(Struct, eq=False):
    """A maker as the dry run leaves it."""

    order: Order
    leaves: Lots
    visible: Lots


def dry_run(state: State, market: Market, taker: Order) -> Run:
    """Return what the taker phase of this order, open or only drafted, would trade."""
    roll_window(market, seq=state.seq, ts_ns=state.ts_ns)
    run = Run(taker, state.accounts[taker.account], taker.leaves, taker.budget)
    price_band, dynamic_band = market.price_band(), market.dynamic_band()
    side = market.book.opposite(taker.side)
    is_limit = taker.terms.type == LIMIT
    match = _share_level if market.parameters.algorithm == Algorithm.PRO_RATA else _run_level
    for key in reversed(side.keys):
        level = side.levels[key]
        if is_limit and key < taker.price * side.sign:
            break
        if is_beyond(level.price, dynamic_band) or is_beyond(level.price, price_band):
            break
        match(state, market, run, level)
        if run.is_over:
            break
    return run


def _run_level(state: State, market: Market, run: Run, level: Level) -> None:
    """Match with the heads of the level's queue, and with the peaks that come to its tail."""
    queue = deque(_shadows(level))
    while queue and (cap := _next_cap(market, run, level.price)):
        maker = queue.popleft()
        if _is_own(state, run, maker):
            _prevent(market, run, maker, level.price, cap)
        else:
            _trade(market, run, maker, level.price, min(cap, maker.visible))
            queue.extend(_refilled((maker,)))


def _share_level(state: State, market: Market, run: Run, level: Level) -> None:
    """Match with the level as a whole, again and again, until it is empty (L6.1)."""
    queue = _shadows(level)
    while queue and (cap := _next_cap(market, run, level.price)):
        own = [maker for maker in queue if _is_own(state, run, maker)]
        for maker in own:
            if (cap := _cap(market, run, level.price)) and not run.is_over:
                _prevent(market, run, maker, level.price, cap)
        if own:
            queue = [maker for maker in queue if not _is_own(state, run, maker)]
            continue
        shares = allocate(cap, [maker.visible for maker in queue], market.parameters)
        for maker, lots in zip(queue, shares, strict=True):
            if lots:
                _trade(market, run, maker, level.price, lots)
        kept = [maker for maker in queue if maker.visible > 0]
        queue = kept + _refilled(maker for maker in queue if maker.visible == 0)


def _refilled(makers: Iterable[Shadow]) -> list[Shadow]:
    """Return those of whom the peak is used up and more is left, with their next peak."""
    peaks = [maker for maker in makers if maker.visible == 0 and maker.leaves > 0]
    for maker in peaks:
        maker.visible = min(maker.order.terms.display, maker.leaves)
    return peaks


def _shadows(level: Level) -> list[Shadow]:
    return [Shadow(order, order.leaves, order.visible) for order in queue_of(level)]


def _is_own(state: State, run: Run, maker: Shadow) -> bool:
    return run.taker.stp != STPMode.NONE and is_self(state, run.account, maker.order)


def _trade(market: Market, run: Run, maker: Shadow, price: Ticks, lots: Lots) -> None:
    """Count a trade and take its lots from both."""
    run.matches += 1
    maker.leaves = Lots(maker.leaves - lots)
    maker.visible = Lots(maker.visible - lots)
    run.lots = Lots(run.lots + lots)
    run.quote_units = Units(run.quote_units + market.notional(price, lots))
    _spend(market, run, price, lots)


def _next_cap(market: Market, run: Run, price: Ticks) -> Lots:
    """Return what the next match may take at a price; 0 ends the run."""
    cap = Lots(0) if run.matches >= MATCHES_MAX else _cap(market, run, price)
    run.is_over = run.is_over or cap == 0
    return Lots(0) if run.is_over else cap


def _cap(market: Market, run: Run, price: Ticks) -> Lots:
    if is_by_quote(run.taker.terms):
        return Lots(divide_down(run.budget, market.notional(price, 1)))
    return run.leaves


def _spend(market: Market, run: Run, price: Ticks, lots: Lots) -> None:
    if is_by_quote(run.taker.terms):
        run.budget = Units(run.budget - market.notional(price, lots))
    else:
        run.leaves = Lots(run.leaves - lots)


def _prevent(market: Market, run: Run, maker: Shadow, price: Ticks, cap: Lots) -> None:
    """Do as the taker's mode does; a maker that survives a decrement leaves the taker nothing."""
    run.matches += 1
    mode = run.taker.stp
    if mode == STPMode.DECREMENT:
        _spend(market, run, price, min(cap, maker.leaves))
    elif mode != STPMode.EXPIRE_MAKER:
        run.is_over = True
