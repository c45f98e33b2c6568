"""Due work: triggered orders and lists whose working leg is filled (L8.4, L10.4)."""

from bezant.core import holds, ledger, lifecycle, lists, matching, triggers
from bezant.core.events import ListWorking, OrderTriggered
from bezant.core.ids import ListId, OrderId
from bezant.core.market import DUE_LIST, Market
from bezant.core.order import MATCHING, ListStage, Order, OrderList
from bezant.core.refusals import RefusalCode
from bezant.core.rules import DUE_ITEMS_MAX, MATCHES_MAX
from bezant.core.state import State
from bezant.core.units import Units
from bezant.core.words import BUY, EXPIRED, MARKET, SELL, TRADING, DoneReason


def run(state: State) -> None:
    """Run due items, head first, smallest market first, as many as an entry may (L8.4)."""
    while state.due_items < DUE_ITEMS_MAX and state.matches < MATCHES_MAX:
        market = _find_market(state)
        if market is None:
            return
        state.due_items += 1
        kind, number = next(iter(market.due))
        triggers.drop_due(state, market, kind, number)
        if kind == DUE_LIST:
            _release_list(state, market, state.lists[ListId(number)])
        else:
            _trigger(state, market, state.orders[OrderId(number)])


def _find_market(state: State) -> Market | None:
    if state.due_count == 0:
        return None
    for market in state.markets.values():
        if market.due and market.status == TRADING:
            return market
    return None


def _trigger(state: State, market: Market, order: Order) -> None:
    """End the order's partner, give back what a market buy held, and let it take."""
    order.state = MATCHING
    lists.end_partner(state, market, order)
    released = Units(0)
    if order.terms.type == MARKET and order.side == BUY:
        released, order.hold = order.hold, Units(0)
        ledger.release_hold(order.balance, released)
    state.events.append(OrderTriggered(order.id, order.account, market.id, order.side, released))
    matching.take(state, market, order)


def _release_list(state: State, market: Market, parent: OrderList) -> None:
    """Put the pending legs to work, or end them where the law refuses them now (L10.4)."""
    parent.stage = ListStage.WORKING_LEG
    legs = parent.legs[1:]
    for leg in legs:
        leg.hold_price = holds.hold_price(leg.terms, market.reference())
    code = _refusal(market, legs)
    if code is not None:
        for leg in legs:
            lifecycle.end(state, market, leg, EXPIRED, DoneReason.REFUSED, int(code))
        lists.finish(state, market, parent)
        return

    # Decided. Nothing below may refuse.
    parent.stage = ListStage.RELEASED
    held = max(_held(market, leg) for leg in legs)
    if held:
        ledger.place_hold(legs[0].balance, held)
        if len(legs) > 1:
            parent.hold = held
        else:
            legs[0].hold = held
    state.events.append(ListWorking(parent.id, parent.account, market.id, legs[0].side, held))
    for leg in legs:
        _start(state, market, leg)


def _refusal(market: Market, legs: tuple[Order, ...]) -> RefusalCode | None:
    for leg in legs:
        side = market.book.opposite(leg.side)
        if leg.terms.post_only and side.is_reached(leg.price):
            return RefusalCode.POST_ONLY_WOULD_TAKE
    needed = max(_needed(market, leg) for leg in legs)
    if needed > legs[0].balance.available:
        return RefusalCode.AVAILABLE_TOO_LOW
    return None


def _held(market: Market, leg: Order) -> Units:
    """Return what the leg holds from now on: nothing for a market order without trigger."""
    return holds.need_of(market, leg) if holds.holds_at_entry(leg.terms) else Units(0)


def _needed(market: Market, leg: Order) -> Units:
    """Return what must be available: a market sell's base too, though it is not held."""
    return holds.need_of(market, leg) if leg.side == SELL else _held(market, leg)


def _start(state: State, market: Market, leg: Order) -> None:
    """Let a leg wait for its trigger, be due at once, rest or take."""
    terms = leg.terms
    if not terms.trigger:
        leg.state = MATCHING
        matching.take(state, market, leg)
    elif not triggers.would_trigger(terms, market.reference()):
        triggers.watch(market, leg)
    elif terms.trailing_bips:
        triggers.watch(market, leg)
        leg.extreme = market.reference()
    else:
        triggers.make_order_due(state, market, leg)
