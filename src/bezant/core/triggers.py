"""Pending triggers of a market: when they trigger (L8.1 to L8.3). `due` runs those that did."""

from bisect import bisect_left, insort

from bezant.core.commands import OrderTerms
from bezant.core.ids import OrderId
from bezant.core.market import DUE_LIST, DUE_ORDER, Market
from bezant.core.order import WAITING, Order, OrderList
from bezant.core.state import State
from bezant.core.units import Ticks, above, below
from bezant.core.words import BUY, Trigger


def is_rising(terms: OrderTerms) -> bool:
    """Return whether the trigger price is met from below: stop buy, take-profit sell (L8.1)."""
    return (terms.trigger == Trigger.STOP) == (terms.side == BUY)


def is_met(terms: OrderTerms, price: Ticks) -> bool:
    """Return whether a price meets the trigger price, or the activation price if trailing."""
    if is_rising(terms):
        return price >= terms.trigger_price
    return price <= terms.trigger_price


def would_trigger(terms: OrderTerms, reference: Ticks) -> bool:
    """Return whether the condition holds already; trailing without activation never does (601)."""
    return terms.trigger_price != 0 and is_met(terms, reference)


def watch(market: Market, order: Order) -> None:
    """Test the order from now on; trailing ones without activation price track from R (L8.2)."""
    terms = order.terms
    if terms.trailing_bips:
        if terms.trigger_price == 0:
            order.extreme = market.reference()
        market.trailing[order.id] = order
    elif is_rising(terms):
        insort(market.rising, (int(terms.trigger_price), order.id))
    else:
        insort(market.falling, (-terms.trigger_price, order.id))


def unwatch(market: Market, order: Order) -> None:
    """Stop testing a pending order."""
    terms = order.terms
    if terms.trailing_bips:
        del market.trailing[order.id]
    elif is_rising(terms):
        del market.rising[bisect_left(market.rising, (int(terms.trigger_price), order.id))]
    else:
        del market.falling[bisect_left(market.falling, (-terms.trigger_price, order.id))]


def mark(state: State, market: Market, price: Ticks) -> None:
    """Test all pending orders with a trade's price and make due what triggers (L8.3)."""
    rising = _take_met(market.rising, price)
    falling = _take_met(market.falling, -price)
    if market.trailing:
        _track(market, price, rising, falling)
    for _, order in (*rising, *falling):
        make_order_due(state, market, state.orders[order])


def make_order_due(state: State, market: Market, order: Order) -> None:
    """Append a triggered order to its market's due queue."""
    order.state = WAITING
    market.due[DUE_ORDER, order.id] = None
    state.due_count += 1


def make_list_due(state: State, market: Market, parent: OrderList) -> None:
    """Append a list whose working leg is filled to its market's due queue (L10.4)."""
    market.due[DUE_LIST, parent.id] = None
    state.due_count += 1


def drop_due(state: State, market: Market, kind: int, number: int) -> None:
    """Take an item out of the due queue: its turn has come, or it ended."""
    del market.due[kind, number]
    state.due_count -= 1


def _take_met(pending: list[tuple[int, OrderId]], key: int) -> list[tuple[int, OrderId]]:
    """Remove and return the orders whose key is met, nearest price first, then by id."""
    if not pending or pending[0][0] > key:
        return []
    count = bisect_left(pending, (key + 1,))
    met = pending[:count]
    del pending[:count]
    return met


def _track(
    market: Market,
    price: Ticks,
    rising: list[tuple[int, OrderId]],
    falling: list[tuple[int, OrderId]],
) -> None:
    """Show the price to the trailing orders; add those that trigger to their direction."""
    for order in tuple(market.trailing.values()):
        is_buy = order.side == BUY
        trigger = _trigger_of(order, price)
        if trigger is None:
            continue
        del market.trailing[order.id]
        if is_buy:
            insort(rising, (int(trigger), order.id))
        else:
            insort(falling, (-trigger, order.id))


def _trigger_of(order: Order, price: Ticks) -> Ticks | None:
    """Move a trailing order's extreme, or return the trigger that the price meets (L8.2)."""
    terms = order.terms
    if order.extreme == 0:
        if is_met(terms, price):
            order.extreme = price
        return None
    if order.side == BUY:
        if price < order.extreme:
            order.extreme = price
            return None
        trigger = above(order.extreme, terms.trailing_bips)
        return trigger if price >= trigger else None
    if price > order.extreme:
        order.extreme = price
        return None
    trigger = below(order.extreme, terms.trailing_bips)
    return trigger if price <= trigger else None
