"""Orders: place, read, list, cancel."""

from typing import Annotated, Final, Literal

from litestar import Response, delete, get, post
from litestar.openapi import ResponseSpec
from litestar.params import FromPath, JSONBody, QueryParameter
from msgspec import UNSET

from bezant.gateway.access import TRADERS
from bezant.gateway.house import House
from bezant.gateway.native import canceling, placing
from bezant.gateway.native.bodies import PlaceOrderBody
from bezant.gateway.native.documents import CanceledOrders, OrderDocument, OrderPage
from bezant.gateway.native.endpoint import (
    CANCEL,
    IS_OPEN,
    ORDER,
    PAGE_SIZE,
    PRIVATE,
    READ,
    SIGNED_IN,
    TRADE,
    Cursor,
    Limit,
    MinSeq,
    NativeRequest,
    Symbol,
    catch_up,
    house_of,
    problems,
    strict,
)
from bezant.gateway.native.names import OrderName, to_client_id, to_cursor, to_order_id
from bezant.gateway.native.problems import Problem, field_refusal
from bezant.gateway.native.render import render_fill, render_order
from bezant.queries.orders import Order, find_order_by_client_id, get_order, list_orders
from bezant.queries.trades import list_account_trades

FILLS_MAX: Final = 1_000  # Of one order in one reply; `/api/v1/fills` pages through more.
_TAGS: Final = ["Orders"]

ONLY_TEXT: Final = "Cancel only if nothing (`new`) or something is filled."
Only = Annotated[
    Literal["any", "new", "partially_filled"] | None, QueryParameter(description=ONLY_TEXT)
]


@post(
    "/api/v1/orders",
    dto=strict(PlaceOrderBody),
    return_dto=None,
    responses=problems(*TRADE, *ORDER)
    | {200: ResponseSpec(OrderDocument, description="The first reply, again: a repeat.")},
    security=SIGNED_IN,
    tags=_TAGS,
    operation_id="placeOrder",
    summary="Place an order",
)
async def place_order(
    data: JSONBody[PlaceOrderBody], request: NativeRequest
) -> Response[OrderDocument]:
    """Place one order; the reply is what the committed entry did, with its fills.

    201 for a new order. The same `clientOrderId` with the same body, sent again, answers the
    first reply with 200 and places nothing.
    """
    house = house_of(request)
    caller = house.access.authorize(request.scope, TRADERS, orders=1)
    placed = await placing.place(house, caller.account, data)
    return Response(placed.document, status_code=200 if placed.is_repeat else 201)


@get(
    "/api/v1/orders/{order_id:str}",
    responses=problems(*PRIVATE, *READ, Problem.ORDER_UNKNOWN),
    security=SIGNED_IN,
    tags=_TAGS,
    operation_id="getOrder",
    summary="Get an order",
)
async def read_order(
    order_id: FromPath[str], request: NativeRequest, min_seq: MinSeq = None
) -> OrderDocument:
    """Return one of your orders with its fills, from the read models."""
    house = house_of(request)
    caller = house.access.authorize(request.scope)
    wanted = to_order_id(order_id)
    seq = await catch_up(house, min_seq)
    order = await get_order(house.pool, caller.account, wanted)
    return await _render_with_fills(house, order, seq)


@get(
    "/api/v1/orders/by-client-id/{client_order_id:str}",
    responses=problems(*PRIVATE, *READ, Problem.ORDER_UNKNOWN),
    security=SIGNED_IN,
    tags=_TAGS,
    operation_id="getOrderByClientId",
    summary="Get an order by its client order id",
)
async def read_order_by_client_id(
    client_order_id: FromPath[str], request: NativeRequest, min_seq: MinSeq = None
) -> OrderDocument:
    """Return your newest order with this client order id: how an unknown outcome is resolved."""
    house = house_of(request)
    caller = house.access.authorize(request.scope)
    wanted = to_client_id(client_order_id)
    seq = await catch_up(house, min_seq)
    order = await find_order_by_client_id(house.pool, caller.account, wanted)
    return await _render_with_fills(house, order, seq)


