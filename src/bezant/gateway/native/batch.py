"""Batches of operations over HTTP."""

from typing import Final

from litestar import post
from litestar.params import JSONBody

from bezant.gateway.access import TRADERS
from bezant.gateway.native.batching import count_places, run_batch
from bezant.gateway.native.bodies import BatchBody
from bezant.gateway.native.endpoint import (
    BATCH_SIZE_MAX,
    SIGNED_IN,
    TRADE,
    NativeRequest,
    house_of,
    problems,
    strict,
)
from bezant.gateway.native.operation_documents import BatchDocument
from bezant.gateway.native.problems import Problem

_TAGS: Final = ["Orders"]


@post(
    "/api/v1/orders/batch",
    dto=strict(BatchBody, BATCH_SIZE_MAX),
    return_dto=None,
    status_code=200,
    responses=problems(
        *TRADE, Problem.MALFORMED, Problem.MEDIA_TYPE, Problem.TOO_LARGE, Problem.EXPIRED
    ),
    security=SIGNED_IN,
    tags=_TAGS,
    operation_id="batchOrders",
    summary="Do up to 100 operations on orders",
)
async def batch_orders(data: JSONBody[BatchBody], request: NativeRequest) -> BatchDocument:
    """Do operations in this order with nobody else's command between them.

    No atomicity: a refused operation stops none of the others, `results` has one for each.
    """
    house = house_of(request)
    caller = house.access.authorize(request.scope, TRADERS, orders=count_places(data))
    return await run_batch(house, caller.account, data)
