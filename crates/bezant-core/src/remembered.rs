//! Client ids: the same command again is answered, not done again (L3.1, L3.2, INV-09).
//!
//! Not for sources and numbers, which the engine judges by one mark each (L3.3).

use std::cmp::Reverse;

use crate::events::CommandRepeated;
use crate::ids::{ClientId, Number, OrderId};
use crate::refusals::RefusalCode;
use crate::rules::{ACCOUNT_IDS_MAX, HOUSE_IDS_MAX, REMEMBERED_NS};
use crate::slab::NONE;
use crate::state::{refuse, Remembered, State};
use crate::words::Part;

const BIRTHS_SIZE: u64 = 8; // Ids that one entry can take, and some: a list's own and its legs'.
const STALE_MIN: usize = 1_000;

/// Returns the slot of who has the id now, or None if it is free (L3.2).
#[inline]
pub fn find(state: &State, account: u32, client_id: ClientId) -> Option<u32> {
    if client_id.is_empty() || client_id.is_too_long() {
        return None;
    }
    let slot = state.find_id(account, &client_id)?;
    if is_free(state, &state.ids[slot]) {
        None
    } else {
        Some(slot)
    }
}

/// Returns whether the id may be taken again: 24 h have passed and its order has ended.
#[inline]
pub fn is_free(state: &State, remembered: &Remembered) -> bool {
    is_old(state, remembered) && !is_at_work(state, remembered)
}

/// Returns whether 24 h have passed.
#[inline]
const fn is_old(state: &State, remembered: &Remembered) -> bool {
    state.ts_ns.saturating_sub(remembered.accepted_ns) >= REMEMBERED_NS
}

fn is_at_work(state: &State, remembered: &Remembered) -> bool {
    if remembered.is_list {
        state.find_list(remembered.id).is_some()
    } else {
        state.find_order(remembered.id).is_some()
    }
}

/// Answers a command whose own id is remembered, and returns whether it was.
#[inline]
pub fn answers_repeat(state: &mut State, account: Option<u32>, client_id: ClientId) -> bool {
    let Some(slot) = account.and_then(|account| find(state, account, client_id)) else {
        return false;
    };
    let found = &state.ids[slot];
    if found.repeats && found.content == state.content {
        let id = found.id.0.cast_signed();
        state.emit(&CommandRepeated {
            id,
            source: 0,
            number: Number(0),
        });
    } else {
        refuse(state, RefusalCode::ClientIdReused, Part::Whole);
    }
    true
}

/// Takes an id for an order that was just accepted; empty ids are not remembered.
///
/// With `repeats` the same command is answered from now on; other ids repeat nothing.
#[inline]
pub fn remember_order(state: &mut State, slot: u32, client_id: ClientId, repeats: bool) {
    if client_id.is_empty() {
        return;
    }
    let order = &state.orders[slot];
    let (owner, id) = (order.owner, order.id);
    let name = remember(state, owner, client_id, id, repeats, false);
    let order = &mut state.orders[slot];
    order.name = name;
    order.born = state.ids[name].born;
}

/// Takes an id for a list that was just accepted; the same command is answered from now on.
pub fn remember_list(state: &mut State, slot: u32) {
    let list = &state.lists[slot];
    if !list.client_id.is_empty() {
        remember(state, list.owner, list.client_id, list.id, true, true);
    }
}

fn remember(
    state: &mut State,
    owner: u32,
    client_id: ClientId,
    order: OrderId,
    repeats: bool,
    is_list: bool,
) -> u32 {
    forget_expired(state);
    let remembered = Remembered {
        born: state.seq * BIRTHS_SIZE + state.ids_born,
        accepted_ns: state.ts_ns,
        id: order,
        content: state.content,
        owner,
        client_id,
        repeats,
        is_list,
        is_kept: true,
    };
    state.ids_born += 1;
    let slot = add(state, remembered);
    if state.account(owner).ids_count > ACCOUNT_IDS_MAX {
        forget_oldest_of(state, owner);
    }
    if state.ids_count > HOUSE_IDS_MAX {
        forget_oldest(state);
    }
    slot
}

