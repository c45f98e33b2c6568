//! Self-trade prevention: what happens when an account meets itself (L7).

use crate::book;
use crate::events::SelfTradePrevented;
use crate::holds;
use crate::lists;
use crate::order::{has_hold, Order};
use crate::state::State;
use crate::units::{narrow, Lots, Ticks, Units};
use crate::words::{DoneReason, STPMode, EXPIRED};

const DECREMENT: u8 = STPMode::Decrement as u8;
const EXPIRE_TAKER: u8 = STPMode::ExpireTaker as u8;
const EXPIRE_MAKER: u8 = STPMode::ExpireMaker as u8;
const EXPIRE_BOTH: u8 = STPMode::ExpireBoth as u8;

/// Returns whether the maker belongs to the account or its trade group, as it is now (L7.1).
#[inline]
pub fn is_self(state: &State, account: u32, maker: &Order) -> bool {
    if maker.owner == account {
        return true;
    }
    let group = state.account(account).trade_group;
    group != 0 && state.account(maker.owner).trade_group == group
}

/// Applies the taker's mode to the two, and returns whether the taker goes on.
///
/// `cap` bounds what a taker by quote may decrement (L7.2).
pub fn prevent(state: &mut State, taker: u32, maker: u32, price: Ticks, cap: Lots) -> bool {
    let mode = state.orders[taker].stp;
    if mode == DECREMENT {
        decrement(state, taker, maker, price, cap);
        return true;
    }
    emit(state, taker, maker, price, 0, (0, 0));
    if mode == EXPIRE_MAKER || mode == EXPIRE_BOTH {
        lists::end(state, maker, EXPIRED, DoneReason::SelfTrade);
    }
    if mode == EXPIRE_TAKER || mode == EXPIRE_BOTH {
        lists::end(state, taker, EXPIRED, DoneReason::SelfTrade);
        return false;
    }
    true
}

/// Takes the smaller quantity from both; the maker ends if it has nothing left (L7.2).
fn decrement(state: &mut State, taker: u32, maker: u32, price: Ticks, cap: Lots) {
    let taking = &state.orders[taker];
    let most = if taking.is_by_quote() {
        cap
    } else {
        taking.leaves
    };
    let lots = most.min(state.orders[maker].leaves);
    let taker_released = prevent_taker(state, taker, price, lots);
    let maker_released = release(state, maker, lots);
    let order = &mut state.orders[maker];
    order.prevented += lots;
    let visible = order.visible.min(order.leaves - lots);
    book::reduce(state, maker, lots, visible);
    emit(
        state,
        taker,
        maker,
        price,
        lots,
        (taker_released, maker_released),
    );
    if state.orders[maker].leaves == 0 {
        lists::end(state, maker, EXPIRED, DoneReason::SelfTrade);
    } else {
        lists::executed(state, maker);
    }
}

fn prevent_taker(state: &mut State, taker: u32, price: Ticks, lots: Lots) -> Units {
    let order = &mut state.orders[taker];
    order.prevented += lots;
    if order.is_by_quote() {
        state.rares[order.rare].budget -= state.markets[order.place].notional(price, lots);
        return 0;
    }
    let released = if has_hold(order) {
        release(state, taker, lots)
    } else {
        0
    };
    state.orders[taker].leaves -= lots;
    released
}

/// Gives back the hold of prevented lots; a pair's stays until its other leg ends (C10.9).
fn release(state: &mut State, slot: u32, lots: Lots) -> Units {
    let order = &state.orders[slot];
    if holds::is_shared(state, order) {
        return 0;
    }
    let market = &state.markets[order.place];
    let units = narrow(holds::need(
        market,
        order.side,
        i128::from(order.price),
        lots,
    ));
    holds::release_part(state, slot, units);
    units
}

fn emit(
    state: &mut State,
    taker: u32,
    maker: u32,
    price: Ticks,
    qty: Lots,
    released: (Units, Units),
) {
    let (taker, maker) = (&state.orders[taker], &state.orders[maker]);
    let event = SelfTradePrevented {
        market: taker.market,
        taker_order: taker.id,
        taker_account: state.seat_of(taker).account,
        maker_order: maker.id,
        maker_account: state.seat_of(maker).account,
        taker_side: taker.side,
        mode: taker.stp,
        price,
        qty,
        taker_released: released.0,
        maker_released: released.1,
    };
    state.emit(&event);
}
