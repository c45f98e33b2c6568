//! One trade: prices, fees, postings and what it does to the maker (L5.3, L13.2).

use crate::book;
use crate::chart::FEES;
use crate::events::{PeakRefilled, TradeExecuted};
use crate::fees;
use crate::holds;
use crate::ledger;
use crate::lifecycle;
use crate::lists;
use crate::market::roll_window;
use crate::order::{display_of, has_hold, Order};
use crate::slab::NONE;
use crate::state::State;
use crate::triggers;
use crate::units::{Lots, Ticks, Units};
use crate::words::{DoneReason, BUY, FILLED, LIMIT, SELL};

/// Lets two orders trade, marks the triggers and emits `TradeExecuted`.
///
/// Books and queues are the caller's: it takes the lots from the orders with `fill_…`.
pub fn execute(state: &mut State, taker: u32, maker: u32, price: Ticks, qty: Lots) {
    let place = state.orders[taker].place;
    set_last(state, place, price);
    let taker_side = state.orders[taker].side;
    let (buyer, seller) = if taker_side == SELL {
        (maker, taker)
    } else {
        (taker, maker)
    };
    let is_fair = is_within(&state.orders[buyer], price) && is_within(&state.orders[seller], price);
    assert!(is_fair, "INV-05: beyond a limit");
    let market = &state.markets[place];
    let base_units = qty * market.lot_units;
    let quote_units = market.notional(price, qty);
    let (taker_order, maker_order) = (&state.orders[taker], &state.orders[maker]);
    let cost = fees::trade_fees(
        market,
        state.account(taker_order.owner).tier,
        state.account(maker_order.owner).tier,
        taker_side,
        base_units,
        quote_units,
    );
    let buying = &state.orders[buyer];
    let improvement = if has_hold(buying) {
        market.notional(buying.price - price, qty) // Given back for trading under the limit (L4.2).
    } else {
        0
    };
    let is_buyer_taker = buyer == taker;
    let (buyer_fee, seller_fee) = if is_buyer_taker {
        (cost.taker, cost.maker)
    } else {
        (cost.maker, cost.taker)
    };
    let (base_place, quote_place) = (market.base_place, market.quote_place);

    pay_base(state, seller, base_units);
    receive(state, buyer, base_place, base_units, buyer_fee);
    pay_quote(state, buyer, quote_units, improvement);
    receive(state, seller, quote_place, quote_units, seller_fee);
    if cost.rebate != 0 {
        let asset = if is_buyer_taker {
            base_place
        } else {
            quote_place
        };
        ledger::receive_house(&mut state.assets[asset], FEES, -cost.rebate);
        let maker = &state.orders[maker];
        let balance = state.seat_of(maker).receiving(taker_side); // Its taker's asset.
        ledger::receive(state, balance, cost.rebate);
    }

    let market = &mut state.markets[place];
    market.trade_no += 1;
    let (taker_order, maker_order) = (&state.orders[taker], &state.orders[maker]);
    let event = TradeExecuted {
        market: market.id,
        trade_no: market.trade_no,
        taker_order: taker_order.id,
        taker_account: state.seat_of(taker_order).account,
        maker_order: maker_order.id,
        maker_account: state.seat_of(maker_order).account,
        taker_side,
        price,
        qty,
        taker_fee: cost.taker,
        maker_fee: if cost.rebate != 0 {
            -cost.rebate
        } else {
            cost.maker
        },
        improvement,
        taker_has_hold: has_hold(taker_order),
    };
    state.emit(&event);
}

/// Takes lots from a maker in the book; ends it, refills its peak, runs its list (L5.3, L9.1).
pub fn fill_maker(state: &mut State, maker: u32, qty: Lots) {
    let order = &mut state.orders[maker];
    order.filled += qty;
    let visible = order.visible - qty;
    book::reduce(state, maker, qty, visible);
    let order = &state.orders[maker];
    if order.leaves == 0 {
        lifecycle::end(state, maker, FILLED, DoneReason::None, 0);
    } else if visible == 0 {
        let peak = display_of(state, order).min(order.leaves);
        book::show(state, maker, peak);
        book::requeue(state, maker);
        emit_refilled(state, maker);
    }
    if state.orders[maker].parent != NONE {
        lists::executed(state, maker);
    }
}

/// Emits that an iceberg shows its next peak.
pub fn emit_refilled(state: &mut State, slot: u32) {
    let order = &state.orders[slot];
    let event = PeakRefilled {
        order_id: order.id,
        account: state.seat_of(order).account,
        market: order.market,
        side: order.side,
        price: order.price,
        visible: order.visible,
    };
    state.emit(&event);
}

/// Takes lots, or what they cost or earn, from an order in its taker phase.
pub fn fill_taker(state: &mut State, taker: u32, price: Ticks, qty: Lots) {
    let order = &mut state.orders[taker];
    order.filled += qty;
    if order.is_by_quote() {
        state.rares[order.rare].budget -= state.markets[order.place].notional(price, qty);
    } else {
        order.leaves -= qty;
    }
}

/// Returns whether the price is no worse than the order's limit, if it has one.
#[inline]
fn is_within(order: &Order, price: Ticks) -> bool {
    let better = if order.side == BUY {
        order.price - price
    } else {
        price - order.price
    };
    better >= 0 || order.order_type != LIMIT
}

fn set_last(state: &mut State, place: u32, price: Ticks) {
    let market = &mut state.markets[place];
    roll_window(market, state.seq, state.ts_ns);
    if market.last != price {
        market.last = price;
        market.renew_band();
    }
    if !(market.rising.is_empty() && market.falling.is_empty() && market.trailing.is_empty()) {
        triggers::mark(state, place, price);
    }
}

fn pay_base(state: &mut State, seller: u32, units: Units) {
    let order = &state.orders[seller];
    if has_hold(order) {
        holds::pay(state, seller, units);
    } else {
        let balance = state.paying(order);
        ledger::pay_from_available(state, balance, units);
    }
}

fn pay_quote(state: &mut State, buyer: u32, units: Units, improvement: Units) {
    let order = &state.orders[buyer];
    if !has_hold(order) {
        let balance = state.paying(order);
        ledger::pay_from_available(state, balance, units);
        return;
    }
    holds::pay(state, buyer, units);
    if improvement != 0 {
        holds::release_part(state, buyer, improvement);
    }
}

/// Credits what a trade brings, less its fee, which the house receives.
fn receive(state: &mut State, slot: u32, asset: u32, units: Units, fee: Units) {
    let order = &state.orders[slot];
    let balance = state.seat_of(order).receiving(order.side);
    ledger::receive(state, balance, units - fee);
    if fee != 0 {
        ledger::receive_house(&mut state.assets[asset], FEES, fee);
    }
}
