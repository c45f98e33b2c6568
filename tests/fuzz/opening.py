"""How a fuzzed house opens: assets, markets, people and money, all drawn from the seed."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

import msgspec

from bezant.core import commands as c
from bezant.core.ids import AccountId, AssetId, MarketId, Number, Source
from bezant.core.units import I64_MAX, Lots, Ticks, Units
from bezant.core.words import Algorithm, MarketStatus, TransferReason

OPENING_SOURCE = Source(1)
USER_FIRST = 1_001
LOT_UNITS_MAX = 10**12
TICK_LOT_UNITS_MAX = 10**9
DEAREST = 60  # Ticks: the `price_max` of every market here.


@dataclass(frozen=True)
class Grid:
    """A market's assets, and units of a lot and of a tick of a lot (LAW L1.1)."""

    market: MarketId
    base: AssetId
    quote: AssetId
    lot_units: int
    tick_num: int
    tick_scale: int
    tick_lot_units: int


@dataclass(frozen=True)
class Opening:
    """What there is when the day begins."""

    scales: tuple[int, ...]  # Of asset 1, 2, …
    grids: tuple[Grid, ...]
    users: tuple[AccountId, ...]
    is_rich: bool  # Whether money rarely runs out.

    def commands(self, rng: Random) -> Iterator[c.Command]:
        """Yield what opens the house, numbered densely."""
        for number, command in enumerate(self._unnumbered(rng), start=1):
            yield msgspec.structs.replace(command, source=OPENING_SOURCE, number=Number(number))

    def _unnumbered(self, rng: Random) -> Iterator[c.Command]:
        nobody = (OPENING_SOURCE, Number(0))
        for asset, scale in enumerate(self.scales, start=1):
            yield c.CreateAsset(*nobody, AssetId(asset), scale, Units(2**62), True)
        for grid in self.grids:
            yield c.CreateMarket(
                *nobody,
                grid.market,
                grid.base,
                grid.quote,
                Units(grid.lot_units),
                grid.tick_num,
                grid.tick_scale,
                parameters(rng, grid),
            )
            for tier in (0, 0, 1):
                yield c.SetFees(*nobody, grid.market, tier, *rates(rng))
            if rng.random() < 0.9:
                yield c.SetReferencePrice(*nobody, grid.market, Ticks(30))
            if rng.random() < 0.9:
                yield c.SetMarketStatus(*nobody, grid.market, MarketStatus.TRADING)
        for user in self.users:
            group, stp = rng.choice((0, 0, 0, 7)), rng.choice((0, 0, 0, 1, 2, 3, 4, 5))
            yield c.OpenAccount(*nobody, user, group, stp, False, False)
        for user in self.users:
            yield from self._deposits(rng, user)

    def _deposits(self, rng: Random, user: AccountId) -> Iterator[c.Command]:
        nobody = (OPENING_SOURCE, Number(0))
        for asset in range(1, len(self.scales) + 1):
            units = self.units_of(AssetId(asset), 4_000 if self.is_rich else 300, rng)
            why, hot = TransferReason.DEPOSIT, AccountId(5)
            yield c.Transfer(*nobody, hot, user, AssetId(asset), Units(units), why)

    def units_of(self, asset: AssetId, lots_max: int, rng: Random) -> int:
        """Return some units of an asset, worth up to so many lots."""
        unit = 1
        for grid in self.grids:
            if grid.base == asset:
                unit = grid.lot_units
            elif grid.quote == asset:
                unit = 30 * grid.tick_lot_units
        lots = rng.randrange(1, lots_max)
        return lots * unit + rng.choice((0, 0, rng.randrange(unit)))


def draw(rng: Random) -> Opening:
    """Return an opening with two to four markets."""
    market_count = rng.choice((2, 2, 3, 4))
    while True:
        scales = tuple(rng.choice((0, 1, 2, 8, 8, 11, 18)) for _ in range(market_count + 1))
        grids = [_draw_grid(rng, market, scales) for market in range(1, market_count + 1)]
        whole = tuple(grid for grid in grids if grid is not None)
        if len(whole) == market_count:
            break
    users = tuple(AccountId(USER_FIRST + index) for index in range(rng.choice((2, 3, 3, 5))))
    return Opening(scales, whole, users, is_rich=rng.random() < 0.5)


def parameters(rng: Random, grid: Grid) -> c.MarketParameters:
    """Return a market's parameters; prices stay near 30."""
    notional = grid.tick_lot_units * 30
    return c.MarketParameters(
        price_max=Ticks(DEAREST),
        qty_min=Lots(rng.choice((1, 1, 2))),
        qty_max=Lots(rng.choice((40, 200))),
        notional_min=Units(rng.choice((0, 0, 3 * notional))),
        notional_max=Units(rng.choice((150 * notional, I64_MAX))),
        band_bips=rng.choice((0, 0, 3_000, 6_000)),
        dynamic_bips=rng.choice((0, 0, 600, 1_500)),
        window_ms=rng.choice((0, 1_000, 60_000)),
        auction_ms=rng.choice((1_000, 2_000)),
        extensions_max=rng.choice((0, 2)),
        open_orders_max=rng.choice((9, 30)),
        stop_orders_max=rng.choice((4, 20)),
        icebergs_max=rng.choice((3, 20)),
        lists_max=rng.choice((2, 10)),
        parts_max=rng.choice((6, 20)),
        amends_max=rng.choice((2, 3, 50)),
        trailing_min=rng.choice((1, 500)),
        trailing_max=rng.choice((2_000, 9_999)),
        algorithm=rng.choice((Algorithm.FIFO, Algorithm.PRO_RATA)),
        top_percent=rng.choice((0, 40, 100)),
        min_allocation=Lots(rng.choice((1, 2, 3))),
    )


def rates(rng: Random) -> tuple[int, int]:
    """Return maker and taker rate in parts per million (LAW L1.3)."""
    maker = rng.choice((-10_000, -2_000, -300, 0, 0, 1_500, 100_000))
    return maker, rng.choice((0, 0, 900, 2_500, 7_000, 100_000))


def _draw_grid(rng: Random, market: int, scales: tuple[int, ...]) -> Grid | None:
    """Return a grid of which a tick of a lot is whole (L1.1), None if a few draws gave none."""
    base, quote = AssetId(market + 1), AssetId(rng.randrange(1, market + 1))
    for _ in range(40):
        tick_num, tick_scale = rng.choice((1, 1, 2, 5)), rng.randrange(5)
        lot_units = rng.choice((1, 5, 10, 1_000, 10**6, 10 ** min(12, scales[base - 1])))
        numerator = tick_num * lot_units * 10 ** scales[quote - 1]
        units, rest = divmod(numerator, 10 ** (tick_scale + scales[base - 1]))
        if rest == 0 and 1 <= units <= TICK_LOT_UNITS_MAX:
            return Grid(MarketId(market), base, quote, lot_units, tick_num, tick_scale, units)
    return None
