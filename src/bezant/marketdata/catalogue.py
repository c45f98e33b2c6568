"""The catalogue: which assets and markets there are, the core's values joined with their rows.

The core owns what trading needs (scales, grid, fees, status), the row owns names. Loaded by one
query and kept fresh by the events that follow its seq. Not for prices and books.
"""

from collections.abc import Iterable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from bezant.core import reads
from bezant.core.commands import MarketParameters
from bezant.core.events import (
    AssetCreated,
    AssetSet,
    Event,
    FeesSet,
    MarketCreated,
    MarketSet,
    MarketStatusChanged,
)
from bezant.core.ids import Seq
from bezant.core.reads import AssetView, FeeView, MarketView
from bezant.core.units import Ticks
from bezant.core.words import MarketStatus
from bezant.kit.decimals import from_units
from bezant.marketdata.grid import Grid, make_grid, publish_steps


class AssetRow(Struct, frozen=True):
    """What the table knows of an asset; `code` is what people call it, such as BTC."""

    asset: int
    code: str
    name: str
    kind: str
    category: str
    display_scale: int


class MarketRow(Struct, frozen=True):
    """What the table knows of a market: code BTCUSDT, name BTC-USDT, published tick and step."""

    market: int
    code: str
    name: str
    tick: str
    step: str


class Asset(Struct, frozen=True):
    """An asset as a client may see it."""

    asset: int
    code: str
    name: str
    kind: str
    category: str
    scale: int
    display_scale: int
    is_enabled: bool

    def text(self, units: int) -> str:
        """Return units of this asset as a decimal string with its whole ledger scale."""
        return from_units(units, self.scale)


class Market(Struct, frozen=True):
    """A market as a client may see it."""

    market: int
    code: str
    name: str
    base: Asset
    quote: Asset
    grid: Grid
    parameters: MarketParameters
    status: int
    fees: tuple[FeeView, ...]

    @property
    def base_fees(self) -> FeeView:
        """The rates of tier 0, which hold where a tier has none of its own (L1.5)."""
        return next((fees for fees in self.fees if fees.tier == 0), FeeView(0, 0, 0))


class Catalogue:
    """Assets and markets by code and by id, at one seq and on from there."""

    def __init__(
        self,
        view: reads.Catalogue,
        assets: Iterable[AssetRow],
        markets: Iterable[MarketRow],
    ) -> None:
        self.seq: int = view.seq
        self._asset_views = {one.asset: one for one in view.assets}
        self._market_views = {one.market: one for one in view.markets}
        self._asset_rows: dict[int, AssetRow] = {}
        self._market_rows: dict[int, MarketRow] = {}
        self.assets: dict[int, Asset] = {}
        self.markets: dict[int, Market] = {}
        self._assets_by_code: dict[str, Asset] = {}
        self._markets_by_code: dict[str, Market] = {}
        self.name(assets, markets)

    def name(self, assets: Iterable[AssetRow], markets: Iterable[MarketRow]) -> None:
        """Take the rows as read from their tables now."""
        self._asset_rows = {row.asset: row for row in assets}
        self._market_rows = {row.market: row for row in markets}
        self._join()

    def find_asset(self, code: str) -> Asset | None:
        """Return the asset of that code, in capitals."""
        return self._assets_by_code.get(code)

    def find_market(self, code: str) -> Market | None:
        """Return the market of that code, such as BTCUSDT."""
        return self._markets_by_code.get(code)

    def list_assets(self) -> Sequence[Asset]:
        """Return all assets by id."""
        return tuple(self.assets[key] for key in sorted(self.assets))

    def list_markets(self) -> Sequence[Market]:
        """Return all markets by id."""
        return tuple(self.markets[key] for key in sorted(self.markets))

    @property
    def is_named(self) -> bool:
        """Whether every asset and market of the core has its row here."""
        return (
            self._asset_views.keys() <= self._asset_rows.keys()
            and self._market_views.keys() <= self._market_rows.keys()
        )

    def apply(self, seq: int, events: Iterable[Event]) -> None:
        """Follow the events of one entry; those at or before the catalogue's seq change nothing."""
        if seq <= self.seq:
            return
        self.seq = seq
        changed = False
        for event in events:
            changed = self._apply(event) or changed
        if changed:
            self._join()

    def _apply(self, event: Event) -> bool:
        match event:
            case AssetCreated() | AssetSet():
                self._asset_views[event.asset] = AssetView(
                    event.asset, event.scale, event.issued_max, event.enabled
                )
            case MarketCreated():
                self._market_views[event.market] = _view_of(event)
            case MarketSet():
                self._change(event.market, parameters=event.parameters)
            case MarketStatusChanged():
                self._change(event.market, status=event.status)
            case FeesSet():
                self._set_fees(FeeView(event.tier, event.maker, event.taker), event.market)
            case _:
                return False
        return True

    def _change(self, market: int, **changes: object) -> None:
        self._market_views[market] = replace(self._market_views[market], **changes)  # type: ignore[index]

    def _set_fees(self, fees: FeeView, market: int) -> None:
        view = self._market_views[market]  # type: ignore[index]
        others = tuple(one for one in view.fees if one.tier != fees.tier)
        self._change(market, fees=(*others, fees))

    def _join(self) -> None:
        """Make the joined views anew; what has no row yet has no name and is not shown."""
        self.assets = {
            view.asset: _join_asset(view, self._asset_rows[view.asset])
            for view in self._asset_views.values()
            if view.asset in self._asset_rows
        }
        self.markets = {
            view.market: _join_market(view, self._market_rows[view.market], self.assets)
            for view in self._market_views.values()
            if view.market in self._market_rows
            and view.base in self.assets
            and view.quote in self.assets
        }
        self._assets_by_code = {one.code: one for one in self.assets.values()}
        self._markets_by_code = {one.code: one for one in self.markets.values()}


def _join_asset(view: AssetView, row: AssetRow) -> Asset:
    return Asset(
        asset=view.asset,
        code=row.code,
        name=row.name,
        kind=row.kind,
        category=row.category,
        scale=view.scale,
        display_scale=min(row.display_scale, view.scale),
        is_enabled=view.enabled,
    )


def _join_market(view: MarketView, row: MarketRow, assets: dict[int, Asset]) -> Market:
    base, quote = assets[view.base], assets[view.quote]
    grid = make_grid(view, base_scale=base.scale, quote_scale=quote.scale)
    return Market(
        market=view.market,
        code=row.code,
        name=row.name,
        base=base,
        quote=quote,
        grid=publish_steps(grid, tick=row.tick, step=row.step),
        parameters=view.parameters,
        status=view.status,
        fees=view.fees,
    )


def _view_of(event: MarketCreated) -> MarketView:
    """Return a new market's view: it is pre_open and has no prices (L12.1)."""
    return MarketView(
        market=event.market,
        base=event.base,
        quote=event.quote,
        lot_units=event.lot_units,
        tick_num=event.tick_num,
        tick_scale=event.tick_scale,
        tick_lot_units=event.tick_lot_units,
        parameters=event.parameters,
        status=MarketStatus.PRE_OPEN,
        last=Ticks(0),
        reference=Ticks(0),
        trade_no=0,
        sequence=Seq(0),
        fees=(),
    )
