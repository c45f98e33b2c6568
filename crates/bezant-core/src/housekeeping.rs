//! What time does before an entry's command: uncrosses, timers, due work (L11.1 to L11.3).

use std::cmp::Reverse;

use crate::auction;
use crate::due;
use crate::events::TimerFired;
use crate::ids::{AccountId, MarketId};
use crate::lists;
use crate::rules::TIMED_WORK_MAX;
use crate::state::State;
use crate::timers;
use crate::words::{DoneReason, CANCELED, EXPIRED};

/// Returns whether time has something to do; quick, for most entries it has not.
#[inline]
pub fn is_needed(state: &State) -> bool {
    let (kinds, now) = (&state.timers, state.ts_ns);
    state.due_count > 0
        || state.uncross_count > 0
        || kinds
            .gtd
            .peek()
            .is_some_and(|Reverse((due_ns, _))| *due_ns <= now)
        || kinds
            .cancel
            .peek()
            .is_some_and(|Reverse((due_ns, _, _))| *due_ns <= now)
        || kinds
            .auction
            .peek()
            .is_some_and(|Reverse((end_ns, _))| *end_ns <= now)
        || kinds.firing.is_some()
}

/// Lets time pass; returns whether uncrosses and timers are finished, else commands wait.
pub fn run(state: &mut State) -> bool {
    go_on_uncrossing(state);
    while state.timed_work < TIMED_WORK_MAX && act(state) {}
    if state.uncross_count > 0 || timers::is_any_due(state) {
        return false;
    }
    due::run(state);
    true
}

fn go_on_uncrossing(state: &mut State) {
    if state.uncross_count == 0 {
        return;
    }
    let markets: Vec<MarketId> = state.uncrossing.iter().copied().collect();
    for id in markets {
        let place = state.markets.find(id).expect("a market is never removed");
        auction::go_on(state, place);
    }
}

/// Lets the next due timer act, by (kind, due, id); returns whether there was one.
fn act(state: &mut State) -> bool {
    if let Some(order) = timers::find_expired_order(state) {
        state.timed_work += 1;
        lists::end(state, order, EXPIRED, DoneReason::Gtd);
        return true;
    }
    if let Some((account, market)) = state.timers.firing {
        cancel_orders(state, account, market);
        return true;
    }
    if let Some((account, market)) = timers::find_due_cancel_timer(state) {
        state.timed_work += 1;
        state.emit(&TimerFired { account, market });
        cancel_orders(state, account, market);
        return true;
    }
    if let Some(place) = timers::find_due_auction(state) {
        state.timed_work += 1;
        auction::end_interruption(state, place);
        return true;
    }
    false
}

/// Ends the orders of a cancel timer by id, as many as the entry may (L11.4).
fn cancel_orders(state: &mut State, account: AccountId, market: MarketId) {
    state.timers.firing = None;
    let owner = state
        .find_account(account)
        .expect("a cancel timer's account is known");
    for slot in state.orders_of(owner) {
        let order = &state.orders[slot];
        if !order.is_open() || (market != 0 && market != order.market) {
            continue;
        }
        if state.timed_work == TIMED_WORK_MAX {
            state.timers.firing = Some((account, market));
            return;
        }
        state.timed_work += 1;
        lists::end(state, slot, CANCELED, DoneReason::Timer);
    }
}
