//! Balances and how they move: double entry, each movement sums to zero (INV-01, INV-02).
//!
//! What the house owes is positive, what it owns negative (L13.1). Not for deciding: callers have
//! checked; what is wrong here is our own mistake and stops the engine.

use crate::chart::{is_custody, is_user, HOUSE};
use crate::ids::{AccountId, AssetId};
use crate::state::{Asset, State};
use crate::units::{Units, UNITS_MAX};

/// Moves units from available to hold, or (negative) back.
pub fn place_hold(state: &mut State, balance: u32, units: Units) {
    let balance = &mut state.balances[balance as usize];
    balance.available -= units;
    balance.hold += units;
    assert!(
        balance.available >= 0,
        "INV-02: available is never negative"
    );
    assert!(balance.hold >= 0, "INV-02: a hold is never negative");
}

/// Moves units from hold to available.
pub fn release_hold(state: &mut State, balance: u32, units: Units) {
    let balance = &mut state.balances[balance as usize];
    balance.hold -= units;
    balance.available += units;
    assert!(balance.hold >= 0, "INV-02: a hold is never negative");
}

/// Takes units out of hold.
pub fn pay_from_hold(state: &mut State, balance: u32, units: Units) {
    let balance = &mut state.balances[balance as usize];
    balance.hold -= units;
    assert!(balance.hold >= 0, "INV-02: a hold is never negative");
}

/// Takes units out of available.
pub fn pay_from_available(state: &mut State, balance: u32, units: Units) {
    let balance = &mut state.balances[balance as usize];
    balance.available -= units;
    assert!(
        balance.available >= 0,
        "INV-02: available is never negative"
    );
}

/// Adds units to available.
pub fn receive(state: &mut State, balance: u32, units: Units) {
    state.balances[balance as usize].available += units;
}

/// Adds units, of any sign, to a house account.
pub fn receive_house(asset: &mut Asset, account: AccountId, units: Units) {
    let after = asset.house[account as usize] + units;
    asset.house[account as usize] = after;
    assert!(
        after >= 0 || is_custody(account),
        "L13.1: what the house owes is never negative"
    );
}

/// Moves units between any two accounts; users give and get what is available (L13.2).
///
/// Who pays itself is left alone: units that custody does not have would leave 63 bits.
pub fn transfer(state: &mut State, from: AccountId, to: AccountId, asset: u32, units: Units) {
    if from == to {
        return;
    }
    add(state, from, asset, -units);
    add(state, to, asset, units);
}

/// Returns what a user may use, or a house account's balance.
pub fn available(state: &State, account: AccountId, asset: u32) -> Units {
    let id: AssetId = state.assets[asset].id;
    if !is_user(account) {
        return state.assets[asset].house[account as usize];
    }
    let slot = state.find_account(account).expect("the account is known");
    let balance = state.account(slot).find_balance(id);
    balance.map_or(0, |balance| state.balances[balance as usize].available)
}

/// Returns what is owed of an asset: all that custody owns of it, for the sum is zero (L1.2).
pub fn owed(asset: &Asset) -> i128 {
    let custody = HOUSE.into_iter().filter(|account| is_custody(*account));
    -custody
        .map(|account| i128::from(asset.house[account as usize]))
        .sum::<i128>()
}

/// Returns whether adding units would leave the bounds of a custody account (L13.3).
pub fn is_custody_full(asset: &Asset, account: AccountId, units: Units) -> bool {
    is_custody(account)
        && (i128::from(asset.house[account as usize]) + i128::from(units)).abs()
            > i128::from(UNITS_MAX)
}

fn add(state: &mut State, account: AccountId, asset: u32, units: Units) {
    if !is_user(account) {
        receive_house(&mut state.assets[asset], account, units);
        return;
    }
    let slot = state.find_account(account).expect("the account is known");
    let id = state.assets[asset].id;
    let balance = state.balance(slot, id);
    receive(state, balance, units);
    let available = state.balances[balance as usize].available;
    assert!(available >= 0, "INV-02: available is never negative");
}
