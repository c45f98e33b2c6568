//! How a single order begins, rests and ends (L5.1, L5.5). Lists add their own in `lists`.

use crate::book;
use crate::commands::OrderTerms;
use crate::events::{OrderAccepted, OrderDone, OrderRested};
use crate::holds;
use crate::ids::{leg_of_order, MarketId, OrderId};
use crate::ledger;
use crate::market::{Market, DUE_ORDER};
use crate::order::{is_dormant, Order, OrderState, UNLINKED};
use crate::remembered;
use crate::slab::NONE;
use crate::state::{Account, Counts, State};
use crate::timers;
use crate::triggers;
use crate::units::{narrow, Units};
use crate::words::{DoneReason, DoneStatus, FILLED, FOK, IOC, MARKET, PRE_OPEN, TRADING};

/// Returns the order that a command asks for, not yet part of the state and without hold.
#[inline]
pub fn draft(state: &mut State, owner: u32, place: u32, terms: &OrderTerms, id: OrderId) -> Order {
    let market = &state.markets[place];
    let asset = if terms.side != 0 {
        market.base
    } else {
        market.quote
    };
    let hold_price = narrow(holds::hold_price(terms, market.reference()));
    let market = market.id;
    let account = state.account(owner);
    let stp = if terms.stp != 0 {
        terms.stp
    } else {
        account.default_stp()
    };
    Order {
        id,
        account: account.id,
        owner,
        place,
        balance: state.balance(owner, asset),
        level: NONE,
        parent: NONE,
        market,
        side: terms.side,
        stp,
        state: OrderState::Matching,
        is_open: true,
        price: terms.price,
        leaves: terms.qty,
        visible: 0,
        hold: 0,
        hold_price,
        filled: 0,
        prevented: 0,
        budget: terms.quote_units,
        in_level: UNLINKED,
        in_account: UNLINKED,
        in_market: UNLINKED,
        terms: terms.clone(),
        extreme: 0,
        amends: 0,
        aliases: Vec::new(),
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
pub fn accept(state: &mut State, mut order: Order, to: OrderState, held: Units) -> u32 {
    order.state = to;
    if held != 0 {
        order.hold = held;
        ledger::place_hold(state, order.balance, held);
    }
    let parent = order.parent;
    let list_id = if parent == NONE {
        OrderId(0)
    } else {
        state.lists[parent].id
    };
    state.emit(&OrderAccepted {
        order_id: order.id,
        account: order.account,
        market: order.market,
        order: order.terms.clone(),
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
pub fn add(state: &mut State, order: Order) -> u32 {
    let (id, owner, place) = (order.id, order.owner, order.place);
    timers::watch_expiry(&mut state.timers, &order);
    count(
        &mut state.accounts[owner as usize],
        &mut state.markets[place],
        &order,
        1,
    );
    let parent = order.parent;
    let slot = state.orders.insert(order);
    if parent != NONE {
        state.lists[parent].legs[leg_of_order(id)] = slot;
    }
    state.order_slots.insert(id, slot);
    let account = &mut state.accounts[owner as usize];
    account.order_count += 1;
    let before = std::mem::replace(&mut account.orders.previous, slot);
    state.orders[slot].in_account.previous = before;
    if before == NONE {
        account.orders.next = slot;
    } else {
        state.orders[before].in_account.next = slot;
    }
    let market = &mut state.markets[place];
    let before = std::mem::replace(&mut market.orders.previous, slot);
    state.orders[slot].in_market.previous = before;
    if before == NONE {
        market.orders.next = slot;
    } else {
        state.orders[before].in_market.next = slot;
    }
    slot
}

/// Puts what is left of an order at the tail of its level.
pub fn enter_book(state: &mut State, slot: u32) {
    let order = &mut state.orders[slot];
    let display = order.terms.display;
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
        account: order.account,
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
    let is_whole = total == order.terms.qty || order.terms.quote_units != 0;
    assert!(is_whole, "INV-06: it adds up");
    remove(state, slot);
    remembered::mark_order_ended(state, slot);
    let order = &state.orders[slot];
    let event = OrderDone {
        order_id: order.id,
        account: order.account,
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
    order.is_open = false;
    let (in_account, in_market) = (order.in_account, order.in_market);
    let (owner, place) = (order.owner, order.place);
    if order.parent != NONE {
        state.lists[order.parent].legs[leg_of_order(order.id)] = NONE;
    }
    state.order_slots.remove(&order.id);
    let account = &mut state.accounts[owner as usize];
    let market = &mut state.markets[place];
    count(account, market, order, -1);
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
pub fn counts_of(account: &mut Account, market: MarketId) -> &mut Counts {
    let place = match account.counts.binary_search_by_key(&market, |(id, _)| *id) {
        Ok(place) => place,
        Err(place) => {
            account.counts.insert(place, (market, Counts::default()));
            place
        }
    };
    &mut account.counts[place].1
}

/// Counts an order in (1) or out (−1) where codes 700 to 702 look.
pub fn count(account: &mut Account, market: &mut Market, order: &Order, step: i64) {
    let counts = counts_of(account, market.id);
    counts.orders += step;
    market.order_count += step;
    if order.terms.trigger != 0 {
        counts.stops += step;
    }
    if order.terms.display != 0 {
        counts.icebergs += step;
    }
}
