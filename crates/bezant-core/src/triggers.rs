//! Pending triggers of a market: when they trigger (L8.1 to L8.3). `due` runs those that did.

use std::collections::BTreeSet;

use crate::commands::OrderTerms;
use crate::ids::OrderId;
use crate::market::{DUE_LIST, DUE_ORDER};
use crate::order::{terms_of, OrderState};
use crate::state::State;
use crate::units::{above, below, narrow, Ticks};
use crate::words::{Trigger, BUY};

/// Returns whether the trigger price is met from below: stop buy, take-profit sell (L8.1).
pub const fn is_rising(terms: &OrderTerms) -> bool {
    (terms.trigger == Trigger::Stop as u8) == (terms.side == BUY)
}

/// Returns whether a price meets the trigger price, or the activation price if trailing.
pub const fn is_met(terms: &OrderTerms, price: Ticks) -> bool {
    if is_rising(terms) {
        price >= terms.trigger_price
    } else {
        price <= terms.trigger_price
    }
}

/// Returns whether the condition holds already; trailing without activation never does (601).
pub const fn would_trigger(terms: &OrderTerms, reference: Ticks) -> bool {
    terms.trigger_price != 0 && is_met(terms, reference)
}

/// Tests the order from now on; trailing ones without activation price track from R (L8.2).
pub fn watch(state: &mut State, slot: u32) {
    let order = state.orders[slot];
    let terms = terms_of(state, &order);
    let market = &mut state.markets[order.place];
    if terms.trailing_bips != 0 {
        if terms.trigger_price == 0 {
            state.rares[order.rare].extreme = market.reference();
        }
        market.trailing.insert(order.id.0, slot);
    } else if is_rising(&terms) {
        market.rising.insert((terms.trigger_price, order.id.0));
    } else {
        market.falling.insert((-terms.trigger_price, order.id.0));
    }
}

/// Stops testing a pending order.
pub fn unwatch(state: &mut State, slot: u32) {
    let order = &state.orders[slot];
    let terms = terms_of(state, order);
    let market = &mut state.markets[order.place];
    let was_there = if terms.trailing_bips != 0 {
        market.trailing.remove(&order.id.0).is_some()
    } else if is_rising(&terms) {
        market.rising.remove(&(terms.trigger_price, order.id.0))
    } else {
        market.falling.remove(&(-terms.trigger_price, order.id.0))
    };
    assert!(was_there, "L8.3: a pending order is tested");
}

/// Tests all pending orders with a trade's price and makes due what triggers (L8.3).
pub fn mark(state: &mut State, place: u32, price: Ticks) {
    let market = &mut state.markets[place];
    let mut rising = take_met(&mut market.rising, price);
    let mut falling = take_met(&mut market.falling, -price);
    if !market.trailing.is_empty() {
        track(state, place, price, &mut rising, &mut falling);
    }
    for (_, order) in rising.into_iter().chain(falling) {
        let slot = state.find_order(OrderId(order));
        let slot = slot.expect("L8.3: what is tested is open");
        make_order_due(state, slot);
    }
}

/// Appends a triggered order to its market's due queue.
pub fn make_order_due(state: &mut State, slot: u32) {
    let order = &mut state.orders[slot];
    order.state = OrderState::Waiting;
    state.markets[order.place].due.push(DUE_ORDER, order.id.0);
    state.due_markets.insert(order.market);
    state.due_count += 1;
}

/// Appends a list whose working leg is filled to its market's due queue (L10.4).
pub fn make_list_due(state: &mut State, list: u32) {
    let parent = &state.lists[list];
    state.markets[parent.place].due.push(DUE_LIST, parent.id.0);
    state.due_markets.insert(parent.market);
    state.due_count += 1;
}

/// Takes an item out of the due queue: its turn has come, or it ended.
pub fn drop_due(state: &mut State, place: u32, kind: u8, number: u64) {
    let market = &mut state.markets[place];
    let was_there = market.due.remove(kind, number);
    assert!(was_there, "L8.4: a due item is in the queue");
    if market.due.is_empty() {
        state.due_markets.remove(&market.id);
    }
    state.due_count -= 1;
}

fn take_met(pending: &mut BTreeSet<(i64, u64)>, key: i64) -> BTreeSet<(i64, u64)> {
    if pending.first().is_none_or(|(nearest, _)| *nearest > key) {
        return BTreeSet::new();
    }
    let later = pending.split_off(&(key + 1, 0));
    std::mem::replace(pending, later)
}

fn track(
    state: &mut State,
    place: u32,
    price: Ticks,
    rising: &mut BTreeSet<(i64, u64)>,
    falling: &mut BTreeSet<(i64, u64)>,
) {
    let trailing: Vec<u32> = state.markets[place].trailing.values().copied().collect();
    for slot in trailing {
        let Some(trigger) = trigger_of(state, slot, price) else {
            continue;
        };
        let order = &state.orders[slot];
        state.markets[place].trailing.remove(&order.id.0);
        if order.side == BUY {
            rising.insert((trigger, order.id.0));
        } else {
            falling.insert((-trigger, order.id.0));
        }
    }
}

/// Moves a trailing order's extreme, or returns the trigger that the price meets (L8.2).
fn trigger_of(state: &mut State, slot: u32, price: Ticks) -> Option<Ticks> {
    let order = &state.orders[slot];
    let terms = terms_of(state, order);
    let rare = &mut state.rares[order.rare];
    if rare.extreme == 0 {
        if is_met(&terms, price) {
            rare.extreme = price;
        }
        return None;
    }
    let is_better = if order.side == BUY {
        price < rare.extreme
    } else {
        price > rare.extreme
    };
    if is_better {
        rare.extreme = price;
        return None;
    }
    if order.side == BUY {
        let trigger = narrow(above(rare.extreme, terms.trailing_bips));
        return if price >= trigger {
            Some(trigger)
        } else {
            None
        };
    }
    let trigger = below(rare.extreme, terms.trailing_bips);
    if price <= trigger {
        Some(trigger)
    } else {
        None
    }
}
