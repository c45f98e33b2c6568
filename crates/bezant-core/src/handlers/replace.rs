//! `ReplaceOrder`: one order goes, another comes, in one entry (L11.7).

use super::{admission, cancel, place};
use crate::commands::ReplaceOrder;
use crate::lists;
use crate::refusals::RefusalCode;
use crate::remembered;
use crate::state::{find_open_account, refuse, State};
use crate::words::{DoneReason, Only, Part, ReplaceMode, CANCELED};

/// Cancels, then places; what fails after the new order's own filters stops only its half.
pub fn replace_order(state: &mut State, command: &ReplaceOrder) {
    let account = state.find_account(command.account);
    if remembered::answers_repeat(state, account, command.order.client_id) {
        return;
    }
    let (owner, place) = match decide(state, command) {
        Ok(decided) => decided,
        Err(code) => return refuse(state, code, Part::Whole),
    };
    match find_old(state, owner, command) {
        Ok(old) => lists::end(state, old, CANCELED, DoneReason::Replaced),
        Err(code) => {
            refuse(state, code, Part::Cancel);
            if command.mode == ReplaceMode::StopOnFailure as u8 {
                return;
            }
        }
    }
    let mut order = place::draft_first(state, owner, place, &command.order);
    let needed = match admission::late_refusal(state, &order, &command.order) {
        Ok(needed) => needed,
        Err(code) => return refuse(state, code, Part::Place),
    };

    // Decided. Nothing below may refuse.
    place::enter(state, &mut order, &command.order, needed);
}

/// Returns account and market, or the first of the new order's codes up to 499.
fn decide(state: &State, command: &ReplaceOrder) -> Result<(u32, u32), RefusalCode> {
    let owner = find_open_account(state, command.account)?;
    let place = state.markets.find(command.market);
    let decided = admission::place_refusal(state, state.account(owner), place, &command.order);
    let is_unknown = command.mode > ReplaceMode::AllowFailure as u8
        || command.only > Only::PartiallyFilled as u8;
    let is_later = |code: &RefusalCode| *code > RefusalCode::FieldOutOfRange;
    if is_unknown && decided.as_ref().err().is_none_or(is_later) {
        return Err(RefusalCode::FieldOutOfRange);
    }
    Ok((owner, decided?))
}

/// Returns the order that goes, or why it may not; one in another market is unknown here.
fn find_old(state: &State, owner: u32, command: &ReplaceOrder) -> Result<u32, RefusalCode> {
    let slot = cancel::find_order(state, owner, command.order_id, command.client_id)
        .filter(|slot| state.orders[*slot].market == command.market)
        .ok_or(RefusalCode::OrderUnknown)?;
    cancel::restriction_refusal(state, &state.orders[slot], command.only, command.client_id)?;
    Ok(slot)
}
