"""How a single order begins, rests and ends (L5.1, L5.5). Lists add their own in `lists`."""

from typing import Final

from bezant.core import book, holds, ledger, remembered, timers, triggers
from bezant.core.commands import OrderTerms
from bezant.core.contract import invariant
from bezant.core.events import OrderAccepted, OrderDone, OrderRested
from bezant.core.ids import ListId, OrderId
from bezant.core.market import DUE_ORDER, Market
from bezant.core.order import MATCHING, PENDING, RESTING, WAITING, Order, OrderState, is_dormant
from bezant.core.state import Account, Counts, State
from bezant.core.units import Lots, Units
from bezant.core.words import (
    FILLED,
    FOK,
    IOC,
    MARKET,
    PRE_OPEN,
    TRADING,
    AcceptedState,
    DoneReason,
    DoneStatus,
)

_ACCEPTED: Final = {
    PENDING: AcceptedState.PENDING,
    RESTING: AcceptedState.RESTING,
    MATCHING: AcceptedState.MATCHING,
}


def draft(account: Account, market: Market, terms: OrderTerms, order: OrderId) -> Order:
    """Return the order that a command asks for, not yet part of the state and without hold."""
    return Order(
        order,
        account.id,
        market.id,
        terms,
        terms.side,
        terms.price,
        terms.stp or account.default_stp(),
        terms.qty,
        Lots(0),
        terms.quote_units,
        Units(0),
        holds.hold_price(terms, market.reference()),
        account.balance(market.base if terms.side else market.quote),
        MATCHING,
    )


def entry_state(market: Market, terms: OrderTerms) -> OrderState:
    """Return where an order without a list goes at once (L5.1)."""
    if terms.trigger:
        return PENDING
    if terms.type == MARKET or terms.tif in (IOC, FOK):
        return MATCHING
    if market.status != TRADING:
        return RESTING
    return MATCHING if market.book.opposite(terms.side).is_reached(terms.price) else RESTING


def accept(
    state: State, account: Account, market: Market, order: Order, *, to: OrderState, held: Units
) -> None:
    """Make a drafted order open, hold what it needs and emit `OrderAccepted`.

    It is in the book at once where `to` is RESTING, and tested where it is PENDING; of a pending
    leg that waits in its list nothing is tested yet.
    """
    order.state = to
    if held:
        order.hold = held
        ledger.place_hold(order.balance, held)
    state.orders[order.id] = order
    account.orders[order.id] = order
    count(account, market, order, 1)
    timers.watch_expiry(state, order)
    parent = order.parent
    state.events.append(
        OrderAccepted(
            order.id,
            account.id,
            market.id,
            order.terms,
            int(_ACCEPTED[to]),
            held,
            parent.id if parent is not None else ListId(0),
        )
    )
    if to is RESTING:
        enter_book(state, market, order)
    elif to is PENDING and not is_dormant(order):
        triggers.watch(market, order)


def enter_book(state: State, market: Market, order: Order) -> None:
    """Put what is left of an order at the tail of its level."""
    display = order.terms.display
    order.state = RESTING
    order.visible = min(display, order.leaves) if display else order.leaves
    is_crossing = market.book.opposite(order.side).is_reached(order.price)
    invariant(market.status is PRE_OPEN or not is_crossing, "INV-04: no order rests crossed")
    book.append(market.book, order, state.seq)


def rest(state: State, market: Market, order: Order) -> None:
    """Put what is left of an order at the tail of its level and emit `OrderRested` (L5.4)."""
    enter_book(state, market, order)
    state.events.append(
        OrderRested(order.id, order.account, market.id, order.side, order.price, order.visible)
    )


def end(
    state: State,
    market: Market,
    order: Order,
    status: DoneStatus,
    reason: DoneReason,
    code: int = 0,
) -> None:
    """Take an order out of the state, give back its hold and emit `OrderDone` (L5.5)."""
    _leave(state, market, order)
    released = holds.release_all(market, order, is_filled=status is FILLED)
    total = order.filled + order.prevented + order.leaves
    invariant(total == order.terms.qty or order.terms.quote_units != 0, "INV-06: it adds up")
    account = state.accounts[order.account]
    order.is_open = False
    del state.orders[order.id]
    del account.orders[order.id]
    count(account, market, order, -1)
    remembered.mark_order_ended(state, account, order)
    state.events.append(
        OrderDone(
            order.id,
            order.account,
            market.id,
            order.side,
            int(status),
            int(reason),
            released,
            order.filled,
            order.prevented,
            code,
        )
    )


def _leave(state: State, market: Market, order: Order) -> None:
    """Take an order out of the place where its state says it is."""
    if order.state is RESTING:
        book.remove(market.book, order, state.seq)
    elif order.state is WAITING:
        triggers.drop_due(state, market, DUE_ORDER, order.id)
    elif order.state is PENDING and not is_dormant(order):
        triggers.unwatch(market, order)


def counts_of(account: Account, market: Market) -> Counts:
    """Return an account's counts in a market, zeros if it had no order there yet."""
    counts = account.counts.get(market.id)
    if counts is None:
        counts = account.counts[market.id] = Counts()
    return counts


def count(account: Account, market: Market, order: Order, step: int) -> None:
    """Count an order in (1) or out (−1) where codes 700 to 702 look."""
    counts = counts_of(account, market)
    counts.orders += step
    market.order_count += step
    if order.terms.trigger:
        counts.stops += step
    if order.terms.display:
        counts.icebergs += step
