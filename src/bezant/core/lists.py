"""What order lists do when their legs execute or end (L10.3). `due` puts pending legs to work."""

from bezant.core import lifecycle, remembered, triggers
from bezant.core.events import ListDone
from bezant.core.market import DUE_LIST, Market
from bezant.core.order import ListStage, Order, OrderList, find_partner
from bezant.core.state import State
from bezant.core.words import EXPIRED, DoneReason, DoneStatus


def end(
    state: State,
    market: Market,
    order: Order,
    status: DoneStatus,
    reason: DoneReason,
    code: int = 0,
) -> None:
    """End an order otherwise than filled; its list's other legs go along, in leg order (L10.3)."""
    lifecycle.end(state, market, order, status, reason, code)
    parent = order.parent
    if parent is None:
        return
    for leg in parent.legs:
        if leg.is_open:
            lifecycle.end(state, market, leg, status, DoneReason.LIST)
    finish(state, market, parent)


def executed(state: State, market: Market, order: Order) -> None:
    """Do what an order's list does after it traded, or survived a decrement (L10.3).

    A filled working leg makes its list due; the first execution of a pair's leg ends the other.
    """
    parent = order.parent
    if parent is None:
        return
    if parent.stage is not ListStage.RELEASED:
        if not order.is_open:
            parent.stage = ListStage.DUE
            triggers.make_list_due(state, market, parent)
        return
    end_partner(state, market, order)
    finish(state, market, parent)


def end_partner(state: State, market: Market, order: Order) -> None:
    """End the other leg of the order's pair, if both are still open."""
    partner = find_partner(order)
    if partner is not None:
        lifecycle.end(state, market, partner, EXPIRED, DoneReason.LIST)


def finish(state: State, market: Market, parent: OrderList) -> None:
    """Emit `ListDone` and forget the list once its last leg has ended (L10.2)."""
    if any(leg.is_open for leg in parent.legs):
        return
    if parent.stage is ListStage.DUE:
        triggers.drop_due(state, market, DUE_LIST, parent.id)
    account = state.accounts[parent.account]
    account.counts[market.id].lists -= 1
    del state.lists[parent.id]
    parent.legs = ()  # Cuts the circle of list and legs: the core leaves no cyclic garbage.
    if parent.client_id:
        remembered.mark_ended(state, account, parent.client_id)
    state.events.append(ListDone(parent.id, parent.account, market.id))