/// Makes an id part of the indexes and returns its slot.
pub fn add(state: &mut State, remembered: Remembered) -> u32 {
    let (owner, client_id) = (remembered.owner, remembered.client_id);
    let hash = state.hash_id(owner, &client_id);
    let slot = state.ids.insert(remembered);
    state.id_table.insert(hash, slot);
    state.account_mut(owner).ids_count += 1;
    state.ids_count += 1;
    slot
}

/// Notes that the order or list which has the id ended: it may be forgotten from now on.
pub fn mark_ended(state: &mut State, owner: u32, client_id: ClientId) {
    if let Some(slot) = state.find_id(owner, &client_id) {
        mark(state, owner, state.ids[slot].born, slot);
    }
}

fn mark(state: &mut State, owner: u32, born: u64, slot: u32) {
    let line = Reverse((born, slot));
    state.accounts[owner as usize].ended_ids.push(line);
    state.ended_ids.push(line);
    let kept_max = 2 * state.account(owner).ids_count + STALE_MIN;
    if state.account(owner).ended_ids.len() > kept_max {
        let ids = &state.ids;
        let is_kept = |line: &Reverse<(u64, u32)>| is_kept(&ids[line.0 .1], line.0 .0);
        state.accounts[owner as usize].ended_ids.retain(is_kept);
    }
    if state.ended_ids.len() > 2 * state.ids_count + STALE_MIN {
        let ids = &state.ids;
        state
            .ended_ids
            .retain(|line| is_kept(&ids[line.0 .1], line.0 .0));
    }
}

/// Notes that an order ended, under its present client id and the older ones.
pub fn mark_order_ended(state: &mut State, slot: u32) {
    let order = &state.orders[slot];
    let (owner, rare) = (order.owner, order.rare);
    if order.name != NONE {
        mark(state, owner, order.born, order.name);
    }
    if rare != NONE {
        for alias in std::mem::take(&mut state.rares[rare].aliases) {
            mark(state, owner, state.ids[alias].born, alias);
        }
    }
}

/// Forgets what is free; the oldest come first, since time never runs back.
fn forget_expired(state: &mut State) {
    while let Some(Reverse((born, slot))) = state.ended_ids.peek().copied() {
        let oldest = &state.ids[slot];
        let is_stale = !is_kept(oldest, born);
        if !is_stale && !is_old(state, oldest) {
            return;
        }
        state.ended_ids.pop();
        if !is_stale {
            forget(state, slot);
        }
    }
}

/// Forgets the account's oldest whose order has ended; without one, one more is held.
fn forget_oldest_of(state: &mut State, owner: u32) {
    while let Some(Reverse((born, slot))) = state.account_mut(owner).ended_ids.pop() {
        if is_kept(&state.ids[slot], born) {
            forget(state, slot);
            return;
        }
    }
}

/// Forgets the house's oldest whose order has ended; without one, one more is held.
fn forget_oldest(state: &mut State) {
    while let Some(Reverse((born, slot))) = state.ended_ids.pop() {
        if is_kept(&state.ids[slot], born) {
            forget(state, slot);
            return;
        }
    }
}

fn forget(state: &mut State, slot: u32) {
    let remembered = &mut state.ids[slot];
    remembered.is_kept = false;
    let (owner, client_id) = (remembered.owner, remembered.client_id);
    let hash = state.hash_id(owner, &client_id);
    state.id_table.remove(hash, slot);
    state.ids_count -= 1;
    state.account_mut(owner).ids_count -= 1;
    state.ids.retire(slot);
}

const fn is_kept(remembered: &Remembered, born: u64) -> bool {
    remembered.is_kept && remembered.born == born
}
