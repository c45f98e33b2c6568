"""Whatever a handler raises becomes a problem document, here and nowhere else.

A refusal says what it says; Litestar's own errors are put into our words; anything unforeseen is
logged with its trace id and answered without a word about our insides.
"""

from collections.abc import Callable
from typing import Any, Final

import asyncpg
from litestar import Request, Response
from litestar.exceptions import (
    ClientException,
    HTTPException,
    MethodNotAllowedException,
    NotFoundException,
    ValidationException,
)

from bezant.gateway.native.parameters import explain_parameter
from bezant.gateway.native.problems import (
    MEDIA_TYPE,
    Problem,
    ProblemDocument,
    Refusal,
)
from bezant.gateway.trail import trail_of
from bezant.kit.log import get_logger

DATABASE_ERRORS: Final = (
    OSError,
    TimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
)
_LOG: Final = get_logger(__name__)

AnyRequest = Request[Any, Any, Any]
Handler = Callable[[AnyRequest, Any], Response[Any]]


def answer(request: AnyRequest, refusal: Refusal) -> Response[ProblemDocument]:
    """Return the response that carries a problem document."""
    return Response(
        refusal.document(trail_of(request.scope).trace_id),
        status_code=refusal.problem.status,
        headers=refusal.headers,
        media_type=MEDIA_TYPE,
    )


def on_http(request: AnyRequest, error: HTTPException) -> Response[ProblemDocument]:
    """Put an error of Litestar's into our words."""
    return answer(request, _translate(request, error))


def on_error(request: AnyRequest, error: Exception) -> Response[ProblemDocument]:
    """Answer what is neither a refusal nor Litestar's."""
    return answer(request, explain_error(error, trail_of(request.scope).trace_id))


def explain_error(error: Exception, trace_id: str) -> Refusal:
    """Return what a client is told of an error, and log the rest of it.

    The database may be away; what nobody foresaw is logged with its traceback.
    """
    if isinstance(error, Refusal):
        return error
    if isinstance(error, DATABASE_ERRORS):
        _LOG.warning("database.away", trace_id=trace_id, error=type(error).__name__)
        return Refusal(Problem.DATABASE_AWAY, headers={"Retry-After": "1"})
    _LOG.error("request.fault", trace_id=trace_id, exc_info=error)
    return Refusal(Problem.FAULT)


HANDLERS: Final[dict[int | type[Exception], Handler]] = {
    Refusal: answer,
    HTTPException: on_http,
    Exception: on_error,
    **dict.fromkeys(DATABASE_ERRORS, on_error),
}


def _translate(request: AnyRequest, error: HTTPException) -> Refusal:
    if isinstance(error, NotFoundException):
        return Refusal(Problem.ROUTE)
    if isinstance(error, MethodNotAllowedException):
        return Refusal(Problem.METHOD, headers=dict(error.headers or {}))
    if isinstance(error, ValidationException):
        errors = [
            explain_parameter(request.route_handler, one)
            for one in error.extra or ()
            if isinstance(one, dict)
        ]
        detail = errors[0].message if errors else "A parameter is missing or wrong"
        return Refusal(Problem.MALFORMED, detail, errors=errors)
    if error.status_code == Problem.TOO_LARGE.status:
        return Refusal(Problem.TOO_LARGE)
    if isinstance(error, ClientException):
        return Refusal(Problem.MALFORMED)
    return Refusal(Problem.FAULT)
