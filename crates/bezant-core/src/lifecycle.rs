//! How a single order begins, rests and ends (L5.1, L5.5). Lists add their own in `lists`.

use crate::book;
use crate::commands::OrderTerms;
use crate::events::{OrderAccepted, OrderDone, OrderRested};
use crate::hashing::hash_number;
use crate::holds;
use crate::ids::{leg_of_order, OrderId};
use crate::ledger;
use crate::market::{Market, DUE_ORDER};
use crate::order::{display_of, is_dormant, Order, OrderState, Rare, UNLINKED};
use crate::remembered;
use crate::slab::NONE;
use crate::state::{Counts, State};
use crate::timers;
use crate::triggers;
use crate::units::{narrow, Ticks, Units};
use crate::words::{DoneReason, DoneStatus, FILLED, FOK, IOC, MARKET, PRE_OPEN, TRADING};

/// Returns the order that a command asks for, not yet part of the state and without hold.
#[inline]
pub fn draft(state: &mut State, owner: u32, place: u32, terms: &OrderTerms, id: OrderId) -> Order {
    let price = holds::hold_price(terms, state.markets[place].reference());
    draft_at(state, owner, place, terms, id, narrow(price))
}

/// Returns the same with the price at which it holds.
#[inline]
pub fn draft_at(
    state: &mut State,
    owner: u32,
    place: u32,
    terms: &OrderTerms,
    id: OrderId,
    price: Ticks,
) -> Order {
    let seat = state.seat(owner, place);
    let market = &state.markets[place];
    let stp = if terms.stp != 0 {
        terms.stp
    } else {
        state.account(owner).default_stp()
    };
    Order {
        id,
        price,
        qty: terms.qty,
        leaves: terms.qty,
        visible: 0,
        hold: 0,
        filled: 0,
        prevented: 0,
        owner,
        place,
        seat,
        level: NONE,
        parent: NONE,
        name: NONE,
        rare: NONE,
        in_level: UNLINKED,
        in_account: UNLINKED,
        in_market: UNLINKED,
        market: market.id,
        side: terms.side,
        order_type: terms.order_type,
        tif: terms.tif,
        trigger: terms.trigger,
        post_only: terms.post_only,
        stp,
        asked_stp: terms.stp,
        state: OrderState::Matching,
    }
}

/// Returns where an order without a list goes at once (L5.1).
#[inline]
pub fn entry_state(market: &Market, terms: &OrderTerms) -> OrderState {
    if terms.trigger != 0 {
        return OrderState::Pending;
    }
    if terms.order_type == MARKET || terms.tif == IOC || terms.tif == FOK {
        return OrderState::Matching;
    }
    if market.status == TRADING && market.book.opposite(terms.side).is_reached(terms.price) {
        return OrderState::Matching;
    }
    OrderState::Resting
}

/// Makes a drafted order open, holds what it needs, emits `OrderAccepted` and returns its slot.
///
/// It is in the book at once where `to` is `Resting`, and tested where it is `Pending`; of a pending
/// leg that waits in its list nothing is tested yet.
pub fn accept(
    state: &mut State,
    mut order: Order,
    terms: &OrderTerms,
    to: OrderState,
    held: Units,
) -> u32 {
    order.state = to;
    if held != 0 {
        order.hold = held;
        ledger::place_hold(state, state.paying(&order), held);
    }
    if let Some(rare) = Rare::of(terms) {
        order.rare = state.rares.insert(rare);
    }
    let parent = order.parent;
    let list_id = if parent == NONE {
        OrderId(0)
    } else {
        state.lists[parent].id
    };
    state.emit(&OrderAccepted {
        order_id: order.id,
        account: state.seat_of(&order).account,
        market: order.market,
        order: terms.clone(),
        state: to as u8,
        held,
        list_id,
    });
    let slot = add(state, order);
    match to {
        OrderState::Resting => enter_book(state, slot),
        OrderState::Pending if !is_dormant(state, &state.orders[slot]) => {
            triggers::watch(state, slot);
        }
        _ => {}
    }
    slot
}

/// Makes an order part of the state's indexes and returns its slot.
pub fn add(state: &mut State, mut order: Order) -> u32 {
    let (id, parent) = (order.id, order.parent);
    timers::watch_expiry(state, &order);
    count(state, &order, 1);
    state.order_count += 1;
    let account = &mut state.accounts[order.owner as usize];
    let market = &mut state.markets[order.place];
    account.order_count += 1;
    order.in_account.previous = account.orders.previous;
    order.in_market.previous = market.orders.previous;
    let slot = state.orders.insert(order);
    account.orders.previous = slot;
    market.orders.previous = slot;
    if order.in_account.previous == NONE {
        account.orders.next = slot;
    } else {
        state.orders[order.in_account.previous].in_account.next = slot;
    }
    if order.in_market.previous == NONE {
        market.orders.next = slot;
    } else {
        state.orders[order.in_market.previous].in_market.next = slot;
    }
    if parent != NONE {
        state.lists[parent].legs[leg_of_order(id)] = slot;
    }
    state.order_table.insert(hash_number(id.0), slot);
    slot
}

