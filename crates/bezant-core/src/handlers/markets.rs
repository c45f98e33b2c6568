//! `CreateMarket`, `SetMarket`, `SetFees`, `SetReferencePrice`: what a market is (L1.1, L1.7).

use crate::commands::{CreateMarket, MarketParameters, SetFees, SetMarket, SetReferencePrice};
use crate::events::{FeesSet, MarketCreated, MarketSet, ReferencePriceSet};
use crate::market::{restart_window, roll_window, Grid, Market, Rates};
use crate::refusals::RefusalCode;
use crate::rules::{MAKER_PPM_MIN, RATE_PPM_MAX, SCALE_MAX, TIER_MAX};
use crate::sources::{find_market, is_source};
use crate::state::{refuse_command, State};
use crate::units::{fee_step, tick_lot_units, I64_MAX, UNITS_MAX};
use crate::words::Algorithm;

const COUNT_MAX: i64 = 10_000;
const BIPS_MAX: i64 = 9_999;
const WINDOW_MS_MAX: i64 = 3_600_000;
const AUCTION_MS_MIN: i64 = 1_000;
const AUCTION_MS_MAX: i64 = 86_400_000;
const EXTENSIONS_MAX: i64 = 10;
const PERCENT_MAX: i64 = 100;

/// Creates a market in `pre_open`; its grid is fixed for ever.
pub fn create_market(state: &mut State, command: &CreateMarket) {
    let grid = match create_refusal(state, command) {
        Ok(grid) => grid,
        Err(code) => return refuse_command(state, code, command.source, command.number),
    };

    // Decided. Nothing below may refuse.
    let mut market = Market::new(grid, command.parameters.clone());
    restart_window(&mut market, state.seq, state.ts_ns);
    state.markets.insert(command.market, market);
    state.emit(&MarketCreated {
        source: command.source,
        number: command.number,
        market: command.market,
        base: command.base,
        quote: command.quote,
        lot_units: command.lot_units,
        tick_num: command.tick_num,
        tick_scale: command.tick_scale,
        tick_lot_units: grid.tick_lot_units,
        parameters: command.parameters.clone(),
    });
}

/// Changes a market's parameters; open orders stay as they are.
pub fn set_market(state: &mut State, command: &SetMarket) {
    let decided = find_market(state, command.market, command.source).and_then(|place| {
        if command.parameters.algorithm > Algorithm::ProRata as u8 {
            Err(RefusalCode::FieldOutOfRange)
        } else if are_in_range(&command.parameters) {
            Ok(place)
        } else {
            Err(RefusalCode::ConfigOutOfRange)
        }
    });
    let place = match decided {
        Ok(place) => place,
        Err(code) => return refuse_command(state, code, command.source, command.number),
    };

    // Decided. Nothing below may refuse.
    let market = &mut state.markets[place];
    roll_window(market, state.seq, state.ts_ns);
    let window_ms = market.parameters.window_ms;
    market.parameters = command.parameters.clone();
    market.renew_band();
    if command.parameters.window_ms != window_ms {
        restart_window(market, state.seq, state.ts_ns);
    }
    state.emit(&MarketSet {
        source: command.source,
        number: command.number,
        market: command.market,
        parameters: command.parameters.clone(),
    });
}

/// Sets the rates of a tier, for resting orders too (L1.5).
pub fn set_fees(state: &mut State, command: &SetFees) {
    let is_in_range = (0..=TIER_MAX).contains(&command.tier)
        && (MAKER_PPM_MIN..=RATE_PPM_MAX).contains(&command.maker)
        && (0..=RATE_PPM_MAX).contains(&command.taker);
    let decided = find_market(state, command.market, command.source).and_then(|place| {
        if is_in_range {
            Ok(place)
        } else {
            Err(RefusalCode::ConfigOutOfRange)
        }
    });
    let place = match decided {
        Ok(place) => place,
        Err(code) => return refuse_command(state, code, command.source, command.number),
    };

    // Decided. Nothing below may refuse.
    let fees = &mut state.markets[place].fees;
    let rates = Rates {
        maker: command.maker,
        taker: command.taker,
    };
    match fees.binary_search_by_key(&command.tier, |(tier, _)| *tier) {
        Ok(found) => fees[found].1 = rates,
        Err(missing) => fees.insert(missing, (command.tier, rates)),
    }
    state.emit(&FeesSet {
        source: command.source,
        number: command.number,
        market: command.market,
        tier: command.tier,
        maker: command.maker,
        taker: command.taker,
    });
}

