"""Order lists over HTTP: place, read, list, cancel."""

from typing import Annotated, Final, Literal

from litestar import Response, delete, get, post
from litestar.openapi import ResponseSpec
from litestar.params import FromPath, JSONBody, QueryParameter

from bezant.gateway.access import TRADERS
from bezant.gateway.native import lists
from bezant.gateway.native.bodies import PlaceListBody
from bezant.gateway.native.endpoint import (
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
from bezant.gateway.native.lists import LIST_CLIENT_ID, find_list, render_list, to_list_id
from bezant.gateway.native.names import to_client_id, to_cursor
from bezant.gateway.native.operation_documents import OrderListDocument, OrderListPage
from bezant.gateway.native.problems import Problem
from bezant.queries.order_lists import OrderList, list_order_lists

_TAGS: Final = ["Order lists"]
_CANCEL: Final = (
    Problem.LIST_UNKNOWN,
    Problem.ORDER_DONE,
    Problem.MARKET_STATUS,
    Problem.PROJECTION_BEHIND,
    Problem.DATABASE_AWAY,
)


@post(
    "/api/v1/order-lists",
    dto=strict(PlaceListBody),
    return_dto=None,
    responses=problems(*TRADE, *ORDER)
    | {200: ResponseSpec(OrderListDocument, description="The first reply, again: a repeat.")},
    security=SIGNED_IN,
    tags=_TAGS,
    operation_id="placeOrderList",
    summary="Place an order list",
)
async def place_order_list(
    data: JSONBody[PlaceListBody], request: NativeRequest
) -> Response[OrderListDocument]:
    """Place two or three orders that depend on each other, all or none, in one entry.

    `oco`: one cancels the other. `oto`: the second goes to work when the first is filled. `otoco`:
    the second and third, an oco pair, go to work when the first is filled. Each leg counts as an
    order. 201 for a new list; the same `listClientOrderId` with the same body, sent again, answers
    the first reply with 200 and places nothing.
    """
    house = house_of(request)
    caller = house.access.authorize(request.scope, TRADERS, orders=len(data.legs))
    placed = await lists.place_list(house, caller.account, data)
    return Response(placed.document, status_code=200 if placed.is_repeat else 201)


@get(
    "/api/v1/order-lists/{list_id:str}",
    responses=problems(*PRIVATE, *READ, Problem.LIST_UNKNOWN),
    security=SIGNED_IN,
    tags=_TAGS,
    operation_id="getOrderList",
    summary="Get an order list",
)
async def read_order_list(
    list_id: FromPath[str], request: NativeRequest, min_seq: MinSeq = None
) -> OrderListDocument:
    """Return one of your lists with its legs, from the read models."""
    house = house_of(request)
    caller = house.access.authorize(request.scope)
    wanted = to_list_id(list_id)
    seq = await catch_up(house, min_seq)
    found = await find_list(house, caller.account, list_id=wanted)
    return render_list(house, found, seq=max(seq, _updated_seq(found)))


@get(
    "/api/v1/order-lists/by-client-id/{list_client_order_id:str}",
    responses=problems(*PRIVATE, *READ, Problem.LIST_UNKNOWN),
    security=SIGNED_IN,
    tags=_TAGS,
    operation_id="getOrderListByClientId",
    summary="Get an order list by its client order id",
)
async def read_order_list_by_client_id(
    list_client_order_id: FromPath[str], request: NativeRequest, min_seq: MinSeq = None
) -> OrderListDocument:
    """Return your newest list with this client order id."""
    house = house_of(request)
    caller = house.access.authorize(request.scope)
    wanted = to_client_id(list_client_order_id, LIST_CLIENT_ID)
    seq = await catch_up(house, min_seq)
    found = await find_list(house, caller.account, client_id=wanted)
    return render_list(house, found, seq=max(seq, _updated_seq(found)))


@get(
    "/api/v1/order-lists",
    responses=problems(*PRIVATE, *READ, Problem.MARKET),
    security=SIGNED_IN,
    tags=_TAGS,
    operation_id="listOrderLists",
    summary="List order lists",
)
async def read_order_lists(
    request: NativeRequest,
    symbol: Symbol = None,
    status: Annotated[
        Literal["open", "closed", "all"], QueryParameter(description="Which lists.")
    ] = "all",
    limit: Limit = PAGE_SIZE,
    cursor: Cursor = None,
    min_seq: MinSeq = None,
) -> OrderListPage:
    """Return your order lists with their legs, newest first, from the read models."""
    house = house_of(request)
    caller = house.access.authorize(request.scope)
    market = house.get_market(symbol) if symbol is not None else None
    after = to_cursor(cursor) if cursor is not None else None
    seq = await catch_up(house, min_seq)
    found = await list_order_lists(
        house.pool,
        caller.account,
        market=market.market if market else None,
        is_open=IS_OPEN[status],
        after=after,
        limit=limit,
    )
    return OrderListPage(
        tuple(render_list(house, one, seq=_updated_seq(one)) for one in found),
        str(found[-1].list_id) if len(found) == limit else None,
        seq,
    )


@delete(
    "/api/v1/order-lists/{list_id:str}",
    status_code=200,
    responses=problems(*TRADE, *_CANCEL),
    security=SIGNED_IN,
    tags=_TAGS,
    operation_id="cancelOrderList",
    summary="Cancel an order list",
)
async def cancel_order_list(list_id: FromPath[str], request: NativeRequest) -> OrderListDocument:
    """Cancel all open legs of a list; the reply is the list as it ended."""
    house = house_of(request)
    caller = house.access.authorize(request.scope, TRADERS)
    return await lists.cancel_list(house, caller.account, list_id=to_list_id(list_id))


@delete(
    "/api/v1/order-lists/by-client-id/{list_client_order_id:str}",
    status_code=200,
    responses=problems(*TRADE, *_CANCEL, Problem.MALFORMED),
    security=SIGNED_IN,
    tags=_TAGS,
    operation_id="cancelOrderListByClientId",
    summary="Cancel an order list by its client order id",
)
async def cancel_order_list_by_client_id(
    list_client_order_id: FromPath[str], request: NativeRequest
) -> OrderListDocument:
    """Cancel all open legs of your newest list with this client order id."""
    house = house_of(request)
    caller = house.access.authorize(request.scope, TRADERS)
    name = to_client_id(list_client_order_id, LIST_CLIENT_ID)
    return await lists.cancel_list(house, caller.account, client_id=name)


def _updated_seq(found: OrderList) -> int:
    """Return the last entry that changed one of a list's legs."""
    return max((leg.updated_seq for leg in found.legs), default=0)
