//! What open orders hold, how much, and what they give back (L4, INV-03).

use crate::commands::OrderTerms;
use crate::ledger;
use crate::market::Market;
use crate::order::{find_partner, Order};
use crate::slab::NONE;
use crate::state::State;
use crate::units::{above, narrow, Lots, Ticks, Units};
use crate::words::{LIMIT, SELL};

/// Returns the price of L4.3: a limit's own, with a trigger on a market order its trigger's.
///
/// A market order without trigger has none: 0.
#[inline]
pub fn hold_price(terms: &OrderTerms, reference: Ticks) -> i128 {
    if terms.order_type == LIMIT {
        return i128::from(terms.price);
    }
    if terms.trigger == 0 {
        return 0;
    }
    let start = if terms.trigger_price != 0 {
        terms.trigger_price
    } else {
        reference
    };
    if terms.trailing_bips == 0 {
        i128::from(start)
    } else {
        above(start, terms.trailing_bips)
    }
}

/// Returns whether the order takes a hold: all but market orders without trigger (L4.1).
#[inline]
pub const fn holds_at_entry(terms: &OrderTerms) -> bool {
    terms.order_type == LIMIT || terms.trigger != 0
}

/// Returns what an order must hold: quote of a buy at its hold price, base of a sell (L4.2).
#[inline(always)]
pub fn need(market: &Market, side: u8, price: i128, leaves: Lots) -> i128 {
    if side == SELL {
        return i128::from(leaves) * i128::from(market.lot_units);
    }
    market.wide_notional(price, leaves)
}

/// Returns what an open order that has a hold must hold now.
#[inline(always)]
pub fn need_of(market: &Market, order: &Order) -> i128 {
    need(market, order.side, i128::from(order.price), order.leaves)
}

/// Returns whether the order's pair has a hold that both legs share.
#[inline]
pub fn is_shared(state: &State, order: &Order) -> bool {
    order.parent != NONE && state.lists[order.parent].hold != 0
}

/// Takes units out of the order's hold, or its pair's shared one.
pub fn pay(state: &mut State, slot: u32, units: Units) {
    let left = take(state, slot, units);
    assert!(
        left >= 0,
        "INV-03: an order or a pair pays no more than it holds"
    );
    let balance = state.paying(&state.orders[slot]);
    ledger::pay_from_hold(state, balance, units);
}

/// Gives a part of the order's hold back, or of its pair's shared one.
pub fn release_part(state: &mut State, slot: u32, units: Units) {
    take(state, slot, units);
    let balance = state.paying(&state.orders[slot]);
    ledger::release_hold(state, balance, units);
}

/// Gives back what an ending order holds and returns it; a pair's hold goes on (L4.5).
pub fn release_all(state: &mut State, slot: u32, is_filled: bool) -> Units {
    let units = if is_shared(state, &state.orders[slot]) {
        release_pair(state, slot, is_filled)
    } else {
        std::mem::take(&mut state.orders[slot].hold)
    };
    if units != 0 {
        let balance = state.paying(&state.orders[slot]);
        ledger::release_hold(state, balance, units);
    }
    units
}

fn take(state: &mut State, slot: u32, units: Units) -> Units {
    let order = &mut state.orders[slot];
    let hold = if order.parent != NONE && state.lists[order.parent].hold != 0 {
        &mut state.lists[order.parent].hold
    } else {
        &mut order.hold
    };
    *hold -= units;
    *hold
}

fn release_pair(state: &mut State, slot: u32, is_filled: bool) -> Units {
    let order = &state.orders[slot];
    let parent = order.parent;
    let Some(partner) = find_partner(state, order) else {
        return std::mem::take(&mut state.lists[parent].hold); // The second end: the rest.
    };
    if is_filled {
        return 0; // The partner ends next and gives back the rest.
    }
    let kept = narrow(need_of(&state.markets[order.place], &state.orders[partner]));
    state.orders[partner].hold = kept;
    let units = std::mem::take(&mut state.lists[parent].hold) - kept;
    assert!(units >= 0, "INV-03: a pair holds the larger of its needs");
    units
}
