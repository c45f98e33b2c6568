"""ReplaceOrder: one order goes, another comes, in one entry (L11.7)."""

from bezant.core import lists, remembered
from bezant.core.commands import ReplaceOrder
from bezant.core.handlers import admission, cancel, place
from bezant.core.market import Market
from bezant.core.order import Order
from bezant.core.refusals import RefusalCode
from bezant.core.state import Account, State, find_open_account, refuse
from bezant.core.words import CANCELED, DoneReason, Only, Part, ReplaceMode


def replace_order(state: State, command: ReplaceOrder) -> None:
    """Cancel, then place; what fails after the new order's own filters stops only its half."""
    if remembered.answers_repeat(
        state, state.accounts.get(command.account), command.order.client_id
    ):
        return
    decided = _decide(state, command)
    if isinstance(decided, RefusalCode):
        refuse(state, decided)
        return
    account, market = decided
    old = _find_old(state, account, command)
    if isinstance(old, RefusalCode):
        refuse(state, old, Part.CANCEL)
        if command.mode == ReplaceMode.STOP_ON_FAILURE:
            return
    else:
        lists.end(state, market, old, CANCELED, DoneReason.REPLACED)
    order = place.draft_first(state, account, market, command.order)
    code = admission.late_refusal(state, account, market, order)
    if code is not None:
        refuse(state, code, Part.PLACE)
        return

    # Decided. Nothing below may refuse.
    place.enter(state, account, market, order)


def _decide(state: State, command: ReplaceOrder) -> tuple[Account, Market] | RefusalCode:
    """Return account and market, or the first of the new order's codes up to 499."""
    account = find_open_account(state, command.account)
    if isinstance(account, RefusalCode):
        return account
    market = state.markets.get(command.market)
    code = admission.place_refusal(state, account, market, command.order)
    is_unknown = command.mode > ReplaceMode.ALLOW_FAILURE or command.only > Only.PARTIALLY_FILLED
    if is_unknown and (code is None or code > RefusalCode.FIELD_OUT_OF_RANGE):
        code = RefusalCode.FIELD_OUT_OF_RANGE
    if code is not None or market is None:
        return code or RefusalCode.MARKET_UNKNOWN
    return account, market


def _find_old(state: State, account: Account, command: ReplaceOrder) -> Order | RefusalCode:
    """Return the order that goes, or why it may not; one in another market is unknown here."""
    order = cancel.find_order(state, account, command.order_id, command.client_id)
    if order is None or order.market != command.market:
        return RefusalCode.ORDER_UNKNOWN
    code = cancel.restriction_refusal(state, order, only=command.only, client_id=command.client_id)
    return code or order
