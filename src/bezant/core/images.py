"""What canonical bytes consist of (L15.3), as messages in LAW's order. `snapshot` fills them."""

from bezant.core.commands import MarketParameters, Message, OrderTerms
from bezant.core.ids import AccountId, AssetId, ListId, MarketId, Number, OrderId, Seq, Source
from bezant.core.state import HeldTransfer
from bezant.core.units import Lots, Ticks, Units


class AssetImage(Message, frozen=True):
    """An asset."""

    asset: AssetId
    scale: int
    issued_max: Units
    enabled: bool


class BalanceImage(Message, frozen=True):
    """A balance that is not zero."""

    asset: AssetId
    available: Units
    hold: Units


class AccountImage(Message, frozen=True):
    """A user account with its balances by asset."""

    account: AccountId
    trade_group: int
    stp: int
    orders_frozen: bool
    withdrawals_frozen: bool
    tier: int
    is_closed: bool
    balances: tuple[BalanceImage, ...]


class HouseImage(Message, frozen=True):
    """The ten house balances of an asset, `fees` first."""

    asset: AssetId
    balances: tuple[int, ...]


class FeeImage(Message, frozen=True):
    """The rates of a tier."""

    tier: int
    maker: int
    taker: int


class LevelImage(Message, frozen=True):
    """A level and its queue from the head."""

    price: Ticks
    orders: tuple[OrderId, ...]


class DueImage(Message, frozen=True):
    """An item of a due queue: an order (0) or a list (1)."""

    kind: int
    number: int


class UncrossImage(Message, frozen=True):
    """The rest of an unfinished uncross (L12.5)."""

    price: Ticks
    volume_left: bytes
    status: int
    cause: int
    source: Source
    number: Number


class MarketImage(Message, frozen=True):
    """A market; V and its window as they are at the state's time, levels best first."""

    market: MarketId
    base: AssetId
    quote: AssetId
    lot_units: Units
    tick_num: int
    tick_scale: int
    parameters: MarketParameters
    fees: tuple[FeeImage, ...]
    status: int
    last: Ticks
    reference: Ticks
    window_price: Ticks
    interrupted_price: Ticks
    window: int
    trade_no: int
    sequence: Seq
    bids: tuple[LevelImage, ...]
    asks: tuple[LevelImage, ...]
    due: tuple[DueImage, ...]
    auction_end_ns: int
    extensions: int
    uncross: UncrossImage | None


class OrderImage(Message, frozen=True):
    """An open order; leaves and hold follow."""

    order: OrderId
    account: AccountId
    market: MarketId
    terms: OrderTerms
    stp: int
    filled: Lots
    prevented: Lots
    visible: Lots
    hold_price: Ticks
    state: int
    extreme: Ticks
    amends: int
    aliases: tuple[str, ...]
    list_id: ListId


class ListImage(Message, frozen=True):
    """An open list; its legs and its shared hold follow."""

    list_id: ListId
    account: AccountId
    market: MarketId
    kind: int
    client_id: str
    stage: int


class IdImage(Message, frozen=True):
    """A remembered client id; `content` is None where it repeats nothing."""

    account: AccountId
    client_id: str
    number: int
    is_list: bool
    content: int | None
    accepted_ns: int
    born: int


class MarkImage(Message, frozen=True):
    """How far a source has come."""

    source: Source
    number: Number


class CancelTimerImage(Message, frozen=True):
    """A dead man's switch."""

    account: AccountId
    market: MarketId
    due_ns: int


class StateImage(Message, frozen=True):
    """The whole state in the order of L15.3; all lists by id."""

    rules: int
    seq: Seq
    ts_ns: int
    assets: tuple[AssetImage, ...]
    accounts: tuple[AccountImage, ...]
    house: tuple[HouseImage, ...]
    markets: tuple[MarketImage, ...]
    orders: tuple[OrderImage, ...]
    lists: tuple[ListImage, ...]
    ids: tuple[IdImage, ...]
    marks: tuple[MarkImage, ...]
    transfers: tuple[HeldTransfer, ...]
    cancel_timers: tuple[CancelTimerImage, ...]
    firing: tuple[AccountId, MarketId] | None
