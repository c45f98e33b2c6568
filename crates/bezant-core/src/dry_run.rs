//! A taker phase as it would go, with nothing changed (L5.7). Not for funds: they are ignored.

use std::collections::VecDeque;

use crate::market::{is_beyond, roll_window, Market};
use crate::order::{display_of, Order};
use crate::prevention::is_self;
use crate::pro_rata::{allocate, queue_of};
use crate::rules::MATCHES_MAX;
use crate::slab::NONE;
use crate::state::State;
use crate::units::{divide_down, Lots, Ticks, Units};
use crate::words::{Algorithm, STPMode, LIMIT, SELL};

/// How far a dry run has come: what is left to match, and what has been traded.
#[derive(Clone, Copy, Debug)]
pub struct Run {
    account: u32,
    side: u8,
    stp: u8,
    is_by_quote: bool,
    limit: Option<Ticks>,
    leaves: Lots,
    budget: Units,
    matches: usize,
    pub lots: Lots,
    pub quote_units: i128,
    is_over: bool,
}

impl Run {
    /// Returns the run of an order before its first match.
    ///
    /// An order by quote comes with what it may spend or earn.
    pub fn new(taker: &Order, budget: Units) -> Self {
        Self {
            account: taker.owner,
            side: taker.side,
            stp: taker.stp,
            is_by_quote: taker.is_by_quote(),
            limit: if taker.order_type == LIMIT {
                Some(taker.price)
            } else {
                None
            },
            leaves: taker.leaves,
            budget,
            matches: 0,
            lots: 0,
            quote_units: 0,
            is_over: false,
        }
    }
}

/// A maker as the dry run leaves it.
#[derive(Clone, Copy)]
struct Shadow {
    order: u32,
    leaves: Lots,
    visible: Lots,
}

/// Returns what the taker phase of this order, open or only drafted, would trade.
pub fn dry_run(state: &mut State, place: u32, mut run: Run) -> Run {
    let market = &mut state.markets[place];
    roll_window(market, state.seq, state.ts_ns);
    let market = &state.markets[place];
    let (price_band, dynamic_band) = (market.price_band(), market.dynamic_band());
    let is_pro_rata = market.parameters.algorithm == Algorithm::ProRata as u8;
    for level in market.book.opposite(run.side).levels(&state.levels) {
        let price = state.levels[level].price;
        let is_past = |limit| {
            if run.side == SELL {
                price < limit
            } else {
                price > limit
            }
        };
        if run.limit.is_some_and(is_past) {
            break;
        }
        if is_beyond(price, dynamic_band) || is_beyond(price, price_band) {
            break;
        }
        if is_pro_rata {
            share_level(state, market, &mut run, level);
        } else {
            run_level(state, market, &mut run, level);
        }
        if run.is_over {
            break;
        }
    }
    run
}

/// Matches with the heads of the level's queue, and with the peaks that come to its tail.
fn run_level(state: &State, market: &Market, run: &mut Run, level: u32) {
    let price = state.levels[level].price;
    let mut refilled = VecDeque::new();
    let mut slot = state.levels[level].head;
    while slot != NONE || !refilled.is_empty() {
        let Some(cap) = next_cap(market, run, price) else {
            return;
        };
        let mut maker = if slot == NONE {
            let Some(maker) = refilled.pop_front() else {
                return;
            };
            maker
        } else {
            let order = &state.orders[slot];
            let maker = Shadow {
                order: slot,
                leaves: order.leaves,
                visible: order.visible,
            };
            slot = order.in_level.next;
            maker
        };
        if is_own(state, run, &maker) {
            prevent(market, run, &maker, price, cap);
            continue;
        }
        let lots = cap.min(maker.visible);
        trade(market, run, &mut maker, price, lots);
        if refill(state, &mut maker) {
            refilled.push_back(maker);
        }
    }
}

/// Matches with the level as a whole, again and again, until it is empty (L6.1).
fn share_level(state: &State, market: &Market, run: &mut Run, level: u32) {
    let price = state.levels[level].price;
    let mut queue: Vec<Shadow> = queue_of(state, level)
        .into_iter()
        .map(|slot| {
            let order = &state.orders[slot];
            Shadow {
                order: slot,
                leaves: order.leaves,
                visible: order.visible,
            }
        })
        .collect();
    while !queue.is_empty() {
        let Some(level_cap) = next_cap(market, run, price) else {
            return;
        };
        let count = queue.len();
        for maker in &queue {
            if !is_own(state, run, maker) {
                continue;
            }
            let cap = cap(market, run, price);
            if cap != 0 && !run.is_over {
                prevent(market, run, maker, price, cap);
            }
        }
        queue.retain(|maker| !is_own(state, run, maker));
        if queue.len() < count {
            continue;
        }
        let visible: Vec<Lots> = queue.iter().map(|maker| maker.visible).collect();
        let shares = allocate(level_cap, &visible, &market.parameters);
        for (maker, lots) in queue.iter_mut().zip(shares) {
            if lots != 0 {
                trade(market, run, maker, price, lots);
            }
        }
        let (mut kept, used_up): (Vec<_>, Vec<_>) =
            queue.into_iter().partition(|maker| maker.visible > 0);
        for mut maker in used_up {
            if refill(state, &mut maker) {
                kept.push(maker);
            }
        }
        queue = kept;
    }
}

/// Shows the next peak of a maker of whom the peak is used up; returns whether there is one.
fn refill(state: &State, maker: &mut Shadow) -> bool {
    if maker.visible != 0 || maker.leaves == 0 {
        return false;
    }
    let display = display_of(state, &state.orders[maker.order]);
    maker.visible = display.min(maker.leaves);
    true
}

fn is_own(state: &State, run: &Run, maker: &Shadow) -> bool {
    run.stp != STPMode::None as u8 && is_self(state, run.account, &state.orders[maker.order])
}

/// Counts a trade and takes its lots from both.
fn trade(market: &Market, run: &mut Run, maker: &mut Shadow, price: Ticks, lots: Lots) {
    run.matches += 1;
    maker.leaves -= lots;
    maker.visible -= lots;
    run.lots += lots;
    run.quote_units += i128::from(market.notional(price, lots));
    spend(market, run, price, lots);
}

/// Returns what the next match may take at a price; None ends the run.
fn next_cap(market: &Market, run: &mut Run, price: Ticks) -> Option<Lots> {
    let cap = if run.matches >= MATCHES_MAX {
        0
    } else {
        cap(market, run, price)
    };
    run.is_over = run.is_over || cap == 0;
    if run.is_over {
        None
    } else {
        Some(cap)
    }
}

fn cap(market: &Market, run: &Run, price: Ticks) -> Lots {
    if run.is_by_quote {
        return divide_down(run.budget, market.notional(price, 1));
    }
    run.leaves
}

fn spend(market: &Market, run: &mut Run, price: Ticks, lots: Lots) {
    if run.is_by_quote {
        run.budget -= market.notional(price, lots);
    } else {
        run.leaves -= lots;
    }
}

/// Does as the taker's mode does; a maker that survives a decrement leaves the taker nothing.
fn prevent(market: &Market, run: &mut Run, maker: &Shadow, price: Ticks, cap: Lots) {
    run.matches += 1;
    if run.stp == STPMode::Decrement as u8 {
        spend(market, run, price, cap.min(maker.leaves));
    } else if run.stp != STPMode::ExpireMaker as u8 {
        run.is_over = true;
    }
}
