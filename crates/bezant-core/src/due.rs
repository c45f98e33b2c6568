//! Due work: triggered orders and lists whose working leg is filled (L8.4, L10.4).

use crate::events::{ListWorking, OrderTriggered};
use crate::holds;
use crate::ids::OrderId;
use crate::ledger;
use crate::lifecycle;
use crate::lists;
use crate::market::{Market, DUE_LIST};
use crate::matching;
use crate::order::{rare_of, terms_of, ListStage, Order, OrderState};
use crate::refusals::RefusalCode;
use crate::rules::{DUE_ITEMS_MAX, MATCHES_MAX};
use crate::slab::NONE;
use crate::state::State;
use crate::triggers;
use crate::units::narrow;
use crate::words::{DoneReason, BUY, EXPIRED, LIMIT, MARKET, SELL, TRADING};

/// Runs due items, head first, smallest market first, as many as an entry may (L8.4).
pub fn run(state: &mut State) {
    while state.due_items < DUE_ITEMS_MAX && state.matches < MATCHES_MAX {
        let Some((place, kind, number)) = find_item(state) else {
            return;
        };
        state.due_items += 1;
        triggers::drop_due(state, place, kind, number);
        if kind == DUE_LIST {
            let list = state.find_list(OrderId(number));
            let list = list.expect("L8.4: a due list is open");
            release_list(state, list);
        } else {
            let order = state.find_order(OrderId(number));
            let order = order.expect("L8.4: a due order is open");
            trigger(state, order);
        }
    }
}

fn find_item(state: &State) -> Option<(u32, u8, u64)> {
    if state.due_count == 0 {
        return None;
    }
    state.due_markets.iter().find_map(|id| {
        let place = state.markets.find(*id)?;
        let market = &state.markets[place];
        let (kind, number) = market.due.first()?;
        if market.status == TRADING {
            Some((place, kind, number))
        } else {
            None
        }
    })
}

/// Ends the order's partner, gives back what a market buy held, and lets it take.
fn trigger(state: &mut State, slot: u32) {
    state.orders[slot].state = OrderState::Matching;
    lists::end_partner(state, slot);
    let order = &mut state.orders[slot];
    let mut released = 0;
    if order.order_type == MARKET && order.side == BUY {
        released = std::mem::take(&mut order.hold);
        let balance = state.paying(&state.orders[slot]);
        ledger::release_hold(state, balance, released);
    }
    let order = &state.orders[slot];
    let event = OrderTriggered {
        order_id: order.id,
        account: state.seat_of(order).account,
        market: order.market,
        side: order.side,
        released,
    };
    state.emit(&event);
    matching::take(state, slot);
}

/// Puts the pending legs to work, or ends them where the law refuses them now (L10.4).
fn release_list(state: &mut State, list: u32) {
    let parent = &mut state.lists[list];
    parent.stage = ListStage::WorkingLeg;
    let (place, id, account, market) = (parent.place, parent.id, parent.account, parent.market);
    let legs: Vec<u32> = parent.legs[1..]
        .iter()
        .copied()
        .filter(|leg| *leg != NONE)
        .collect();
    for leg in &legs {
        let reference = state.markets[place].reference();
        let terms = terms_of(state, &state.orders[*leg]);
        state.orders[*leg].price = narrow(holds::hold_price(&terms, reference));
    }
    if let Err(code) = refusal(state, place, &legs) {
        for leg in legs {
            lifecycle::end(state, leg, EXPIRED, DoneReason::Refused, code as u32);
        }
        lists::finish(state, list);
        return;
    }

    // Decided. Nothing below may refuse.
    state.lists[list].stage = ListStage::Released;
    let market_now = &state.markets[place];
    let held_of = |leg: &u32| held(market_now, &state.orders[*leg]);
    let held = narrow(
        legs.iter()
            .map(held_of)
            .max()
            .expect("a list has pending legs"),
    );
    let first = legs[0];
    if held != 0 {
        let balance = state.paying(&state.orders[first]);
        ledger::place_hold(state, balance, held);
        if legs.len() > 1 {
            state.lists[list].hold = held;
        } else {
            state.orders[first].hold = held;
        }
    }
    let side = state.orders[first].side;
    state.emit(&ListWorking {
        list_id: id,
        account,
        market,
        side,
        held,
    });
    for leg in legs {
        start(state, leg);
    }
}

fn refusal(state: &State, place: u32, legs: &[u32]) -> Result<(), RefusalCode> {
    let market = &state.markets[place];
    for leg in legs {
        let order = &state.orders[*leg];
        let side = market.book.opposite(order.side);
        if order.post_only && side.is_reached(order.price) {
            return Err(RefusalCode::PostOnlyWouldTake);
        }
    }
    let needed_of = |leg: &u32| needed(market, &state.orders[*leg]);
    let needed = legs
        .iter()
        .map(needed_of)
        .max()
        .expect("a list has pending legs");
    let balance = state.paying(&state.orders[legs[0]]);
    if needed > i128::from(state.balances[balance as usize].available) {
        return Err(RefusalCode::AvailableTooLow);
    }
    Ok(())
}

/// Returns what the leg holds from now on: nothing for a market order without trigger.
fn held(market: &Market, leg: &Order) -> i128 {
    if leg.order_type == LIMIT || leg.trigger != 0 {
        holds::need_of(market, leg)
    } else {
        0
    }
}

/// Returns what must be available: a market sell's base too, though it is not held.
fn needed(market: &Market, leg: &Order) -> i128 {
    if leg.side == SELL {
        holds::need_of(market, leg)
    } else {
        held(market, leg)
    }
}

/// Lets a leg wait for its trigger, be due at once, rest or take.
fn start(state: &mut State, slot: u32) {
    let order = &mut state.orders[slot];
    let reference = state.markets[order.place].reference();
    if order.trigger == 0 {
        order.state = OrderState::Matching;
        return matching::take(state, slot);
    }
    let terms = terms_of(state, &state.orders[slot]);
    if !triggers::would_trigger(&terms, reference) {
        triggers::watch(state, slot);
    } else if terms.trailing_bips != 0 {
        triggers::watch(state, slot);
        rare_of(state, slot).extreme = reference;
    } else {
        triggers::make_order_due(state, slot);
    }
}
