"""The order book of a market: price-time queues (INV-05). Not for matching, it only keeps order.

A side keeps its levels by *key*: the price for bids, its negative for asks, so that on both sides
the best level has the greatest key.
"""

from bisect import bisect_left, insort

from msgspec import Struct, field

from bezant.core.ids import Seq
from bezant.core.order import Order
from bezant.core.units import Lots, Ticks
from bezant.core.words import SELL


class Level(Struct, eq=False):
    """One price: its orders as a linked queue, and their sums."""

    price: Ticks
    visible: Lots = Lots(0)
    leaves: Lots = Lots(0)
    count: int = 0
    head: Order | None = None
    tail: Order | None = None


class BookSide(Struct, eq=False):
    """Bids or asks; `sign` turns a price into a key and back."""

    sign: int
    keys: list[int] = field(default_factory=list)  # Ascending, the best last.
    levels: dict[int, Level] = field(default_factory=dict)

    def best(self) -> Level | None:
        """Return the best level, or None of an empty side."""
        return self.levels[self.keys[-1]] if self.keys else None

    def is_reached(self, price: Ticks) -> bool:
        """Return whether a limit on the other side at this price could take from here."""
        return bool(self.keys) and self.keys[-1] >= price * self.sign

    def level_of(self, order: Order) -> Level:
        """Return the level that a resting order stands in."""
        return self.levels[order.price * self.sign]


class Book(Struct, eq=False):
    """Both sides, and the seq of the last entry that changed a visible quantity or a queue."""

    bids: BookSide = field(default_factory=lambda: BookSide(1))
    asks: BookSide = field(default_factory=lambda: BookSide(-1))
    sequence: Seq = Seq(0)

    def side(self, side: int) -> BookSide:
        """Return the side on which orders of this side stand."""
        return self.asks if side == SELL else self.bids

    def opposite(self, side: int) -> BookSide:
        """Return the side that orders of this side take from."""
        return self.bids if side == SELL else self.asks


def append(book: Book, order: Order, seq: Seq) -> None:
    """Put an order at the tail of its level."""
    side = book.asks if order.side else book.bids
    key = order.price * side.sign
    level = side.levels.get(key)
    if level is None:
        level = side.levels[key] = Level(order.price)
        insort(side.keys, key)
    level.visible = Lots(level.visible + order.visible)
    level.leaves = Lots(level.leaves + order.leaves)
    level.count += 1
    _link(level, order)
    book.sequence = seq


def remove(book: Book, order: Order, seq: Seq) -> None:
    """Take a resting order out of its level, and the level away with its last order."""
    side = book.asks if order.side else book.bids
    key = order.price * side.sign
    level = side.levels[key]
    if level.count == 1:
        del side.levels[key]
        del side.keys[bisect_left(side.keys, key)]
    else:
        level.visible = Lots(level.visible - order.visible)
        level.leaves = Lots(level.leaves - order.leaves)
        level.count -= 1
        _unlink(level, order)
    book.sequence = seq


def reduce(book: Book, order: Order, *, lots: Lots, visible: Lots, seq: Seq) -> None:
    """Take lots from a resting order, which keeps its place and shows `visible` from now on."""
    level = book.side(order.side).level_of(order)
    level.leaves = Lots(level.leaves - lots)
    level.visible = Lots(level.visible - order.visible + visible)
    order.leaves = Lots(order.leaves - lots)
    order.visible = visible
    book.sequence = seq


def show(book: Book, order: Order, visible: Lots, seq: Seq) -> None:
    """Let a resting order show this many of its leaves, in its place."""
    level = book.side(order.side).level_of(order)
    level.visible = Lots(level.visible - order.visible + visible)
    order.visible = visible
    book.sequence = seq


def requeue(book: Book, order: Order) -> None:
    """Move a resting order to the tail of its level (L9.1)."""
    level = book.side(order.side).level_of(order)
    if level.tail is order:
        return
    _unlink(level, order)
    _link(level, order)


def _link(level: Level, order: Order) -> None:
    tail = level.tail
    order.previous = tail
    if tail is None:
        level.head = order
    else:
        tail.next = order
    level.tail = order


def _unlink(level: Level, order: Order) -> None:
    before, after = order.previous, order.next
    if before is None:
        level.head = after
    else:
        before.next = after
    if after is None:
        level.tail = before
    else:
        after.previous = before
    order.previous = order.next = None
