"""The grid of one market: decimal strings become ticks, lots and units, and come back, exactly.

The core knows prices as ticks and quantities as lots; people write decimals. Nothing here rounds:
what is not on the grid is refused by name. Not for fees or sums, which the core alone computes.
"""

from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from bezant.core.reads import MarketView
from bezant.kit.decimals import from_units, parse_decimal

WIRE_MAX: Final = 2**63 - 1  # What a field of a command can carry (LAW L1.2).
AVERAGE_DECIMALS: Final = 4  # More decimals than a price has, for the mean of several.


class OffGrid(ValueError):
    """The number is well formed but not a whole number of steps."""


class TooLarge(ValueError):
    """The number is well formed but beyond what a command can carry."""


class Grid(Struct, frozen=True):
    """Steps of a market's numbers: a tick is `tick` / 10^price_scale quote coins, a lot likewise.

    `lot_units` and `tick_lot_units` are LAW's L and U (L1.1). New orders come in whole published
    steps: `step_ticks` ticks, `step_lots` lots.
    """

    price_scale: int
    tick: int
    qty_scale: int
    lot: int
    base_scale: int
    quote_scale: int
    lot_units: int
    tick_lot_units: int
    step_ticks: int = 1
    step_lots: int = 1

    def to_ticks(self, text: str) -> int:
        """Return a price as ticks. Raises NotDecimal, OffGrid, TooLarge."""
        return _to_steps(text, self.price_scale, self.tick, self.step_ticks)

    def to_lots(self, text: str) -> int:
        """Return a quantity as lots. Raises NotDecimal, OffGrid, TooLarge."""
        return _to_steps(text, self.qty_scale, self.lot, self.step_lots)

    def to_quote_units(self, text: str) -> int:
        """Return an amount of the quote as units. Raises NotDecimal, OffGrid, TooLarge."""
        return _to_steps(text, self.quote_scale, 1, 1)

    @property
    def tick_size(self) -> str:
        """The published tick size as a decimal string."""
        return self.price_text(self.step_ticks)

    @property
    def lot_size(self) -> str:
        """The published lot size as a decimal string."""
        return self.qty_text(self.step_lots)

    def price_text(self, ticks: int) -> str:
        """Return ticks as a decimal string with the market's price decimals."""
        return from_units(ticks * self.tick, self.price_scale)

    def qty_text(self, lots: int) -> str:
        """Return lots as a decimal string with the market's quantity decimals."""
        return from_units(lots * self.lot, self.qty_scale)

    def quote_text(self, units: int) -> str:
        """Return units of the quote as a decimal string with its whole ledger scale."""
        return from_units(units, self.quote_scale)

    def base_text(self, units: int) -> str:
        """Return units of the base as a decimal string with its whole ledger scale."""
        return from_units(units, self.base_scale)

    def average_price_text(self, tick_lots: int, lots: int) -> str:
        """Return the mean price of `lots` lots whose prices × lots sum to `tick_lots`.

        Rounded down to AVERAGE_DECIMALS more decimals than a price has; for show, never for money.
        """
        mean = tick_lots * self.tick * 10**AVERAGE_DECIMALS // lots
        return from_units(mean, self.price_scale + AVERAGE_DECIMALS)


def make_grid(view: MarketView, *, base_scale: int, quote_scale: int) -> Grid:
    """Return the grid of a market as the core describes it, with no more decimals than it needs."""
    price_scale, tick = _shorten(view.tick_scale, view.tick_num)
    qty_scale, lot = _shorten(base_scale, view.lot_units)
    return Grid(
        price_scale=price_scale,
        tick=tick,
        qty_scale=qty_scale,
        lot=lot,
        base_scale=base_scale,
        quote_scale=quote_scale,
        lot_units=view.lot_units,
        tick_lot_units=view.tick_lot_units,
    )


def publish_steps(grid: Grid, *, tick: str, step: str) -> Grid:
    """Return the grid with the published tick and step of the market's row.

    They are whole multiples of the grid (ARCHITECTURE §4); a row that says otherwise changes
    nothing, since the grid is the core's.
    """
    try:
        return replace(grid, step_ticks=grid.to_ticks(tick), step_lots=grid.to_lots(step))
    except ValueError:
        return grid


def _shorten(scale: int, step: int) -> tuple[int, int]:
    while scale > 0 and step % 10 == 0:
        scale, step = scale - 1, step // 10
    return scale, step


def _to_steps(text: str, scale: int, step: int, whole: int) -> int:
    digits, decimals = parse_decimal(text)
    if decimals > scale:
        raise OffGrid(text)
    factor: int = 10 ** (scale - decimals)
    count, rest = divmod(digits * factor, step)
    if rest or count % whole:
        raise OffGrid(text)
    if count > WIRE_MAX:
        raise TooLarge(text)
    return count
