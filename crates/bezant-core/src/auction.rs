//! Auctions: the price, the uncross, interruptions for volatility (L12.2 to L12.7).

use std::collections::BTreeMap;

use crate::book;
use crate::codec::Wide;
use crate::events::{AuctionExtended, AuctionUncrossed, MarketStatusChanged};
use crate::ids::{Number, Source};
use crate::lifecycle;
use crate::lists;
use crate::market::{is_beyond, restart_window, Market, Uncross};
use crate::order::display_of;
use crate::rules::{NS_PER_MS, TIMED_WORK_MAX};
use crate::slab::NONE;
use crate::state::State;
use crate::timers;
use crate::trade;
use crate::units::{band, narrow, Lots, Ticks};
use crate::words::{DoneReason, StatusCause, FILLED, POST_ONLY, PRE_OPEN, TRADING};

/// What an auction would do now: `surplus` is demand less supply at the price.
#[derive(Clone, Copy, Debug)]
pub struct AuctionPrice {
    pub price: Ticks,
    pub volume: i128,
    pub surplus: i128,
}

/// Returns the price of L12.3, or None if the book is not crossed.
pub fn indicative(state: &State, market: &Market) -> Option<AuctionPrice> {
    let mut best: Vec<Step> = Vec::new();
    for step in steps(state, market) {
        match best.first().map_or(std::cmp::Ordering::Greater, |first| {
            step.rank().cmp(&first.rank())
        }) {
            std::cmp::Ordering::Less => {}
            std::cmp::Ordering::Equal => best.push(step),
            std::cmp::Ordering::Greater => best = vec![step],
        }
    }
    let (low, high) = (best.first()?.low, best.last()?.high);
    let reference = market.reference();
    let price = if reference != 0 {
        reference.clamp(low, high)
    } else {
        narrow((i128::from(low) + i128::from(high)).div_euclid(2))
    };
    let step = best
        .iter()
        .find(|step| step.low <= price && price <= step.high)?;
    Some(AuctionPrice {
        price,
        volume: step.demand.min(step.supply),
        surplus: step.demand - step.supply,
    })
}

/// Prices from low to high at which demand and supply are the same.
#[derive(Clone, Copy, Debug)]
struct Step {
    low: Ticks,
    high: Ticks,
    demand: i128,
    supply: i128,
}

impl Step {
    /// Returns what the best price has most of: volume, then balance.
    fn rank(&self) -> (i128, i128) {
        (
            self.demand.min(self.supply),
            -(self.demand - self.supply).abs(),
        )
    }
}

/// Returns the steps from the best ask up to the best bid, none where they do not cross.
///
/// Supply grows at an ask's price, demand shrinks on the tick above a bid's.
fn steps(state: &State, market: &Market) -> Vec<Step> {
    let price_of = |slot: u32| state.levels[slot].price;
    let (Some(low), Some(high)) = (
        market.book.asks.best().map(price_of),
        market.book.bids.best().map(price_of),
    ) else {
        return Vec::new();
    };
    if low > high {
        return Vec::new();
    }
    let mut demand = 0;
    let mut changes: BTreeMap<Ticks, (i128, i128)> = BTreeMap::new(); // Growth and shrinkage.
    for slot in market.book.asks.levels(&state.levels) {
        let level = &state.levels[slot];
        if level.price > high {
            break;
        }
        changes.entry(level.price).or_default().0 += i128::from(level.leaves);
    }
    for slot in market.book.bids.levels(&state.levels) {
        let level = &state.levels[slot];
        if level.price < low {
            break;
        }
        demand += i128::from(level.leaves);
        if level.price < high {
            changes.entry(level.price + 1).or_default().1 += i128::from(level.leaves);
        }
    }
    let mut supply = 0;
    let mut steps: Vec<Step> = Vec::with_capacity(changes.len());
    for (start, (growth, shrinkage)) in changes {
        supply += growth;
        demand -= shrinkage;
        if let Some(before) = steps.last_mut() {
            before.high = start - 1;
        }
        steps.push(Step {
            low: start,
            high,
            demand,
            supply,
        });
    }
    steps
}

/// Brings a market into a status; a crossed book uncrosses before it trades (L12.2, INV-04).
pub fn enter(
    state: &mut State,
    place: u32,
    status: u8,
    cause: StatusCause,
    source: Source,
    number: Number,
) {
    let market = &mut state.markets[place];
    market.auction_end_ns = 0;
    market.extensions = 0;
    market.interrupted_price = 0;
    let is_trading = status == TRADING || status == POST_ONLY;
    let found = if is_trading {
        indicative(state, &state.markets[place])
    } else {
        None
    };
    state.uncross_count += 1;
    let market = &mut state.markets[place];
    let id = market.id;
    state.uncrossing.insert(id);
    market.uncross = Some(Uncross {
        price: found.map_or(0, |found| found.price),
        volume_left: found.map_or(0, |found| found.volume),
        status,
        cause: cause as u8,
        source,
        number,
    });
    if let Some(found) = found {
        state.emit(&AuctionUncrossed {
            market: id,
            price: found.price,
            volume: Wide::new(found.volume),
            surplus: Wide::new(found.surplus),
        });
    }
    go_on(state, place);
}

