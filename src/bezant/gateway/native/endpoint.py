"""What every endpoint is made of: strict bodies, the problems it documents, waiting for a seq.

Endpoints have the same order of parts: decode (Litestar and `strict`), authorize, ask, render.
"""

from collections import defaultdict
from typing import Annotated, Any, Final

from litestar import Request
from litestar.dto import AbstractDTO
from litestar.openapi import ResponseSpec
from litestar.openapi.spec import Example
from litestar.params import QueryParameter

from bezant.gateway.house import House
from bezant.gateway.native.problems import (
    MEDIA_TYPE,
    Problem,
    ProblemDocument,
    Refusal,
)
from bezant.gateway.strict_json import decode_body
from bezant.queries.cursor import projected_seq, wait_for_seq

NativeRequest = Request[Any, Any, Any]

BODY_SIZE_MAX: Final = 131_072  # Decoding never holds up the loop for long.
BATCH_SIZE_MAX: Final = 262_144
MIN_SEQ_WAIT_S: Final = 1.0
PAGE_SIZE: Final = 100
IS_OPEN: Final = {"open": True, "closed": False, "all": None}  # A `status` as queries take it.

# The parameters that reads share.
Symbol = Annotated[str | None, QueryParameter(description="Only of this market.")]
Limit = Annotated[int, QueryParameter(ge=1, le=1000, description="How many at most, 1 to 1000.")]
Cursor = Annotated[str | None, QueryParameter(description="`nextCursor` of the page before.")]
MinSeq = Annotated[
    int | None,
    QueryParameter(
        name="minSeq",
        ge=0,
        description="Answer only from read models that hold this seq; waits up to 1 s for it.",
    ),
]

SIGNED_IN: Final = [{"accessToken": list[str]()}]  # For OpenAPI; `access` is what checks.
_HOUSE: Final = "house"
_JSON: Final = "application/json"


def house_of(request: NativeRequest) -> House:
    """Return what the endpoint may use."""
    house: House = getattr(request.app.state, _HOUSE)
    return house


def strict(model: type[Any], size_max: int = BODY_SIZE_MAX) -> type[AbstractDTO[Any]]:
    """Return the decoder of a body that must be exactly a `model`, of at most `size_max` bytes."""

    class StrictBody(AbstractDTO[Any]):
        def decode_bytes(self, value: bytes) -> Any:
            check_media_type(self.asgi_connection)
            if len(value) > size_max:
                raise Refusal(Problem.TOO_LARGE)
            return decode_body(model, value)

        @classmethod
        def create_for_field_definition(cls, *_: Any, **__: Any) -> None:
            """There is nothing to make: the decoder is msgspec's own."""

        @classmethod
        def create_openapi_schema(
            cls, field_definition: Any, handler_id: str, schema_creator: Any
        ) -> Any:
            del handler_id
            return schema_creator.for_field_definition(field_definition)

        @classmethod
        def generate_field_definitions(cls, model_type: type[Any]) -> Any:
            del model_type
            return iter(())

        @classmethod
        def detect_nested_field(cls, field_definition: Any) -> bool:
            del field_definition
            return False

        @classmethod
        def is_supported_model_type_field(cls, field_definition: Any) -> bool:
            del field_definition
            return True

    return StrictBody


def check_media_type(connection: Any) -> None:
    """Stop a body that is not plain JSON. Raises Refusal (VALIDATION_002)."""
    media_type = connection.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != _JSON:
        raise Refusal(Problem.MEDIA_TYPE)


def problems(*kinds: Problem) -> dict[int, ResponseSpec]:
    """Return the documentation of the problems that an endpoint answers with, by status."""
    by_status: dict[int, list[Problem]] = defaultdict(list)
    for kind in dict.fromkeys((*kinds, Problem.FAULT)):
        by_status[kind.status].append(kind)
    return {
        status: ResponseSpec(
            ProblemDocument,
            generate_examples=False,
            media_type=MEDIA_TYPE,
            description="; ".join(f"{kind.code}: {kind.value.title}" for kind in group),
            examples=[
                Example(id=kind.code, summary=kind.value.title, value=_example(kind))
                for kind in group
            ],
        )
        for status, group in sorted(by_status.items())
    }


async def catch_up(house: House, min_seq: int | None) -> int:
    """Wait for the read models to hold `min_seq`; return how far they are.

    Raises Refusal (SYSTEM_004) if they do not within a second.
    """
    if min_seq and not await wait_for_seq(house.pool, min_seq, MIN_SEQ_WAIT_S):
        raise Refusal(Problem.PROJECTION_BEHIND, headers={"Retry-After": "1"})
    return await projected_seq(house.pool)


def _example(kind: Problem) -> dict[str, Any]:
    row = kind.value
    return {
        "type": f"/docs#{row.code}",
        "title": row.title,
        "status": row.status,
        "detail": f"{row.title}. {row.advice}",
        "code": row.code,
        "traceId": "6b1f0c2a9d3e4f5a6b7c8d9e",
    }


PRIVATE: Final = (Problem.TOKEN, Problem.ROLE, Problem.REQUEST_LIMIT)
TRADE: Final = (
    Problem.TOKEN,
    Problem.ROLE,
    Problem.ORDER_LIMIT,
    Problem.CORE_AWAY,
    Problem.OUTCOME_UNKNOWN,
    Problem.OVERLOADED,
    Problem.CATCHING_UP,
    Problem.ENGINE,
)
ORDER: Final = (
    Problem.MALFORMED,
    Problem.MEDIA_TYPE,
    Problem.TOO_LARGE,
    Problem.MARKET,
    Problem.PRICE,
    Problem.QUANTITY,
    Problem.NOTIONAL,
    Problem.MARKET_STATUS,
    Problem.CLIENT_ID,
    Problem.COMBINATION,
    Problem.EXPIRY,
    Problem.POST_ONLY,
    Problem.TOO_MANY,
    Problem.ACCOUNT,
    Problem.ASSET_DISABLED,
    Problem.INSUFFICIENT,
    Problem.EXPIRED,
    Problem.FIELD,
    Problem.TRIGGER,
    Problem.ICEBERG,
)
CANCEL: Final = (
    Problem.MALFORMED,
    Problem.ORDER_UNKNOWN,
    Problem.ORDER_DONE,
    Problem.MARKET_STATUS,
    Problem.RESTRICTED,
)
READ: Final = (Problem.MALFORMED, Problem.PROJECTION_BEHIND, Problem.DATABASE_AWAY)
