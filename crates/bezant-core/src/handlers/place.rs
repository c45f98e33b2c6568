//! `PlaceOrder`: one order, accepted and matched, or refused (L2, L4, L5).

use super::admission;
use crate::commands::{OrderTerms, PlaceOrder};
use crate::holds;
use crate::ids::order_id;
use crate::lifecycle;
use crate::matching;
use crate::order::{Order, OrderState};
use crate::refusals::RefusalCode;
use crate::remembered;
use crate::state::{find_open_account, refuse, State};
use crate::units::Units;
use crate::words::Part;

/// Accepts the order and lets it match or rest, or refuses it and changes nothing.
pub fn place_order(state: &mut State, command: &PlaceOrder) {
    let client_id = command.order.client_id;
    if !client_id.is_empty() {
        let account = state.find_account(command.account);
        if remembered::answers_repeat(state, account, client_id) {
            return;
        }
    }
    let (owner, place) = match decide(state, command) {
        Ok(decided) => decided,
        Err(code) => return refuse(state, code, Part::Whole),
    };
    let mut order = draft_first(state, owner, place, &command.order);
    let needed = match admission::late_refusal(state, &order, &command.order) {
        Ok(needed) => needed,
        Err(code) => return refuse(state, code, Part::Whole),
    };

    // Decided. Nothing below may refuse.
    enter(state, &mut order, &command.order, needed);
}

/// Returns account and market.
#[inline(always)]
fn decide(state: &State, command: &PlaceOrder) -> Result<(u32, u32), RefusalCode> {
    let owner = find_open_account(state, command.account)?;
    let place = state.markets.find(command.market);
    let place = admission::place_refusal(state, state.account(owner), place, &command.order)?;
    Ok((owner, place))
}

/// Returns the draft of the first order that this entry makes.
#[inline(always)]
pub fn draft_first(state: &mut State, owner: u32, place: u32, terms: &OrderTerms) -> Order {
    let id = order_id(state.seq, 0, state.shard);
    lifecycle::draft(state, owner, place, terms, id)
}

/// Accepts a drafted order that nothing refuses, remembers its id and runs its taker phase.
#[inline(always)]
pub fn enter(state: &mut State, order: &mut Order, terms: &OrderTerms, needed: Units) {
    let to = lifecycle::entry_state(&state.markets[order.place], terms);
    let held = if holds::holds_at_entry(terms) {
        needed
    } else {
        0
    };
    let slot = lifecycle::accept(state, order, terms, to, held);
    remembered::remember_order(state, slot, terms.client_id, true);
    if to == OrderState::Matching {
        matching::take(state, slot);
    }
}
