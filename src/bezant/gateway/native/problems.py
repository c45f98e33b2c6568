"""Every error of the API in one table: code, HTTP status, title (RFC 9457 problem documents).

`docs/reference/errors.md` is generated from this table. Codes are permanent. What the core's
refusals say to a client stands in `refusals`.
"""

import enum
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Final

from msgspec import Struct

MEDIA_TYPE: Final = "application/problem+json"


class Kind(Struct, frozen=True):
    """One row of the table; `advice` tells a client what to do."""

    code: str
    status: int
    title: str
    advice: str


class Problem(enum.Enum):
    """The kinds of problem that this API answers with."""

    MALFORMED = Kind(
        "VALIDATION_001",
        400,
        "The request is not well formed",
        "`errors` names each field, the rule it broke and the way out.",
    )
    MEDIA_TYPE = Kind(
        "VALIDATION_002",
        415,
        "The body must be plain JSON",
        "Send `Content-Type: application/json`, UTF-8, without a `Content-Encoding`.",
    )
    TOO_LARGE = Kind(
        "VALIDATION_003",
        413,
        "The body is too large",
        "A body has at most 128 KiB, a batch 256 KiB and 100 operations.",
    )
    SLOW = Kind(
        "VALIDATION_004",
        408,
        "The body came too slowly",
        "Nothing was done. Send the whole body within 30 seconds.",
    )
    CREDENTIALS = Kind(
        "AUTH_001",
        401,
        "E-mail or password is wrong",
        "Check both; the answer is the same whether the e-mail is known or not.",
    )
    TOKEN = Kind(
        "AUTH_005",
        401,
        "A valid access token is needed",
        "Log in and send `Authorization: Bearer <accessToken>`; a token lives 15 minutes.",
    )
    ROLE = Kind(
        "AUTH_006",
        403,
        "The role may not do this",
        "Use an account whose role allows the action.",
    )
    EMAIL_TAKEN = Kind(
        "AUTH_007",
        409,
        "The e-mail is registered already",
        "Log in, or register another e-mail.",
    )
    LOGIN_LIMIT = Kind(
        "AUTH_008",
        429,
        "Too many failed logins",
        "Wait as long as `Retry-After` says.",
    )
    INSUFFICIENT = Kind(
        "WALLET_001",
        400,
        "The available balance is too low",
        "Place a smaller order, cancel another one, or deposit.",
    )
    ASSET = Kind("WALLET_004", 404, "Unknown asset", "`GET /api/market/assets` lists all.")
    MONEY_LIMIT = Kind(
        "WALLET_005",
        409,
        "The house's limit of this asset is reached",
        "Nothing was moved; ask the operator.",
    )
    TRANSFER = Kind(
        "WALLET_006",
        409,
        "The transfer cannot be done",
        "`reason` says why; nothing was moved.",
    )
    MARKET = Kind("ORDER_001", 400, "Unknown market", "`GET /api/market/markets` lists all.")
    PRICE = Kind(
        "ORDER_002",
        400,
        "The price is not acceptable",
        "Keep to the market's tick size, highest price and price band.",
    )
    ORDER_UNKNOWN = Kind(
        "ORDER_003", 404, "There is no such order", "Check the id; it must be your own order's."
    )
    ORDER_DONE = Kind(
        "ORDER_004",
        400,
        "The order has ended already",
        "`GET /api/v1/orders/{id}` tells how it ended.",
    )
    QUANTITY = Kind(
        "ORDER_005",
        400,
        "The quantity is not acceptable",
        "Keep to the market's lot size, lowest and highest quantity.",
    )
    NOTIONAL = Kind(
        "ORDER_006",
        400,
        "Price × quantity is not acceptable",
        "Keep to the market's lowest and highest notional.",
    )
    MARKET_STATUS = Kind(
        "ORDER_007",
        409,
        "The market does not take this now",
        "`GET /api/market/markets` shows the market's status.",
    )
    CLIENT_ID = Kind(
        "ORDER_008",
        409,
        "The client order id belongs to another order",
        "The same id with the same body repeats an order; use a new id for a new one.",
    )
    COMBINATION = Kind(
        "ORDER_009",
        400,
        "These fields do not go together",
        "The reference of the endpoint shows which fields each type takes.",
    )
    EXPIRY = Kind(
        "ORDER_010", 400, "The order would be expired already", "Use a later `expiresAt`."
    )
    POST_ONLY = Kind(
        "ORDER_011",
        400,
        "A post-only order would take",
        "Use a price that does not meet the other side, or leave `postOnly` out.",
    )
    TOO_MANY = Kind("ORDER_012", 400, "Too many open orders", "Cancel some first.")
    ACCOUNT = Kind("ORDER_013", 403, "The account may not trade", "Ask support.")
    TRIGGER = Kind("ORDER_014", 400, "The trigger is not acceptable", "`reason` says why.")
    ICEBERG = Kind("ORDER_015", 400, "The displayed part is not acceptable", "`reason` says why.")
    AMEND = Kind("ORDER_016", 400, "The order cannot be changed so", "`reason` says why.")
    RESTRICTED = Kind(
        "ORDER_017",
        400,
        "The order is not in the state that you restricted to",
        "Look at the order and decide again.",
    )
    ASSET_DISABLED = Kind(
        "ORDER_018", 409, "An asset of this market is switched off", "Try again later."
    )
    EXPIRED = Kind(
        "ORDER_019",
        400,
        "The request arrived after its validUntil",
        "Nothing was done; send it again with a later `validUntil`.",
    )
    FIELD = Kind("ORDER_020", 400, "A field is out of its range", "`detail` names it.")
    LIST_UNKNOWN = Kind(
        "ORDER_021",
        404,
        "There is no such order list",
        "Check the id; it must be your own list's.",
    )
    OPERATOR = Kind(
        "CONFIG_001",
        409,
        "The house's configuration does not allow this",
        "`reason` says why; nothing changed.",
    )
    ENGINE = Kind(
        "TRADE_001",
        500,
        "The matching engine put this command aside",
        "Nothing was done. Report the `traceId`; do not repeat the command.",
    )
    REQUEST_LIMIT = Kind(
        "LIMIT_001", 429, "Too many requests", "Wait as long as `Retry-After` says."
    )
    ORDER_LIMIT = Kind("LIMIT_002", 429, "Too many orders", "Wait as long as `Retry-After` says.")
    REGISTER_LIMIT = Kind(
        "LIMIT_003", 429, "Too many registrations", "Wait as long as `Retry-After` says."
    )
    IN_FLIGHT = Kind(
        "LIMIT_004",
        429,
        "Too many requests in flight",
        "Nothing was done. Wait for replies before you send more on this connection.",
    )
    ROUTE = Kind(
        "ROUTE_001", 404, "There is nothing at this path", "`GET /schema` lists all paths."
    )
    METHOD = Kind(
        "ROUTE_002", 405, "The path does not take this method", "`Allow` lists the methods."
    )
    CORE_AWAY = Kind(
        "SYSTEM_001",
        503,
        "The core is away",
        "Nothing was done. Try again; the core comes back by itself within seconds.",
    )
    OUTCOME_UNKNOWN = Kind(
        "SYSTEM_002",
        504,
        "The outcome is not known",
        "The command may or may not be done. Send the very same body with the same "
        "`clientOrderId` again, or look it up by it; without one, list your open orders.",
    )
    OVERLOADED = Kind(
        "SYSTEM_003", 503, "The house is overloaded", "Nothing was done. Try again a little later."
    )
    PROJECTION_BEHIND = Kind(
        "SYSTEM_004",
        503,
        "The read model has not reached minSeq yet",
        "Try again a little later; nothing is wrong with the order.",
    )
    DATABASE_AWAY = Kind(
        "SYSTEM_005", 503, "The database is away", "Try again; it comes back by itself."
    )
    CATCHING_UP = Kind(
        "SYSTEM_006", 503, "The core is catching up", "Nothing was done. Try again in a moment."
    )
    FAULT = Kind(
        "SYSTEM_007",
        500,
        "Something went wrong here",
        "Report the `traceId`. If you sent an order, look it up before you repeat it.",
    )

    @property
    def code(self) -> str:
        """The permanent code, such as ORDER_002."""
        return self.value.code

    @property
    def status(self) -> int:
        """The HTTP status."""
        return self.value.status


