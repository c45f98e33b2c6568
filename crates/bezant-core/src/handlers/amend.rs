//! `AmendOrder`: another quantity, price or client id for an open order (L11.5).

use super::admission;
use super::cancel::find_order;
use crate::book;
use crate::commands::{AmendOrder, OrderTerms};
use crate::events::OrderAmended;
use crate::holds;
use crate::ids::OrderId;
use crate::ledger;
use crate::lifecycle;
use crate::market::Market;
use crate::matching;
use crate::order::{find_partner, is_dormant, name_of, rare_of, terms_of, Order, OrderState};
use crate::refusals::RefusalCode;
use crate::remembered;
use crate::slab::NONE;
use crate::state::{find_open_account, refuse, State};
use crate::units::{narrow, Lots, Units};
use crate::words::{MarketStatus, Part, LIMIT, POST_ONLY, PRE_OPEN, TRADING};

/// An amend in figures: the terms that the order will have, and what follows from them.
struct Plan {
    account: u32,
    place: u32,
    order: u32,
    terms: OrderTerms,
    is_keeping: bool,
    takes_id: bool,
}

impl Plan {
    /// Returns what will be left of the order.
    fn leaves(&self, state: &State) -> i128 {
        let order = &state.orders[self.order];
        i128::from(self.terms.qty) - i128::from(order.filled) - i128::from(order.prevented)
    }

    /// Returns the pair's other leg if the quantity of both changes.
    fn partner(&self, state: &State) -> Option<u32> {
        let order = &state.orders[self.order];
        if self.terms.qty == order.qty {
            None
        } else {
            find_partner(state, order)
        }
    }
}

/// Amends an order, with or without its place, or refuses and changes nothing.
pub fn amend_order(state: &mut State, command: &AmendOrder) {
    let plan = match decide(state, command) {
        Ok(plan) => plan,
        Err(code) => return refuse(state, code, Part::Whole),
    };

    // Decided. Nothing below may refuse.
    let name = state.orders[plan.order].name;
    let rare = rare_of(state, plan.order);
    rare.amends += 1;
    if plan.takes_id {
        if name != NONE {
            rare.aliases.push(name);
        }
        remembered::remember_order(state, plan.order, plan.terms.client_id, false);
    }
    if plan.is_keeping {
        keep(state, &plan);
    } else {
        lose(state, &plan);
    }
}

/// Shrinks the order in its place, and its pair's other leg with it.
fn keep(state: &mut State, plan: &Plan) {
    let (slot, partner) = (plan.order, plan.partner(state));
    let leaves = narrow(plan.leaves(state));
    state.orders[slot].qty = plan.terms.qty;
    shrink(state, slot, leaves);
    if let Some(partner) = partner {
        state.orders[partner].qty = plan.terms.qty;
        shrink(state, partner, leaves);
    }
    let held = release(state, slot);
    emit(state, slot, held, true);
    if let Some(partner) = partner {
        emit(state, partner, 0, true);
    }
}

fn shrink(state: &mut State, slot: u32, leaves: Lots) {
    let order = &mut state.orders[slot];
    let lots = order.leaves - leaves;
    if order.state != OrderState::Resting {
        order.leaves = leaves;
    } else if lots != 0 {
        let visible = order.visible.min(leaves);
        book::reduce(state, slot, lots, visible);
    }
}

/// Brings the hold down to what the order, or its pair, needs now; returns the change.
fn release(state: &mut State, slot: u32) -> Units {
    let order = &state.orders[slot];
    if is_dormant(state, order) {
        return 0;
    }
    let market = &state.markets[order.place];
    let units = if holds::is_shared(state, order) {
        let parent = &state.lists[order.parent];
        let (first, second) = parent
            .open_pair()
            .expect("L4.5: a shared hold has two legs");
        let need = |leg: u32| holds::need_of(market, &state.orders[leg]);
        parent.hold - narrow(need(first).max(need(second)))
    } else {
        order.hold - narrow(holds::need_of(market, order))
    };
    holds::release_part(state, slot, units);
    -units
}

