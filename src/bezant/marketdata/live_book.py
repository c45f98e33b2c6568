"""One market's book as the world may see it, kept from events alone.

Prices are ticks, quantities visible lots. What an order hides is known here only as far as it must
be to follow what it shows. Not for priority: who trades first is the core's business.
"""

from bisect import bisect_left, insort
from collections.abc import Callable

from msgspec import Struct

from bezant.core.events import (
    OrderAccepted,
    OrderAmended,
    OrderDone,
    OrderEvent,
    OrderRested,
    PeakRefilled,
    SelfTradePrevented,
    TradeExecuted,
)
from bezant.core.reads import OrderView
from bezant.core.words import AcceptedState, Side

Level = tuple[int, int]  # Price in ticks, visible lots; 0 lots: the level is gone.


class BookChange(Struct, frozen=True):
    """The levels that changed since the book's sequence was `previous`, with their new lots."""

    market: int
    previous: int
    sequence: int
    bids: tuple[Level, ...]
    asks: tuple[Level, ...]


class _Order(Struct, gc=False):
    """An order that stands in the book, or may come to stand there."""

    side: int
    price: int
    qty: int
    leaves: int
    visible: int = 0
    is_in_book: bool = False


class _Side:
    """The levels of one side: visible lots and number of orders by price."""

    def __init__(self, *, is_bid: bool) -> None:
        self._sign = -1 if is_bid else 1  # Keys ascend from the best price.
        self._keys: list[int] = []
        self._lots: dict[int, int] = {}
        self._orders: dict[int, int] = {}

    def add(self, price: int, lots: int) -> None:
        """Put an order that shows `lots` into its level."""
        if price in self._lots:
            self._lots[price] += lots
            self._orders[price] += 1
        else:
            insort(self._keys, price * self._sign)
            self._lots[price] = lots
            self._orders[price] = 1

    def change(self, price: int, lots: int) -> None:
        """Show `lots` more (or, negative, fewer) at a price."""
        self._lots[price] += lots

    def remove(self, price: int, lots: int) -> None:
        """Take an order that showed `lots` out of its level."""
        if self._orders[price] > 1:
            self._lots[price] -= lots
            self._orders[price] -= 1
            return
        del self._lots[price], self._orders[price]
        del self._keys[bisect_left(self._keys, price * self._sign)]

    def lots_at(self, price: int) -> int:
        """Return what is shown at a price."""
        return self._lots.get(price, 0)

    def best(self, depth: int) -> tuple[Level, ...]:
        """Return the best levels, best first."""
        prices = [key * self._sign for key in self._keys[:depth]]
        return tuple((price, self._lots[price]) for price in prices if self._lots[price])


