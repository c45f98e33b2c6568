"""AmendOrder: another quantity, price or client id for an open order (L11.5)."""

from msgspec import Struct, structs

from bezant.core import book, holds, ledger, lifecycle, matching, remembered
from bezant.core.commands import AmendOrder, OrderTerms
from bezant.core.events import OrderAmended
from bezant.core.handlers import admission
from bezant.core.handlers.cancel import find_order
from bezant.core.market import Market
from bezant.core.order import MATCHING, RESTING, WAITING, Order, find_partner, is_dormant
from bezant.core.refusals import RefusalCode
from bezant.core.state import Account, State, find_open_account, refuse
from bezant.core.units import Lots, Units
from bezant.core.words import LIMIT, TRADING, MarketStatus


class Plan(Struct, frozen=True):
    """An amend in figures: the terms that the order will have, and what follows from them."""

    account: Account
    market: Market
    order: Order
    terms: OrderTerms
    is_keeping: bool
    takes_id: bool

    def leaves(self) -> Lots:
        """Return what will be left of the order."""
        return Lots(self.terms.qty - self.order.filled - self.order.prevented)

    def partner(self) -> Order | None:
        """Return the pair's other leg if the quantity of both changes."""
        return find_partner(self.order) if self.terms.qty != self.order.terms.qty else None


def amend_order(state: State, command: AmendOrder) -> None:
    """Amend an order, with or without its place, or refuse and change nothing."""
    plan = _decide(state, command)
    if isinstance(plan, RefusalCode):
        refuse(state, plan)
        return

    # Decided. Nothing below may refuse.
    order = plan.order
    order.amends += 1
    if plan.takes_id:
        if order.terms.client_id:
            order.aliases = (*order.aliases, order.terms.client_id)
        remembered.remember(state, plan.account, plan.terms.client_id, order=order.id)
    if plan.is_keeping:
        _keep(state, plan)
    else:
        _lose(state, plan)


def _keep(state: State, plan: Plan) -> None:
    """Shrink the order in its place, and its pair's other leg with it."""
    order, market, partner = plan.order, plan.market, plan.partner()
    leaves = plan.leaves()
    order.terms = plan.terms
    _shrink(state, market, order, leaves)
    if partner is not None:
        partner.terms = structs.replace(partner.terms, qty=plan.terms.qty)
        _shrink(state, market, partner, leaves)
    _emit(state, market, order, _release(market, order), is_keeping=True)
    if partner is not None:
        _emit(state, market, partner, Units(0), is_keeping=True)


def _shrink(state: State, market: Market, order: Order, leaves: Lots) -> None:
    lots = Lots(order.leaves - leaves)
    if order.state is not RESTING:
        order.leaves = leaves
    elif lots:
        visible = min(order.visible, leaves)
        book.reduce(market.book, order, lots=lots, visible=visible, seq=state.seq)


def _release(market: Market, order: Order) -> Units:
    """Bring the hold down to what the order, or its pair, needs now; return the change."""
    if is_dormant(order):
        return Units(0)
    parent = order.parent
    if parent is not None and parent.hold:
        need = max(holds.need_of(market, leg) for leg in parent.pair())
        units = Units(parent.hold - need)
    else:
        units = Units(order.hold - holds.need_of(market, order))
    holds.release_part(order, units)
    return Units(-units)


def _lose(state: State, plan: Plan) -> None:
    """Take the order out of the book and let it come again, as new but for its id."""
    order, market = plan.order, plan.market
    book.remove(market.book, order, state.seq)
    delta = _hold_delta(plan)
    order.state, order.visible = MATCHING, Lots(0)
    order.leaves = plan.leaves()
    order.terms = plan.terms
    order.price = order.hold_price = plan.terms.price
    order.hold = Units(order.hold + delta)
    ledger.place_hold(order.balance, delta)
    _emit(state, market, order, delta, is_keeping=False)
    if market.status == TRADING:
        matching.take(state, market, order)
    else:
        lifecycle.rest(state, market, order)


def _hold_delta(plan: Plan) -> Units:
    price, side = plan.terms.price, plan.order.side
    need = holds.need(plan.market, side=side, price=price, leaves=plan.leaves())
    return Units(need - plan.order.hold)


def _emit(state: State, market: Market, order: Order, held: Units, *, is_keeping: bool) -> None:
    terms = order.terms
    if order.state is RESTING:
        market.book.sequence = state.seq
    state.events.append(
        OrderAmended(
            order.id,
            order.account,
            market.id,
            order.side,
            terms.qty,
            terms.price,
            terms.client_id,
            order.visible,
            is_keeping,
            held,
        )
    )


