"""What the API sends, as types: OpenAPI, encoding and tests read the same ones.

Amounts are decimal strings, ids strings, times RFC 3339; a field that says nothing is left out.
"""

from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

Amount = Annotated[str, Meta(description="A decimal string, exact.", examples=["0.0150"])]
Identifier = Annotated[str, Meta(description="An id; ids grow with time.", examples=["6400"])]
Moment = Annotated[str, Meta(description="RFC 3339, UTC.", examples=["2026-01-31T12:00:00.000Z"])]
Symbol = Annotated[str, Meta(description="A market's symbol.", examples=["BTCUSDT"])]
AssetCode = Annotated[str, Meta(description="An asset's code.", examples=["USDT"])]
SeqNumber = Annotated[
    int,
    Meta(description="The place in the house's order of all commands; use it as `minSeq`."),
]
SideWord = Literal["buy", "sell"]
RoleWord = Literal["maker", "taker"]
StatusWord = Literal[
    "new", "partially_filled", "filled", "canceled", "rejected", "expired", "pending_trigger"
]
TypeWord = Literal[
    "limit",
    "market",
    "limit_maker",
    "iceberg",
    "stop",
    "stop_limit",
    "take_profit",
    "take_profit_limit",
    "trailing_stop",
]
PreventionWord = Literal[
    "default", "none", "expire_taker", "expire_maker", "expire_both", "decrement"
]
TimeInForceWord = Literal["GTC", "IOC", "FOK", "GTD"]
MarketStatusWord = Literal["pre_open", "trading", "post_only", "cancel_only", "halted", "closed"]


class Document(Struct, rename="camel", frozen=True):
    """What all documents share: camelCase names, immutable."""


class FillDocument(Document, frozen=True):
    """One order's share of a trade."""

    trade_id: Identifier
    order_id: Identifier
    symbol: Symbol
    side: SideWord
    price: Amount
    quantity: Amount
    quote_quantity: Amount
    fee: Annotated[str, Meta(description="What it cost; a negative fee is a rebate.")]
    fee_asset: AssetCode
    role: RoleWord
    time: Moment


class OrderDocument(Document, frozen=True):
    """An order with what became of it; `fills` in the reply to placing it and in single reads."""

    id: Identifier
    client_order_id: Annotated[str, Meta(description="Yours, or empty.", examples=["my-1"])]
    symbol: Symbol
    side: SideWord
    type: TypeWord
    time_in_force: TimeInForceWord
    price: Annotated[str | None, Meta(description="null for a market order")]
    quantity: Annotated[str | None, Meta(description="null for an order by quote amount")]
    filled_quantity: Amount
    status: StatusWord
    post_only: bool
    self_trade_prevention: Annotated[
        PreventionWord,
        Meta(
            description="As the order named it; `default` where it named none and went by its "
            "account's settings of the moment."
        ),
    ]
    created_at: Moment
    updated_at: Moment
    seq: SeqNumber
    quote_quantity: Amount | UnsetType = UNSET
    average_price: Amount | UnsetType = UNSET
    reason: Annotated[str, Meta(description="Why it ended.", examples=["user"])] | UnsetType = UNSET
    expires_at: Moment | UnsetType = UNSET
    trigger_price: Amount | UnsetType = UNSET
    trailing_bips: int | UnsetType = UNSET
    display_quantity: Amount | UnsetType = UNSET
    visible_quantity: (
        Annotated[
            str,
            Meta(
                description="What the book shows of an open iceberg now; 0 while it waits.",
                examples=["0.0005"],
            ),
        ]
        | UnsetType
    ) = UNSET
    list_id: Annotated[str, Meta(description="The order list it is a leg of.")] | UnsetType = UNSET
    rejection: (
        Annotated[
            str,
            Meta(
                description="The core's name of the refusal, where a leg was rejected when its "
                "turn came.",
                examples=["AVAILABLE_TOO_LOW"],
            ),
        ]
        | UnsetType
    ) = UNSET
    kept_priority: (
        Annotated[
            bool,
            Meta(description="In the reply to an amend: whether it kept its place in the queue."),
        ]
        | UnsetType
    ) = UNSET
    fills: tuple[FillDocument, ...] | UnsetType = UNSET


