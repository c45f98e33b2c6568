"""Amending an open order in place: less quantity keeps its place in the queue, all else loses it.

Not for an order's trigger, display or expiry: those of an order are for good.
"""

from msgspec import UnsetType
from msgspec.structs import replace

from bezant.core.codec import Outcome
from bezant.core.commands import AmendOrder
from bezant.core.events import OrderAmended
from bezant.core.ids import AccountId
from bezant.core.refusals import RefusalCode
from bezant.gateway.house import House
from bezant.gateway.native.bodies import AmendFields, AmendOrderBody
from bezant.gateway.native.canceling import why_unknown
from bezant.gateway.native.core_calls import refuse, refuse_order, submit
from bezant.gateway.native.documents import OrderDocument
from bezant.gateway.native.named_orders import NamedOrders
from bezant.gateway.native.names import OrderName, to_client_id
from bezant.gateway.native.order_terms import to_valid_until
from bezant.gateway.native.outcomes import Happened, terms_of
from bezant.gateway.native.problems import Problem, Refusal, field_refusal
from bezant.gateway.native.render import render_fill, render_order
from bezant.gateway.native.steps import to_lots, to_ticks
from bezant.queries.orders import Order


async def amend(house: House, account: int, name: OrderName, body: AmendOrderBody) -> OrderDocument:
    """Amend one order and return it as it stands then. Raises Refusal."""
    orders = NamedOrders(house, account)
    await orders.read([name])
    command = await to_amend_order(house, account, name, body, orders)
    submission = await submit(house, [command], valid_until_ns=to_valid_until(body.valid_until))
    outcome, ts_ns = submission.outcomes[0], submission.ts_ns
    if not outcome.code:
        await orders.catch_up(outcome.seq)
    changed = orders.follow(outcome, ts_ns)
    return await read_amended(house, command, outcome, orders, changed)


async def to_amend_order(
    house: House, account: int, name: OrderName, fields: AmendFields, orders: NamedOrders
) -> AmendOrder:
    """Return the command that amends an order.

    Raises Refusal, also where the order is not open: without its market nobody can tell what a
    price or a quantity is.
    """
    if all(
        isinstance(one, UnsetType)
        for one in (fields.quantity, fields.price, fields.new_client_order_id)
    ):
        raise field_refusal(
            Problem.MALFORMED,
            "quantity",
            "required",
            "there is nothing to change: give quantity, price or newClientOrderId",
        )
    market_id = orders.find_market(name)
    if market_id is None:
        raise await why_unknown(house, account, name, "changed")
    market = house.get_catalogue().markets[market_id]
    return AmendOrder(
        AccountId(account),
        name.order_id,
        name.client_id,
        None if isinstance(fields.quantity, UnsetType) else to_lots(fields.quantity, market),
        None if isinstance(fields.price, UnsetType) else to_ticks(fields.price, market),
        to_client_id(fields.new_client_order_id, "newClientOrderId"),
    )


async def read_amended(
    house: House,
    command: AmendOrder,
    outcome: Outcome,
    orders: NamedOrders,
    changed: dict[int, Happened],
) -> OrderDocument:
    """Return the order after an amend; `changed` is what its entry did to the orders named.

    Raises Refusal if the core refused it.
    """
    name = OrderName(command.order_id, command.client_id)
    if outcome.code:
        raise await _refuse(house, command, outcome.code, orders.find_named(name))
    amended = next(
        (
            event
            for event in outcome.events
            if isinstance(event, OrderAmended) and event.account == command.account
        ),
        None,
    )
    happened = changed.get(amended.order_id) if amended else None
    if amended is None or happened is None:
        raise Refusal(Problem.FAULT)
    catalogue = house.get_catalogue()
    market = catalogue.markets[amended.market]
    return render_order(
        happened.order,
        market,
        seq=outcome.seq,
        fills=[render_fill(fill, market, catalogue) for fill in happened.fills],
        kept_priority=amended.keeps_priority,
    )


async def _refuse(house: House, command: AmendOrder, code: int, order: Order | None) -> Refusal:
    """Return what a client is told of a refused amend: of the order as it was to be."""
    name = OrderName(command.order_id, command.client_id)
    if code == RefusalCode.ORDER_UNKNOWN:
        return await why_unknown(house, command.account, name, "changed")
    if code == RefusalCode.CLIENT_ID_REUSED:
        return _refuse_name(command.new_client_id)
    if order is None:
        return refuse(code, {})
    wanted = replace(
        order,
        qty=order.qty if command.new_qty is None else command.new_qty,
        price=order.price if command.new_price is None else command.new_price,
        client_id=command.new_client_id or order.client_id,
    )
    return await refuse_order(
        house, code, terms_of(wanted), house.get_catalogue().markets[order.market]
    )


def _refuse_name(client_id: str) -> Refusal:
    """Return the refusal of a new client order id that another order or list has."""
    refusal = field_refusal(
        Problem.CLIENT_ID,
        "newClientOrderId",
        RefusalCode.CLIENT_ID_REUSED.name.lower(),
        f"newClientOrderId {client_id} belongs to another order or list: use a new one",
    )
    refusal.reason = RefusalCode.CLIENT_ID_REUSED.name
    return refusal
