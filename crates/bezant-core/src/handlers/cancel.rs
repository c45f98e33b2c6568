//! `CancelOrder`, `CancelAll`, `SetCancelTimer`: orders end because someone says so (L11.4).

use crate::commands::{CancelAll, CancelOrder, SetCancelTimer};
use crate::events::{CancelTimerSet, CanceledAll};
use crate::ids::{AccountId, ClientId, MarketId, OrderId};
use crate::lists;
use crate::order::Order;
use crate::refusals::RefusalCode;
use crate::remembered;
use crate::rules::{NS_PER_MS, TIMEOUT_MS_MAX, TIMEOUT_MS_MIN};
use crate::state::{find_open_account, refuse, State};
use crate::timers;
use crate::words::{DoneReason, MarketStatus, Only, Part, CANCELED};

/// Cancels one order, and its list with it.
pub fn cancel_order(state: &mut State, command: &CancelOrder) {
    let slot = match decide(state, command) {
        Ok(slot) => slot,
        Err(code) => return refuse(state, code, Part::Whole),
    };

    // Decided. Nothing below may refuse.
    lists::end(state, slot, CANCELED, DoneReason::User);
}

/// Cancels an account's orders in one market or all; halted and closed ones are left.
pub fn cancel_all(state: &mut State, command: &CancelAll) {
    let account = match decide_scope(state, command.account, command.market) {
        Ok(account) => account,
        Err(code) => return refuse(state, code, Part::Whole),
    };

    // Decided. Nothing below may refuse.
    let mut slots = state.orders_of(account);
    slots.retain(|slot| {
        let order = &state.orders[*slot];
        (command.market == 0 || command.market == order.market) && is_cancelable(state, order)
    });
    let count = i64::try_from(slots.len()).expect("an account has at most 10,000 orders");
    state.emit(&CanceledAll {
        account: command.account,
        market: command.market,
        count,
    });
    for slot in slots {
        if state.orders[slot].is_open() {
            lists::end(state, slot, CANCELED, DoneReason::User);
        }
    }
}

/// Sets, replaces or removes the dead man's switch.
pub fn set_cancel_timer(state: &mut State, command: &SetCancelTimer) {
    let timeout_ms = command.timeout_ms;
    let is_timeout = timeout_ms == 0 || (TIMEOUT_MS_MIN..=TIMEOUT_MS_MAX).contains(&timeout_ms);
    let decided = decide_scope(state, command.account, command.market).and({
        if is_timeout {
            Ok(())
        } else {
            Err(RefusalCode::FieldOutOfRange)
        }
    });
    if let Err(code) = decided {
        return refuse(state, code, Part::Whole);
    }

    // Decided. Nothing below may refuse.
    let due_ns = if timeout_ms == 0 {
        0
    } else {
        state.ts_ns + timeout_ms * NS_PER_MS
    };
    timers::set_cancel_timer(state, command.account, command.market, due_ns);
    state.emit(&CancelTimerSet {
        account: command.account,
        market: command.market,
        due_ns,
    });
}

/// Returns an account's open order by its id, or by a client id that names it where that is 0.
#[inline]
pub fn find_order(
    state: &State,
    account: u32,
    order_id: OrderId,
    client_id: ClientId,
) -> Option<u32> {
    if order_id != OrderId(0) {
        return state.find_order_of(account, order_id);
    }
    let named = &state.ids[remembered::find(state, account, client_id)?];
    if named.is_list {
        None
    } else {
        state.find_order_of(account, named.id)
    }
}

/// Returns whether the status of the order's market lets its owner cancel (L12.1).
#[inline]
pub fn is_cancelable(state: &State, order: &Order) -> bool {
    let status = state.markets[order.place].status;
    status != MarketStatus::Halted as u8 && status != MarketStatus::Closed as u8
}

/// Checks whether this order may be canceled now (L11.6).
///
/// # Errors
/// 220, 300 or 460 where it may not.
#[inline]
pub fn restriction_refusal(
    state: &State,
    order: &Order,
    only: u8,
    client_id: ClientId,
) -> Result<(), RefusalCode> {
    if !is_cancelable(state, order) {
        return Err(RefusalCode::MarketStatus);
    }
    if only > Only::PartiallyFilled as u8 || client_id.is_too_long() {
        return Err(RefusalCode::FieldOutOfRange);
    }
    let is_filled = order.filled != 0;
    if (only == Only::New as u8 && is_filled) || (only == Only::PartiallyFilled as u8 && !is_filled)
    {
        return Err(RefusalCode::CancelRestricted);
    }
    Ok(())
}

#[inline]
fn decide(state: &State, command: &CancelOrder) -> Result<u32, RefusalCode> {
    let account = find_open_account(state, command.account)?;
    let slot = find_order(state, account, command.order_id, command.client_id)
        .ok_or(RefusalCode::OrderUnknown)?;
    restriction_refusal(state, &state.orders[slot], command.only, command.client_id)?;
    Ok(slot)
}

fn decide_scope(state: &State, account: AccountId, market: MarketId) -> Result<u32, RefusalCode> {
    let account = find_open_account(state, account)?;
    if market != 0 && state.markets.find(market).is_none() {
        return Err(RefusalCode::MarketUnknown);
    }
    Ok(account)
}
