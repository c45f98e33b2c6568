"""Accounts: register, log in, who am I, and the keys that verify tokens."""

from typing import Final

from litestar import get, post
from litestar.params import JSONBody

from bezant.accounts.attempts import AttemptsUsedUp
from bezant.accounts.emails import BadEmail
from bezant.accounts.models import Tier, User
from bezant.accounts.operations import OUTBOX_SOURCE, CredentialsWrong, EmailTaken
from bezant.accounts.passwords import HasherBusy, WeakPassword
from bezant.accounts.queries import find_user
from bezant.accounts.tokens import LIFETIME_S
from bezant.gateway.access import address_group
from bezant.gateway.native.bodies import LoginBody, RegisterBody
from bezant.gateway.native.documents import (
    JwkDocument,
    JwksDocument,
    ProfileDocument,
    SessionDocument,
    UserDocument,
)
from bezant.gateway.native.endpoint import (
    PRIVATE,
    SIGNED_IN,
    NativeRequest,
    house_of,
    problems,
    strict,
)
from bezant.gateway.native.problems import Problem, Refusal, field_refusal
from bezant.gateway.native.times import time_text
from bezant.gateway.trail import trail_of
from bezant.kit import outbox

OPEN_TIMEOUT_S: Final = 10.0
_TAGS: Final = ["Accounts"]
_SOON: Final = {"Retry-After": "2"}


@post(
    "/api/auth/register",
    dto=strict(RegisterBody),
    return_dto=None,
    responses=problems(
        Problem.MALFORMED,
        Problem.MEDIA_TYPE,
        Problem.EMAIL_TAKEN,
        Problem.REGISTER_LIMIT,
        Problem.CORE_AWAY,
        Problem.OVERLOADED,
        Problem.DATABASE_AWAY,
    ),
    tags=_TAGS,
    operation_id="register",
    summary="Register",
)
async def register(data: JSONBody[RegisterBody], request: NativeRequest) -> UserDocument:
    """Make a user with one account; answers when the core has opened the account."""
    house = house_of(request)
    house.access.admit(request.scope)
    trail = trail_of(request.scope)
    trail.is_private = True
    try:
        registered = await house.accounts.register(
            data.email, data.password, address_group(trail.address)
        )
        await outbox.wait_done(house.pool, OUTBOX_SOURCE, registered.outbox_number, OPEN_TIMEOUT_S)
    except BadEmail as error:
        raise field_refusal(Problem.MALFORMED, "email", "email", str(error)) from None
    except WeakPassword as error:
        raise field_refusal(Problem.MALFORMED, "password", error.rule, str(error)) from None
    except EmailTaken:
        raise Refusal(Problem.EMAIL_TAKEN) from None
    except AttemptsUsedUp as error:
        raise _wait(Problem.REGISTER_LIMIT, error) from None
    except HasherBusy as error:
        raise Refusal(Problem.OVERLOADED, headers=_SOON) from error
    except outbox.OutboxTimeout as error:
        raise Refusal(
            Problem.CORE_AWAY,
            "You are registered and can log in; the account opens as soon as the core is back",
            headers=_SOON,
        ) from error
    return UserDocument(**_fields(registered.user))


@post(
    "/api/auth/login",
    dto=strict(LoginBody),
    return_dto=None,
    status_code=200,
    responses=problems(
        Problem.MALFORMED,
        Problem.MEDIA_TYPE,
        Problem.CREDENTIALS,
        Problem.LOGIN_LIMIT,
        Problem.OVERLOADED,
        Problem.DATABASE_AWAY,
    ),
    tags=_TAGS,
    operation_id="logIn",
    summary="Log in",
)
async def log_in(data: JSONBody[LoginBody], request: NativeRequest) -> SessionDocument:
    """Return an access token; the same answer and time whether the e-mail is known or not."""
    house = house_of(request)
    house.access.admit(request.scope)
    trail = trail_of(request.scope)
    trail.is_private = True
    try:
        session = await house.accounts.log_in(
            data.email, data.password, address_group(trail.address)
        )
    except CredentialsWrong:
        raise Refusal(Problem.CREDENTIALS) from None
    except AttemptsUsedUp as error:
        raise _wait(Problem.LOGIN_LIMIT, error) from None
    except HasherBusy as error:
        raise Refusal(Problem.OVERLOADED, headers=_SOON) from error
    return SessionDocument(
        access_token=session.token,
        token_type="Bearer",  # noqa: S106 - The name of a scheme, no secret.
        expires_in=LIFETIME_S,
        user_id=str(session.user.user_id),
        account_id=str(session.user.account),
    )


@get(
    "/api/auth/profile",
    responses=problems(*PRIVATE, Problem.DATABASE_AWAY),
    security=SIGNED_IN,
    tags=_TAGS,
    operation_id="getProfile",
    summary="Get your profile",
)
async def read_profile(request: NativeRequest) -> ProfileDocument:
    """Return who you are."""
    house = house_of(request)
    caller = house.access.authorize(request.scope)
    user = await find_user(house.pool, caller.user_id)
    if user is None:
        raise Refusal(Problem.TOKEN)
    return ProfileDocument(
        **_fields(user), role=user.role.value, tier=_TIERS[min(user.tier, Tier.VIP)]
    )


@get(
    "/.well-known/jwks.json",
    tags=_TAGS,
    operation_id="getJwks",
    summary="Get the keys that verify tokens",
)
async def read_jwks(request: NativeRequest) -> JwksDocument:
    """Return the public keys of all access tokens that are valid now (RFC 7517)."""
    house = house_of(request)
    return JwksDocument(tuple(JwkDocument(**key) for key in house.tokens.jwks()["keys"]))


_TIERS: Final = ("free", "basic", "pro", "vip")


def _fields(user: User) -> dict[str, str]:
    return {
        "user_id": str(user.user_id),
        "account_id": str(user.account),
        "email": user.email,
        "created_at": time_text(user.created_at_ns),
    }


def _wait(problem: Problem, error: AttemptsUsedUp) -> Refusal:
    return Refusal(problem, headers={"Retry-After": str(error.retry_after_s)})