/// Sets the price that is R until the first trade (L5.6).
pub fn set_reference_price(state: &mut State, command: &SetReferencePrice) {
    let decided = find_market(state, command.market, command.source).and_then(|place| {
        if command.price <= 0 {
            Err(RefusalCode::PriceNotPositive)
        } else if command.price > state.markets[place].parameters.price_max {
            Err(RefusalCode::PriceTooHigh)
        } else {
            Ok(place)
        }
    });
    let place = match decided {
        Ok(place) => place,
        Err(code) => return refuse_command(state, code, command.source, command.number),
    };

    // Decided. Nothing below may refuse.
    let market = &mut state.markets[place];
    roll_window(market, state.seq, state.ts_ns);
    market.set_reference = command.price;
    market.renew_band();
    state.emit(&ReferencePriceSet {
        source: command.source,
        number: command.number,
        market: command.market,
        price: command.price,
    });
}

fn create_refusal(state: &State, command: &CreateMarket) -> Result<Grid, RefusalCode> {
    let base_place = state
        .assets
        .find(command.base)
        .ok_or(RefusalCode::AssetUnknown)?;
    let quote_place = state
        .assets
        .find(command.quote)
        .ok_or(RefusalCode::AssetUnknown)?;
    let is_algorithm = command.parameters.algorithm <= Algorithm::ProRata as u8;
    if !is_source(command.source) || !is_algorithm {
        return Err(RefusalCode::FieldOutOfRange);
    }
    if state.markets.find(command.market).is_some() {
        return Err(RefusalCode::Exists);
    }
    if !(0..=SCALE_MAX).contains(&command.tick_scale) {
        return Err(RefusalCode::ConfigOutOfRange);
    }
    let (base, quote) = (&state.assets[base_place], &state.assets[quote_place]);
    let tick_lot_units = tick_lot_units(
        command.tick_num,
        command.lot_units,
        quote.scale,
        command.tick_scale + base.scale,
    );
    if tick_lot_units < 1 {
        return Err(RefusalCode::TickLotNotWhole);
    }
    let is_positive = command.lot_units >= 1 && command.tick_num >= 1;
    let is_grid = is_positive && tick_lot_units <= i128::from(I64_MAX);
    let is_pair = command.market != 0 && command.base != command.quote;
    if !(is_grid && is_pair && are_in_range(&command.parameters)) {
        return Err(RefusalCode::ConfigOutOfRange);
    }
    Ok(Grid {
        id: command.market,
        base: command.base,
        quote: command.quote,
        base_place,
        quote_place,
        lot_units: command.lot_units,
        tick_num: command.tick_num,
        tick_scale: command.tick_scale,
        tick_lot_units: i64::try_from(tick_lot_units).unwrap_or(I64_MAX),
        base_step: fee_step(base.scale),
        quote_step: fee_step(quote.scale),
    })
}

/// Returns whether all parameters are within L1.7.
fn are_in_range(parameters: &MarketParameters) -> bool {
    let counts = [
        parameters.open_orders_max,
        parameters.stop_orders_max,
        parameters.icebergs_max,
        parameters.lists_max,
        parameters.parts_max,
        parameters.amends_max,
    ];
    (1..=UNITS_MAX).contains(&parameters.price_max)
        && (1..=UNITS_MAX).contains(&parameters.qty_min)
        && (1..=UNITS_MAX).contains(&parameters.qty_max)
        && parameters.notional_min >= 0
        && parameters.notional_max >= 0
        && (0..=BIPS_MAX).contains(&parameters.band_bips)
        && (0..=BIPS_MAX).contains(&parameters.dynamic_bips)
        && (0..=WINDOW_MS_MAX).contains(&parameters.window_ms)
        && (AUCTION_MS_MIN..=AUCTION_MS_MAX).contains(&parameters.auction_ms)
        && (0..=EXTENSIONS_MAX).contains(&parameters.extensions_max)
        && counts.iter().all(|count| (1..=COUNT_MAX).contains(count))
        && (1..=BIPS_MAX).contains(&parameters.trailing_min)
        && (1..=BIPS_MAX).contains(&parameters.trailing_max)
        && (0..=PERCENT_MAX).contains(&parameters.top_percent)
        && parameters.min_allocation >= 1
}
