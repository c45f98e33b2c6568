"""PlaceOrder: one order, accepted and matched, or refused (L2, L4, L5)."""

from bezant.core import holds, lifecycle, matching, remembered
from bezant.core.commands import OrderTerms, PlaceOrder
from bezant.core.handlers import admission
from bezant.core.ids import order_id
from bezant.core.market import Market
from bezant.core.order import MATCHING, Order
from bezant.core.refusals import RefusalCode
from bezant.core.state import Account, State, find_open_account, refuse
from bezant.core.units import Units


def place_order(state: State, command: PlaceOrder) -> None:
    """Accept the order and let it match or rest, or refuse it and change nothing."""
    account = state.accounts.get(command.account)
    terms = command.order
    if remembered.answers_repeat(state, account, terms.client_id):
        return
    decided = _decide(state, command)
    if isinstance(decided, RefusalCode):
        refuse(state, decided)
        return

    # Decided. Nothing below may refuse.
    enter(state, *decided)


def _decide(state: State, command: PlaceOrder) -> tuple[Account, Market, Order] | RefusalCode:
    account = find_open_account(state, command.account)
    if isinstance(account, RefusalCode):
        return account
    market = state.markets.get(command.market)
    code = admission.place_refusal(state, account, market, command.order)
    if code is not None or market is None:
        return code or RefusalCode.MARKET_UNKNOWN
    order = draft_first(state, account, market, command.order)
    code = admission.late_refusal(state, account, market, order)
    return code or (account, market, order)


def draft_first(state: State, account: Account, market: Market, terms: OrderTerms) -> Order:
    """Return the draft of the first order that this entry makes."""
    return lifecycle.draft(account, market, terms, order_id(state.seq, 0, state.shard))


def enter(state: State, account: Account, market: Market, order: Order) -> None:
    """Accept a drafted order that nothing refuses, remember its id and run its taker phase."""
    terms = order.terms
    to = lifecycle.entry_state(market, terms)
    held = holds.need_of(market, order) if holds.holds_at_entry(terms) else Units(0)
    lifecycle.accept(state, account, market, order, to=to, held=held)
    remembered.remember(state, account, terms.client_id, order=order.id, content=bytes(state.raw))
    if to is MATCHING:
        matching.take(state, market, order)
