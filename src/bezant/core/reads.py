"""Exact reads of the core (`Engine.query`): the questions and the answers as messages.

Asked between batches and answered at one seq. Lists are paged; a page has at most PAGE_MAX rows.
"""

from typing import Final

from bezant.core.commands import ClientId, MarketParameters, Message, OrderTerms
from bezant.core.ids import (
    I64,
    U8,
    U32,
    WireAccountId,
    WireAssetId,
    WireListId,
    WireMarketId,
    WireNumber,
    WireOrderId,
    WireSeq,
    WireSource,
)
from bezant.core.units import WireLots, WireTicks, WireUnits

PAGE_MAX: Final = 1_000


class ReadCatalogue(Message, frozen=True, tag=1):
    """All assets and markets with what the core owns of them."""


class ReadAccount(Message, frozen=True, tag=2):
    """One account's settings and balances (house accounts too)."""

    account: WireAccountId


class ReadOpenOrders(Message, frozen=True, tag=3):
    """Open orders by id, above `after`; account or market 0 means any."""

    account: WireAccountId
    market: WireMarketId
    after: WireOrderId
    limit: U32


class ReadOrder(Message, frozen=True, tag=4):
    """One order of an account, by id or (id 0) by client id while that is remembered."""

    account: WireAccountId
    order_id: WireOrderId
    client_id: ClientId


class ReadBook(Message, frozen=True, tag=5):
    """The best `depth` levels a side of a market, visible lots only (L9.1)."""

    market: WireMarketId
    depth: U32


class ReadMarks(Message, frozen=True, tag=6):
    """The high-water mark of each source (L3.3)."""


class ReadDigest(Message, frozen=True, tag=7):
    """The state digest now (L15.3); costs a pass over the whole state."""


Read = ReadCatalogue | ReadAccount | ReadOpenOrders | ReadOrder | ReadBook | ReadMarks | ReadDigest


class AssetView(Message, frozen=True):
    """An asset as the core has it."""

    asset: WireAssetId
    scale: I64
    issued_max: WireUnits
    enabled: bool


class FeeView(Message, frozen=True):
    """Rates of one tier in parts per million."""

    tier: I64
    maker: I64
    taker: I64


class MarketView(Message, frozen=True):
    """A market as the core has it; `last` and `reference` are 0 where there is none."""

    market: WireMarketId
    base: WireAssetId
    quote: WireAssetId
    lot_units: WireUnits
    tick_num: I64
    tick_scale: I64
    tick_lot_units: WireUnits
    parameters: MarketParameters
    status: U8
    last: WireTicks
    reference: WireTicks
    trade_no: I64
    sequence: WireSeq
    fees: tuple[FeeView, ...]


class BalanceView(Message, frozen=True):
    """Available and hold of one asset; a house account has all in `available`."""

    asset: WireAssetId
    available: I64
    hold: I64


class OrderView(Message, frozen=True):
    """An open order; `order` has its present quantity and price. State is `words.AcceptedState`."""

    order_id: WireOrderId
    account: WireAccountId
    market: WireMarketId
    order: OrderTerms
    state: U8
    filled: WireLots
    prevented: WireLots
    visible: WireLots
    hold: WireUnits
    list_id: WireListId


class LevelView(Message, frozen=True):
    """One price of a book."""

    price: WireTicks
    visible: WireLots
    orders: U32


class MarkView(Message, frozen=True):
    """How far a source has come."""

    source: WireSource
    number: WireNumber


class Catalogue(Message, frozen=True, tag=1):
    """Answers ReadCatalogue."""

    seq: WireSeq
    ts_ns: I64
    rules: U32
    assets: tuple[AssetView, ...]
    markets: tuple[MarketView, ...]


class Account(Message, frozen=True, tag=2):
    """Answers ReadAccount; `is_known` is false for an account that was never opened."""

    seq: WireSeq
    account: WireAccountId
    is_known: bool
    is_closed: bool
    trade_group: U32
    stp: U8
    orders_frozen: bool
    withdrawals_frozen: bool
    tier: I64
    balances: tuple[BalanceView, ...]


class OpenOrders(Message, frozen=True, tag=3):
    """Answers ReadOpenOrders; `has_more` when the page was full."""

    seq: WireSeq
    orders: tuple[OrderView, ...]
    has_more: bool


class OrderFound(Message, frozen=True, tag=4):
    """Answers ReadOrder: the id (0 if unknown) and the order if it is still open."""

    seq: WireSeq
    order_id: WireOrderId
    order: OrderView | None


class Book(Message, frozen=True, tag=5):
    """Answers ReadBook, best price first; `sequence` is the seq of the last change of the book."""

    seq: WireSeq
    market: WireMarketId
    sequence: WireSeq
    bids: tuple[LevelView, ...]
    asks: tuple[LevelView, ...]


class Marks(Message, frozen=True, tag=6):
    """Answers ReadMarks."""

    seq: WireSeq
    marks: tuple[MarkView, ...]


class StateDigest(Message, frozen=True, tag=7):
    """Answers ReadDigest."""

    seq: WireSeq
    ts_ns: I64
    digest: bytes


class ReadFailed(Message, frozen=True, tag=8):
    """The question names something that is not there, or a page that is too long."""

    seq: WireSeq
    text: str


Answer = Catalogue | Account | OpenOrders | OrderFound | Book | Marks | StateDigest | ReadFailed
