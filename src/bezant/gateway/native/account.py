"""The settings of one's account: what the core goes by where an order does not say."""

from typing import Final, cast

from litestar import get, patch
from litestar.params import JSONBody

from bezant.accounts.operations import OUTBOX_SOURCE
from bezant.accounts.settings import choose_prevention, prevention_of
from bezant.core.codec import decode_outcomes
from bezant.core.ids import AccountId
from bezant.core.reads import Account, ReadAccount
from bezant.core.refusals import RefusalCode
from bezant.core.words import STPMode
from bezant.gateway.access import TRADERS
from bezant.gateway.house import House
from bezant.gateway.native.bodies import AccountSettingsBody
from bezant.gateway.native.core_calls import query, refuse
from bezant.gateway.native.endpoint import (
    PRIVATE,
    SIGNED_IN,
    NativeRequest,
    house_of,
    problems,
    strict,
)
from bezant.gateway.native.operation_documents import (
    AccountSettingsDocument,
    ChosenPreventionWord,
)
from bezant.gateway.native.order_terms import PREVENTIONS
from bezant.gateway.native.problems import Problem, Refusal
from bezant.kit import outbox

PATH: Final = "/api/v1/account/settings"
SET_TIMEOUT_S: Final = 5.0  # Less than the web app waits.
_TAGS: Final = ["Accounts"]


@get(
    PATH,
    responses=problems(*PRIVATE, Problem.ACCOUNT, Problem.CORE_AWAY, Problem.OVERLOADED),
    security=SIGNED_IN,
    tags=_TAGS,
    operation_id="getAccountSettings",
    summary="Get your account's settings",
)
async def read_settings(request: NativeRequest) -> AccountSettingsDocument:
    """Return the settings at one seq, asked of the core itself."""
    house = house_of(request)
    caller = house.access.authorize(request.scope)
    account = await _read(house, AccountId(caller.account))
    return _document(prevention_of(account), account.seq)


@patch(
    PATH,
    dto=strict(AccountSettingsBody),
    return_dto=None,
    responses=problems(
        *PRIVATE,
        Problem.MALFORMED,
        Problem.MEDIA_TYPE,
        Problem.TOO_LARGE,
        Problem.ACCOUNT,
        Problem.CORE_AWAY,
        Problem.OVERLOADED,
        Problem.DATABASE_AWAY,
    ),
    security=SIGNED_IN,
    tags=_TAGS,
    operation_id="setAccountSettings",
    summary="Change your account's settings",
)
async def change_settings(
    data: JSONBody[AccountSettingsBody], request: NativeRequest
) -> AccountSettingsDocument:
    """Set what orders go by that name no mode themselves, from the next one on.

    Open orders keep what they were accepted with. Sent again it changes nothing; it may be sent
    again after any lost answer.
    """
    house = house_of(request)
    caller = house.access.authorize(request.scope, TRADERS)
    account = AccountId(caller.account)
    mode = PREVENTIONS[data.self_trade_prevention.lower()]
    async with house.pool.acquire() as conn:
        number = await choose_prevention(conn, account, mode, lambda: _read(house, account))
    if number is None:
        return _document(mode, (await _read(house, account)).seq)
    try:
        done = await outbox.wait_done(house.pool, OUTBOX_SOURCE, number, SET_TIMEOUT_S)
    except outbox.OutboxTimeout as error:
        raise Refusal(
            Problem.CORE_AWAY,
            "The setting is stored; it counts as soon as the core is back",
            headers={"Retry-After": "2"},
        ) from error
    (outcome,) = decode_outcomes(done.outcome, 1)
    if outcome.code:
        raise refuse(outcome.code, {})
    return _document(mode, outcome.seq)


async def _read(house: House, account: AccountId) -> Account:
    """Return what the core has of an account. Raises Refusal (ORDER_013, SYSTEM_001)."""
    found = await query(house, ReadAccount(account), Account)
    if not found.is_known:
        raise refuse(RefusalCode.ACCOUNT_UNKNOWN, {})
    return found


def _document(mode: STPMode, seq: int) -> AccountSettingsDocument:
    return AccountSettingsDocument(cast("ChosenPreventionWord", mode.name.lower()), seq)
