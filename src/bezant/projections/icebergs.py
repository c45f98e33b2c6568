"""What open icebergs show (L9.1): followed, since no event tells it after a trade."""

from typing import Any, Final

from msgspec import Struct

from bezant.core.events import (
    Event,
    OrderAccepted,
    OrderAmended,
    OrderDone,
    OrderFact,
    OrderRested,
    PeakRefilled,
    SelfTradePrevented,
    TradeExecuted,
)
from bezant.core.words import AcceptedState

_BOTH_SIDES: Final = (TradeExecuted, SelfTradePrevented)
_OPEN: Final = """
SELECT order_id, qty, qty - filled - prevented AS leaves, visible FROM orders
WHERE display <> 0 AND status < 2
"""


class Shown(Struct):
    """An iceberg in lots: all of it, what is left, and what of that is shown."""

    qty: int
    leaves: int
    visible: int

    def take(self, event: Event) -> None:
        """Take in an event that names the order."""
        match event:
            case OrderRested() | PeakRefilled():
                self.visible = event.visible
            case TradeExecuted():  # An auction may trade what is hidden, too (L12.4).
                self.leaves -= event.qty
                self.visible = max(0, self.visible - event.qty)
            case SelfTradePrevented():
                self.leaves -= event.qty
                self.visible = min(self.visible, self.leaves)
            case OrderAmended():
                self.leaves += event.qty - self.qty
                self.qty = event.qty
                self.visible = event.visible
            case OrderDone():
                self.visible = 0
            case _:
                pass


def begin(accepted: OrderAccepted) -> Shown:
    """Return a new iceberg: in the book at once, or showing nothing yet."""
    terms = accepted.order
    is_resting = accepted.state == AcceptedState.RESTING
    return Shown(terms.qty, terms.qty, min(terms.display, terms.qty) if is_resting else 0)


class Icebergs:
    """Those in `open` by order; `changed` says what the last event changed of which."""

    def __init__(self) -> None:
        self.open: dict[int, Shown] = {}
        self.changed: list[tuple[int, int]] = []

    async def load(self, connection: Any) -> None:
        """Read them as of the cursor."""
        self.open = {
            row["order_id"]: Shown(row["qty"], row["leaves"], row["visible"])
            for row in await connection.fetch(_OPEN)
        }

    def learn(self, event: Event) -> None:
        """Take in what an event changes before it is folded; needed only while one is open."""
        self.changed.clear()
        if isinstance(event, _BOTH_SIDES):
            self._take(event.taker_order, event)
            self._take(event.maker_order, event)
        elif isinstance(event, OrderFact):
            self._take(event.order_id, event)

    def add(self, accepted: OrderAccepted) -> None:
        """Take in a new one."""
        shown = self.open[accepted.order_id] = begin(accepted)
        self.changed.append((accepted.order_id, shown.visible))

    def forget(self, order_id: int) -> None:
        """Let go of an order that has ended, after the event was folded."""
        if self.open.pop(order_id, None) is not None:
            self.changed.clear()

    def _take(self, order_id: int, event: Event) -> None:
        shown = self.open.get(order_id)
        if shown is not None:
            shown.take(event)
            self.changed.append((order_id, shown.visible))
