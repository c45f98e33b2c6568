"""What the projector must know beyond a single event: the grids of markets, the legs of lists.

Loaded from the tables when it starts, then kept by the events themselves.
"""

from typing import Any, Final

from bezant.core.events import Event, MarketCreated, OrderAccepted, OrderDone
from bezant.core.ids import AssetId, MarketId
from bezant.core.postings import Grid, grid
from bezant.core.units import Units

_GRIDS: Final = "SELECT market, base, quote, lot_units, tick_lot_units FROM market_states"
_LEGS: Final = "SELECT order_id, list_id FROM orders WHERE list_id <> 0 AND status < 2"


class Known:
    """Grids by market, and the list of each open leg by order."""

    def __init__(self) -> None:
        self.grids: dict[MarketId, Grid] = {}
        self.legs: dict[int, int] = {}

    async def load(self, connection: Any) -> None:
        """Read it as of the cursor."""
        for row in await connection.fetch(_GRIDS):
            self.grids[MarketId(row["market"])] = Grid(
                AssetId(row["base"]),
                AssetId(row["quote"]),
                Units(row["lot_units"]),
                Units(row["tick_lot_units"]),
            )
        rows = await connection.fetch(_LEGS)
        self.legs = {row["order_id"]: row["list_id"] for row in rows}

    def learn(self, event: Event) -> None:
        """Take in an event before it is folded."""
        if isinstance(event, OrderAccepted):
            if event.list_id:
                self.legs[event.order_id] = event.list_id
        elif isinstance(event, MarketCreated):
            self.grids[event.market] = grid(event)

    def forget(self, event: Event) -> None:
        """Let go of a leg that has ended, after the event was folded."""
        if isinstance(event, OrderDone):
            self.legs.pop(event.order_id, None)