/// Puts what is left of an order at the tail of its level.
pub fn enter_book(state: &mut State, slot: u32) {
    let display = display_of(state, &state.orders[slot]);
    let order = &mut state.orders[slot];
    order.state = OrderState::Resting;
    order.visible = if display != 0 {
        display.min(order.leaves)
    } else {
        order.leaves
    };
    let market = &state.markets[order.place];
    let is_crossing = market.book.opposite(order.side).is_reached(order.price);
    assert!(
        market.status == PRE_OPEN || !is_crossing,
        "INV-04: no order rests crossed"
    );
    book::append(state, slot);
}

/// Puts what is left of an order at the tail of its level and emits `OrderRested` (L5.4).
pub fn rest(state: &mut State, slot: u32) {
    enter_book(state, slot);
    let order = &state.orders[slot];
    let event = OrderRested {
        order_id: order.id,
        account: state.seat_of(order).account,
        market: order.market,
        side: order.side,
        price: order.price,
        visible: order.visible,
    };
    state.emit(&event);
}

/// Takes an order out of the state, gives back its hold and emits `OrderDone` (L5.5).
pub fn end(state: &mut State, slot: u32, status: DoneStatus, reason: DoneReason, code: u32) {
    leave(state, slot);
    let released = holds::release_all(state, slot, status == FILLED);
    let order = &state.orders[slot];
    let total = order.filled + order.prevented + order.leaves;
    let is_whole = total == order.qty || order.is_by_quote();
    assert!(is_whole, "INV-06: it adds up");
    remove(state, slot);
    remembered::mark_order_ended(state, slot);
    let order = &state.orders[slot];
    let event = OrderDone {
        order_id: order.id,
        account: state.seat_of(order).account,
        market: order.market,
        side: order.side,
        status: status as u8,
        reason: reason as u8,
        released,
        filled: order.filled,
        prevented: order.prevented,
        code,
    };
    state.emit(&event);
}

fn remove(state: &mut State, slot: u32) {
    let order = &mut state.orders[slot];
    order.state = OrderState::Ended;
    let order = *order;
    let (in_account, in_market) = (order.in_account, order.in_market);
    if order.parent != NONE {
        state.lists[order.parent].legs[leg_of_order(order.id)] = NONE;
    }
    if order.rare != NONE {
        state.rares.retire(order.rare);
    }
    state.order_table.remove(hash_number(order.id.0), slot);
    state.order_count -= 1;
    count(state, &order, -1);
    let account = &mut state.accounts[order.owner as usize];
    let market = &mut state.markets[order.place];
    account.order_count -= 1;
    if in_account.previous == NONE {
        account.orders.next = in_account.next;
    }
    if in_account.next == NONE {
        account.orders.previous = in_account.previous;
    }
    if in_market.previous == NONE {
        market.orders.next = in_market.next;
    }
    if in_market.next == NONE {
        market.orders.previous = in_market.previous;
    }
    let orders = &mut state.orders;
    if in_account.previous != NONE {
        orders[in_account.previous].in_account.next = in_account.next;
    }
    if in_account.next != NONE {
        orders[in_account.next].in_account.previous = in_account.previous;
    }
    if in_market.previous != NONE {
        orders[in_market.previous].in_market.next = in_market.next;
    }
    if in_market.next != NONE {
        orders[in_market.next].in_market.previous = in_market.previous;
    }
    orders.retire(slot);
}

fn leave(state: &mut State, slot: u32) {
    let order = &state.orders[slot];
    match order.state {
        OrderState::Resting => book::remove(state, slot),
        OrderState::Waiting => {
            let (place, id) = (order.place, order.id.0);
            triggers::drop_due(state, place, DUE_ORDER, id);
        }
        OrderState::Pending if !is_dormant(state, order) => triggers::unwatch(state, slot),
        _ => {}
    }
}

/// Returns an account's counts in a market, zeros if it had no order there yet.
#[inline]
pub fn counts_of(state: &mut State, owner: u32, place: u32) -> &mut Counts {
    let seat = state.seat(owner, place);
    &mut state.seats[seat as usize].counts
}

/// Counts an order in (1) or out (−1) where codes 700 to 702 look.
#[inline]
pub fn count(state: &mut State, order: &Order, step: i16) {
    let is_iceberg = display_of(state, order) != 0;
    state.markets[order.place].order_count += i64::from(step);
    let counts = &mut state.seats[order.seat as usize].counts;
    let add = |count: u16| {
        count
            .checked_add_signed(step)
            .expect("INV-06: counts add up")
    };
    counts.orders = add(counts.orders);
    if order.trigger != 0 {
        counts.stops = add(counts.stops);
    }
    if is_iceberg {
        counts.icebergs = add(counts.icebergs);
    }
}
