"""The events of LAW §14 as frozen messages: all that the world learns from the core.

Postings, books and private streams follow from an event and the catalogue alone, so every event
that moves money or an order names its account, its market and its side.
"""

from typing import Annotated

from msgspec import Meta

from bezant.core.commands import SHA256, ClientId, MarketParameters, Message, OrderTerms
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
    WireSource,
    WireTransferId,
)
from bezant.core.units import WireLots, WireTicks, WireUnits

Wide = Annotated[bytes, Meta(max_length=16)]  # 16 bytes big-endian, or empty where it says nothing.


class CommandRefused(Message, frozen=True, tag=1):
    """A command, or part of a replace, was refused (L2.2).

    The two differences (actual − asserted, `units.wide`) are empty except with code 820.
    """

    code: U32
    part: U8
    source: WireSource
    number: WireNumber
    available_diff: Wide
    hold_diff: Wide


class CommandRepeated(Message, frozen=True, tag=2):
    """The command was done before: `id` is its first order's or list's id, or its number (L3)."""

    id: I64
    source: WireSource
    number: WireNumber


class OrderAccepted(Message, frozen=True, tag=10):
    """An order exists; `held` units of quote (buy) or base (sell) moved into its hold (L5.1)."""

    order_id: WireOrderId
    account: WireAccountId
    market: WireMarketId
    order: OrderTerms
    state: U8
    held: WireUnits
    list_id: WireListId


class OrderRested(Message, frozen=True, tag=11):
    """What is left of an order stands at the tail of its level."""

    order_id: WireOrderId
    account: WireAccountId
    market: WireMarketId
    side: U8
    price: WireTicks
    visible: WireLots


class TradeExecuted(Message, frozen=True, tag=12):
    """Taker and maker traded `qty` lots at `price` ticks.

    Fees are units of what each side received; a negative maker fee is a rebate, paid in the asset
    that the taker received (L1.4). `taker_has_hold` tells which of the taker's balances paid.
    """

    market: WireMarketId
    trade_no: I64
    taker_order: WireOrderId
    taker_account: WireAccountId
    maker_order: WireOrderId
    maker_account: WireAccountId
    taker_side: U8
    price: WireTicks
    qty: WireLots
    taker_fee: WireUnits
    maker_fee: WireUnits
    improvement: WireUnits
    taker_has_hold: bool


class PeakRefilled(Message, frozen=True, tag=13):
    """An iceberg shows its next peak (L9.1)."""

    order_id: WireOrderId
    account: WireAccountId
    market: WireMarketId
    side: U8
    price: WireTicks
    visible: WireLots


class SelfTradePrevented(Message, frozen=True, tag=14):
    """An account met itself (L7); lots and releases are zero but for decrement."""

    market: WireMarketId
    taker_order: WireOrderId
    taker_account: WireAccountId
    maker_order: WireOrderId
    maker_account: WireAccountId
    taker_side: U8
    mode: U8
    price: WireTicks
    qty: WireLots
    taker_released: WireUnits
    maker_released: WireUnits


class OrderDone(Message, frozen=True, tag=15):
    """An order ended (L5.5); `code` is the refusal where the reason is REFUSED."""

    order_id: WireOrderId
    account: WireAccountId
    market: WireMarketId
    side: U8
    status: U8
    reason: U8
    released: WireUnits
    filled: WireLots
    prevented: WireLots
    code: U32


class OrderTriggered(Message, frozen=True, tag=16):
    """A pending order woke; its market-order hold was released (L4.3, L8.4)."""

    order_id: WireOrderId
    account: WireAccountId
    market: WireMarketId
    side: U8
    released: WireUnits


class OrderAmended(Message, frozen=True, tag=17):
    """An order has a new quantity, price or client id; `held` is the change of its hold (L11.5)."""

    order_id: WireOrderId
    account: WireAccountId
    market: WireMarketId
    side: U8
    qty: WireLots
    price: WireTicks
    client_id: ClientId
    visible: WireLots
    keeps_priority: bool
    held: WireUnits


class ListAccepted(Message, frozen=True, tag=18):
    """An order list exists (L10.2)."""

    list_id: WireListId
    account: WireAccountId
    market: WireMarketId
    side: U8
    kind: U8
    list_client_id: ClientId
    held: WireUnits


class ListWorking(Message, frozen=True, tag=19):
    """The pending legs of a list went to work (L10.4); `side` is theirs."""

    list_id: WireListId
    account: WireAccountId
    market: WireMarketId
    side: U8
    held: WireUnits


class ListDone(Message, frozen=True, tag=20):
    """The last leg of a list ended."""

    list_id: WireListId
    account: WireAccountId
    market: WireMarketId


class CanceledAll(Message, frozen=True, tag=21):
    """How many orders a CancelAll ends; their OrderDone events follow."""

    account: WireAccountId
    market: WireMarketId
    count: I64


class CancelTimerSet(Message, frozen=True, tag=22):
    """The dead man's switch will act at `due_ns`, or (0) is gone."""

    account: WireAccountId
    market: WireMarketId
    due_ns: I64


class TimerFired(Message, frozen=True, tag=23):
    """A dead man's switch acts; OrderDone events follow."""

    account: WireAccountId
    market: WireMarketId


class TransferPosted(Message, frozen=True, tag=30):
    """Money moved between two accounts."""

    source: WireSource
    number: WireNumber
    from_account: WireAccountId
    to_account: WireAccountId
    asset: WireAssetId
    units: WireUnits
    reason: U8


