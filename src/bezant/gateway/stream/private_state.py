"""One account's orders, lists and balances as its private stream shows them, kept from events.

Begins with what the core answered at one seq and follows the events after it.
"""

from collections.abc import Callable, Mapping

from msgspec import Struct
from msgspec.structs import replace

from bezant.accounts.settings import prevention_of
from bezant.core.events import AccountSet, Event, ListAccepted, OrderAccepted
from bezant.core.postings import BalanceKind, Grids, postings
from bezant.core.words import STPMode
from bezant.gateway.native.outcomes import (
    Happened,
    advance,
    begin_list,
    fold,
    steps_by_order,
)
from bezant.marketdata.catalogue import Market
from bezant.queries.order_lists import OrderList
from bezant.queries.orders import Order
from bezant.queries.trades import Fill


class Changes(Struct):
    """What one entry did to an account."""

    fills: list[Fill]
    orders: dict[int, Order]
    lists: dict[int, OrderList]
    balances: dict[int, tuple[int, int]]  # Asset to available and hold.

    def take(self, happened: Happened) -> None:
        """Take in what happened to one order."""
        self.orders[happened.order.order_id] = happened.order
        self.fills += happened.fills


class Entry(Struct, frozen=True):
    """One committed entry as the stream needs it."""

    seq: int
    ts_ns: int
    events: tuple[Event, ...]


class Owner(Struct, frozen=True):
    """An account and the self-trade prevention of its orders that name none, as of a seq."""

    account: int
    stp: STPMode
    seq: int


class PrivateState:
    """Open orders and lists by id and balances by asset of one account."""

    def __init__(
        self,
        owner: Owner,
        orders: Mapping[int, Order],
        balances: Mapping[int, tuple[int, int]],
        lists: Mapping[int, OrderList],
        *,
        seq: int,
        loaded_seq: Callable[[int], int],
    ) -> None:
        """Begin with what was read: balances at `seq`, an order up to its `loaded_seq`.

        `lists` are those of open orders, with their legs, also those that have ended. `owner` was
        read before any of it.
        """
        self.account = owner.account
        self.seq = seq  # Up to which the balances are read or followed.
        self.orders = dict(orders)
        self.balances = dict(balances)
        self.lists = dict(lists)
        self._owner = owner
        self._loaded_seq = loaded_seq

    def apply(self, entry: Entry, markets: Mapping[int, Market], grids: Grids) -> Changes:
        """Follow one entry and return what it changed."""
        changes = Changes([], {}, {}, {})
        for event in entry.events:
            if isinstance(event, OrderAccepted) and event.account == self.account:
                self._accept(event, entry, markets[event.market], changes)
            elif isinstance(event, AccountSet) and event.account == self.account:
                self._set(event, entry)
        self._advance(entry, markets, changes)
        changes.fills.sort(key=lambda one: (one.place.index, one.place.part))
        if entry.seq > self.seq:
            self.seq = entry.seq
            self._post(entry.events, grids, changes)
        for order_id, order in changes.orders.items():
            if order.is_open:
                self.orders[order_id] = order
            else:
                self.orders.pop(order_id, None)
        self._group(entry, changes)
        return changes

    def _set(self, event: AccountSet, entry: Entry) -> None:
        if entry.seq > self._owner.seq:
            self._owner = Owner(self.account, prevention_of(event), entry.seq)

    def _accept(self, event: OrderAccepted, entry: Entry, market: Market, changes: Changes) -> None:
        """Take in a new order with all that its entry did to it."""
        if entry.seq > self._loaded_seq(event.order_id):
            happened = fold(event, entry.events, seq=entry.seq, ts_ns=entry.ts_ns, market=market)
            stp = happened.order.stp or self._owner.stp
            changes.take(replace(happened, order=replace(happened.order, stp=stp)))

    def _advance(self, entry: Entry, markets: Mapping[int, Market], changes: Changes) -> None:
        """Let the orders that were there before go through what the entry did to them."""
        for order_id, steps in steps_by_order(entry.events).items():
            order = self.orders.get(order_id)
            if order is None or order_id in changes.orders:
                continue
            if entry.seq > self._loaded_seq(order_id):
                market = markets[order.market]
                changes.take(advance(order, steps, seq=entry.seq, ts_ns=entry.ts_ns, market=market))

    def _group(self, entry: Entry, changes: Changes) -> None:
        """Show the lists whose legs changed, each with all of its legs; let go of what is done."""
        for event in entry.events:
            if isinstance(event, ListAccepted) and event.account == self.account:
                is_new = entry.seq > self._loaded_seq(event.list_id)
                if is_new:
                    self.lists[event.list_id] = begin_list(event, entry.ts_ns)
        for order in changes.orders.values():
            known = self.lists.get(order.list_id) if order.list_id else None
            if known is not None:
                self.lists[order.list_id] = changes.lists[order.list_id] = known.with_leg(order)
        for list_id, changed in changes.lists.items():
            if not any(leg.is_open for leg in changed.legs):
                changes.lists[list_id] = replace(changed, done_ns=entry.ts_ns)
                del self.lists[list_id]

    def _post(self, events: tuple[Event, ...], grids: Grids, changes: Changes) -> None:
        for event in events:
            for posting in postings(event, grids):
                if posting.account != self.account:
                    continue
                available, hold = self.balances.get(posting.asset, (0, 0))
                if posting.kind is BalanceKind.AVAILABLE:
                    available += posting.units
                else:
                    hold += posting.units
                changes.balances[posting.asset] = (available, hold)
                self.balances[posting.asset] = (available, hold)