class FieldError(Struct, frozen=True):
    """What is wrong with one field: its name, the rule it broke, the way out."""

    field: str
    rule: str
    message: str


class ProblemDocument(Struct, frozen=True, rename="camel", omit_defaults=True):
    """A problem document (RFC 9457) as it is sent; `reason` is the core's name of a refusal."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    reason: str | None = None
    trace_id: str | None = None
    errors: tuple[FieldError, ...] | None = None


class Refusal(Exception):
    """A request is answered with a problem; raised anywhere in a handler, rendered in one place."""

    def __init__(
        self,
        problem: Problem,
        detail: str = "",
        *,
        reason: str | None = None,
        errors: Sequence[FieldError] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(f"{problem.code} {detail}")
        self.problem = problem
        self.detail = detail or f"{problem.value.title}. {problem.value.advice}"
        self.reason = reason
        self.errors = tuple(errors)
        self.headers = dict(headers or {})

    def put_inside(self, path: str) -> None:
        """Say that the fields at fault stand inside a part of the body."""
        self.errors = tuple(
            FieldError(f"{path}.{one.field}", one.rule, one.message) for one in self.errors
        )

    def document(self, trace_id: str | None = None) -> ProblemDocument:
        """Return the problem document; without a trace id inside a batch's results."""
        kind = self.problem.value
        return ProblemDocument(
            type=f"/docs#{kind.code}",
            title=kind.title,
            status=kind.status,
            detail=self.detail,
            code=kind.code,
            reason=self.reason,
            trace_id=trace_id,
            errors=self.errors or None,
        )


@contextmanager
def inside(path: str) -> Iterator[None]:
    """Let refusals from within name their fields by where they stand in the body."""
    try:
        yield
    except Refusal as refusal:
        refusal.put_inside(path)
        raise


def field_refusal(problem: Problem, field: str, rule: str, message: str) -> Refusal:
    """Return the refusal of one field; the message is the detail too."""
    return Refusal(problem, message, errors=(FieldError(field, rule, message),))


def bad_cursor() -> Refusal:
    """Return the refusal of a page's cursor that no page gave."""
    return field_refusal(
        Problem.MALFORMED,
        "cursor",
        "cursor",
        "cursor is not one of ours: send the nextCursor of the page before, as it was",
    )
