"""The whole state of the core (L15.3) and the entry in progress. Not for rules: it only holds."""

from msgspec import Struct, field, structs

from bezant.core.balance import Balance
from bezant.core.chart import HOUSE
from bezant.core.commands import Message, Quarantined, SourcedCommand
from bezant.core.events import CommandRefused, Event
from bezant.core.ids import (
    AccountId,
    AssetId,
    ListId,
    MarketId,
    Number,
    OrderId,
    Seq,
    Source,
    TransferId,
)
from bezant.core.market import Market
from bezant.core.order import Order, OrderList
from bezant.core.refusals import RefusalCode
from bezant.core.rules import RULES_FIRST
from bezant.core.units import Units
from bezant.core.words import Part, STPMode


class Asset(Struct, eq=False):
    """An asset with the balances of the ten house accounts, by number (L13.1)."""

    id: AssetId
    scale: int
    issued_max: Units
    enabled: bool
    house: list[int] = field(default_factory=lambda: [0] * (len(HOUSE) + 1))


class Counts(Struct, eq=False, gc=False):
    """Open orders of an account in a market, as codes 700 to 703 count them."""

    orders: int = 0
    stops: int = 0
    icebergs: int = 0
    lists: int = 0


class Remembered(Struct, eq=False, gc=False):
    """A client id that is taken (L3). `born` orders the house's ids by acceptance.

    `content` is the command's canonical bytes until their 64-bit hash is asked for; None where
    the id repeats nothing: a leg's, or one taken by an amend.
    """

    account: AccountId
    client_id: str
    id: int
    is_list: bool
    content: bytes | int | None
    accepted_ns: int
    born: int
    is_ended: bool = False


class Account(Struct, eq=False):
    """A user account. Orders by id; ids that may be forgotten by (born, id), oldest first."""

    id: AccountId
    trade_group: int
    stp: int
    orders_frozen: bool
    withdrawals_frozen: bool
    tier: int = 0
    is_closed: bool = False
    transfer_count: int = 0  # Pending transfers.
    balances: dict[AssetId, Balance] = field(default_factory=dict)
    orders: dict[OrderId, Order] = field(default_factory=dict)
    counts: dict[MarketId, Counts] = field(default_factory=dict)
    ids: dict[str, Remembered] = field(default_factory=dict)
    ended_ids: list[tuple[int, Remembered]] = field(default_factory=list)

    def balance(self, asset: AssetId) -> Balance:
        """Return the account's balance of an asset, an empty one if it never had any."""
        balance = self.balances.get(asset)
        if balance is None:
            balance = self.balances[asset] = Balance()
        return balance

    def default_stp(self) -> int:
        """Return what stp `default` means for this account (L7.1)."""
        return self.stp or STPMode.EXPIRE_TAKER


class HeldTransfer(Message, frozen=True):
    """A withdrawal whose units and fee are held (L3.3, L13.3)."""

    id: TransferId
    account: AccountId
    asset: AssetId
    units: Units
    fee: Units


class Timers(Struct, eq=False):
    """Deadlines by kind as heaps, earliest first (L11.1); stale lines are skipped when met.

    `gtd` by (due, order), `cancel` by (due, account, market), `auction` by (due, market).
    `cancel_due` has the truth about the second kind, orders and markets about the others;
    `firing` is a cancel timer that was cut short, by (account, market).
    """

    gtd: list[tuple[int, OrderId]] = field(default_factory=list)
    cancel: list[tuple[int, AccountId, MarketId]] = field(default_factory=list)
    auction: list[tuple[int, MarketId]] = field(default_factory=list)
    cancel_due: dict[tuple[AccountId, MarketId], int] = field(default_factory=dict)
    firing: tuple[AccountId, MarketId] | None = None


class State(Struct, eq=False):
    """All that the core knows, and the counters and events of the entry in progress."""

    shard: int = 0
    rules: int = RULES_FIRST
    rules_next: int = RULES_FIRST
    seq: Seq = Seq(0)
    ts_ns: int = 0
    assets: dict[AssetId, Asset] = field(default_factory=dict)  # By id.
    accounts: dict[AccountId, Account] = field(default_factory=dict)  # By opening.
    markets: dict[MarketId, Market] = field(default_factory=dict)  # By id.
    orders: dict[OrderId, Order] = field(default_factory=dict)  # Open ones, by id.
    lists: dict[ListId, OrderList] = field(default_factory=dict)  # Open ones, by id.
    transfers: dict[TransferId, HeldTransfer] = field(default_factory=dict)  # Pending ones.
    marks: dict[Source, Number] = field(default_factory=dict)
    timers: Timers = field(default_factory=Timers)
    ids_count: int = 0
    ended_ids: list[tuple[int, Remembered]] = field(default_factory=list)
    due_count: int = 0  # Items in all due queues; tells at once that there are none.
    uncross_count: int = 0  # Markets whose uncross is not finished.

    events: list[Event] = field(default_factory=list)
    refused: int = 0  # The first refusal's code.
    raw: bytes = b""  # The command's canonical bytes.
    timed_work: int = 0  # L11.3.
    due_items: int = 0  # L8.4.
    matches: int = 0  # Of the entry's taker phases (L8.4).
    ids_born: int = 0  # Of the entry.


def emit_fields(state: State, kind: type[Event], command: SourcedCommand) -> None:
    """Emit an event that has the fields of its command, in their order (L14.1)."""
    state.events.append(kind(*structs.astuple(command)))


def refuse_command(state: State, code: RefusalCode, command: SourcedCommand | Quarantined) -> None:
    """Emit that a command with a source and a number is refused (L14.1)."""
    _refuse(state, code, Part.WHOLE, command.source, command.number)


def refuse(state: State, code: RefusalCode, part: Part = Part.WHOLE) -> None:
    """Emit that the command, or a part of it, is refused (L2.2)."""
    _refuse(state, code, part, Source(0), Number(0))


def _refuse(state: State, code: RefusalCode, part: Part, source: Source, number: Number) -> None:
    state.events.append(CommandRefused(int(code), int(part), source, number, b"", b""))
    state.refused = state.refused or int(code)


def find_open_account(state: State, account: AccountId) -> Account | RefusalCode:
    """Return an account that is open, or the code that says why there is none."""
    found = state.accounts.get(account)
    if found is None:
        return RefusalCode.ACCOUNT_UNKNOWN
    return RefusalCode.ACCOUNT_CLOSED if found.is_closed else found
