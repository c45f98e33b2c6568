//! What an order in its taker phase may still take (L5.2). Not for whom it takes from.

use crate::order::{has_hold, is_by_quote, Order};
use crate::state::State;
use crate::units::{divide_down, Lots, Ticks};
use crate::words::{BUY, LIMIT};

/// Returns whether no leaves, or no budget, are left.
#[inline]
pub const fn is_used_up(taker: &Order) -> bool {
    if is_by_quote(&taker.terms) {
        taker.budget == 0
    } else {
        taker.leaves == 0
    }
}

/// Returns the most lots that leaves, budget and (without hold) available allow at a price.
#[inline]
pub fn cap(state: &State, taker: &Order, price: Ticks) -> Lots {
    let terms = &taker.terms;
    if terms.order_type == LIMIT {
        return taker.leaves;
    }
    let market = &state.markets[taker.place];
    let lot_cost = market.notional(price, 1);
    let lots = if is_by_quote(terms) {
        divide_down(taker.budget, lot_cost)
    } else {
        taker.leaves
    };
    if has_hold(terms) {
        return lots;
    }
    let available = state.balances[taker.balance as usize].available;
    let unit_cost = if taker.side == BUY {
        lot_cost
    } else {
        market.lot_units
    };
    lots.min(divide_down(available, unit_cost))
}
