//! `AssertBalances`, `AssertDigest`, `ActivateRules`: what the house claims of itself (L13.4, L15.4).

use crate::chart::{is_house, is_user};
use crate::codec::Wide;
use crate::commands::{ActivateRules, AssertBalances, AssertDigest};
use crate::events::{BalancesAsserted, CommandRefused, DigestAsserted, RulesActivated};
use crate::ledger;
use crate::refusals::RefusalCode;
use crate::rules::RULES_NEWEST;
use crate::sources::is_source;
use crate::state::{find_open_account, refuse_command, State};
use crate::units::Units;
use crate::words::Part;

/// Confirms what an account has, or refuses with the differences.
pub fn assert_balances(state: &mut State, command: &AssertBalances) {
    let asset = match balances_refusal(state, command) {
        Ok(asset) => asset,
        Err(code) => return refuse_command(state, code, command.source, command.number),
    };
    let (available, hold) = actual(state, command, asset);
    let available_diff = i128::from(available) - i128::from(command.available);
    let hold_diff = i128::from(hold) - i128::from(command.hold);
    if available_diff != 0 || hold_diff != 0 {
        let code = RefusalCode::BalancesDiffer as u32;
        state.refused = code;
        state.emit(&CommandRefused {
            code,
            part: Part::Whole as u8,
            source: command.source,
            number: command.number,
            available_diff: Wide::new(available_diff),
            hold_diff: Wide::new(hold_diff),
        });
        return;
    }
    state.emit(&BalancesAsserted {
        source: command.source,
        number: command.number,
        account: command.account,
        asset: command.asset,
        available: command.available,
        hold: command.hold,
    });
}

/// Confirms the digest of the state before this entry, or refuses.
pub fn assert_digest(state: &mut State, command: &AssertDigest, digest_before: &[u8; 32]) {
    let decided = if !is_source(command.source) {
        Err(RefusalCode::FieldOutOfRange)
    } else if command.digest == *digest_before {
        Ok(())
    } else {
        Err(RefusalCode::DigestDiffers)
    };
    if let Err(code) = decided {
        return refuse_command(state, code, command.source, command.number);
    }
    state.emit(&DigestAsserted {
        source: command.source,
        number: command.number,
        digest: command.digest,
    });
}

/// Switches to the next version of the rules from the next entry, if this engine knows it.
pub fn activate_rules(state: &mut State, command: &ActivateRules) {
    let version = command.version;
    let decided = if !is_source(command.source) {
        Err(RefusalCode::FieldOutOfRange)
    } else if version != state.rules + 1 || version > RULES_NEWEST {
        Err(RefusalCode::RulesVersionWrong)
    } else {
        Ok(())
    };
    if let Err(code) = decided {
        return refuse_command(state, code, command.source, command.number);
    }

    // Decided. Nothing below may refuse.
    state.rules_next = version;
    state.emit(&RulesActivated {
        source: command.source,
        number: command.number,
        version,
    });
}

fn balances_refusal(state: &State, command: &AssertBalances) -> Result<u32, RefusalCode> {
    if !is_house(command.account) {
        find_open_account(state, command.account)?;
    }
    let asset = state
        .assets
        .find(command.asset)
        .ok_or(RefusalCode::AssetUnknown)?;
    if is_source(command.source) {
        Ok(asset)
    } else {
        Err(RefusalCode::FieldOutOfRange)
    }
}

fn actual(state: &State, command: &AssertBalances, asset: u32) -> (Units, Units) {
    let available = ledger::available(state, command.account, asset);
    if !is_user(command.account) {
        return (available, 0);
    }
    let slot = state
        .find_account(command.account)
        .expect("the account is open");
    let balance = state.account(slot).find_balance(command.asset);
    (
        available,
        balance.map_or(0, |slot| state.balances[slot as usize].hold),
    )
}
