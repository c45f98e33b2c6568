//! `OpenAccount`, `SetAccount`, `SetTier`, `CloseAccount` (L13.3).

use crate::chart::is_user;
use crate::commands::{CloseAccount, OpenAccount, SetAccount, SetTier};
use crate::events::{AccountClosed, AccountOpened, AccountSet, TierSet};
use crate::refusals::RefusalCode;
use crate::rules::TIER_MAX;
use crate::sources::is_source;
use crate::state::{find_open_account, refuse_command, Account, State};
use crate::timers;
use crate::words::STPMode;

/// Opens a user account; its number is never used again.
pub fn open_account(state: &mut State, command: &OpenAccount) {
    if let Err(code) = open_refusal(state, command) {
        refuse_command(state, code, command.source, command.number);
        return;
    }

    // Decided. Nothing below may refuse.
    state.add_account(Account::new(
        command.account,
        command.trade_group,
        command.stp,
        command.orders_frozen,
        command.withdrawals_frozen,
    ));
    state.emit(&AccountOpened {
        source: command.source,
        number: command.number,
        account: command.account,
        trade_group: command.trade_group,
        stp: command.stp,
        orders_frozen: command.orders_frozen,
        withdrawals_frozen: command.withdrawals_frozen,
    });
}

/// Changes group, prevention and freezes of an account, from now on.
pub fn set_account(state: &mut State, command: &SetAccount) {
    let is_known = command.stp <= STPMode::Decrement as u8 && is_source(command.source);
    let decided = find_open_account(state, command.account).and_then(|slot| {
        if is_known {
            Ok(slot)
        } else {
            Err(RefusalCode::FieldOutOfRange)
        }
    });
    let slot = match decided {
        Ok(slot) => slot,
        Err(code) => return refuse_command(state, code, command.source, command.number),
    };

    // Decided. Nothing below may refuse.
    let account = state.account_mut(slot);
    account.trade_group = command.trade_group;
    account.stp = command.stp;
    account.orders_frozen = command.orders_frozen;
    account.withdrawals_frozen = command.withdrawals_frozen;
    state.emit(&AccountSet {
        source: command.source,
        number: command.number,
        account: command.account,
        trade_group: command.trade_group,
        stp: command.stp,
        orders_frozen: command.orders_frozen,
        withdrawals_frozen: command.withdrawals_frozen,
    });
}

/// Sets an account's fee tier, for resting orders too (L1.5).
pub fn set_tier(state: &mut State, command: &SetTier) {
    let decided = find_open_account(state, command.account).and_then(|slot| {
        if !is_source(command.source) {
            Err(RefusalCode::FieldOutOfRange)
        } else if (0..=TIER_MAX).contains(&command.tier) {
            Ok(slot)
        } else {
            Err(RefusalCode::ConfigOutOfRange)
        }
    });
    let slot = match decided {
        Ok(slot) => slot,
        Err(code) => return refuse_command(state, code, command.source, command.number),
    };

    // Decided. Nothing below may refuse.
    state.account_mut(slot).tier = command.tier;
    state.emit(&TierSet {
        source: command.source,
        number: command.number,
        account: command.account,
        tier: command.tier,
    });
}

/// Closes an account that has nothing left, with its cancel timers.
pub fn close_account(state: &mut State, command: &CloseAccount) {
    let decided = find_open_account(state, command.account).and_then(|slot| {
        if !is_source(command.source) {
            Err(RefusalCode::FieldOutOfRange)
        } else if is_empty(state, state.account(slot)) {
            Ok(slot)
        } else {
            Err(RefusalCode::AccountNotEmpty)
        }
    });
    let slot = match decided {
        Ok(slot) => slot,
        Err(code) => return refuse_command(state, code, command.source, command.number),
    };

    // Decided. Nothing below may refuse.
    state.account_mut(slot).is_closed = true;
    timers::drop_cancel_timers(state, command.account);
    state.emit(&AccountClosed {
        source: command.source,
        number: command.number,
        account: command.account,
    });
}

fn open_refusal(state: &State, command: &OpenAccount) -> Result<(), RefusalCode> {
    let found = state
        .find_account(command.account)
        .map(|slot| state.account(slot));
    if found.is_some_and(|account| account.is_closed) {
        return Err(RefusalCode::AccountClosed);
    }
    let is_known = command.stp <= STPMode::Decrement as u8;
    if !is_known || !is_user(command.account) || !is_source(command.source) {
        return Err(RefusalCode::FieldOutOfRange);
    }
    if found.is_some() {
        Err(RefusalCode::Exists)
    } else {
        Ok(())
    }
}

fn is_empty(state: &State, account: &Account) -> bool {
    let has_units = account.balances.iter().any(|(_, slot)| {
        let balance = &state.balances[*slot as usize];
        balance.available != 0 || balance.hold != 0
    });
    !(has_units || account.order_count > 0 || account.transfer_count > 0)
}
