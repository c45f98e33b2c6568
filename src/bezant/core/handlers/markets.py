"""CreateMarket, SetMarket, SetFees, SetReferencePrice: what a market is (L1.1, L1.7)."""

from bezant.core import units
from bezant.core.commands import (
    CreateMarket,
    MarketParameters,
    SetFees,
    SetMarket,
    SetReferencePrice,
)
from bezant.core.events import FeesSet, MarketCreated, MarketSet, ReferencePriceSet
from bezant.core.images import MarketImage
from bezant.core.market import Market, Rates, restart_window, roll_window
from bezant.core.refusals import RefusalCode
from bezant.core.rules import MAKER_PPM_MIN, RATE_PPM_MAX, SCALE_MAX, TIER_MAX
from bezant.core.sources import find_market, is_source
from bezant.core.state import State, emit_fields, refuse_command
from bezant.core.units import I64_MAX, UNITS_MAX, Units
from bezant.core.words import Algorithm

COUNT_MAX = 10_000
BIPS_MAX = 9_999
WINDOW_MS_MAX = 3_600_000
AUCTION_MS_MIN = 1_000
AUCTION_MS_MAX = 86_400_000
EXTENSIONS_MAX = 10
PERCENT_MAX = 100


def create_market(state: State, command: CreateMarket) -> None:
    """Create a market in pre_open; its grid is fixed for ever."""
    code = _create_refusal(state, command)
    if code is not None:
        refuse_command(state, code, command)
        return

    # Decided. Nothing below may refuse.
    market = make_market(state, command)
    restart_window(market, seq=state.seq, ts_ns=state.ts_ns)
    state.markets[command.market] = market
    state.markets = dict(sorted(state.markets.items()))
    state.events.append(
        MarketCreated(
            command.source,
            command.number,
            command.market,
            command.base,
            command.quote,
            command.lot_units,
            command.tick_num,
            command.tick_scale,
            market.tick_lot_units,
            command.parameters,
        )
    )


def make_market(state: State, grid: CreateMarket | MarketImage) -> Market:
    """Return a market in pre_open with the grid and the parameters of a message."""
    return Market(
        grid.market,
        grid.base,
        grid.quote,
        grid.lot_units,
        grid.tick_num,
        grid.tick_scale,
        _tick_lot_units(state, grid),
        units.fee_step(state.assets[grid.base].scale),
        units.fee_step(state.assets[grid.quote].scale),
        grid.parameters,
    )


def set_market(state: State, command: SetMarket) -> None:
    """Change a market's parameters; open orders stay as they are."""
    market = find_market(state, command)
    if not isinstance(market, RefusalCode):
        if command.parameters.algorithm > Algorithm.PRO_RATA:
            market = RefusalCode.FIELD_OUT_OF_RANGE
        elif not _are_in_range(command.parameters):
            market = RefusalCode.CONFIG_OUT_OF_RANGE
    if isinstance(market, RefusalCode):
        refuse_command(state, market, command)
        return

    # Decided. Nothing below may refuse.
    roll_window(market, seq=state.seq, ts_ns=state.ts_ns)
    window_ms = market.parameters.window_ms
    market.parameters = command.parameters
    if command.parameters.window_ms != window_ms:
        restart_window(market, seq=state.seq, ts_ns=state.ts_ns)
    emit_fields(state, MarketSet, command)


def set_fees(state: State, command: SetFees) -> None:
    """Set the rates of a tier, for resting orders too (L1.5)."""
    market = find_market(state, command)
    if not isinstance(market, RefusalCode) and not (
        0 <= command.tier <= TIER_MAX
        and MAKER_PPM_MIN <= command.maker <= RATE_PPM_MAX
        and 0 <= command.taker <= RATE_PPM_MAX
    ):
        market = RefusalCode.CONFIG_OUT_OF_RANGE
    if isinstance(market, RefusalCode):
        refuse_command(state, market, command)
        return

    # Decided. Nothing below may refuse.
    market.fees[command.tier] = Rates(command.maker, command.taker)
    market.fees = dict(sorted(market.fees.items()))
    emit_fields(state, FeesSet, command)


def set_reference_price(state: State, command: SetReferencePrice) -> None:
    """Set the price that is R until the first trade (L5.6)."""
    market = find_market(state, command)
    if not isinstance(market, RefusalCode):
        if command.price <= 0:
            market = RefusalCode.PRICE_NOT_POSITIVE
        elif command.price > market.parameters.price_max:
            market = RefusalCode.PRICE_TOO_HIGH
    if isinstance(market, RefusalCode):
        refuse_command(state, market, command)
        return

    # Decided. Nothing below may refuse.
    roll_window(market, seq=state.seq, ts_ns=state.ts_ns)
    market.set_reference = command.price
    emit_fields(state, ReferencePriceSet, command)


def _create_refusal(state: State, command: CreateMarket) -> RefusalCode | None:
    if command.base not in state.assets or command.quote not in state.assets:
        return RefusalCode.ASSET_UNKNOWN
    if not is_source(command.source) or command.parameters.algorithm > Algorithm.PRO_RATA:
        return RefusalCode.FIELD_OUT_OF_RANGE
    if command.market in state.markets:
        return RefusalCode.EXISTS
    if not 0 <= command.tick_scale <= SCALE_MAX:
        return RefusalCode.CONFIG_OUT_OF_RANGE
    tick_lot_units = _tick_lot_units(state, command)
    if tick_lot_units < 1:
        return RefusalCode.TICK_LOT_NOT_WHOLE
    is_grid = command.lot_units >= 1 and command.tick_num >= 1 and tick_lot_units <= I64_MAX
    is_pair = command.market != 0 and command.base != command.quote
    if not (is_grid and is_pair and _are_in_range(command.parameters)):
        return RefusalCode.CONFIG_OUT_OF_RANGE
    return None


def _tick_lot_units(state: State, grid: CreateMarket | MarketImage) -> Units:
    return units.tick_lot_units(
        tick_num=grid.tick_num,
        lot_units=grid.lot_units,
        quote_scale=state.assets[grid.quote].scale,
        divisor_scale=grid.tick_scale + state.assets[grid.base].scale,
    )


def _are_in_range(parameters: MarketParameters) -> bool:
    """Return whether all parameters are within L1.7."""
    counts = (
        parameters.open_orders_max,
        parameters.stop_orders_max,
        parameters.icebergs_max,
        parameters.lists_max,
        parameters.parts_max,
        parameters.amends_max,
    )
    return (
        1 <= parameters.price_max <= UNITS_MAX
        and 1 <= parameters.qty_min <= UNITS_MAX
        and 1 <= parameters.qty_max <= UNITS_MAX
        and 0 <= parameters.notional_min <= I64_MAX
        and 0 <= parameters.notional_max <= I64_MAX
        and 0 <= parameters.band_bips <= BIPS_MAX
        and 0 <= parameters.dynamic_bips <= BIPS_MAX
        and 0 <= parameters.window_ms <= WINDOW_MS_MAX
        and AUCTION_MS_MIN <= parameters.auction_ms <= AUCTION_MS_MAX
        and 0 <= parameters.extensions_max <= EXTENSIONS_MAX
        and all(1 <= count <= COUNT_MAX for count in counts)
        and 1 <= parameters.trailing_min <= BIPS_MAX
        and 1 <= parameters.trailing_max <= BIPS_MAX
        and 0 <= parameters.top_percent <= PERCENT_MAX
        and parameters.min_allocation >= 1
    )
