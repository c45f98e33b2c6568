"""Whose hold an event changes: each order's share of it, in units of what the order pays with.

The sum over an account is what `core.postings` says of its hold; this says which order owns it. A
leg's share belongs to its list, since the two legs of a pair hold together (L4.5).
"""

from bezant.core.events import (
    Event,
    OrderAccepted,
    OrderAmended,
    OrderDone,
    OrderTriggered,
    SelfTradePrevented,
    TradeExecuted,
)
from bezant.core.ids import MarketId
from bezant.core.postings import Grid
from bezant.core.words import Side


def hold_changes(event: Event, grids: dict[MarketId, Grid]) -> tuple[tuple[int, int], ...]:
    """Return (order, units) for each hold that an event makes larger or (negative) smaller."""
    match event:
        case OrderAccepted() | OrderAmended():
            return ((event.order_id, event.held),)
        case OrderDone() | OrderTriggered():
            return ((event.order_id, -event.released),)
        case SelfTradePrevented():
            return (
                (event.taker_order, -event.taker_released),
                (event.maker_order, -event.maker_released),
            )
        case TradeExecuted():
            return _paid(event, grids[event.market])
        case _:
            return ()


def _paid(event: TradeExecuted, terms: Grid) -> tuple[tuple[int, int], ...]:
    """Return what the sides paid out of holds; the buyer's improvement left its hold, too."""
    sold = event.qty * terms.lot_units
    bought = event.price * event.qty * terms.tick_lot_units + event.improvement
    taker, maker = (sold, bought) if event.taker_side == Side.SELL else (bought, sold)
    paid_by_maker = (int(event.maker_order), -maker)
    if not event.taker_has_hold:
        return (paid_by_maker,)
    return (int(event.taker_order), -taker), paid_by_maker
