"""The commands of LAW §2 as frozen messages: what enters the core, in integers.

Wire form: MessagePack arrays `[tag, field …]`. Tags are never reused, new fields go last, a changed
meaning is a new tag. Field names are LAW's; enumerations are integers (`words`).
"""

from typing import Annotated

from msgspec import Meta, Struct

from bezant.core.ids import (
    I64,
    U8,
    U32,
    WireAccountId,
    WireAssetId,
    WireMarketId,
    WireNumber,
    WireOrderId,
    WireSource,
    WireTransferId,
)
from bezant.core.units import WireLots, WireTicks, WireUnits

ClientId = Annotated[str, Meta(max_length=256)]  # Longer never enters; over 36 bytes is 300.
SHA256 = Annotated[bytes, Meta(min_length=32, max_length=32)]


class Message(Struct, array_like=True, frozen=True, gc=False):
    """What all messages share: a MessagePack array, immutable, never part of a cycle."""


class Sourced(Message, frozen=True):
    """What a source numbers (L3.3), and what it led to; these two fields come first."""

    source: WireSource
    number: WireNumber


class Movement(Sourced, frozen=True):
    """Money that goes from one account to another."""

    from_account: WireAccountId
    to_account: WireAccountId
    asset: WireAssetId
    units: WireUnits
    reason: U8


class Withdrawal(Sourced, frozen=True):
    """Units and fee of an account that are held under a transfer id."""

    transfer_id: WireTransferId
    account: WireAccountId
    asset: WireAssetId
    units: WireUnits
    fee: WireUnits


class AccountSettings(Sourced, frozen=True):
    """What an account is opened with and may be changed to."""

    account: WireAccountId
    trade_group: U32
    stp: U8
    orders_frozen: bool
    withdrawals_frozen: bool


class AssetSettings(Sourced, frozen=True):
    """What an asset is created with; all but the scale may be changed."""

    asset: WireAssetId
    scale: I64
    issued_max: WireUnits
    enabled: bool


class FeeRates(Sourced, frozen=True):
    """Maker and taker rates of a market's tier, in parts per million (L1.3, L1.5)."""

    market: WireMarketId
    tier: I64
    maker: I64
    taker: I64


class BalanceClaim(Sourced, frozen=True):
    """What somebody states that an account has of an asset."""

    account: WireAccountId
    asset: WireAssetId
    available: I64
    hold: I64


class OrderTerms(Message, frozen=True):
    """What an order asks for, apart from whose it is and where (L2.3, L2.4).

    `qty` in lots, `price` and `trigger_price` in ticks, `quote_units` in units of the quote.
    """

    client_id: ClientId
    side: U8
    type: U8
    tif: U8
    price: WireTicks
    qty: WireLots
    quote_units: WireUnits
    trigger: U8
    trigger_price: WireTicks
    trailing_bips: I64
    post_only: bool
    display: WireLots
    stp: U8
    expires_ns: I64


class PlaceOrder(Message, frozen=True, tag=1):
    """Place one order."""

    account: WireAccountId
    market: WireMarketId
    order: OrderTerms


class PlaceList(Message, frozen=True, tag=2):
    """Place an order list of two or three legs (L10)."""

    account: WireAccountId
    market: WireMarketId
    list_client_id: ClientId
    kind: U8
    legs: Annotated[tuple[OrderTerms, ...], Meta(max_length=3)]


class CancelOrder(Message, frozen=True, tag=3):
    """Cancel one order by its id, or by its client id where the id is 0 (L11.4)."""

    account: WireAccountId
    order_id: WireOrderId
    client_id: ClientId
    only: U8


class AmendOrder(Message, frozen=True, tag=4):
    """Change an order in place (L11.5); None, or an empty id, means no change."""

    account: WireAccountId
    order_id: WireOrderId
    client_id: ClientId
    new_qty: WireLots | None
    new_price: WireTicks | None
    new_client_id: ClientId


class ReplaceOrder(Message, frozen=True, tag=5):
    """Cancel one order and place another in one entry (L11.7)."""

    account: WireAccountId
    order_id: WireOrderId
    client_id: ClientId
    mode: U8
    only: U8
    market: WireMarketId
    order: OrderTerms


class CancelAll(Message, frozen=True, tag=6):
    """Cancel all orders of an account, in one market or (0) in all."""

    account: WireAccountId
    market: WireMarketId


class SetCancelTimer(Message, frozen=True, tag=7):
    """Set the dead man's switch; a timeout of 0 removes it (L11.4)."""

    account: WireAccountId
    market: WireMarketId
    timeout_ms: I64


