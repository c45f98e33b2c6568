//! `SetMarketStatus`, `CancelMarket`: what the operator does to a market's trading (L12.1).

use crate::auction;
use crate::commands::{CancelMarket, SetMarketStatus};
use crate::events::MarketCanceled;
use crate::lists;
use crate::refusals::RefusalCode;
use crate::rules::MARKET_CANCELS_MAX;
use crate::sources::{find_market, is_source};
use crate::state::{refuse_command, State};
use crate::words::{DoneReason, MarketStatus, StatusCause, CANCELED};

const CANCEL_ONLY: u8 = MarketStatus::CancelOnly as u8;
const HALTED: u8 = MarketStatus::Halted as u8;
const CLOSED: u8 = MarketStatus::Closed as u8;

/// Changes a market's status; into trading and post-only through an uncross.
pub fn set_market_status(state: &mut State, command: &SetMarketStatus) {
    let place = match status_refusal(state, command) {
        Ok(place) => place,
        Err(code) => return refuse_command(state, code, command.source, command.number),
    };

    // Decided. Nothing below may refuse.
    let (source, number) = (command.source, command.number);
    auction::enter(
        state,
        place,
        command.status,
        StatusCause::Operator,
        source,
        number,
    );
}

const LEGS_MAX: usize = 3; // Of a list; one of them takes the others along, which come after it.

/// Cancels the oldest orders of a market, in any status.
pub fn cancel_market(state: &mut State, command: &CancelMarket) {
    let place = match find_market(state, command.market, command.source) {
        Ok(place) => place,
        Err(code) => return refuse_command(state, code, command.source, command.number),
    };

    // Decided. Nothing below may refuse.
    let mut left = MARKET_CANCELS_MAX;
    for slot in oldest_orders(state, place, LEGS_MAX * MARKET_CANCELS_MAX) {
        if left == 0 {
            break;
        }
        if state.orders[slot].is_open() {
            left -= 1;
            lists::end(state, slot, CANCELED, DoneReason::Operator);
        }
    }
    let left = state.markets[place].order_count;
    state.emit(&MarketCanceled {
        source: command.source,
        number: command.number,
        market: command.market,
        left,
    });
}

/// Returns the slots of at most so many open orders of a market, by id; walks over all open orders.
fn oldest_orders(state: &State, place: u32, count: usize) -> Vec<u32> {
    let orders = state.orders.iter();
    let open = orders.filter(|(_, order)| order.is_open() && order.place == place);
    let mut oldest: Vec<_> = open.map(|(slot, order)| (order.id, slot)).collect();
    if oldest.len() > count {
        oldest.select_nth_unstable(count);
        oldest.truncate(count);
    }
    oldest.sort_unstable();
    oldest.into_iter().map(|(_, slot)| slot).collect()
}

fn status_refusal(state: &State, command: &SetMarketStatus) -> Result<u32, RefusalCode> {
    let place = state
        .markets
        .find(command.market)
        .ok_or(RefusalCode::MarketUnknown)?;
    let market = &state.markets[place];
    let is_closing = command.status == CLOSED;
    let may_close = market.status == CANCEL_ONLY || market.status == HALTED;
    let is_same = command.status == market.status;
    if market.status == CLOSED || is_same || (is_closing && !may_close) {
        return Err(RefusalCode::StatusChangeNotAllowed);
    }
    if is_closing && market.order_count != 0 {
        return Err(RefusalCode::MarketNotEmpty);
    }
    if command.status > CLOSED || !is_source(command.source) {
        return Err(RefusalCode::FieldOutOfRange);
    }
    Ok(place)
}
