"""What the API takes, as types. Fields that are not here are refused, absent is not null.

Amounts are strings here; `order_terms` checks them against the market's grid.
"""

from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

OPERATIONS_MAX = 100  # LAW L2.1.
INTEGER_MAX = 2**53 - 1  # What every reader of JSON keeps exactly.

Number = Annotated[
    str, Meta(description="A decimal string, never a JSON number.", examples=["0.0150"])
]
Time = Annotated[str, Meta(description="RFC 3339.", examples=["2026-01-31T12:00:00Z"])]
SymbolIn = Annotated[str, Meta(description="A market's symbol.", examples=["BTCUSDT"])]
SideIn = Literal["buy", "sell", "BUY", "SELL"]
TypeIn = Literal[
    "limit",
    "market",
    "limit_maker",
    "iceberg",
    "stop",
    "stop_limit",
    "take_profit",
    "take_profit_limit",
    "trailing_stop",
    "LIMIT",
    "MARKET",
    "LIMIT_MAKER",
    "ICEBERG",
    "STOP",
    "STOP_LIMIT",
    "TAKE_PROFIT",
    "TAKE_PROFIT_LIMIT",
    "TRAILING_STOP",
]
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
OldClientOrderId = Annotated[
    str, Meta(description="The client order id of an open order.", examples=["my-1"])
]
NewClientOrderId = Annotated[
    str,
    Meta(
        description="A new client order id; the order can be found by the old one too.",
        examples=["my-2"],
    ),
]
NewQuantity = Annotated[
    str,
    Meta(
        description="The whole quantity from now on, with what is filled; less of it at the same "
        "price keeps the order's place in the queue.",
        examples=["0.0100"],
    ),
]
TriggerPrice = Annotated[
    str,
    Meta(
        description="The last price at which the order wakes; of a trailing order that at which "
        "it begins to trail.",
        examples=["48000.00"],
    ),
]
TrailingBips = Annotated[
    int,
    Meta(
        ge=1,
        le=INTEGER_MAX,
        description="How far the trigger stays from the best price so far, in hundredths of a "
        "percent: 150 is 1.5 %.",
        examples=[150],
    ),
]
DisplayQuantity = Annotated[
    str,
    Meta(description="How much of the order the book shows at a time.", examples=["0.0010"]),
]
OnlyIn = Annotated[
    Literal["any", "new", "partially_filled", "ANY", "NEW", "PARTIALLY_FILLED"],
    Meta(description="Cancel only if nothing (`new`) or something is filled; default `any`."),
]
ListKindIn = Literal["oco", "oto", "otoco", "OCO", "OTO", "OTOCO"]
ListClientOrderId = Annotated[
    str,
    Meta(
        description="Yours to choose, at most 36 bytes, of the same names as `clientOrderId`; the "
        "same id with the same body is the same list.",
        examples=["my-list-1"],
    ),
]
ReplaceModeIn = Annotated[
    Literal["stop_on_failure", "allow_failure", "STOP_ON_FAILURE", "ALLOW_FAILURE"],
    Meta(
        description="Whether the new order is placed where the old one cannot be canceled; "
        "default `stop_on_failure`: it is not."
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


class LegFields(Body, frozen=True, kw_only=True):
    """What an order asks for, apart from its market: so it stands in an order list."""

    side: SideIn
    type: TypeIn
    quantity: Number | UnsetType = UNSET
    quote_quantity: Number | UnsetType = UNSET
    price: Number | UnsetType = UNSET
    trigger_price: TriggerPrice | UnsetType = UNSET
    trailing_bips: TrailingBips | UnsetType = UNSET
    display_quantity: DisplayQuantity | UnsetType = UNSET
    time_in_force: TimeInForceIn | UnsetType = UNSET
    post_only: bool | UnsetType = UNSET
    client_order_id: ClientOrderId | UnsetType = UNSET
    self_trade_prevention: (
        Annotated[PreventionIn, Meta(description="Left out: what your account's settings say.")]
        | UnsetType
    ) = UNSET
    expires_at: Time | UnsetType = UNSET


class OrderFields(LegFields, frozen=True, kw_only=True):
    """An order to be placed."""

    symbol: SymbolIn


class PlaceOrderBody(OrderFields, frozen=True, kw_only=True):
    """An order to be placed, and until when."""

    valid_until: ValidUntil | UnsetType = UNSET


class AmendFields(Body, frozen=True):
    """What an open order shall have from now on; what is left out stays."""

    quantity: NewQuantity | UnsetType = UNSET
    price: Number | UnsetType = UNSET
    new_client_order_id: NewClientOrderId | UnsetType = UNSET


class AmendOrderBody(AmendFields, frozen=True):
    """A change of an open order, and until when."""

    valid_until: ValidUntil | UnsetType = UNSET


class ReplaceFields(Body, frozen=True):
    """An order to be canceled, by `id` or `clientOrderId`, and the one to be placed instead."""

    order: OrderFields
    id: str | UnsetType = UNSET
    client_order_id: OldClientOrderId | UnsetType = UNSET
    mode: ReplaceModeIn | UnsetType = UNSET
    only: OnlyIn | UnsetType = UNSET


class ReplaceOrderBody(ReplaceFields, frozen=True):
    """A replacement, and until when."""

    valid_until: ValidUntil | UnsetType = UNSET


class ListFields(Body, frozen=True):
    """Orders that depend on each other, on one market: two or three legs (LAW §10)."""

    symbol: SymbolIn
    kind: ListKindIn
    legs: Annotated[
        tuple[LegFields, ...],
        Meta(
            min_length=2,
            max_length=3,
            description="oco: a limit_maker or take-profit, then a stop. oto: a limit, then what "
            "goes to work when it is filled. otoco: a limit, then an oco pair.",
        ),
    ]
    list_client_order_id: ListClientOrderId | UnsetType = UNSET


class PlaceListBody(ListFields, frozen=True):
    """An order list to be placed, and until when."""

    valid_until: ValidUntil | UnsetType = UNSET


class CancelTimerBody(Body, frozen=True):
    """A dead man's switch: all orders, of one market or of all, end unless it is set again."""

    timeout_ms: Annotated[
        int,
        Meta(
            ge=0,
            le=INTEGER_MAX,
            description="Milliseconds from now, 1000 to 86400000; 0 removes the timer.",
            examples=[60000],
        ),
    ]
    symbol: Annotated[str, Meta(description="Only this market's orders.")] | UnsetType = UNSET
    valid_until: ValidUntil | UnsetType = UNSET


class AccountSettingsBody(Body, frozen=True):
    """What an account goes by where an order does not say."""

    self_trade_prevention: Annotated[
        PreventionIn,
        Meta(
            description="What happens when an order that names no mode meets one of your own.",
            examples=["decrement"],
        ),
    ]


class PlaceOperation(OrderFields, frozen=True, kw_only=True, tag="place", tag_field="op"):
    """Place an order."""


class CancelOperation(Body, frozen=True, tag="cancel", tag_field="op"):
    """Cancel an order by its id or by its client order id."""

    id: str | UnsetType = UNSET
    client_order_id: OldClientOrderId | UnsetType = UNSET
    only: OnlyIn | UnsetType = UNSET


class CancelAllOperation(Body, frozen=True, tag="cancel_all", tag_field="op"):
    """Cancel all orders, of one market or of all."""

    symbol: SymbolIn | UnsetType = UNSET


class AmendOperation(AmendFields, frozen=True, tag="amend", tag_field="op"):
    """Change an open order, by its id or by its client order id."""

    id: str | UnsetType = UNSET
    client_order_id: OldClientOrderId | UnsetType = UNSET


class ReplaceOperation(ReplaceFields, frozen=True, tag="replace", tag_field="op"):
    """Cancel one order and place another, in one."""


class PlaceListOperation(ListFields, frozen=True, tag="place_list", tag_field="op"):
    """Place an order list."""


Operation = (
    PlaceOperation
    | CancelOperation
    | CancelAllOperation
    | AmendOperation
    | ReplaceOperation
    | PlaceListOperation
)


class BatchBody(Body, frozen=True):
    """Up to 100 operations, done in this order, side by side; each has its own result."""

    operations: Annotated[tuple[Operation, ...], Meta(min_length=1, max_length=OPERATIONS_MAX)]
    valid_until: ValidUntil | UnsetType = UNSET


class RegisterBody(Body, frozen=True):
    """A new user."""

    email: Annotated[str, Meta(max_length=320, examples=["ada@example.com"])]
    password: Annotated[str, Meta(max_length=1024, description="10 to 256 characters.")]


class LoginBody(Body, frozen=True):
    """Credentials."""

    email: Annotated[str, Meta(max_length=320, examples=["ada@example.com"])]
    password: Annotated[str, Meta(max_length=1024)]
