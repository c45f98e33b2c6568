"""The dead man's switch over HTTP."""

from typing import Final

from litestar import put
from litestar.params import JSONBody

from bezant.gateway.access import TRADERS
from bezant.gateway.native.bodies import CancelTimerBody
from bezant.gateway.native.canceling import set_cancel_timer
from bezant.gateway.native.endpoint import (
    SIGNED_IN,
    TRADE,
    NativeRequest,
    house_of,
    problems,
    strict,
)
from bezant.gateway.native.operation_documents import CancelTimerDocument
from bezant.gateway.native.problems import Problem

_TAGS: Final = ["Orders"]


@put(
    "/api/v1/cancel-timer",
    dto=strict(CancelTimerBody),
    return_dto=None,
    responses=problems(
        *TRADE,
        Problem.MALFORMED,
        Problem.MEDIA_TYPE,
        Problem.MARKET,
        Problem.FIELD,
        Problem.ACCOUNT,
        Problem.EXPIRED,
    ),
    security=SIGNED_IN,
    tags=_TAGS,
    operation_id="setCancelTimer",
    summary="Set, renew or remove the cancel timer",
)
async def put_cancel_timer(
    data: JSONBody[CancelTimerBody], request: NativeRequest
) -> CancelTimerDocument:
    """Let all of your open orders be canceled after `timeoutMs`, unless this is sent again.

    One timer for each market and one for all; the reply says when it is due. 0 removes it. The
    core keeps it: it acts though every connection is gone.
    """
    house = house_of(request)
    caller = house.access.authorize(request.scope, TRADERS)
    return await set_cancel_timer(house, caller.account, data)
