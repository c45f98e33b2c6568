"""PlaceList: two or three orders that depend on each other (L10.1, L10.2)."""

from itertools import pairwise
from typing import Final

from bezant.core import holds, ledger, lifecycle, matching, remembered
from bezant.core.commands import OrderTerms, PlaceList
from bezant.core.events import ListAccepted
from bezant.core.handlers import admission
from bezant.core.ids import ListId, order_id
from bezant.core.market import Market
from bezant.core.order import (
    MATCHING,
    PENDING,
    ListStage,
    Order,
    OrderList,
    is_by_quote,
    is_dormant,
)
from bezant.core.refusals import RefusalCode
from bezant.core.state import Account, State, find_open_account, refuse
from bezant.core.units import Ticks, Units
from bezant.core.words import BUY, LIMIT, ListKind, Trigger

PAIR_SIZE: Final = 2  # Also of oto, which is no pair.


def place_list(state: State, command: PlaceList) -> None:
    """Accept the list with its legs and let the working leg match, or refuse it whole."""
    account = state.accounts.get(command.account)
    if remembered.answers_repeat(state, account, command.list_client_id):
        return
    decided = _decide(state, command)
    if isinstance(decided, RefusalCode):
        refuse(state, decided)
        return

    # Decided. Nothing below may refuse.
    account, market, legs = decided
    parent = _open_list(state, account, market, command, legs)
    for leg in legs:
        _accept_leg(state, account, market, parent, leg)
    if legs[0].state is MATCHING:
        matching.take(state, market, legs[0])


def _open_list(
    state: State, account: Account, market: Market, command: PlaceList, legs: tuple[Order, ...]
) -> OrderList:
    """Make the list part of the state, with the hold that a pair shares (L4.5)."""
    is_pair = command.kind == ListKind.OCO
    number = ListId(legs[0].id)
    stage = ListStage.RELEASED if is_pair else ListStage.WORKING_LEG
    name = command.list_client_id
    parent = OrderList(number, account.id, market.id, command.kind, name, stage)
    parent.legs = legs
    for leg in legs:
        leg.parent = parent
    if is_pair:
        parent.hold = max(holds.need_of(market, leg) for leg in legs)
        ledger.place_hold(legs[0].balance, parent.hold)
    state.lists[number] = parent
    lifecycle.counts_of(account, market).lists += 1
    content = bytes(state.raw)
    remembered.remember(state, account, name, order=number, content=content, is_list=True)
    side = legs[0].side
    state.events.append(
        ListAccepted(number, account.id, market.id, side, command.kind, name, parent.hold)
    )
    return parent


def _accept_leg(
    state: State, account: Account, market: Market, parent: OrderList, leg: Order
) -> None:
    """Accept a leg; a pair's hold is its list's, a dormant leg has none (L4.5)."""
    to, held = PENDING, Units(0)
    if not is_dormant(leg):
        to = lifecycle.entry_state(market, leg.terms)
        if parent.stage is ListStage.WORKING_LEG:
            held = holds.need_of(market, leg)
    lifecycle.accept(state, account, market, leg, to=to, held=held)
    remembered.remember(state, account, leg.terms.client_id, order=leg.id)


def _decide(
    state: State, command: PlaceList
) -> tuple[Account, Market, tuple[Order, ...]] | RefusalCode:
    known = state.accounts.get(command.account)
    if known is not None and any(
        remembered.find(state, known, terms.client_id) for terms in command.legs
    ):
        return RefusalCode.CLIENT_ID_REUSED
    account = find_open_account(state, command.account)
    if isinstance(account, RefusalCode):
        return account
    market = state.markets.get(command.market)
    code = admission.place_gate(state, account, market)
    if code is not None or market is None:
        return code or RefusalCode.MARKET_UNKNOWN
    code = _terms_refusal(state, market, command)
    if code is not None:
        return code
    legs = tuple(
        lifecycle.draft(account, market, terms, order_id(state.seq, leg, state.shard))
        for leg, terms in enumerate(command.legs)
    )
    return _late_refusal(account, market, command, legs) or (account, market, legs)


def _terms_refusal(state: State, market: Market, command: PlaceList) -> RefusalCode | None:
    """Return the smallest code from 220 to 499 over the legs and the list itself."""
    entering = command.legs if command.kind == ListKind.OCO else command.legs[:1]
    if not all(admission.is_allowed_now(market, terms) for terms in entering):
        return RefusalCode.MARKET_STATUS
    codes = [admission.terms_refusal(state, market, terms) for terms in command.legs]
    if command.kind > ListKind.OTOCO or admission.is_too_long(command.list_client_id):
        codes.append(RefusalCode.FIELD_OUT_OF_RANGE)
    elif not _is_supported(command):
        codes.append(RefusalCode.COMBINATION_NOT_SUPPORTED)
    return min((code for code in codes if code is not None), default=None)


def _is_supported(command: PlaceList) -> bool:
    """Return whether the legs make a list of this kind (L10.1)."""
    legs = command.legs
    all_names = (command.list_client_id, *(terms.client_id for terms in legs))
    names = [name for name in all_names if name]
    if len(names) != len(dict.fromkeys(names)):
        return False
    match ListKind(command.kind):
        case ListKind.OCO:
            return _is_pair(legs)
        case ListKind.OTO:
            return len(legs) == PAIR_SIZE and _is_working(legs[0]) and not is_by_quote(legs[1])
        case ListKind.OTOCO:
            return _is_pair(legs[1:]) and _is_working(legs[0])


def _is_working(terms: OrderTerms) -> bool:
    return terms.type == LIMIT and not terms.trigger


def _is_pair(legs: tuple[OrderTerms, ...]) -> bool:
    if len(legs) != PAIR_SIZE:
        return False
    first, second = legs
    is_maker = _is_working(first) and first.post_only
    return (
        (is_maker or first.trigger == Trigger.TAKE_PROFIT)
        and second.trigger == Trigger.STOP
        and first.side == second.side
        and first.qty == second.qty
    )


def _late_refusal(
    account: Account, market: Market, command: PlaceList, legs: tuple[Order, ...]
) -> RefusalCode | None:
    """Return the first code from 600 to 800; only what enters now is asked most of them."""
    entering = legs if command.kind == ListKind.OCO else legs[:1]
    codes = [admission.trigger_refusal(market, leg.terms) for leg in entering]
    if not _are_prices_right(market, command):
        codes.append(RefusalCode.LIST_PRICES_WRONG)
    at_once = [leg.terms for leg in entering if not leg.terms.trigger]
    if any(admission.must_not_take(market, terms) for terms in at_once):
        codes.append(RefusalCode.POST_ONLY_WOULD_TAKE)
    codes.append(admission.count_refusal(account, market, command.legs, list_count=1))
    needed = max(holds.need_of(market, leg) for leg in entering)
    if needed > legs[0].balance.available:
        codes.append(RefusalCode.AVAILABLE_TOO_LOW)
    return min((code for code in codes if code is not None), default=None)


def _are_prices_right(market: Market, command: PlaceList) -> bool:
    """Return whether a pair's prices stand on both sides of R; 602 if not (L10.1).

    A trigger of 0 is left out, for otoco R too.
    """
    if command.kind == ListKind.OTO:
        return True
    first, second = command.legs[-2:]
    reference = market.reference() if command.kind == ListKind.OCO else Ticks(0)
    target = first.trigger_price if first.trigger else first.price
    prices = [price for price in (target, reference, second.trigger_price) if price]
    if first.side == BUY:
        prices.reverse()
    return all(upper > lower for upper, lower in pairwise(prices))
