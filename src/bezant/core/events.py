"""The events of LAW §14 as frozen messages: all that the world learns from the core.

Postings, books and private streams follow from an event and the catalogue alone, so every event
that moves money or an order names its account, its market and its side.
"""

from typing import Annotated

from msgspec import Meta

from bezant.core import commands
from bezant.core.commands import SHA256, ClientId, MarketParameters, Message, OrderTerms, Sourced
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


class OrderFact(Message, frozen=True):
    """Which order an event is about, where it stands and on which side."""

    order_id: WireOrderId
    account: WireAccountId
    market: WireMarketId
    side: U8


class OrderAccepted(Message, frozen=True, tag=10):
    """An order exists; `held` units of quote (buy) or base (sell) moved into its hold (L5.1)."""

    order_id: WireOrderId
    account: WireAccountId
    market: WireMarketId
    order: OrderTerms
    state: U8
    held: WireUnits
    list_id: WireListId


class OrderRested(OrderFact, frozen=True, tag=11):
    """What is left of an order stands at the tail of its level."""

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


class PeakRefilled(OrderFact, frozen=True, tag=13):
    """An iceberg shows its next peak (L9.1)."""

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


class OrderDone(OrderFact, frozen=True, tag=15):
    """An order ended (L5.5); `code` is the refusal where the reason is REFUSED."""

    status: U8
    reason: U8
    released: WireUnits
    filled: WireLots
    prevented: WireLots
    code: U32


class OrderTriggered(OrderFact, frozen=True, tag=16):
    """A pending order woke; its market-order hold was released (L4.3, L8.4)."""

    released: WireUnits


class OrderAmended(OrderFact, frozen=True, tag=17):
    """An order has a new quantity, price or client id; `held` is the change of its hold (L11.5)."""

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


class TransferPosted(commands.Movement, frozen=True, tag=30):
    """Money moved between two accounts."""


class TransferHeld(commands.Withdrawal, frozen=True, tag=31):
    """Units and fee are held for a withdrawal."""


class TransferSettled(commands.Withdrawal, frozen=True, tag=32):
    """A held transfer was paid out."""

    custody: WireAccountId


class TransferVoided(commands.Withdrawal, frozen=True, tag=33):
    """A held transfer was given back."""


class AccountOpened(commands.AccountSettings, frozen=True, tag=40):
    """A user account exists."""


class AccountSet(commands.AccountSettings, frozen=True, tag=41):
    """An account's settings changed."""


class TierSet(Sourced, frozen=True, tag=42):
    """An account has another fee tier."""

    account: WireAccountId
    tier: I64


class AccountClosed(Sourced, frozen=True, tag=43):
    """An account is closed for good."""

    account: WireAccountId


class AssetCreated(commands.AssetSettings, frozen=True, tag=50):
    """An asset exists."""


class AssetSet(commands.AssetSettings, frozen=True, tag=51):
    """An asset's limit or switch changed."""


class MarketCreated(Sourced, frozen=True, tag=52):
    """A market exists; `tick_lot_units` is U, the quote units of one tick of one lot (L1.1)."""

    market: WireMarketId
    base: WireAssetId
    quote: WireAssetId
    lot_units: WireUnits
    tick_num: I64
    tick_scale: I64
    tick_lot_units: WireUnits
    parameters: MarketParameters


class MarketSet(Sourced, frozen=True, tag=53):
    """A market's parameters changed."""

    market: WireMarketId
    parameters: MarketParameters


class FeesSet(commands.FeeRates, frozen=True, tag=54):
    """A market's rates for a tier changed, in parts per million."""


class MarketStatusChanged(Sourced, frozen=True, tag=55):
    """A market has another status; source and number are 0 unless an operator asked.

    `until_ns` is the end of an interruption auction, else 0.
    """

    market: WireMarketId
    status: U8
    cause: U8
    until_ns: I64


class ReferencePriceSet(Sourced, frozen=True, tag=56):
    """A market has another reference price."""

    market: WireMarketId
    price: WireTicks


class MarketCanceled(Sourced, frozen=True, tag=57):
    """A CancelMarket ended; `left` orders are still open."""

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


class BalancesAsserted(commands.BalanceClaim, frozen=True, tag=60):
    """An account has exactly what was stated."""


class DigestAsserted(Sourced, frozen=True, tag=61):
    """The state before this entry has exactly the stated digest."""

    digest: SHA256


class RulesActivated(Sourced, frozen=True, tag=62):
    """The rules have another version from the next entry."""

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
