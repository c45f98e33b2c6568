"""An open order and an order list, as the state keeps them. Not for what happens to them."""

import enum
from typing import Final

from msgspec import Struct

from bezant.core.balance import Balance
from bezant.core.commands import OrderTerms
from bezant.core.ids import AccountId, ListId, MarketId, OrderId
from bezant.core.units import Lots, Ticks, Units
from bezant.core.words import LIMIT, SELL, ListKind


class OrderState(enum.IntEnum):
    """Where an open order is."""

    PENDING = 0  # Has a trigger that has not come, or waits in its list (L5.1).
    RESTING = 1  # In the book.
    MATCHING = 2  # In its taker phase; never between entries.
    WAITING = 3  # Triggered and in its market's due queue (L8.3).


PENDING: Final = OrderState.PENDING
RESTING: Final = OrderState.RESTING
MATCHING: Final = OrderState.MATCHING
WAITING: Final = OrderState.WAITING


class ListStage(enum.IntEnum):
    """How far an order list has come."""

    WORKING_LEG = 0  # oto, otoco: leg 0 is at work, the others wait.
    DUE = 1  # Leg 0 is filled, the list is in its market's due queue (L10.4).
    RELEASED = 2  # All open legs are orders in their own right; of oco from the start.


class Order(Struct, eq=False):
    """One open order. `terms` has its present quantity, price and client id.

    `leaves`, `filled`, `prevented` and `visible` in lots; `budget` is what an order by quote may
    still spend or earn, in quote units; `hold` is its own, in units of what it pays with (a pair's
    stands in its list); `hold_price` is fixed when the hold is taken (L4.3); `balance` is what it
    pays from.
    """

    id: OrderId
    account: AccountId
    market: MarketId
    terms: OrderTerms
    side: int
    price: Ticks
    stp: int
    leaves: Lots
    visible: Lots
    budget: Units
    hold: Units
    hold_price: Ticks
    balance: Balance
    state: OrderState
    filled: Lots = Lots(0)
    prevented: Lots = Lots(0)
    extreme: Ticks = Ticks(0)  # Of a trailing order that tracks (L8.2), else 0.
    amends: int = 0
    aliases: tuple[str, ...] = ()  # Client ids from before its amends; they name it still.
    parent: "OrderList | None" = None
    previous: "Order | None" = None  # Neighbors in the queue of its level.
    next: "Order | None" = None
    is_open: bool = True


class OrderList(Struct, eq=False):
    """An order list. `hold` is the pair's shared one while both of its legs are open (L4.5)."""

    id: ListId
    account: AccountId
    market: MarketId
    kind: int
    client_id: str
    stage: ListStage
    hold: Units = Units(0)
    legs: tuple[Order, ...] = ()

    def pair(self) -> tuple[Order, ...]:
        """Return the two legs of which one ends the other, none for oto."""
        if self.kind == ListKind.OTO:
            return ()
        return self.legs[-2:]


def is_dormant(order: Order) -> bool:
    """Return whether the order waits for its list's working leg."""
    parent = order.parent
    return parent is not None and parent.stage != ListStage.RELEASED and order is not parent.legs[0]


def find_partner(order: Order) -> Order | None:
    """Return the other leg of the order's pair while both are open, else None."""
    if order.parent is None:
        return None
    pair = order.parent.pair()
    if not pair or order is pair[0]:
        partner = pair[1] if pair else None
    else:
        partner = pair[0] if order is pair[1] else None
    return partner if partner is not None and partner.is_open else None


def is_by_quote(terms: OrderTerms) -> bool:
    """Return whether the order has a budget in quote units instead of a quantity."""
    return terms.quote_units != 0


def has_hold(terms: OrderTerms) -> bool:
    """Return whether the order pays from its hold: all but market orders that pay from available.

    A market buy with a trigger gives its hold back when it triggers, a market sell keeps it (L4.3).
    """
    return terms.type == LIMIT or (terms.trigger != 0 and terms.side == SELL)
