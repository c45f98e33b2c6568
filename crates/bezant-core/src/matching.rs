//! The taker phase: an order meets the book (L5). Queues are price-time in fifo markets (INV-05).

use crate::auction;
use crate::dry_run::{self, Run};
use crate::lifecycle;
use crate::lists;
use crate::market::{is_beyond, roll_window, Band};
use crate::order::Order;
use crate::prevention;
use crate::pro_rata;
use crate::rules::MATCHES_MAX;
use crate::state::State;
use crate::taker as takers;
use crate::trade;
use crate::units::{Lots, Ticks};
use crate::words::{Algorithm, DoneReason, STPMode, EXPIRED, FILLED, FOK, GTC, GTD, LIMIT, SELL};

/// Why a taker phase stopped (L5.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stop {
    Filled,
    SelfTrade, // Nothing is left after a decrement.
    Ended,     // Prevention ended the taker.
    Liquidity, // Nothing opposite, or only beyond the limit.
    PriceBand,
    MatchLimit,
    Funds,
    Interrupted,
}

/// Runs the taker phase of an order that is in no book, to its end or its rest.
pub fn take(state: &mut State, taker: u32) {
    let place = state.orders[taker].place;
    roll_window(&mut state.markets[place], state.seq, state.ts_ns);
    let order = &state.orders[taker];
    if order.tif == FOK {
        let (leaves, run) = (order.leaves, Run::new(order, 0));
        if dry_run::dry_run(state, place, run).lots != leaves {
            lists::end(state, taker, EXPIRED, DoneReason::Fok);
            return;
        }
    }
    let stop = run(state, place, taker);
    conclude(state, place, taker, stop);
}

/// Matches until something stops the taker; the checks stand in L5.2's order.
fn run(state: &mut State, place: u32, taker: u32) -> Stop {
    let market = &state.markets[place];
    let bands = (market.dynamic_band(), market.price_band());
    let is_pro_rata = market.parameters.algorithm == Algorithm::ProRata as u8;
    let mut was_prevented = false;
    let mut match_count = 0;
    loop {
        let order = &state.orders[taker];
        if takers::is_used_up(state, order) {
            return if was_prevented {
                Stop::SelfTrade
            } else {
                Stop::Filled
            };
        }
        let Some(level) = state.markets[place].book.opposite(order.side).best() else {
            return Stop::Liquidity;
        };
        let price = state.levels[level].price;
        if let Some(stop) = stop_at(order, price, bands) {
            return stop;
        }
        if match_count >= MATCHES_MAX {
            return Stop::MatchLimit;
        }
        let cap = takers::cap(state, order, price);
        if cap == 0 {
            return Stop::Funds;
        }
        let matches;
        (matches, was_prevented) = if is_pro_rata {
            pro_rata::match_level(state, taker, level, cap)
        } else {
            (1, match_head(state, taker, level, cap))
        };
        match_count += matches;
        state.matches += matches;
        if !state.orders[taker].is_open() {
            return Stop::Ended;
        }
    }
}

/// Returns why the taker may not trade at the best opposite price, or None if it may.
#[inline]
fn stop_at(taker: &Order, price: Ticks, bands: (Band, Band)) -> Option<Stop> {
    if taker.order_type == LIMIT {
        let is_past = if taker.side == SELL {
            price < taker.price
        } else {
            price > taker.price
        };
        if is_past {
            return Some(Stop::Liquidity);
        }
    }
    if is_beyond(price, bands.0) {
        return Some(Stop::Interrupted);
    }
    if is_beyond(price, bands.1) {
        Some(Stop::PriceBand)
    } else {
        None
    }
}

/// Trades with the head of the queue or prevents it; returns whether it was prevented.
fn match_head(state: &mut State, taker: u32, level: u32, cap: Lots) -> bool {
    let maker = state.levels[level].head;
    let price = state.levels[level].price;
    let order = &state.orders[taker];
    let making = &state.orders[maker];
    if order.stp != STPMode::None as u8 && prevention::is_self(state, order.owner, making) {
        prevention::prevent(state, taker, maker, price, cap);
        return true;
    }
    let lots = cap.min(making.visible);
    trade::execute(state, taker, maker, price, lots);
    trade::fill_taker(state, taker, price, lots);
    trade::fill_maker(state, maker, lots);
    false
}

/// Ends the taker, or lets it rest (L5.4).
fn conclude(state: &mut State, place: u32, taker: u32, stop: Stop) {
    let order = &state.orders[taker];
    let is_limit = order.order_type == LIMIT;
    let may_rest = is_limit && (order.tif == GTC || order.tif == GTD);
    match stop {
        Stop::Ended => {}
        Stop::Filled => fill(state, taker),
        Stop::Funds if order.is_by_quote() && order.filled > 0 => fill(state, taker),
        Stop::Funds => expire(state, taker, DoneReason::Funds),
        Stop::SelfTrade => expire(state, taker, DoneReason::SelfTrade),
        Stop::PriceBand => expire(state, taker, DoneReason::PriceBand),
        Stop::MatchLimit => expire(state, taker, DoneReason::MatchLimit),
        Stop::Interrupted => {
            auction::interrupt(state, place);
            if may_rest {
                lifecycle::rest(state, taker);
            } else {
                expire(state, taker, DoneReason::Interrupted);
            }
        }
        Stop::Liquidity if may_rest => lifecycle::rest(state, taker),
        Stop::Liquidity => {
            let reason = if is_limit {
                DoneReason::Ioc
            } else {
                DoneReason::Liquidity
            };
            expire(state, taker, reason);
        }
    }
}

fn fill(state: &mut State, taker: u32) {
    lifecycle::end(state, taker, FILLED, DoneReason::None, 0);
    lists::executed(state, taker);
}

fn expire(state: &mut State, taker: u32, reason: DoneReason) {
    lists::end(state, taker, EXPIRED, reason);
}