class OrderPage(Document, frozen=True):
    """A page of orders, newest first; `nextCursor` is null on the last page."""

    orders: tuple[OrderDocument, ...]
    next_cursor: str | None
    seq: SeqNumber


class CanceledOrders(Document, frozen=True):
    """The ids of the orders that ended."""

    canceled: tuple[Identifier, ...]
    seq: SeqNumber


class BalanceDocument(Document, frozen=True):
    """What an account has of an asset; total = available + hold."""

    asset: AssetCode
    available: Amount
    hold: Annotated[str, Meta(description="Kept by open orders and pending withdrawals.")]
    total: Amount


class AssetBalance(BalanceDocument, frozen=True):
    """One asset's balance at one seq."""

    seq: SeqNumber


class BalanceList(Document, frozen=True):
    """All balances at one seq, exactly as the core has them."""

    seq: SeqNumber
    balances: tuple[BalanceDocument, ...]


class LedgerLineDocument(Document, frozen=True):
    """One change of a balance with its cause."""

    id: Identifier
    seq: SeqNumber
    time: Moment
    asset: AssetCode
    kind: Annotated[str, Meta(description="trade, deposit, internal, withdrawal, …")]
    amount: Annotated[str, Meta(description="What came; negative: what went.")]
    balance: Annotated[str, Meta(description="What there was after it.")]
    fee: Annotated[str, Meta(description="The part of `amount` that was paid as a fee.")]
    symbol: Symbol | UnsetType = UNSET
    order_id: Identifier | UnsetType = UNSET
    trade_id: Identifier | UnsetType = UNSET
    transfer_id: Identifier | UnsetType = UNSET


class LedgerPage(Document, frozen=True):
    """A page of ledger lines, newest first."""

    lines: tuple[LedgerLineDocument, ...]
    next_cursor: str | None
    seq: SeqNumber


class FillPage(Document, frozen=True):
    """A page of one's own fills, newest first."""

    fills: tuple[FillDocument, ...]
    next_cursor: str | None
    seq: SeqNumber


class TradeDocument(Document, frozen=True):
    """A public trade; `side` is the taker's."""

    id: Identifier
    symbol: Symbol
    price: Amount
    quantity: Amount
    quote_quantity: Amount
    side: SideWord
    time: Moment


class TradePage(Document, frozen=True):
    """A page of a market's trades, newest first; `nextCursor` goes into `before`."""

    trades: tuple[TradeDocument, ...]
    next_cursor: str | None


class OrderBookDocument(Document, frozen=True):
    """The best levels of a book, best first: [price, quantity] each."""

    symbol: Symbol
    sequence: Annotated[int, Meta(description="The seq of the last change of this book.")]
    timestamp: Annotated[int, Meta(description="Milliseconds since 1970, UTC.")]
    bids: tuple[tuple[str, str], ...]
    asks: tuple[tuple[str, str], ...]


class AssetDocument(Document, frozen=True):
    """An asset; `scale` decimals are kept, `displayScale` are shown."""

    code: AssetCode
    name: str
    kind: Annotated[str, Meta(examples=["crypto", "fiat"])]
    category: str
    scale: int
    display_scale: int
    enabled: bool


class AssetList(Document, frozen=True):
    """All assets."""

    assets: tuple[AssetDocument, ...]


