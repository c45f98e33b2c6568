"""What is said at the door for machines: `{id, method, params}` in, `{id, status, result}` out.

The params are bodies of the REST API, the results its documents, the errors its problem documents.
"""

from typing import Annotated, Any, Final

import msgspec
from msgspec import UNSET, Meta, Raw, Struct, UnsetType

from bezant.gateway.access import Charge
from bezant.gateway.native.bodies import Body
from bezant.gateway.native.problems import Problem, ProblemDocument, Refusal, field_refusal
from bezant.gateway.strict_json import decode_body
from bezant.gateway.trail import new_trace_id

ID_SIZE_MAX: Final = 64
RequestId = Annotated[str, Meta(min_length=1, max_length=ID_SIZE_MAX)]

_NAME: Final = "message"
_ENCODER: Final = msgspec.json.Encoder()


class Request(Body, frozen=True):
    """One request; its id is the client's, and comes back with the reply."""

    id: RequestId
    method: str
    params: Raw = Raw(b"{}")


class RateLimit(Struct, frozen=True):
    """What the `RateLimit-*` headers say over HTTP; `reset` in seconds."""

    limit: int
    remaining: int
    reset: int


class Reply(Struct, frozen=True, rename="camel"):
    """The answer to one request: a result or an error; `id` is null where none could be read."""

    id: str | None
    status: int
    result: Any = UNSET
    error: ProblemDocument | UnsetType = UNSET
    rate_limit: RateLimit | UnsetType = UNSET
    retry_after: int | UnsetType = UNSET


class BadMessage(Exception):
    """A text that is no request; `request_id` is what could be read of its id."""

    def __init__(self, request_id: str | None, refusal: Refusal) -> None:
        super().__init__(str(refusal))
        self.request_id = request_id
        self.refusal = refusal


class _Named(Struct):
    id: RequestId


_NAMED: Final = msgspec.json.Decoder(_Named)


def decode_request(text: str | None) -> Request:
    """Return the request in a text frame, None standing for bytes. Raises BadMessage."""
    if text is None:
        said = "the message came as bytes: send JSON as a text frame"
        raise BadMessage(None, field_refusal(Problem.MALFORMED, "", "json", said))
    raw = text.encode("utf-8", "surrogatepass")
    try:
        return decode_body(Request, raw, name=_NAME)
    except Refusal as refusal:
        raise BadMessage(_find_id(raw), refusal) from None


def answered(request: Request, status: int, document: object, charge: Charge | None = None) -> str:
    """Return the text of a reply with a result."""
    limit = UNSET if charge is None else _limit(charge)
    return _ENCODER.encode(Reply(request.id, status, document, rate_limit=limit)).decode()


def refused(
    request_id: str | None,
    refusal: Refusal,
    charge: Charge | None = None,
    *,
    trace_id: str | None = None,
) -> str:
    """Return the text of a reply with an error."""
    wait = refusal.headers.get("Retry-After")
    reply = Reply(
        request_id,
        refusal.problem.status,
        error=refusal.document(trace_id or new_trace_id()),
        rate_limit=UNSET if charge is None else _limit(charge),
        retry_after=UNSET if wait is None else int(wait),
    )
    return _ENCODER.encode(reply).decode()


def _limit(charge: Charge) -> RateLimit:
    taken = charge.taken
    return RateLimit(taken.limit, taken.left, taken.full_s)


def _find_id(raw: bytes) -> str | None:
    """Return the id of a message that is wrong otherwise, if it has one."""
    try:
        return _NAMED.decode(raw).id
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
