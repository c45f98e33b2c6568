//! Transfer, `HoldTransfer`, `SettleTransfer`, `VoidTransfer`: money moves (L13.1 to L13.3).

use crate::chart::{is_custody, is_house, is_user, FEES};
use crate::commands::{HoldTransfer, SettleTransfer, Transfer, VoidTransfer};
use crate::events::{TransferHeld, TransferPosted, TransferSettled, TransferVoided};
use crate::ids::{AccountId, TransferId};
use crate::ledger;
use crate::refusals::RefusalCode;
use crate::rules::{PENDING_TRANSFERS_MAX, TRANSFER_ID_MAX};
use crate::sources::is_source;
use crate::state::{find_open_account, refuse_command, HeldTransfer, State};
use crate::words::TransferReason;

const DEPOSIT: u8 = TransferReason::Deposit as u8;
const INTERNAL: u8 = TransferReason::Internal as u8;
const REVERSAL: u8 = TransferReason::Reversal as u8;
const CUSTODY: u8 = TransferReason::Custody as u8;

/// Posts a transfer at once.
pub fn transfer(state: &mut State, command: &Transfer) {
    let asset = match transfer_refusal(state, command) {
        Ok(asset) => asset,
        Err(code) => return refuse_command(state, code, command.source, command.number),
    };

    // Decided. Nothing below may refuse.
    let (from_account, to_account) = (command.from_account, command.to_account);
    ledger::transfer(state, from_account, to_account, asset, command.units);
    state.emit(&TransferPosted {
        source: command.source,
        number: command.number,
        from_account,
        to_account,
        asset: command.asset,
        units: command.units,
        reason: command.reason,
    });
}

/// Holds the units and the fee of a withdrawal.
pub fn hold_transfer(state: &mut State, command: &HoldTransfer) {
    let account = match hold_refusal(state, command) {
        Ok(account) => account,
        Err(code) => return refuse_command(state, code, command.source, command.number),
    };

    // Decided. Nothing below may refuse.
    let balance = state.balance(account, command.asset);
    ledger::place_hold(state, balance, command.units + command.fee);
    state.account_mut(account).transfer_count += 1;
    let held = HeldTransfer {
        id: command.transfer_id,
        account: command.account,
        asset: command.asset,
        units: command.units,
        fee: command.fee,
    };
    state.transfers.insert(command.transfer_id, held);
    state.emit(&TransferHeld {
        source: command.source,
        number: command.number,
        transfer_id: command.transfer_id,
        account: command.account,
        asset: command.asset,
        units: command.units,
        fee: command.fee,
    });
}

/// Pays a held transfer out of a custody account; the fee goes to `fees`.
pub fn settle_transfer(state: &mut State, command: &SettleTransfer) {
    let asset = match settle_refusal(state, command) {
        Ok(asset) => asset,
        Err(code) => return refuse_command(state, code, command.source, command.number),
    };

    // Decided. Nothing below may refuse.
    let (held, account) = take_held(state, command.transfer_id);
    let balance = state.balance(account, held.asset);
    ledger::pay_from_hold(state, balance, held.units + held.fee);
    ledger::receive_house(&mut state.assets[asset], command.custody, held.units);
    ledger::receive_house(&mut state.assets[asset], FEES, held.fee);
    state.emit(&TransferSettled {
        source: command.source,
        number: command.number,
        transfer_id: held.id,
        account: held.account,
        asset: held.asset,
        units: held.units,
        fee: held.fee,
        custody: command.custody,
    });
}

/// Gives a held transfer back to its account.
pub fn void_transfer(state: &mut State, command: &VoidTransfer) {
    let decided = if !state.transfers.contains_key(&command.transfer_id) {
        Err(RefusalCode::TransferUnknown)
    } else if is_source(command.source) {
        Ok(())
    } else {
        Err(RefusalCode::FieldOutOfRange)
    };
    if let Err(code) = decided {
        return refuse_command(state, code, command.source, command.number);
    }

    // Decided. Nothing below may refuse.
    let (held, account) = take_held(state, command.transfer_id);
    let balance = state.balance(account, held.asset);
    ledger::release_hold(state, balance, held.units + held.fee);
    state.emit(&TransferVoided {
        source: command.source,
        number: command.number,
        transfer_id: held.id,
        account: held.account,
        asset: held.asset,
        units: held.units,
        fee: held.fee,
    });
}