/// Trades on at the auction's price and changes the status at the end (L12.4, L12.5).
///
/// # Panics
/// If the market has no uncross.
pub fn go_on(state: &mut State, place: u32) {
    let mut uncross = state.markets[place].uncross.expect("an uncross goes on");
    while uncross.volume_left > 0 {
        if state.timed_work == TIMED_WORK_MAX {
            return;
        }
        state.timed_work += 1;
        trade_heads(state, place, &mut uncross);
        state.markets[place].uncross = Some(uncross);
    }
    let market = &mut state.markets[place];
    market.uncross = None;
    market.status = uncross.status;
    if uncross.status == TRADING || uncross.status == POST_ONLY {
        restart_window(market, state.seq, state.ts_ns);
    }
    let id = market.id;
    state.uncross_count -= 1;
    state.uncrossing.remove(&id);
    state.emit(&MarketStatusChanged {
        source: uncross.source,
        number: uncross.number,
        market: id,
        status: uncross.status,
        cause: uncross.cause,
        until_ns: 0,
    });
}

/// Stops trading for an auction around V, which is kept as V₀ (L12.7).
pub fn interrupt(state: &mut State, place: u32) {
    let market = &mut state.markets[place];
    let end_ns = state.ts_ns + market.parameters.auction_ms * NS_PER_MS;
    market.status = PRE_OPEN;
    market.interrupted_price = market.window_price;
    market.auction_end_ns = end_ns;
    market.extensions = 0;
    let id = market.id;
    timers::watch_auction_end(state, id, end_ns);
    state.emit(&MarketStatusChanged {
        source: 0,
        number: Number(0),
        market: id,
        status: PRE_OPEN,
        cause: StatusCause::Volatility as u8,
        until_ns: end_ns,
    });
}

/// Uncrosses and trades on, or extends an auction whose price went too far from V₀ (L12.7).
pub fn end_interruption(state: &mut State, place: u32) {
    let found = indicative(state, &state.markets[place]);
    let market = &mut state.markets[place];
    let parameters = &market.parameters;
    if let (Some(found), true) = (found, parameters.dynamic_bips != 0) {
        let bounds = band(market.interrupted_price, 2 * parameters.dynamic_bips);
        if is_beyond(found.price, bounds) && market.extensions < parameters.extensions_max {
            market.extensions += 1;
            market.auction_end_ns += parameters.auction_ms * NS_PER_MS;
            let (id, until_ns) = (market.id, market.auction_end_ns);
            timers::watch_auction_end(state, id, until_ns);
            state.emit(&AuctionExtended {
                market: id,
                until_ns,
            });
            return;
        }
    }
    enter(state, place, TRADING, StatusCause::AuctionEnd, 0, Number(0));
}

/// Lets the heads of both sides trade; the older order is the maker, in pro-rata too.
fn trade_heads(state: &mut State, place: u32, uncross: &mut Uncross) {
    let book = &state.markets[place].book;
    let (bid, ask) = (head(state, book.bids.best()), head(state, book.asks.best()));
    let is_bid_older = state.orders[bid].id < state.orders[ask].id;
    let (maker, taker) = if is_bid_older { (bid, ask) } else { (ask, bid) };
    let lots = state.orders[bid].leaves.min(state.orders[ask].leaves);
    trade::execute(state, taker, maker, uncross.price, lots);
    uncross.volume_left -= i128::from(lots);
    for order in [maker, taker] {
        fill(state, order, lots);
    }
    if uncross.volume_left == 0 {
        for order in [maker, taker] {
            refill(state, order);
        }
    }
}

fn head(state: &State, level: Option<u32>) -> u32 {
    let level = level.expect("L12.4: an uncross ends before a side is empty");
    state.levels[level].head
}

fn fill(state: &mut State, slot: u32, lots: Lots) {
    let order = &mut state.orders[slot];
    order.filled += lots;
    let visible = (order.visible - lots).max(0);
    book::reduce(state, slot, lots, visible);
    if state.orders[slot].leaves == 0 {
        lifecycle::end(state, slot, FILLED, DoneReason::None, 0);
    }
    if state.orders[slot].parent != NONE {
        lists::executed(state, slot);
    }
}

/// Shows the next peak of the iceberg that the auction left partly filled, in its place.
fn refill(state: &mut State, slot: u32) {
    let order = &state.orders[slot];
    let display = display_of(state, order);
    if order.is_open() && display != 0 {
        let peak = display.min(order.leaves);
        book::show(state, slot, peak);
        trade::emit_refilled(state, slot);
    }
}
