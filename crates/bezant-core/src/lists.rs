//! What order lists do when their legs execute or end (L10.3). `due` puts pending legs to work.

use crate::events::ListDone;
use crate::hashing::hash_number;
use crate::lifecycle;
use crate::market::DUE_LIST;
use crate::order::{find_partner, ListStage};
use crate::remembered;
use crate::slab::NONE;
use crate::state::State;
use crate::triggers;
use crate::words::{DoneReason, DoneStatus, EXPIRED};

/// Ends an order otherwise than filled; its list's other legs go along, in leg order (L10.3).
pub fn end(state: &mut State, slot: u32, status: DoneStatus, reason: DoneReason) {
    lifecycle::end(state, slot, status, reason, 0);
    let parent = state.orders[slot].parent;
    if parent == NONE {
        return;
    }
    for leg in state.lists[parent].legs {
        if leg != NONE {
            lifecycle::end(state, leg, status, DoneReason::List, 0);
        }
    }
    finish(state, parent);
}

/// Does what an order's list does after it traded, or survived a decrement (L10.3).
///
/// A filled working leg makes its list due; the first execution of a pair's leg ends the other.
#[inline]
pub fn executed(state: &mut State, slot: u32) {
    let order = &state.orders[slot];
    let parent = order.parent;
    if parent == NONE {
        return;
    }
    if state.lists[parent].stage != ListStage::Released {
        if !order.is_open() {
            state.lists[parent].stage = ListStage::Due;
            triggers::make_list_due(state, parent);
        }
        return;
    }
    end_partner(state, slot);
    finish(state, parent);
}

/// Ends the other leg of the order's pair, if both are still open.
pub fn end_partner(state: &mut State, slot: u32) {
    if let Some(partner) = find_partner(state, &state.orders[slot]) {
        lifecycle::end(state, partner, EXPIRED, DoneReason::List, 0);
    }
}

/// Emits `ListDone` and forgets the list once its last leg has ended (L10.2).
pub fn finish(state: &mut State, list: u32) {
    let parent = &state.lists[list];
    if parent.legs.iter().any(|leg| *leg != NONE) {
        return;
    }
    let (id, owner, place) = (parent.id, parent.owner, parent.place);
    let (account, market, client_id) = (parent.account, parent.market, parent.client_id);
    if parent.stage == ListStage::Due {
        triggers::drop_due(state, place, DUE_LIST, id.0);
    }
    lifecycle::counts_of(state, owner, place).lists -= 1;
    state.list_table.remove(hash_number(id.0), list);
    state.lists.retire(list);
    if !client_id.is_empty() {
        remembered::mark_ended(state, owner, client_id);
    }
    state.emit(&ListDone {
        list_id: id,
        account,
        market,
    });
}
