"""What a market maker wants in a book: a pure function of a price, what is open and some chance.

All prices are ticks and all quantities lots; strings are made and read at the grid.
"""

from collections.abc import Sequence
from random import Random
from typing import Final, Self

from msgspec import Struct

from bezant.kit.decimals import from_units, parse_decimal
from bezant.marketdata.listing import MarketSpec

LEVELS: Final = 24  # A side; the demo promises 20, some are always being moved.
REFRESHED: Final = 2  # Orders a side that are taken out and put elsewhere at each turn.
HALF_SPREAD_BIPS: Final = 1
STEP_BIPS: Final = 2
BIPS: Final = 10_000
LEVEL_DOLLARS: Final = (200, 4_000)
DOLLAR: Final = 100_000_000  # In the 10⁻⁸ dollars that worth is counted in.


class Grid(Struct, frozen=True):
    """Tick and lot of a market as whole numbers over powers of ten."""

    symbol: str
    tick_num: int
    tick_scale: int
    lot_num: int
    lot_scale: int

    @classmethod
    def of(cls, spec: MarketSpec) -> Self:
        """Return the grid of a market."""
        tick_num, tick_scale = parse_decimal(spec.tick)
        lot_num, lot_scale = parse_decimal(spec.lot)
        return cls(spec.symbol, tick_num, tick_scale, lot_num, lot_scale)

    def ticks(self, base_worth: int, quote_worth: int) -> int:
        """Return the price of the base in the quote in ticks, rounded down."""
        return int(base_worth * 10**self.tick_scale // (quote_worth * self.tick_num))

    def lots(self, dollars: int, base_worth: int) -> int:
        """Return how many lots so many dollars buy, at least one."""
        return max(1, int(dollars * DOLLAR * 10**self.lot_scale // (base_worth * self.lot_num)))

    def price(self, ticks: int) -> str:
        """Return a price as a decimal string."""
        return from_units(ticks * self.tick_num, self.tick_scale)

    def quantity(self, lots: int) -> str:
        """Return a quantity as a decimal string."""
        return from_units(lots * self.lot_num, self.lot_scale)

    def ticks_of(self, price: str) -> int:
        """Return a price that the exchange printed, in ticks."""
        digits, scale = parse_decimal(price)
        return int(digits * 10**self.tick_scale // (self.tick_num * 10**scale))


class Quote(Struct, frozen=True):
    """An order of the maker: open if it has an id."""

    is_bid: bool
    price_ticks: int
    qty_lots: int = 0
    order_id: str = ""


class Turn(Struct, frozen=True):
    """What to do now: cancels first, so that nothing of our own is crossed."""

    cancels: tuple[Quote, ...]
    places: tuple[Quote, ...]


def plan_turn(
    grid: Grid, worths: tuple[int, int], open_quotes: Sequence[Quote], chance: Random
) -> Turn:
    """Return what brings the book to LEVELS a side around the present price.

    `worths` are those of base and quote coin.
    """
    mid = grid.ticks(*worths)
    cancels: list[Quote] = []
    places: list[Quote] = []
    for is_bid in (True, False):
        wanted = _prices(mid, is_bid=is_bid)
        mine = [quote for quote in open_quotes if quote.is_bid == is_bid]
        kept = {quote.price_ticks: quote for quote in mine if quote.price_ticks in wanted}
        moved = chance.sample(sorted(kept), min(REFRESHED, len(kept)))
        stay = [price for price in kept if price not in moved]
        cancels += [quote for quote in mine if kept.get(quote.price_ticks) is not quote]
        cancels += [kept[price] for price in moved]
        places += [
            Quote(is_bid, price, grid.lots(chance.randint(*LEVEL_DOLLARS), worths[0]))
            for price in wanted
            if price not in stay
        ]
    return Turn(tuple(cancels), tuple(places))


def _prices(mid: int, *, is_bid: bool) -> tuple[int, ...]:
    """Return the prices of one side, best first, on a coarse raster so that most of them last."""
    step = max(1, mid * STEP_BIPS // BIPS)
    gap = max(1, mid * HALF_SPREAD_BIPS // BIPS)
    if is_bid:
        best = (mid - gap) // step * step
        return tuple(price for at in range(LEVELS) if (price := best - at * step) > 0)
    best = -(-(mid + gap) // step) * step
    return tuple(best + at * step for at in range(LEVELS))


def walk(worth: int, start: int, chance: Random) -> int:
    """Return the next worth of a coin: a small step, drawn back to where it started."""
    noise = chance.randint(-6, 6) * worth // (4 * BIPS)
    pull = (start - worth) // 500
    return max(1, worth + noise + pull)