class LiveBook:
    """Follows one market's order events; `sequence` is the seq of the last that changed it."""

    def __init__(self, market: int, loaded_seq: Callable[[int], int] | None = None) -> None:
        """Begin an empty book; `loaded_seq` tells up to which seq an order was loaded."""
        self.market = market
        self.sequence = 0
        self._loaded_seq = loaded_seq  # None once the feed has passed all that was loaded.
        self._seq = 0
        self._told = 0
        self._orders: dict[int, _Order] = {}
        self._sides = (_Side(is_bid=True), _Side(is_bid=False))  # By words.Side.
        self._touched: dict[tuple[int, int], None] = {}
        self._is_changed = False

    def best(self, depth: int) -> tuple[tuple[Level, ...], tuple[Level, ...]]:
        """Return the best levels of bids and asks."""
        bids, asks = self._sides
        return bids.best(depth), asks.best(depth)

    def load(self, view: OrderView) -> None:
        """Take in an order that the core had open when it was asked."""
        terms = view.order
        leaves = terms.qty - view.filled - view.prevented
        order = self._orders[view.order_id] = _Order(terms.side, terms.price, terms.qty, leaves)
        if view.state == AcceptedState.RESTING:
            self._enter(order, view.visible)

    def begin(self, sequence: int) -> None:
        """Tell changes from here on; the core's book had this sequence when loading ended."""
        self.sequence = max(self.sequence, sequence)
        self._loaded_seq = None
        self.take_change()

    def apply(self, seq: int, event: OrderEvent) -> None:
        """Follow one event of the market."""
        self._is_changed = False
        self._seq = seq
        self._apply(event)
        if self._is_changed:
            self.sequence = seq

    def take_change(self) -> BookChange | None:
        """Return what changed since this was last asked, or None if nothing did."""
        if self.sequence == self._told:
            return None
        levels = [
            (side, (price, self._sides[side].lots_at(price))) for side, price in self._touched
        ]
        change = BookChange(
            self.market,
            self._told,
            self.sequence,
            tuple(level for side, level in levels if side == Side.BUY),
            tuple(level for side, level in levels if side == Side.SELL),
        )
        self._told = self.sequence
        self._touched.clear()
        return change

    def _apply(self, event: OrderEvent) -> None:
        match event:
            case OrderAccepted():
                self._accept(event)
            case OrderRested():
                self._rest(event)
            case TradeExecuted():
                self._fill(event.maker_order, event.qty)
                self._fill(event.taker_order, event.qty)
            case PeakRefilled():
                self._show(event.order_id, event.visible)
            case SelfTradePrevented() if event.qty:
                self._prevent(event.maker_order, event.qty)
                self._prevent(event.taker_order, event.qty)
            case OrderAmended():
                self._amend(event)
            case OrderDone():
                self._end(event.order_id)
            case _:
                return

    def _accept(self, event: OrderAccepted) -> None:
        if self._is_loaded(event.order_id):
            return
        terms = event.order
        order = _Order(terms.side, terms.price, terms.qty, terms.qty)
        self._orders[event.order_id] = order
        if event.state == AcceptedState.RESTING:
            self._enter(order, min(terms.display or terms.qty, terms.qty))

    def _end(self, order_id: int) -> None:
        order = self._find(order_id)
        if order is not None:
            self._leave(order)
            del self._orders[order_id]

    def _rest(self, event: OrderRested) -> None:
        order = self._find(event.order_id)
        if order is not None:
            self._leave(order)
            order.price = event.price
            self._enter(order, event.visible)

    def _fill(self, order_id: int, lots: int) -> None:
        order = self._find(order_id)
        if order is not None:
            order.leaves -= lots
            # An auction may trade what an iceberg hides; PeakRefilled then tells what it shows.
            self._change(order, max(0, order.visible - lots))

    def _prevent(self, order_id: int, lots: int) -> None:
        order = self._find(order_id)
        if order is not None:
            order.leaves -= lots
            self._change(order, min(order.visible, order.leaves))

    def _show(self, order_id: int, visible: int) -> None:
        order = self._find(order_id)
        if order is not None:
            self._change(order, visible)

    def _amend(self, event: OrderAmended) -> None:
        order = self._find(event.order_id)
        if order is None:
            return
        order.leaves += event.qty - order.qty
        order.qty = event.qty
        if event.keeps_priority:
            self._change(order, event.visible)
        else:
            self._leave(order)
            order.price = event.price

    def _find(self, order_id: int) -> _Order | None:
        """Return the order, unless what happens now to it was loaded with it."""
        return None if self._is_loaded(order_id) else self._orders.get(order_id)

    def _is_loaded(self, order_id: int) -> bool:
        return self._loaded_seq is not None and self._seq <= self._loaded_seq(order_id)

    def _enter(self, order: _Order, visible: int) -> None:
        order.visible = visible
        order.is_in_book = True
        self._sides[order.side].add(order.price, visible)
        self._touch(order)

    def _leave(self, order: _Order) -> None:
        if not order.is_in_book:
            return
        order.is_in_book = False
        self._sides[order.side].remove(order.price, order.visible)
        self._touch(order)

    def _change(self, order: _Order, visible: int) -> None:
        if not order.is_in_book:
            return
        self._sides[order.side].change(order.price, visible - order.visible)
        order.visible = visible
        self._touch(order)

    def _touch(self, order: _Order) -> None:
        self._touched[order.side, order.price] = None
        self._is_changed = True