class TransferHeld(Message, frozen=True, tag=31):
    """Units and fee are held for a withdrawal."""

    source: WireSource
    number: WireNumber
    transfer_id: WireTransferId
    account: WireAccountId
    asset: WireAssetId
    units: WireUnits
    fee: WireUnits


class TransferSettled(Message, frozen=True, tag=32):
    """A held transfer was paid out."""

    source: WireSource
    number: WireNumber
    transfer_id: WireTransferId
    account: WireAccountId
    asset: WireAssetId
    units: WireUnits
    fee: WireUnits
    custody: WireAccountId


class TransferVoided(Message, frozen=True, tag=33):
    """A held transfer was given back."""

    source: WireSource
    number: WireNumber
    transfer_id: WireTransferId
    account: WireAccountId
    asset: WireAssetId
    units: WireUnits
    fee: WireUnits


class AccountOpened(Message, frozen=True, tag=40):
    """A user account exists."""

    source: WireSource
    number: WireNumber
    account: WireAccountId
    trade_group: U32
    stp: U8
    orders_frozen: bool
    withdrawals_frozen: bool


class AccountSet(Message, frozen=True, tag=41):
    """An account's settings changed."""

    source: WireSource
    number: WireNumber
    account: WireAccountId
    trade_group: U32
    stp: U8
    orders_frozen: bool
    withdrawals_frozen: bool


class TierSet(Message, frozen=True, tag=42):
    """An account has another fee tier."""

    source: WireSource
    number: WireNumber
    account: WireAccountId
    tier: I64


class AccountClosed(Message, frozen=True, tag=43):
    """An account is closed for good."""

    source: WireSource
    number: WireNumber
    account: WireAccountId


class AssetCreated(Message, frozen=True, tag=50):
    """An asset exists."""

    source: WireSource
    number: WireNumber
    asset: WireAssetId
    scale: I64
    issued_max: WireUnits
    enabled: bool


class AssetSet(Message, frozen=True, tag=51):
    """An asset's limit or switch changed."""

    source: WireSource
    number: WireNumber
    asset: WireAssetId
    scale: I64
    issued_max: WireUnits
    enabled: bool


class MarketCreated(Message, frozen=True, tag=52):
    """A market exists; `tick_lot_units` is U, the quote units of one tick of one lot (L1.1)."""

    source: WireSource
    number: WireNumber
    market: WireMarketId
    base: WireAssetId
    quote: WireAssetId
    lot_units: WireUnits
    tick_num: I64
    tick_scale: I64
    tick_lot_units: WireUnits
    parameters: MarketParameters


class MarketSet(Message, frozen=True, tag=53):
    """A market's parameters changed."""

    source: WireSource
    number: WireNumber
    market: WireMarketId
    parameters: MarketParameters


class FeesSet(Message, frozen=True, tag=54):
    """A market's rates for a tier changed, in parts per million."""

    source: WireSource
    number: WireNumber
    market: WireMarketId
    tier: I64
    maker: I64
    taker: I64


class MarketStatusChanged(Message, frozen=True, tag=55):
    """A market has another status; source and number are 0 unless an operator asked.

    `until_ns` is the end of an interruption auction, else 0.
    """

    source: WireSource
    number: WireNumber
    market: WireMarketId
    status: U8
    cause: U8
    until_ns: I64


class ReferencePriceSet(Message, frozen=True, tag=56):
    """A market has another reference price."""

    source: WireSource
    number: WireNumber
    market: WireMarketId
    price: WireTicks


class MarketCanceled(Message, frozen=True, tag=57):
    """A CancelMarket ended; `left` orders are still open."""

    source: WireSource
    number: WireNumber
    market: WireMarketId
    left: I64


class AuctionUncrossed(Message, frozen=True, tag=58):
    """An auction found its price: `volume` lots trade, `surplus` is demand less supply (L12.4)."""

    market: WireMarketId
    price: WireTicks
    volume: Wide
    surplus: Wide


class AuctionExtended(Message, frozen=True, tag=59):
    """An interruption auction goes on until `until_ns` (L12.7)."""

    market: WireMarketId
    until_ns: I64


class BalancesAsserted(Message, frozen=True, tag=60):
    """An account has exactly what was stated."""

    source: WireSource
    number: WireNumber
    account: WireAccountId
    asset: WireAssetId
    available: I64
    hold: I64


class DigestAsserted(Message, frozen=True, tag=61):
    """The state before this entry has exactly the stated digest."""

    source: WireSource
    number: WireNumber
    digest: SHA256


class RulesActivated(Message, frozen=True, tag=62):
    """The rules have another version from the next entry."""

    source: WireSource
    number: WireNumber
    version: U32


OrderEvent = (
    OrderAccepted
    | OrderRested
    | TradeExecuted
    | PeakRefilled
    | SelfTradePrevented
    | OrderDone
    | OrderTriggered
    | OrderAmended
    | ListAccepted
    | ListWorking
    | ListDone
    | CanceledAll
    | CancelTimerSet
    | TimerFired
)
TransferEvent = TransferPosted | TransferHeld | TransferSettled | TransferVoided
ConfigurationEvent = (
    AccountOpened
    | AccountSet
    | TierSet
    | AccountClosed
    | AssetCreated
    | AssetSet
    | MarketCreated
    | MarketSet
    | FeesSet
    | MarketStatusChanged
    | ReferencePriceSet
    | MarketCanceled
    | AuctionUncrossed
    | AuctionExtended
    | BalancesAsserted
    | DigestAsserted
    | RulesActivated
)
Event = CommandRefused | CommandRepeated | OrderEvent | TransferEvent | ConfigurationEvent