/// Takes the order out of the book and lets it come again, as new but for its id.
fn lose(state: &mut State, plan: &Plan) {
    let slot = plan.order;
    book::remove(state, slot);
    let delta = narrow(hold_delta(state, plan));
    let leaves = narrow(plan.leaves(state));
    let order = &mut state.orders[slot];
    order.state = OrderState::Matching;
    order.visible = 0;
    order.leaves = leaves;
    order.qty = plan.terms.qty;
    order.price = plan.terms.price;
    order.hold += delta;
    let balance = state.paying(&state.orders[slot]);
    ledger::place_hold(state, balance, delta);
    emit(state, slot, delta, false);
    if state.markets[plan.place].status == TRADING {
        matching::take(state, slot);
    } else {
        lifecycle::rest(state, slot);
    }
}

fn hold_delta(state: &State, plan: &Plan) -> i128 {
    let order = &state.orders[plan.order];
    let market = &state.markets[plan.place];
    let leaves = narrow(plan.leaves(state));
    let need = holds::need(market, order.side, i128::from(plan.terms.price), leaves);
    need - i128::from(order.hold)
}

fn emit(state: &mut State, slot: u32, held: Units, keeps_priority: bool) {
    let order = &state.orders[slot];
    if order.state == OrderState::Resting {
        state.markets[order.place].book.sequence = state.seq;
    }
    let event = OrderAmended {
        order_id: order.id,
        account: state.seat_of(order).account,
        market: order.market,
        side: order.side,
        qty: order.qty,
        price: order.limit(),
        client_id: name_of(state, order),
        visible: order.visible,
        keeps_priority,
        held,
    };
    state.emit(&event);
}

fn decide(state: &State, command: &AmendOrder) -> Result<Plan, RefusalCode> {
    let (mut order, mut taken) = (None, None);
    if let Some(known) = state.find_account(command.account) {
        order = find_order(state, known, command.order_id, command.client_id);
        taken = remembered::find(state, known, command.new_client_id);
    }
    let target: OrderId = order.map_or(command.order_id, |slot| state.orders[slot].id);
    if let Some(taken) = taken {
        if state.ids[taken].is_list || state.ids[taken].id != target {
            return Err(RefusalCode::ClientIdReused);
        }
    }
    let account = find_open_account(state, command.account)?;
    let order = order.ok_or(RefusalCode::OrderUnknown)?;
    let plan = plan(state, account, order, command, taken.is_none());
    gate(state, &plan)?;
    filter_refusal(state, &plan, command)?;
    change_refusal(state, &plan)?;
    if !plan.is_keeping {
        late_refusal(state, &plan)?;
    }
    Ok(plan)
}

fn plan(state: &State, account: u32, order: u32, command: &AmendOrder, is_new_id: bool) -> Plan {
    let old = &state.orders[order];
    let mut terms = terms_of(state, old);
    terms.qty = command.new_qty.unwrap_or(terms.qty);
    terms.price = command.new_price.unwrap_or(terms.price);
    let takes_id = is_new_id && !command.new_client_id.is_empty();
    if takes_id {
        terms.client_id = command.new_client_id;
    }
    let is_keeping = terms.price == old.limit() && terms.qty <= old.qty;
    Plan {
        account,
        place: old.place,
        order,
        terms,
        is_keeping,
        takes_id,
    }
}

/// Checks what the account or the market's status forbids (L12.1's table): 130 or 220.
fn gate(state: &State, plan: &Plan) -> Result<(), RefusalCode> {
    let market = &state.markets[plan.place];
    if state.account(plan.account).orders_frozen && !plan.is_keeping {
        return Err(RefusalCode::OrdersFrozen);
    }
    let is_allowed = if plan.is_keeping {
        market.status != MarketStatus::Halted as u8 && market.status != MarketStatus::Closed as u8
    } else if market.status == PRE_OPEN {
        !plan.terms.post_only
    } else {
        market.status == TRADING || market.status == POST_ONLY
    };
    if is_allowed {
        Ok(())
    } else {
        Err(RefusalCode::MarketStatus)
    }
}

