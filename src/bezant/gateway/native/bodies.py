"""What the API takes, as types. Fields that are not here are refused, absent is not null.

Amounts are strings here; `order_terms` checks them against the market's grid.
"""

from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

OPERATIONS_MAX = 100  # LAW L2.1.

Number = Annotated[
    str, Meta(description="A decimal string, never a JSON number.", examples=["0.0150"])
]
Time = Annotated[str, Meta(description="RFC 3339.", examples=["2026-01-31T12:00:00Z"])]
SymbolIn = Annotated[str, Meta(description="A market's symbol.", examples=["BTCUSDT"])]
SideIn = Literal["buy", "sell", "BUY", "SELL"]
TypeIn = Literal["limit", "market", "limit_maker", "LIMIT", "MARKET", "LIMIT_MAKER"]
TimeInForceIn = Literal["GTC", "IOC", "FOK", "GTD", "gtc", "ioc", "fok", "gtd"]
PreventionIn = Literal[
    "none",
    "expire_taker",
    "expire_maker",
    "expire_both",
    "decrement",
    "NONE",
    "EXPIRE_TAKER",
    "EXPIRE_MAKER",
    "EXPIRE_BOTH",
    "DECREMENT",
]
ClientOrderId = Annotated[
    str,
    Meta(
        description="Yours to choose, at most 36 bytes; the same id with the same body is the "
        "same order, for 24 hours and as long as it is open.",
        examples=["my-1"],
    ),
]
ValidUntil = Annotated[
    str,
    Meta(
        description="RFC 3339; after it the request is refused before anything is done.",
        examples=["2026-01-31T12:00:00.500Z"],
    ),
]


class Body(Struct, rename="camel", forbid_unknown_fields=True, frozen=True):
    """What all bodies share."""


class OrderFields(Body, frozen=True):
    """An order to be placed."""

    symbol: SymbolIn
    side: SideIn
    type: TypeIn
    quantity: Number | UnsetType = UNSET
    quote_quantity: Number | UnsetType = UNSET
    price: Number | UnsetType = UNSET
    time_in_force: TimeInForceIn | UnsetType = UNSET
    post_only: bool | UnsetType = UNSET
    client_order_id: ClientOrderId | UnsetType = UNSET
    self_trade_prevention: PreventionIn | UnsetType = UNSET
    expires_at: Time | UnsetType = UNSET


class PlaceOrderBody(OrderFields, frozen=True):
    """An order to be placed, and until when."""

    valid_until: ValidUntil | UnsetType = UNSET


class PlaceOperation(OrderFields, frozen=True, tag="place", tag_field="op"):
    """Place an order."""


class CancelOperation(Body, frozen=True, tag="cancel", tag_field="op"):
    """Cancel an order by its id or by its client order id."""

    id: str | UnsetType = UNSET
    client_order_id: ClientOrderId | UnsetType = UNSET


class BatchBody(Body, frozen=True):
    """Up to 100 operations, done in this order, side by side; each has its own result."""

    operations: Annotated[
        tuple[PlaceOperation | CancelOperation, ...], Meta(min_length=1, max_length=OPERATIONS_MAX)
    ]
    valid_until: ValidUntil | UnsetType = UNSET


class RegisterBody(Body, frozen=True):
    """A new user."""

    email: Annotated[str, Meta(max_length=320, examples=["ada@example.com"])]
    password: Annotated[str, Meta(max_length=1024, description="10 to 256 characters.")]


class LoginBody(Body, frozen=True):
    """Credentials."""

    email: Annotated[str, Meta(max_length=320, examples=["ada@example.com"])]
    password: Annotated[str, Meta(max_length=1024)]
