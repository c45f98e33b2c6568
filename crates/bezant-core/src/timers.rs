//! When time acts: gtd ends, cancel timers, auction ends (L11.1). Not for what they do then.

use std::cmp::Reverse;

use crate::ids::{AccountId, MarketId};
use crate::order::Order;
use crate::state::State;
use crate::words::{GTD, TRADING};

/// Notes when a gtd order ends.
#[inline]
pub fn watch_expiry(state: &mut State, order: &Order) {
    if order.tif == GTD {
        let expires_ns = state.rares[order.rare].expires_ns;
        state.timers.gtd.push(Reverse((expires_ns, order.id)));
    }
}

/// Sets, or with 0 removes, the dead man's switch of an account in a market (0 = all).
pub fn set_cancel_timer(state: &mut State, account: AccountId, market: MarketId, due_ns: i64) {
    let timers = &mut state.timers;
    if due_ns == 0 {
        timers.cancel_due.remove(&(account, market));
        return;
    }
    timers.cancel_due.insert((account, market), due_ns);
    timers.cancel.push(Reverse((due_ns, account, market)));
}

/// Removes all dead man's switches of an account that closes (L13.3).
pub fn drop_cancel_timers(state: &mut State, account: AccountId) {
    let cancel_due = &mut state.timers.cancel_due;
    let own = cancel_due.range((account, 0)..=(account, MarketId::MAX));
    let own: Vec<_> = own.map(|(key, _)| *key).collect();
    for key in own {
        cancel_due.remove(&key);
    }
}

/// Notes when an interruption auction ends.
pub fn watch_auction_end(state: &mut State, market: MarketId, end_ns: i64) {
    state.timers.auction.push(Reverse((end_ns, market)));
}

/// Returns the open gtd order that ends first, if it is due; takes its line away.
pub fn find_expired_order(state: &mut State) -> Option<u32> {
    while let Some(Reverse((due_ns, order))) = state.timers.gtd.peek().copied() {
        if due_ns > state.ts_ns {
            return None;
        }
        state.timers.gtd.pop();
        let found = state.find_order(order);
        if found.is_some() {
            return found;
        }
    }
    None
}

/// Returns the dead man's switch that acts first, if it is due; removes it.
pub fn find_due_cancel_timer(state: &mut State) -> Option<(AccountId, MarketId)> {
    let timers = &mut state.timers;
    while let Some(Reverse((due_ns, account, market))) = timers.cancel.peek().copied() {
        if due_ns > state.ts_ns {
            return None;
        }
        timers.cancel.pop();
        if timers.cancel_due.get(&(account, market)) == Some(&due_ns) {
            timers.cancel_due.remove(&(account, market));
            return Some((account, market));
        }
    }
    None
}

/// Returns the slot of the market whose interruption auction ends first, if it is due.
pub fn find_due_auction(state: &mut State) -> Option<u32> {
    while let Some(Reverse((end_ns, market))) = state.timers.auction.peek().copied() {
        if end_ns > state.ts_ns {
            return None;
        }
        state.timers.auction.pop();
        let slot = state
            .markets
            .find(market)
            .expect("a market is never removed");
        if state.markets[slot].auction_end_ns == end_ns {
            return Some(slot);
        }
    }
    None
}

/// Returns whether a timer is due that has not acted yet.
pub fn is_any_due(state: &mut State) -> bool {
    let earliest_ns = next_due(state);
    state.timers.firing.is_some() || (0 < earliest_ns && earliest_ns <= state.ts_ns)
}

/// Returns when the earliest timer is due, 0 if there is none; drops stale lines.
pub fn next_due(state: &mut State) -> i64 {
    let mut earliest = None;
    while let Some(Reverse((due_ns, order))) = state.timers.gtd.peek() {
        if state.find_order(*order).is_some() {
            earliest = Some(*due_ns);
            break;
        }
        state.timers.gtd.pop();
    }
    let timers = &mut state.timers;
    while let Some(Reverse((due_ns, account, market))) = timers.cancel.peek() {
        if timers.cancel_due.get(&(*account, *market)) == Some(due_ns) {
            earliest = earliest.map_or(Some(*due_ns), |other| Some(other.min(*due_ns)));
            break;
        }
        timers.cancel.pop();
    }
    while let Some(Reverse((end_ns, market))) = timers.auction.peek() {
        let slot = state
            .markets
            .find(*market)
            .expect("a market is never removed");
        if state.markets[slot].auction_end_ns == *end_ns {
            earliest = earliest.map_or(Some(*end_ns), |other| Some(other.min(*end_ns)));
            break;
        }
        timers.auction.pop();
    }
    earliest.unwrap_or(0)
}

/// Returns whether the next entry has something to do whatever its time (L11.1).
pub fn is_work_left(state: &mut State) -> bool {
    if state.uncross_count > 0 || is_any_due(state) {
        return true;
    }
    let markets = &state.markets;
    let is_trading = |place: u32| markets[place].status == TRADING;
    let mut due = state.due_markets.iter();
    due.any(|id| markets.find(*id).is_some_and(is_trading))
}