/// Checks codes from 300 to 421; an amend that keeps is asked 410, 411, 420 only.
fn filter_refusal(state: &State, plan: &Plan, command: &AmendOrder) -> Result<(), RefusalCode> {
    let (terms, market) = (&plan.terms, &state.markets[plan.place]);
    if command.client_id.is_too_long() || command.new_client_id.is_too_long() {
        return Err(RefusalCode::FieldOutOfRange);
    }
    if !plan.is_keeping {
        admission::price_refusal(market, terms)?;
        qty_refusal(state, market, &state.orders[plan.order], terms, true)?;
        return admission::trailing_refusal(market, terms);
    }
    let own = keeping_refusal(state, plan, plan.order);
    let Some(partner) = plan.partner(state) else {
        return own;
    };
    match (own, keeping_refusal(state, plan, partner)) {
        (Err(own), Err(other)) => Err(own.min(other)),
        (own, other) => own.and(other),
    }
}

/// Checks 410, 411 and 420.
fn keeping_refusal(state: &State, plan: &Plan, leg: u32) -> Result<(), RefusalCode> {
    let (order, market) = (&state.orders[leg], &state.markets[plan.place]);
    let mut terms = terms_of(state, order);
    terms.qty = plan.terms.qty;
    match qty_refusal(state, market, order, &terms, false) {
        Err(RefusalCode::NotionalTooHigh) => Ok(()),
        decided => decided,
    }
}

/// Checks codes from 410 to 421; a market order's price is that fixed with its hold (L2.5).
fn qty_refusal(
    state: &State,
    market: &Market,
    order: &Order,
    terms: &OrderTerms,
    is_most_asked: bool,
) -> Result<(), RefusalCode> {
    let mut price = i128::from(order.price);
    if terms.order_type == LIMIT || is_dormant(state, order) {
        price = admission::notional_price(market, terms);
    }
    admission::qty_refusal(market, terms, price, is_most_asked)
}

/// Checks codes from 450 to 453.
fn change_refusal(state: &State, plan: &Plan) -> Result<(), RefusalCode> {
    let (order, terms) = (&state.orders[plan.order], &plan.terms);
    let is_same = terms.qty == order.qty && terms.price == order.limit();
    if is_same && !plan.takes_id {
        return Err(RefusalCode::NoChange);
    }
    if plan.leaves(state) <= 0 {
        return Err(RefusalCode::QtyNotAboveFilled);
    }
    let is_waiting_leg = |leg: u32| state.orders[leg].state == OrderState::Waiting;
    let is_waiting = is_waiting_leg(plan.order) || plan.partner(state).is_some_and(is_waiting_leg);
    let may_lose = order.state == OrderState::Resting && order.parent == NONE;
    if is_waiting || !(plan.is_keeping || may_lose) {
        return Err(RefusalCode::AmendNotAllowed);
    }
    let amends = if order.rare == NONE {
        0
    } else {
        state.rares[order.rare].amends
    };
    if i64::from(amends) >= state.markets[plan.place].parameters.amends_max {
        return Err(RefusalCode::AmendsTooMany);
    }
    Ok(())
}

/// Checks 610 and 800 for an amend that loses its place.
fn late_refusal(state: &State, plan: &Plan) -> Result<(), RefusalCode> {
    if admission::must_not_take(&state.markets[plan.place], &plan.terms) {
        return Err(RefusalCode::PostOnlyWouldTake);
    }
    let balance = state.paying(&state.orders[plan.order]);
    if hold_delta(state, plan) > i128::from(state.balances[balance as usize].available) {
        return Err(RefusalCode::AvailableTooLow);
    }
    Ok(())
}