@get(
    "/api/v1/orders",
    responses=problems(*PRIVATE, *READ, Problem.MARKET),
    security=SIGNED_IN,
    tags=_TAGS,
    operation_id="listOrders",
    summary="List orders",
)
async def read_orders(
    request: NativeRequest,
    symbol: Symbol = None,
    status: Annotated[
        Literal["open", "closed", "all"], QueryParameter(description="Which orders.")
    ] = "all",
    limit: Limit = PAGE_SIZE,
    cursor: Cursor = None,
    min_seq: MinSeq = None,
) -> OrderPage:
    """Return your orders, newest first, from the read models."""
    house = house_of(request)
    caller = house.access.authorize(request.scope)
    market = house.get_market(symbol) if symbol is not None else None
    after = to_cursor(cursor) if cursor is not None else None
    seq = await catch_up(house, min_seq)
    orders = await list_orders(
        house.pool,
        caller.account,
        market=market.market if market else None,
        is_open=IS_OPEN[status],
        after=after,
        limit=limit,
    )
    markets = house.get_catalogue().markets
    return OrderPage(
        tuple(render_order(one, markets[one.market], seq=one.updated_seq) for one in orders),
        str(orders[-1].order_id) if len(orders) == limit else None,
        seq,
    )


@delete(
    "/api/v1/orders/{order_id:str}",
    status_code=200,
    responses=problems(*TRADE, *CANCEL),
    security=SIGNED_IN,
    tags=_TAGS,
    operation_id="cancelOrder",
    summary="Cancel an order",
)
async def cancel_order(
    order_id: FromPath[str], request: NativeRequest, only: Only = None
) -> OrderDocument:
    """Cancel one of your open orders; the reply is the order as it ended.

    A leg takes the other orders of its list along.
    """
    house = house_of(request)
    caller = house.access.authorize(request.scope, TRADERS)
    name = OrderName(to_order_id(order_id))
    return await canceling.cancel(house, caller.account, name, only or UNSET)


@delete(
    "/api/v1/orders/by-client-id/{client_order_id:str}",
    status_code=200,
    responses=problems(*TRADE, *CANCEL),
    security=SIGNED_IN,
    tags=_TAGS,
    operation_id="cancelOrderByClientId",
    summary="Cancel an order by its client order id",
)
async def cancel_order_by_client_id(
    client_order_id: FromPath[str], request: NativeRequest, only: Only = None
) -> OrderDocument:
    """Cancel the open order with this client order id."""
    house = house_of(request)
    caller = house.access.authorize(request.scope, TRADERS)
    name = OrderName(client_id=to_client_id(client_order_id))
    return await canceling.cancel(house, caller.account, name, only or UNSET)


@delete(
    "/api/v1/orders",
    status_code=200,
    responses=problems(*TRADE, Problem.MALFORMED, Problem.MARKET),
    security=SIGNED_IN,
    tags=_TAGS,
    operation_id="cancelAllOrders",
    summary="Cancel all orders",
)
async def cancel_all(
    request: NativeRequest,
    symbol: Symbol = None,
) -> CanceledOrders:
    """Cancel all of your open orders, of one market or of all, in one entry."""
    house = house_of(request)
    caller = house.access.authorize(request.scope, TRADERS)
    return await canceling.cancel_all(house, caller.account, symbol)


async def _render_with_fills(house: House, order: Order | None, seq: int) -> OrderDocument:
    if order is None:
        raise field_refusal(
            Problem.ORDER_UNKNOWN, "id", "order_unknown", "There is no such order of yours"
        )
    catalogue = house.get_catalogue()
    market = catalogue.markets[order.market]
    fills = await list_account_trades(
        house.pool, order.account, order_id=order.order_id, limit=FILLS_MAX
    )
    return render_order(
        order,
        market,
        seq=max(seq, order.updated_seq),
        fills=[render_fill(one, market, catalogue) for one in reversed(fills)],
    )
