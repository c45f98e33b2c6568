"""The dead man's switch over HTTP: set by the core, looked at in the read models."""

from typing import Final

from litestar import get, put
from litestar.params import JSONBody

from bezant.gateway.access import TRADERS
from bezant.gateway.native.bodies import CancelTimerBody
from bezant.gateway.native.canceling import set_cancel_timer
from bezant.gateway.native.endpoint import (
    PRIVATE,
    READ,
    SIGNED_IN,
    TRADE,
    MinSeq,
    NativeRequest,
    catch_up,
    house_of,
    problems,
    strict,
)
from bezant.gateway.native.operation_documents import (
    CancelTimerDocument,
    CancelTimerList,
    RunningCancelTimer,
)
from bezant.gateway.native.problems import Problem
from bezant.gateway.native.times import time_text
from bezant.queries.cancel_timers import list_cancel_timers

PATH: Final = "/api/v1/cancel-timer"
_TAGS: Final = ["Orders"]


@get(
    PATH,
    responses=problems(*PRIVATE, *READ),
    security=SIGNED_IN,
    tags=_TAGS,
    operation_id="listCancelTimers",
    summary="List your cancel timers",
)
async def read_cancel_timers(request: NativeRequest, min_seq: MinSeq = None) -> CancelTimerList:
    """Return which timers will act and when, as of `seq`; none where nothing is set."""
    house = house_of(request)
    caller = house.access.authorize(request.scope)
    seq = await catch_up(house, min_seq)
    timers = await list_cancel_timers(house.pool, caller.account)
    markets = house.get_catalogue().markets
    return CancelTimerList(
        tuple(
            RunningCancelTimer(
                markets[timer.market].code if timer.market else None, time_text(timer.due_ns)
            )
            for timer in timers
        ),
        seq,
    )


@put(
    PATH,
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
