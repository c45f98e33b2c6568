"""Self-trade prevention: what happens when an account meets itself (L7)."""

from bezant.core import book, holds, lists
from bezant.core.events import SelfTradePrevented
from bezant.core.market import Market
from bezant.core.order import Order, has_hold, is_by_quote
from bezant.core.state import Account, State
from bezant.core.units import Lots, Ticks, Units
from bezant.core.words import EXPIRED, DoneReason, STPMode


def is_self(state: State, account: Account, maker: Order) -> bool:
    """Return whether the maker belongs to the account or its trade group, as it is now (L7.1)."""
    if maker.account == account.id:
        return True
    group = account.trade_group
    return group != 0 and state.accounts[maker.account].trade_group == group


def prevent(
    state: State, market: Market, *, taker: Order, maker: Order, price: Ticks, cap: Lots
) -> bool:
    """Apply the taker's mode to the two, and return whether the taker goes on.

    `cap` bounds what a taker by quote may decrement (L7.2).
    """
    mode = taker.stp
    if mode == STPMode.DECREMENT:
        _decrement(state, market, taker=taker, maker=maker, price=price, cap=cap)
        return True
    state.events.append(_event(taker, maker, price, Lots(0), (Units(0), Units(0))))
    if mode in (STPMode.EXPIRE_MAKER, STPMode.EXPIRE_BOTH):
        lists.end(state, market, maker, EXPIRED, DoneReason.SELF_TRADE)
    if mode in (STPMode.EXPIRE_TAKER, STPMode.EXPIRE_BOTH):
        lists.end(state, market, taker, EXPIRED, DoneReason.SELF_TRADE)
        return False
    return True


def _decrement(
    state: State, market: Market, *, taker: Order, maker: Order, price: Ticks, cap: Lots
) -> None:
    """Take the smaller quantity from both; the maker ends if it has nothing left (L7.2)."""
    lots = min(cap if is_by_quote(taker.terms) else taker.leaves, maker.leaves)
    taker_released = _prevent_taker(market, taker, price, lots)
    maker_released = _release(market, maker, lots)
    maker.prevented = Lots(maker.prevented + lots)
    visible = min(maker.visible, Lots(maker.leaves - lots))
    book.reduce(market.book, maker, lots=lots, visible=visible, seq=state.seq)
    state.events.append(_event(taker, maker, price, lots, (taker_released, maker_released)))
    if maker.leaves == 0:
        lists.end(state, market, maker, EXPIRED, DoneReason.SELF_TRADE)
    else:
        lists.executed(state, market, maker)


def _prevent_taker(market: Market, taker: Order, price: Ticks, lots: Lots) -> Units:
    taker.prevented = Lots(taker.prevented + lots)
    if is_by_quote(taker.terms):
        taker.budget = Units(taker.budget - market.notional(price, lots))
        return Units(0)
    released = _release(market, taker, lots) if has_hold(taker.terms) else Units(0)
    taker.leaves = Lots(taker.leaves - lots)
    return released


def _release(market: Market, order: Order, lots: Lots) -> Units:
    """Give back the hold of prevented lots; a pair's stays until its other leg ends (C10.9)."""
    if order.parent is not None and order.parent.hold:
        return Units(0)
    units = holds.need(market, side=order.side, price=order.hold_price, leaves=lots)
    holds.release_part(order, units)
    return units


def _event(
    taker: Order, maker: Order, price: Ticks, lots: Lots, released: tuple[Units, Units]
) -> SelfTradePrevented:
    return SelfTradePrevented(
        taker.market,
        taker.id,
        taker.account,
        maker.id,
        maker.account,
        taker.side,
        taker.stp,
        price,
        lots,
        *released,
    )
