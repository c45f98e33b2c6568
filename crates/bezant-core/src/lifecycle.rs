//! How a single order begins, rests and ends (L5.1, L5.5). Lists add their own in `lists`.

use crate::book;
use crate::commands::OrderTerms;
use crate::events::{OrderAccepted, OrderDone, OrderRested};
use crate::hashing::hash_number;
use crate::holds;
use crate::ids::{leg_of_order, AccountId, OrderId};
use crate::ledger;
use crate::market::{Market, DUE_ORDER};
use crate::order::{display_of, is_dormant, Order, OrderState, Rare, UNLINKED};
use crate::remembered;
use crate::slab::NONE;
use crate::state::{Counts, State};
use crate::timers;
use crate::triggers;
use crate::units::{narrow, Ticks, Units};
use crate::words::{DoneReason, DoneStatus, FILLED, FOK, IOC, LIMIT, MARKET, PRE_OPEN, TRADING};

/// Returns the order that a command asks for, not yet part of the state and without hold.
#[inline(always)]
pub fn draft(state: &mut State, owner: u32, place: u32, terms: &OrderTerms, id: OrderId) -> Order {
    let price = if terms.order_type == LIMIT {
        terms.price
    } else {
        narrow(holds::hold_price(terms, state.markets[place].reference()))
    };
    draft_at(state, owner, place, terms, id, price)
}

/// Returns the same with the price at which it holds.
#[inline(always)]
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
        born: 0,
        owner,
        place,
        seat,
        level: NONE,
        parent: NONE,
        name: NONE,
        rare: NONE,
        in_level: UNLINKED,
        in_account: UNLINKED,
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
    order: &mut Order,
    terms: &OrderTerms,
    to: OrderState,
    held: Units,
) -> u32 {
    order.state = to;
    order.hold = held;
    if held != 0 {
        ledger::place_hold(state, state.paying(order), held);
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
    let account = state.seat_of(order).account;
    state.emit(&OrderAccepted {
        order_id: order.id,
        account,
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
#[inline(always)]
pub fn add(state: &mut State, order: &mut Order) -> u32 {
    timers::watch_expiry(state, order);
    count_in(state, order);
    let account = &mut state.accounts[order.owner as usize];
    account.order_count += 1;
    let last = account.orders.previous;
    order.in_account.previous = last;
    let slot = state.orders.insert(*order);
    account.orders.previous = slot;
    if last == NONE {
        account.orders.next = slot;
    } else {
        state.orders[last].in_account.next = slot;
    }
    if order.parent != NONE {
        state.lists[order.parent].legs[leg_of_order(order.id)] = slot;
    }
    state.order_table.insert(hash_number(order.id.0), slot);
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
    let order = &mut state.orders[slot];
    order.state = OrderState::Ended;
    let total = order.filled + order.prevented + order.leaves;
    let is_whole = total == order.qty || order.is_by_quote();
    assert!(is_whole, "INV-06: it adds up");
    let (id, links) = (order.id, order.in_account);
    if links.previous != NONE {
        state.orders[links.previous].in_account.next = links.next;
    }
    if links.next != NONE {
        state.orders[links.next].in_account.previous = links.previous;
    }
    state.orders.retire(slot);
    state.order_table.remove(hash_number(id.0), slot);
    let order = &state.orders[slot];
    if order.parent != NONE {
        state.lists[order.parent].legs[leg_of_order(id)] = NONE;
    }
    let account = &mut state.accounts[order.owner as usize];
    account.order_count -= 1;
    if links.previous == NONE {
        account.orders.next = links.next;
    }
    if links.next == NONE {
        account.orders.previous = links.previous;
    }
    let account = count_out(state, slot);
    let order = &state.orders[slot];
    let event = OrderDone {
        order_id: id,
        account,
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

/// Counts an order in where codes 700 to 702 look.
#[inline(always)]
fn count_in(state: &mut State, order: &Order) {
    state.order_count += 1;
    state.markets[order.place].order_count += 1;
    let counts = &mut state.seats[order.seat as usize].counts;
    counts.orders += 1;
    if order.rare != NONE {
        counts.stops += u16::from(order.trigger != 0);
        counts.icebergs += u16::from(state.rares[order.rare].display != 0);
    }
}

/// Counts an order out and lets go what else is kept of it; returns its account's id.
#[inline(always)]
fn count_out(state: &mut State, slot: u32) -> AccountId {
    let order = &state.orders[slot];
    state.order_count -= 1;
    state.markets[order.place].order_count -= 1;
    let seat = &mut state.seats[order.seat as usize];
    let (account, counts) = (seat.account, &mut seat.counts);
    counts.orders -= 1;
    if order.rare != NONE {
        counts.stops -= u16::from(order.trigger != 0);
        counts.icebergs -= u16::from(state.rares[order.rare].display != 0);
        state.rares.retire(order.rare);
    }
    if order.name != NONE || order.rare != NONE {
        remembered::mark_order_ended(state, slot);
    }
    account
}
