"""The dead man's switch: all orders of an account end unless it is set again in time (L11.4)."""

from typing import Final

from litestar import put
from litestar.params import JSONBody
from msgspec import UnsetType

from bezant.core.commands import SetCancelTimer
from bezant.core.events import CancelTimerSet
from bezant.core.ids import AccountId, MarketId
from bezant.core.refusals import RefusalCode
from bezant.core.rules import TIMEOUT_MS_MAX, TIMEOUT_MS_MIN
from bezant.gateway.access import TRADERS
from bezant.gateway.house import House
from bezant.gateway.native.bodies import CancelTimerBody
from bezant.gateway.native.core_calls import refuse, submit
from bezant.gateway.native.endpoint import (
    SIGNED_IN,
    TRADE,
    NativeRequest,
    house_of,
    problems,
    strict,
)
from bezant.gateway.native.operation_documents import CancelTimerDocument
from bezant.gateway.native.order_terms import to_valid_until
from bezant.gateway.native.problems import Problem, Refusal, field_refusal
from bezant.gateway.native.times import time_text

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


async def set_cancel_timer(
    house: House, account: int, body: CancelTimerBody
) -> CancelTimerDocument:
    """Set, renew or remove a timer and return when it is due. Raises Refusal."""
    market = None if isinstance(body.symbol, UnsetType) else house.get_market(body.symbol)
    number = MarketId(market.market if market else 0)
    command = SetCancelTimer(AccountId(account), number, body.timeout_ms)
    submission = await submit(house, [command], valid_until_ns=to_valid_until(body.valid_until))
    outcome = submission.outcomes[0]
    if outcome.code:
        raise _refuse(outcome.code, body)
    done = next((one for one in outcome.events if isinstance(one, CancelTimerSet)), None)
    if done is None:
        raise Refusal(Problem.FAULT)
    return CancelTimerDocument(
        symbol=market.code if market else None,
        timeout_ms=body.timeout_ms,
        due_at=time_text(done.due_ns) if done.due_ns else None,
        seq=outcome.seq,
    )


def _refuse(code: int, body: CancelTimerBody) -> Refusal:
    if code != RefusalCode.FIELD_OUT_OF_RANGE:
        return refuse(code, {})
    refusal = field_refusal(
        Problem.FIELD,
        "timeoutMs",
        RefusalCode.FIELD_OUT_OF_RANGE.name.lower(),
        f"timeoutMs {body.timeout_ms} is out of range: use {TIMEOUT_MS_MIN} to {TIMEOUT_MS_MAX}, "
        "or 0 to remove the timer",
    )
    refusal.reason = RefusalCode.FIELD_OUT_OF_RANGE.name
    return refusal