class MarketDocument(Document, frozen=True):
    """A market with its grid, limits and fees; fees are fractions, 0.001 is 0.1 %."""

    symbol: Symbol
    name: Annotated[str, Meta(examples=["BTC-USDT"])]
    base: AssetCode
    quote: AssetCode
    status: MarketStatusWord
    tick_size: Amount
    lot_size: Amount
    price_scale: Annotated[int, Meta(description="Decimals of a price.")]
    quantity_scale: Annotated[int, Meta(description="Decimals of a quantity.")]
    quote_scale: Annotated[int, Meta(description="Decimals of an amount of the quote.")]
    min_quantity: Amount
    max_quantity: Amount
    max_price: Amount
    min_notional: Amount
    max_notional: Amount
    price_band: Annotated[str, Meta(description="Allowed distance from the last price; 0 is off.")]
    max_open_orders: int
    max_stop_orders: Annotated[int, Meta(description="Open orders with a trigger.")]
    max_icebergs: int
    max_iceberg_parts: Annotated[int, Meta(description="`quantity` in parts of the displayed one.")]
    max_order_lists: int
    max_amends: Annotated[int, Meta(description="Of one order.")]
    min_trailing_bips: int
    max_trailing_bips: int
    maker_fee: Amount
    taker_fee: Amount
    algorithm: Literal["fifo", "pro_rata"]


class MarketList(Document, frozen=True):
    """All markets."""

    markets: tuple[MarketDocument, ...]


class TickerDocument(Document, frozen=True):
    """The last 24 hours of a market; prices are null where nothing traded."""

    symbol: Symbol
    open: str | None
    high: str | None
    low: str | None
    last: str | None
    change: Annotated[str | None, Meta(description="last − open.")]
    change_percent: Annotated[str | None, Meta(description="In percent, two decimals.")]
    volume: Annotated[str, Meta(description="Of the base.")]
    quote_volume: Annotated[str, Meta(description="Of the quote.")]
    trades: int


class TickerList(Document, frozen=True):
    """One ticker a market."""

    tickers: tuple[TickerDocument, ...]


class CandleDocument(Document, frozen=True):
    """A candle; `openTime` in milliseconds since 1970, UTC."""

    open_time: int
    open: Amount
    high: Amount
    low: Amount
    close: Amount
    volume: Amount
    quote_volume: Amount
    trades: int


class CandleList(Document, frozen=True):
    """Candles, oldest first; intervals without a trade have none."""

    symbol: Symbol
    interval: str
    candles: tuple[CandleDocument, ...]


class UserDocument(Document, frozen=True):
    """A user."""

    user_id: Identifier
    account_id: Identifier
    email: str
    created_at: Moment


class ProfileDocument(UserDocument, frozen=True):
    """The caller's own user."""

    role: Literal["USER", "SUPPORT", "COMPLIANCE", "TREASURER", "ADMIN"]
    tier: Literal["free", "basic", "pro", "vip"]


class SessionDocument(Document, frozen=True):
    """An access token and how long it lives, in seconds."""

    access_token: str
    token_type: Literal["Bearer"]
    expires_in: int
    user_id: Identifier
    account_id: Identifier


class JwkDocument(Struct, frozen=True):
    """A public key (RFC 7517)."""

    kty: str
    use: str
    alg: str
    kid: str
    n: str
    e: str


class JwksDocument(Struct, frozen=True):
    """The public keys that verify access tokens."""

    keys: tuple[JwkDocument, ...]


class ProjectorHealth(Document, frozen=True):
    """How far the read models are."""

    seq: int
    lag: int


class HealthDocument(Document, frozen=True):
    """How the house is: `status` is ok, or degraded where a part is away."""

    status: Literal["ok", "degraded"]
    uptime_s: int
    database: Literal["up", "down"]
    core: Literal["up", "down"]
    catalogue: Literal["up", "down"]
    projector: ProjectorHealth | None


class ReadyDocument(Document, frozen=True):
    """Whether this gateway can take orders."""

    ready: bool


class TicketDocument(Document, frozen=True):
    """A ticket for `/ws/orders?ticket=…`."""

    ticket: Annotated[str, Meta(description="Good once.")]
    expires_in: Annotated[int, Meta(description="Seconds.", examples=[30])]