fn transfer_refusal(state: &State, command: &Transfer) -> Result<u32, RefusalCode> {
    let payer = command.from_account;
    party_refusal(state, payer)?;
    if party_refusal(state, command.to_account).is_err() {
        return Err(RefusalCode::CounterpartyNotOpen);
    }
    if command.reason == INTERNAL && is_user(payer) {
        let slot = find_open_account(state, payer)?;
        if state.account(slot).withdrawals_frozen {
            return Err(RefusalCode::WithdrawalsFrozen);
        }
    }
    let asset = state
        .assets
        .find(command.asset)
        .ok_or(RefusalCode::AssetUnknown)?;
    if command.reason > CUSTODY || command.units <= 0 || !is_source(command.source) {
        return Err(RefusalCode::FieldOutOfRange);
    }
    if !is_supported(command) {
        return Err(RefusalCode::CombinationNotSupported);
    }
    funds_refusal(state, command, asset)?;
    Ok(asset)
}

/// Checks that an account can be a party to a transfer; house accounts always can.
fn party_refusal(state: &State, account: AccountId) -> Result<(), RefusalCode> {
    if is_house(account) {
        return Ok(());
    }
    find_open_account(state, account).map(|_| ())
}

/// Returns whether the reason allows this direction (L13.3).
const fn is_supported(command: &Transfer) -> bool {
    let (from_user, to_user) = (is_user(command.from_account), is_user(command.to_account));
    match command.reason {
        DEPOSIT => !from_user && to_user,
        INTERNAL => from_user && to_user,
        REVERSAL => from_user && !to_user,
        CUSTODY => !from_user && !to_user,
        _ => true,
    }
}

fn funds_refusal(state: &State, command: &Transfer, asset: u32) -> Result<(), RefusalCode> {
    let (from, to, units) = (command.from_account, command.to_account, command.units);
    if !is_custody(from) && units > ledger::available(state, from, asset) {
        let is_user = is_user(from);
        return Err(if is_user {
            RefusalCode::AvailableTooLow
        } else {
            RefusalCode::HouseTooLow
        });
    }
    if from == to {
        return Ok(());
    }
    let asset = &state.assets[asset];
    let is_issue = is_custody(from) && !is_custody(to);
    if is_issue && ledger::owed(asset) + i128::from(units) > i128::from(asset.issued_max) {
        return Err(RefusalCode::SupplyTooHigh);
    }
    let is_full =
        ledger::is_custody_full(asset, from, -units) || ledger::is_custody_full(asset, to, units);
    if is_full {
        Err(RefusalCode::SupplyTooHigh)
    } else {
        Ok(())
    }
}

fn hold_refusal(state: &State, command: &HoldTransfer) -> Result<u32, RefusalCode> {
    if state.transfers.contains_key(&command.transfer_id) {
        return Err(RefusalCode::TransferIdPending);
    }
    let slot = find_open_account(state, command.account)?;
    if state.account(slot).withdrawals_frozen {
        return Err(RefusalCode::WithdrawalsFrozen);
    }
    let asset = state
        .assets
        .find(command.asset)
        .ok_or(RefusalCode::AssetUnknown)?;
    if !state.assets[asset].enabled {
        return Err(RefusalCode::AssetDisabled);
    }
    let is_known_id = (1..=TRANSFER_ID_MAX).contains(&command.transfer_id);
    if command.units <= 0 || command.fee < 0 || !is_known_id || !is_source(command.source) {
        return Err(RefusalCode::FieldOutOfRange);
    }
    if state.transfers.len() >= PENDING_TRANSFERS_MAX {
        return Err(RefusalCode::PendingTransfersTooMany);
    }
    let total = i128::from(command.units) + i128::from(command.fee);
    if total > i128::from(ledger::available(state, command.account, asset)) {
        return Err(RefusalCode::AvailableTooLow);
    }
    Ok(slot)
}

fn settle_refusal(state: &State, command: &SettleTransfer) -> Result<u32, RefusalCode> {
    let held = state
        .transfers
        .get(&command.transfer_id)
        .ok_or(RefusalCode::TransferUnknown)?;
    if !is_custody(command.custody) || !is_source(command.source) {
        return Err(RefusalCode::FieldOutOfRange);
    }
    let asset = state
        .assets
        .find(held.asset)
        .expect("an asset is never removed");
    if ledger::is_custody_full(&state.assets[asset], command.custody, held.units) {
        return Err(RefusalCode::SupplyTooHigh);
    }
    Ok(asset)
}

fn take_held(state: &mut State, transfer: TransferId) -> (HeldTransfer, u32) {
    let held = state
        .transfers
        .remove(&transfer)
        .expect("the transfer is pending");
    let slot = state
        .find_account(held.account)
        .expect("its account is known");
    state.account_mut(slot).transfer_count -= 1;
    (held, slot)
}
