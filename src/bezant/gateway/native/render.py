"""Integers become documents: orders, fills, trades, markets. The only place that formats them."""

from collections.abc import Iterable
from typing import Final, cast

from msgspec import UNSET, UnsetType

from bezant.core.refusals import RefusalCode
from bezant.core.words import (
    Algorithm,
    DoneReason,
    MarketStatus,
    OrderType,
    Side,
    STPMode,
    TimeInForce,
    Trigger,
)
from bezant.gateway.native.documents import (
    AssetDocument,
    BalanceDocument,
    FillDocument,
    MarketDocument,
    MarketStatusWord,
    OrderDocument,
    PreventionWord,
    SideWord,
    TimeInForceWord,
    TradeDocument,
    TypeWord,
)
from bezant.gateway.native.times import time_text
from bezant.kit.decimals import from_units, shorten
from bezant.marketdata.catalogue import Asset, Catalogue, Market
from bezant.queries.orders import Order
from bezant.queries.trades import Fill, Trade

RATE_SCALE: Final = 6  # Parts per million (L1.3).
BIPS_SCALE: Final = 4

SIDES: Final = cast("tuple[SideWord, ...]", tuple(one.name.lower() for one in Side))
_TIFS: Final = cast("tuple[TimeInForceWord, ...]", tuple(one.name for one in TimeInForce))
_PREVENTIONS: Final = cast("tuple[PreventionWord, ...]", tuple(one.name.lower() for one in STPMode))
_REASONS: Final = tuple(one.name.lower() for one in DoneReason)
_STATUSES: Final = cast(
    "tuple[MarketStatusWord, ...]", tuple(one.name.lower() for one in MarketStatus)
)


def render_order(
    order: Order,
    market: Market,
    *,
    seq: int,
    fills: Iterable[FillDocument] | None = None,
    kept_priority: bool | UnsetType = UNSET,
) -> OrderDocument:
    """Return an order as a document; the mean price only where its fills' cost is known."""
    grid = market.grid
    is_market = order.type == OrderType.MARKET
    is_known = order.filled > 0 and order.filled_quote > 0
    return OrderDocument(
        id=str(order.order_id),
        client_order_id=order.client_id,
        symbol=market.code,
        side=SIDES[order.side],
        type=_type_word(order),
        time_in_force=_TIFS[order.tif],
        price=None if is_market else grid.price_text(order.price),
        quantity=None if order.quote_units else grid.qty_text(order.qty),
        filled_quantity=grid.qty_text(order.filled),
        status=order.status.value,
        post_only=order.post_only,
        self_trade_prevention=_PREVENTIONS[order.stp],
        created_at=time_text(order.created_ns),
        updated_at=time_text(order.updated_ns),
        seq=seq,
        quote_quantity=grid.quote_text(order.quote_units) if order.quote_units else UNSET,
        average_price=(
            grid.average_price_text(order.filled_quote // grid.tick_lot_units, order.filled)
            if is_known
            else UNSET
        ),
        reason=_REASONS[order.reason] if order.reason else UNSET,
        expires_at=time_text(order.expires_ns) if order.expires_ns else UNSET,
        trigger_price=grid.price_text(order.trigger_price) if order.trigger_price else UNSET,
        trailing_bips=order.trailing_bips or UNSET,
        display_quantity=grid.qty_text(order.display) if order.display else UNSET,
        visible_quantity=(
            grid.qty_text(order.visible) if order.display and order.is_open else UNSET
        ),
        list_id=str(order.list_id) if order.list_id else UNSET,
        rejection=RefusalCode(order.code).name if order.code else UNSET,
        kept_priority=kept_priority,
        fills=UNSET if fills is None else tuple(fills),
    )


def render_fill(fill: Fill, market: Market, catalogue: Catalogue) -> FillDocument:
    """Return a fill as a document."""
    grid = market.grid
    fee_asset = catalogue.assets[fill.fee_asset]
    return FillDocument(
        trade_id=str(fill.trade_no),
        order_id=str(fill.order_id),
        symbol=market.code,
        side=SIDES[fill.side],
        price=grid.price_text(fill.price),
        quantity=grid.qty_text(fill.qty),
        quote_quantity=grid.quote_text(fill.quote_units),
        fee=fee_asset.text(fill.fee),
        fee_asset=fee_asset.code,
        role="maker" if fill.is_maker else "taker",
        time=time_text(fill.ts_ns),
    )


def render_balance(asset: Asset, available: int, hold: int) -> BalanceDocument:
    """Return what an account has of an asset as a document."""
    return BalanceDocument(
        asset=asset.code,
        available=asset.text(available),
        hold=asset.text(hold),
        total=asset.text(available + hold),
    )


def render_trade(trade: Trade, market: Market) -> TradeDocument:
    """Return a public trade as a document."""
    grid = market.grid
    return TradeDocument(
        id=str(trade.trade_no),
        symbol=market.code,
        price=grid.price_text(trade.price),
        quantity=grid.qty_text(trade.qty),
        quote_quantity=grid.quote_text(trade.quote_units),
        side=SIDES[trade.taker_side],
        time=time_text(trade.ts_ns),
    )


def render_asset(asset: Asset) -> AssetDocument:
    """Return an asset as a document."""
    return AssetDocument(
        code=asset.code,
        name=asset.name,
        kind=asset.kind,
        category=asset.category,
        scale=asset.scale,
        display_scale=asset.display_scale,
        enabled=asset.is_enabled,
    )


def render_market(market: Market) -> MarketDocument:
    """Return a market as a document."""
    grid, limits, fees = market.grid, market.parameters, market.base_fees
    return MarketDocument(
        symbol=market.code,
        name=market.name,
        base=market.base.code,
        quote=market.quote.code,
        status=status_word(market),
        tick_size=grid.tick_size,
        lot_size=grid.lot_size,
        price_scale=grid.price_scale,
        quantity_scale=grid.qty_scale,
        quote_scale=grid.quote_scale,
        min_quantity=grid.qty_text(limits.qty_min),
        max_quantity=grid.qty_text(limits.qty_max),
        max_price=grid.price_text(limits.price_max),
        min_notional=grid.quote_text(limits.notional_min),
        max_notional=grid.quote_text(limits.notional_max),
        price_band=shorten(from_units(limits.band_bips, BIPS_SCALE)),
        max_open_orders=limits.open_orders_max,
        max_stop_orders=limits.stop_orders_max,
        max_icebergs=limits.icebergs_max,
        max_iceberg_parts=limits.parts_max,
        max_order_lists=limits.lists_max,
        max_amends=limits.amends_max,
        min_trailing_bips=limits.trailing_min,
        max_trailing_bips=limits.trailing_max,
        maker_fee=shorten(from_units(fees.maker, RATE_SCALE)),
        taker_fee=shorten(from_units(fees.taker, RATE_SCALE)),
        algorithm="pro_rata" if limits.algorithm == Algorithm.PRO_RATA else "fifo",
    )


def status_word(market: Market) -> MarketStatusWord:
    """Return a market's status as the API says it."""
    return _STATUSES[market.status]


def _type_word(order: Order) -> TypeWord:
    is_market = order.type == OrderType.MARKET
    match order.trigger:
        case Trigger.STOP if order.trailing_bips:
            return "trailing_stop"
        case Trigger.STOP:
            return "stop" if is_market else "stop_limit"
        case Trigger.TAKE_PROFIT:
            return "take_profit" if is_market else "take_profit_limit"
        case _ if is_market:
            return "market"
        case _ if order.post_only:
            return "limit_maker"
        case _:
            return "iceberg" if order.display else "limit"
