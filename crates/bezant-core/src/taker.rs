//! What an order in its taker phase may still take (L5.2). Not for whom it takes from.

use crate::order::{budget_of, has_hold, Order};
use crate::state::State;
use crate::units::{divide_down, Lots, Ticks};
use crate::words::{BUY, LIMIT};

/// Returns whether no leaves, or no budget, are left.
#[inline]
pub fn is_used_up(state: &State, taker: &Order) -> bool {
    if taker.is_by_quote() {
        budget_of(state, taker) == 0
    } else {
        taker.leaves == 0
    }
}

/// Returns the most lots that leaves, budget and (without hold) available allow at a price.
#[inline]
pub fn cap(state: &State, taker: &Order, price: Ticks) -> Lots {
    if taker.order_type == LIMIT {
        return taker.leaves;
    }
    let market = &state.markets[taker.place];
    let lot_cost = market.notional(price, 1);
    let lots = if taker.is_by_quote() {
        divide_down(budget_of(state, taker), lot_cost)
    } else {
        taker.leaves
    };
    if has_hold(taker) {
        return lots;
    }
    let available = state.balances[state.paying(taker) as usize].available;
    let unit_cost = if taker.side == BUY {
        lot_cost
    } else {
        market.lot_units
    };
    lots.min(divide_down(available, unit_cost))
}