def _decide(state: State, command: AmendOrder) -> Plan | RefusalCode:
    order = taken = None
    if (known := state.accounts.get(command.account)) is not None:
        order = find_order(state, known, command.order_id, command.client_id)
        taken = remembered.find(state, known, command.new_client_id)
    target = order.id if order is not None else command.order_id
    if taken is not None and (taken.is_list or taken.id != target):
        return RefusalCode.CLIENT_ID_REUSED
    account = find_open_account(state, command.account)
    if isinstance(account, RefusalCode):
        return account
    if order is None:
        return RefusalCode.ORDER_UNKNOWN
    plan = _plan(state, account, order, command, is_new_id=taken is None)
    code = _gate(plan) or _filter_refusal(plan, command)
    if code is None:
        code = _change_refusal(plan)
    if code is None and not plan.is_keeping:
        code = _late_refusal(plan)
    return code or plan


def _plan(
    state: State, account: Account, order: Order, command: AmendOrder, *, is_new_id: bool
) -> Plan:
    old = order.terms
    qty = old.qty if command.new_qty is None else command.new_qty
    price = old.price if command.new_price is None else command.new_price
    takes_id = is_new_id and command.new_client_id != ""
    name = command.new_client_id if takes_id else old.client_id
    terms = structs.replace(old, qty=qty, price=price, client_id=name)
    is_keeping = price == old.price and qty <= old.qty
    return Plan(account, state.markets[order.market], order, terms, is_keeping, takes_id)


def _gate(plan: Plan) -> RefusalCode | None:
    """Return 130 or 220: what the account or the market's status forbids (L12.1's table)."""
    if plan.account.orders_frozen and not plan.is_keeping:
        return RefusalCode.ORDERS_FROZEN
    shut = [MarketStatus.HALTED, MarketStatus.CLOSED]
    if not plan.is_keeping:
        shut += [MarketStatus.CANCEL_ONLY, *[MarketStatus.PRE_OPEN] * plan.terms.post_only]
    return RefusalCode.MARKET_STATUS if plan.market.status in shut else None


def _filter_refusal(plan: Plan, command: AmendOrder) -> RefusalCode | None:
    """Return the first code from 300 to 421; an amend that keeps is asked 410, 411, 420 only."""
    terms, market = plan.terms, plan.market
    if any(map(admission.is_too_long, (command.client_id, command.new_client_id))):
        return RefusalCode.FIELD_OUT_OF_RANGE
    if not plan.is_keeping:
        return (
            admission.price_refusal(market, terms)
            or _qty_refusal(plan, plan.order, terms)
            or admission.trailing_refusal(market, terms)
        )
    codes = [_keeping_refusal(plan, leg) for leg in (plan.order, plan.partner()) if leg is not None]
    return min((code for code in codes if code is not None), default=None)


def _keeping_refusal(plan: Plan, order: Order) -> RefusalCode | None:
    """Return 410, 411 or 420."""
    code = _qty_refusal(plan, order, structs.replace(order.terms, qty=plan.terms.qty))
    return None if code == RefusalCode.NOTIONAL_TOO_HIGH else code


def _qty_refusal(plan: Plan, order: Order, terms: OrderTerms) -> RefusalCode | None:
    """Return a code from 410 to 421; a market order's price is that fixed with its hold (L2.5)."""
    price = order.hold_price
    if terms.type == LIMIT or is_dormant(order):
        price = admission.notional_price(plan.market, terms)
    return admission.qty_refusal(
        plan.market, terms, notional_price=price, is_most_asked=not plan.is_keeping
    )


def _change_refusal(plan: Plan) -> RefusalCode | None:
    """Return the first code from 450 to 453."""
    order, terms = plan.order, plan.terms
    is_same = terms.qty == order.terms.qty and terms.price == order.terms.price
    if is_same and not plan.takes_id:
        return RefusalCode.NO_CHANGE
    if plan.leaves() <= 0:
        return RefusalCode.QTY_NOT_ABOVE_FILLED
    partner = plan.partner()
    is_waiting = order.state is WAITING or (partner is not None and partner.state is WAITING)
    may_lose = order.state is RESTING and order.parent is None
    if is_waiting or not (plan.is_keeping or may_lose):
        return RefusalCode.AMEND_NOT_ALLOWED
    if order.amends >= plan.market.parameters.amends_max:
        return RefusalCode.AMENDS_TOO_MANY
    return None


def _late_refusal(plan: Plan) -> RefusalCode | None:
    """Return 610 or 800 for an amend that loses its place."""
    if admission.must_not_take(plan.market, plan.terms):
        return RefusalCode.POST_ONLY_WOULD_TAKE
    if _hold_delta(plan) > plan.order.balance.available:
        return RefusalCode.AVAILABLE_TOO_LOW
    return None
