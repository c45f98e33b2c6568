"""Changes of open orders: amended in place, or replaced by another in one entry."""

from typing import Final

from litestar import Response, patch, post
from litestar.openapi import ResponseSpec
from litestar.params import FromPath, JSONBody

from bezant.gateway.access import TRADERS
from bezant.gateway.native import amending, replacing
from bezant.gateway.native.bodies import AmendOrderBody, ReplaceOrderBody
from bezant.gateway.native.documents import OrderDocument
from bezant.gateway.native.endpoint import (
    CANCEL,
    ORDER,
    SIGNED_IN,
    TRADE,
    NativeRequest,
    house_of,
    problems,
    strict,
)
from bezant.gateway.native.names import OrderName, to_client_id, to_order_id
from bezant.gateway.native.operation_documents import ReplaceDocument
from bezant.gateway.native.problems import Problem

_TAGS: Final = ["Orders"]
_AMEND: Final = (*ORDER, *CANCEL, Problem.AMEND)


@patch(
    "/api/v1/orders/{order_id:str}",
    dto=strict(AmendOrderBody),
    return_dto=None,
    responses=problems(*TRADE, *_AMEND),
    security=SIGNED_IN,
    tags=_TAGS,
    operation_id="amendOrder",
    summary="Amend an order",
)
async def amend_order(
    order_id: FromPath[str], data: JSONBody[AmendOrderBody], request: NativeRequest
) -> OrderDocument:
    """Give an open order another quantity, price or client order id.

    Less quantity at the same price keeps its place in the queue (`keptPriority`); any other change
    puts it behind, and it may trade at once: `fills` are the trades of that moment.
    """
    house = house_of(request)
    caller = house.access.authorize(request.scope, TRADERS, orders=1)
    name = OrderName(to_order_id(order_id))
    return await amending.amend(house, caller.account, name, data)


@patch(
    "/api/v1/orders/by-client-id/{client_order_id:str}",
    dto=strict(AmendOrderBody),
    return_dto=None,
    responses=problems(*TRADE, *_AMEND),
    security=SIGNED_IN,
    tags=_TAGS,
    operation_id="amendOrderByClientId",
    summary="Amend an order by its client order id",
)
async def amend_order_by_client_id(
    client_order_id: FromPath[str], data: JSONBody[AmendOrderBody], request: NativeRequest
) -> OrderDocument:
    """Give the open order with this client order id another quantity, price or id."""
    house = house_of(request)
    caller = house.access.authorize(request.scope, TRADERS, orders=1)
    name = OrderName(client_id=to_client_id(client_order_id))
    return await amending.amend(house, caller.account, name, data)


@post(
    "/api/v1/orders/replace",
    dto=strict(ReplaceOrderBody),
    return_dto=None,
    responses=problems(*TRADE, *ORDER, *CANCEL)
    | {
        200: ResponseSpec(
            ReplaceDocument,
            description="The first reply, again: a repeat. Or the old order was canceled and the "
            "new one refused.",
        )
    },
    security=SIGNED_IN,
    tags=_TAGS,
    operation_id="replaceOrder",
    summary="Cancel an order and place another",
)
async def replace_order(
    data: JSONBody[ReplaceOrderBody], request: NativeRequest
) -> Response[ReplaceDocument]:
    """Cancel one order and place another in one entry: nobody comes between.

    The reply tells both parts. A new order whose fields are refused cancels nothing. Where the old
    one cannot be canceled, `mode` says whether the new one is placed. Where funds or limits refuse
    the new one, the old one stays canceled. A problem means that nothing was done.
    """
    house = house_of(request)
    caller = house.access.authorize(request.scope, TRADERS, orders=1)
    replaced = await replacing.replace(house, caller.account, data)
    return Response(replaced.document, status_code=201 if replaced.is_new else 200)