class Transfer(Movement, frozen=True, tag=10):
    """Move money between two accounts at once (L13.3)."""


class HoldTransfer(Withdrawal, frozen=True, tag=11):
    """Hold units and fee of an account for a withdrawal."""


class SettleTransfer(Sourced, frozen=True, tag=12):
    """Pay a held transfer out of a custody account."""

    transfer_id: WireTransferId
    custody: WireAccountId


class VoidTransfer(Sourced, frozen=True, tag=13):
    """Give a held transfer back."""

    transfer_id: WireTransferId


class OpenAccount(AccountSettings, frozen=True, tag=20):
    """Open a user account (id >= 1,000)."""


class SetAccount(AccountSettings, frozen=True, tag=21):
    """Change what OpenAccount set."""


class SetTier(Sourced, frozen=True, tag=22):
    """Set an account's fee tier, 0 to 99."""

    account: WireAccountId
    tier: I64


class CloseAccount(Sourced, frozen=True, tag=23):
    """Close an empty account for good."""

    account: WireAccountId


class CreateAsset(AssetSettings, frozen=True, tag=30):
    """Create an asset (L1.1)."""


class SetAsset(AssetSettings, frozen=True, tag=31):
    """Change an asset's limit or switch; the scale is fixed for ever."""


class MarketParameters(Message, frozen=True):
    """The parameters of a market that may change (L1.7); prices in ticks, quantities in lots."""

    price_max: WireTicks
    qty_min: WireLots
    qty_max: WireLots
    notional_min: WireUnits
    notional_max: WireUnits
    band_bips: I64
    dynamic_bips: I64
    window_ms: I64
    auction_ms: I64
    extensions_max: I64
    open_orders_max: I64
    stop_orders_max: I64
    icebergs_max: I64
    lists_max: I64
    parts_max: I64
    amends_max: I64
    trailing_min: I64
    trailing_max: I64
    algorithm: U8
    top_percent: I64
    min_allocation: WireLots


class CreateMarket(Sourced, frozen=True, tag=32):
    """Create a market; lot_units is L, the tick tick_num / 10^tick_scale (L1.1)."""

    market: WireMarketId
    base: WireAssetId
    quote: WireAssetId
    lot_units: WireUnits
    tick_num: I64
    tick_scale: I64
    parameters: MarketParameters


class SetMarket(Sourced, frozen=True, tag=33):
    """Change a market's parameters; its grid stays."""

    market: WireMarketId
    parameters: MarketParameters


class SetFees(FeeRates, frozen=True, tag=34):
    """Set maker and taker rates of a market's tier, in parts per million (L1.3, L1.5)."""


class SetMarketStatus(Sourced, frozen=True, tag=35):
    """Change a market's status (L12.1)."""

    market: WireMarketId
    status: U8


class SetReferencePrice(Sourced, frozen=True, tag=36):
    """Set the reference price that counts before the first trade (L5.6)."""

    market: WireMarketId
    price: WireTicks


class CancelMarket(Sourced, frozen=True, tag=37):
    """Cancel the oldest 10,000 orders of a market."""

    market: WireMarketId


class AssertBalances(BalanceClaim, frozen=True, tag=40):
    """State what an account has; refused with the differences if it is not so (L13.4)."""


class AssertDigest(Sourced, frozen=True, tag=41):
    """State the digest of the state before this entry."""

    digest: SHA256


class ActivateRules(Sourced, frozen=True, tag=42):
    """Switch to the next version of the rules from the next entry (L15.4)."""

    version: U32


class Quarantined(Message, frozen=True, tag=43):
    """Stands in the journal for a command that broke an invariant (L15.5).

    `source` and `number` are the quarantined command's, or 0.
    """

    sha256: SHA256
    source: WireSource
    number: WireNumber


class Tick(Message, frozen=True, tag=44):
    """Let time pass (L11.1)."""


TradeCommand = (
    PlaceOrder | PlaceList | CancelOrder | AmendOrder | ReplaceOrder | CancelAll | SetCancelTimer
)
SourcedCommand = (
    Transfer
    | HoldTransfer
    | SettleTransfer
    | VoidTransfer
    | OpenAccount
    | SetAccount
    | SetTier
    | CloseAccount
    | CreateAsset
    | SetAsset
    | CreateMarket
    | SetMarket
    | SetFees
    | SetMarketStatus
    | SetReferencePrice
    | CancelMarket
    | AssertBalances
    | AssertDigest
    | ActivateRules
)
Command = TradeCommand | SourcedCommand | Quarantined | Tick
