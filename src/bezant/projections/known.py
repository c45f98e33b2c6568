"""What the projector must know beyond an event: of markets, legs of lists, icebergs, accounts.

Loaded from the tables when it starts, then kept by the events themselves.
"""

from typing import Any, Final

from bezant.core.events import (
    AccountOpened,
    AccountSet,
    Event,
    MarketCreated,
    OrderAccepted,
    OrderDone,
)
from bezant.core.ids import AssetId, MarketId
from bezant.core.postings import Grid, grid
from bezant.core.units import Units
from bezant.projections.account_settings import UNLESS_SET, mode_of
from bezant.projections.icebergs import Icebergs

_GRIDS: Final = "SELECT market, base, quote, lot_units, tick_lot_units FROM market_states"
_LEGS: Final = "SELECT order_id, list_id FROM orders WHERE list_id <> 0 AND status < 2"
_SETTINGS: Final = (AccountOpened, AccountSet)
_MODES: Final = "SELECT account, stp FROM account_settings"


class Known:
    """Grids by market, the list of each open leg and what icebergs show, modes by account."""

    def __init__(self) -> None:
        self.grids: dict[MarketId, Grid] = {}
        self.legs: dict[int, int] = {}
        self.icebergs = Icebergs()
        self._modes: dict[int, int] = {}  # Of accounts that are not as they are unless set.

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
        await self.icebergs.load(connection)
        rows = await connection.fetch(_MODES)
        self._modes = {row["account"]: row["stp"] for row in rows if row["stp"] != UNLESS_SET}

    def mode_of(self, accepted: OrderAccepted) -> int:
        """Return the self-trade prevention that a new order became (L7.1)."""
        return accepted.order.stp or self._modes.get(accepted.account, UNLESS_SET)

    def learn(self, event: Event) -> None:
        """Take in an event before it is folded."""
        if self.icebergs.open:
            self.icebergs.learn(event)
        if isinstance(event, OrderAccepted):
            if event.list_id:
                self.legs[event.order_id] = event.list_id
            if event.order.display:
                self.icebergs.add(event)
        elif isinstance(event, MarketCreated):
            self.grids[event.market] = grid(event)
        elif isinstance(event, _SETTINGS):
            self._modes.pop(event.account, None)
            if mode_of(event) != UNLESS_SET:
                self._modes[event.account] = mode_of(event)

    def forget(self, event: Event) -> None:
        """Let go of an order that has ended, after the event was folded."""
        if isinstance(event, OrderDone):
            self.icebergs.forget(event.order_id)
            self.legs.pop(event.order_id, None)
