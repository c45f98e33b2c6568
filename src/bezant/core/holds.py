"""What open orders hold, how much, and what they give back (L4, INV-03)."""

from bezant.core import ledger
from bezant.core.commands import OrderTerms
from bezant.core.contract import invariant
from bezant.core.market import Market
from bezant.core.order import Order, OrderList, find_partner
from bezant.core.units import Lots, Ticks, Units, above
from bezant.core.words import LIMIT, SELL


def hold_price(terms: OrderTerms, reference: Ticks) -> Ticks:
    """Return the price of L4.3: a limit's own, with a trigger on a market order its trigger's.

    A market order without trigger has none: 0.
    """
    if terms.type == LIMIT:
        return terms.price
    if not terms.trigger:
        return Ticks(0)
    start = terms.trigger_price or reference
    return above(start, terms.trailing_bips) if terms.trailing_bips else start


def holds_at_entry(terms: OrderTerms) -> bool:
    """Return whether the order takes a hold: all but market orders without trigger (L4.1)."""
    return terms.type == LIMIT or terms.trigger != 0


def need(market: Market, *, side: int, price: Ticks, leaves: Lots) -> Units:
    """Return what an order must hold: quote of a buy at its hold price, base of a sell (L4.2)."""
    if side == SELL:
        return Units(leaves * market.lot_units)
    return Units(price * leaves * market.tick_lot_units)


def need_of(market: Market, order: Order) -> Units:
    """Return what an open order that has a hold must hold now."""
    return need(market, side=order.side, price=order.hold_price, leaves=order.leaves)


def pay(order: Order, units: Units) -> None:
    """Take units out of the order's hold, or its pair's shared one."""
    parent = order.parent
    if parent is not None and parent.hold:
        parent.hold = Units(parent.hold - units)
        invariant(parent.hold >= 0, "INV-03: a pair pays no more than it holds")
    else:
        order.hold = Units(order.hold - units)
        invariant(order.hold >= 0, "INV-03: an order pays no more than it holds")
    ledger.pay_from_hold(order.balance, units)


def release_part(order: Order, units: Units) -> None:
    """Give a part of the order's hold back, or of its pair's shared one."""
    parent = order.parent
    if parent is not None and parent.hold:
        parent.hold = Units(parent.hold - units)
    else:
        order.hold = Units(order.hold - units)
    ledger.release_hold(order.balance, units)


def release_all(market: Market, order: Order, *, is_filled: bool) -> Units:
    """Give back what an ending order holds and return it; a pair's hold goes on (L4.5)."""
    parent = order.parent
    if parent is not None and parent.hold:
        units = _release_pair(market, parent, order, is_filled=is_filled)
    else:
        units = order.hold
        order.hold = Units(0)
    if units:
        ledger.release_hold(order.balance, units)
    return units


def _release_pair(market: Market, parent: OrderList, order: Order, *, is_filled: bool) -> Units:
    partner = find_partner(order)
    if partner is None:  # The second end: the rest.
        units, parent.hold = parent.hold, Units(0)
        return units
    if is_filled:  # The partner ends next and gives back the rest.
        return Units(0)
    partner.hold = need_of(market, partner)
    units = Units(parent.hold - partner.hold)
    invariant(units >= 0, "INV-03: a pair holds the larger of its needs")
    parent.hold = Units(0)
    return units
