"""One account's orders and balances as its private stream shows them, kept from events.

Begins with what the core answered at one seq and follows the events after it.
"""

from collections.abc import Callable, Mapping
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from bezant.core.events import (
    Event,
    OrderAccepted,
    OrderAmended,
    OrderDone,
    OrderTriggered,
    SelfTradePrevented,
    TradeExecuted,
)
from bezant.core.postings import BalanceKind, Grids, postings
from bezant.gateway.native.outcomes import end, fill_of, fold
from bezant.marketdata.catalogue import Market
from bezant.queries.orders import Order, OrderStatus
from bezant.queries.places import Place
from bezant.queries.trades import Fill

_ENDED: Final = (
    OrderStatus.FILLED,
    OrderStatus.CANCELED,
    OrderStatus.EXPIRED,
    OrderStatus.REJECTED,
)


class Changes(Struct):
    """What one entry did to an account."""

    fills: list[tuple[int, Fill]]  # With the market.
    orders: dict[int, Order]
    created: dict[int, None]  # Of these, the orders that the entry made.
    balances: dict[int, tuple[int, int]]  # Asset to available and hold.


class Entry(Struct, frozen=True):
    """One committed entry as the stream needs it."""

    seq: int
    ts_ns: int
    events: tuple[Event, ...]


class PrivateState:
    """Orders by id and balances by asset of one account."""

    def __init__(
        self,
        account: int,
        orders: Mapping[int, Order],
        balances: Mapping[int, tuple[int, int]],
        *,
        seq: int,
        loaded_seq: Callable[[int], int],
    ) -> None:
        """Begin with what was read: balances at `seq`, an order up to its `loaded_seq`."""
        self.account = account
        self.seq = seq  # Up to which the balances are read or followed.
        self.orders = dict(orders)
        self.balances = dict(balances)
        self._loaded_seq = loaded_seq

    def apply(self, entry: Entry, markets: Mapping[int, Market], grids: Grids) -> Changes:
        """Follow one entry and return what it changed."""
        changes = Changes([], {}, {}, {})
        for index, event in enumerate(entry.events):
            match event:
                case OrderAccepted() if event.account == self.account:
                    self._accept(event, entry, markets[event.market], changes)
                case TradeExecuted():
                    self._trade(event, index, entry, markets[event.market], changes)
                case SelfTradePrevented():
                    self._prevent(event, entry, changes)
                case OrderDone() | OrderAmended() | OrderTriggered():
                    self._change(event, entry, changes)
                case _:
                    continue
        if entry.seq > self.seq:
            self.seq = entry.seq
            self._post(entry.events, grids, changes)
        for order_id, order in changes.orders.items():
            if order.status in _ENDED:
                self.orders.pop(order_id, None)
            else:
                self.orders[order_id] = order
        return changes

    def _accept(self, event: OrderAccepted, entry: Entry, market: Market, changes: Changes) -> None:
        """Take in a new order with all that its entry did to it."""
        if entry.seq <= self._loaded_seq(event.order_id):
            return
        happened = fold(event, entry.events, seq=entry.seq, ts_ns=entry.ts_ns, market=market)
        changes.orders[event.order_id] = happened.order
        changes.created[event.order_id] = None
        changes.fills += [(event.market, fill) for fill in happened.fills]

    def _trade(
        self, event: TradeExecuted, index: int, entry: Entry, market: Market, changes: Changes
    ) -> None:
        for order_id in (event.taker_order, event.maker_order):
            order = self._find(order_id, entry, changes)
            if order is None:
                continue
            place = Place(entry.seq, index, 0)
            fill = fill_of(event, order_id, place, entry.ts_ns, market)
            changes.fills.append((event.market, fill))
            changes.orders[order_id] = replace(
                order,
                filled=order.filled + event.qty,
                filled_quote=order.filled_quote + fill.quote_units,
                status=OrderStatus.PARTIALLY_FILLED,
                updated_ns=entry.ts_ns,
                updated_seq=entry.seq,
            )

    def _prevent(self, event: SelfTradePrevented, entry: Entry, changes: Changes) -> None:
        for order_id in (event.taker_order, event.maker_order):
            order = self._find(order_id, entry, changes)
            if order is not None and event.qty:
                changes.orders[order_id] = replace(
                    order, prevented=order.prevented + event.qty, updated_ns=entry.ts_ns
                )

    def _change(
        self, event: OrderDone | OrderAmended | OrderTriggered, entry: Entry, changes: Changes
    ) -> None:
        order = self._find(event.order_id, entry, changes)
        if order is None:
            return
        match event:
            case OrderDone():
                order = end(order, event, seq=entry.seq, ts_ns=entry.ts_ns)
            case OrderAmended():
                order = replace(order, qty=event.qty, price=event.price, client_id=event.client_id)
            case OrderTriggered():
                order = replace(order, status=OrderStatus.NEW)
        changes.orders[event.order_id] = replace(order, updated_ns=entry.ts_ns)

    def _find(self, order_id: int, entry: Entry, changes: Changes) -> Order | None:
        """Return an order that was there before this entry, as it stands by now."""
        if order_id in changes.created or entry.seq <= self._loaded_seq(order_id):
            return None
        return changes.orders.get(order_id) or self.orders.get(order_id)

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
