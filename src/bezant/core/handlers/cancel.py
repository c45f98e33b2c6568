"""CancelOrder, CancelAll, SetCancelTimer: orders end because someone says so (L11.4)."""

from bezant.core import lists, remembered, timers
from bezant.core.commands import CancelAll, CancelOrder, SetCancelTimer
from bezant.core.events import CanceledAll, CancelTimerSet
from bezant.core.handlers.admission import is_too_long
from bezant.core.ids import OrderId
from bezant.core.order import Order
from bezant.core.refusals import RefusalCode
from bezant.core.rules import NS_PER_MS, TIMEOUT_MS_MAX, TIMEOUT_MS_MIN
from bezant.core.state import Account, State, find_open_account, refuse
from bezant.core.words import CANCELED, DoneReason, MarketStatus, Only


def cancel_order(state: State, command: CancelOrder) -> None:
    """Cancel one order, and its list with it."""
    decided = _decide(state, command)
    if isinstance(decided, RefusalCode):
        refuse(state, decided)
        return

    # Decided. Nothing below may refuse.
    market = state.markets[decided.market]
    lists.end(state, market, decided, CANCELED, DoneReason.USER)


def cancel_all(state: State, command: CancelAll) -> None:
    """Cancel an account's orders in one market or all; halted and closed ones are left."""
    account = find_open_account(state, command.account)
    if isinstance(account, RefusalCode):
        refuse(state, account)
        return
    if command.market and command.market not in state.markets:
        refuse(state, RefusalCode.MARKET_UNKNOWN)
        return

    # Decided. Nothing below may refuse.
    orders = [
        order
        for order in account.orders.values()
        if command.market in (0, order.market) and is_cancelable(state, order)
    ]
    state.events.append(CanceledAll(account.id, command.market, len(orders)))
    for order in orders:
        if order.is_open:
            market = state.markets[order.market]
            lists.end(state, market, order, CANCELED, DoneReason.USER)


def set_cancel_timer(state: State, command: SetCancelTimer) -> None:
    """Set, replace or remove the dead man's switch."""
    account = find_open_account(state, command.account)
    if isinstance(account, RefusalCode):
        refuse(state, account)
        return
    if command.market and command.market not in state.markets:
        refuse(state, RefusalCode.MARKET_UNKNOWN)
        return
    timeout_ms = command.timeout_ms
    if timeout_ms != 0 and not TIMEOUT_MS_MIN <= timeout_ms <= TIMEOUT_MS_MAX:
        refuse(state, RefusalCode.FIELD_OUT_OF_RANGE)
        return

    # Decided. Nothing below may refuse.
    due_ns = state.ts_ns + timeout_ms * NS_PER_MS if timeout_ms else 0
    timers.set_cancel_timer(state, account.id, command.market, due_ns)
    state.events.append(CancelTimerSet(account.id, command.market, due_ns))


def find_order(state: State, account: Account, order_id: OrderId, client_id: str) -> Order | None:
    """Return an account's open order by its id, or by a client id that names it where that is 0."""
    if order_id:
        return account.orders.get(order_id)
    named = remembered.find(state, account, client_id)
    if named is None or named.is_list:
        return None
    return account.orders.get(OrderId(named.id))


def is_cancelable(state: State, order: Order) -> bool:
    """Return whether the status of the order's market lets its owner cancel (L12.1)."""
    status = state.markets[order.market].status
    return status not in (MarketStatus.HALTED, MarketStatus.CLOSED)


def restriction_refusal(
    state: State, order: Order, *, only: int, client_id: str
) -> RefusalCode | None:
    """Return 220, 300 or 460 where this order may not be canceled now (L11.6)."""
    if not is_cancelable(state, order):
        return RefusalCode.MARKET_STATUS
    if only > Only.PARTIALLY_FILLED or is_too_long(client_id):
        return RefusalCode.FIELD_OUT_OF_RANGE
    if (only == Only.NEW and order.filled) or (only == Only.PARTIALLY_FILLED and not order.filled):
        return RefusalCode.CANCEL_RESTRICTED
    return None


def _decide(state: State, command: CancelOrder) -> Order | RefusalCode:
    account = find_open_account(state, command.account)
    if isinstance(account, RefusalCode):
        return account
    order = find_order(state, account, command.order_id, command.client_id)
    if order is None:
        return RefusalCode.ORDER_UNKNOWN
    code = restriction_refusal(state, order, only=command.only, client_id=command.client_id)
    return code or order
