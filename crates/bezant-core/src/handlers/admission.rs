//! Whether an order may enter: the codes from 130 to 800, the smallest first (L2.4, L2.5).

use crate::commands::OrderTerms;
use crate::dry_run::{dry_run, Run};
use crate::holds;
use crate::ids::ClientId;
use crate::market::{is_beyond, Market};
use crate::order::{is_by_quote, Order};
use crate::refusals::RefusalCode;
use crate::rules::ACCOUNT_ORDERS_MAX;
use crate::state::{Account, Counts, State};
use crate::triggers;
use crate::units::{divide_up, narrow, Lots, Ticks, Units};
use crate::words::{
    STPMode, Trigger, BUY, FOK, GTC, GTD, IOC, LIMIT, MARKET, POST_ONLY, PRE_OPEN, SELL, TRADING,
};

/// Returns the slot of the market that a single order may enter.
///
/// # Errors
/// The first code from 130 to 499 that keeps it out.
#[inline(always)]
pub fn place_refusal(
    state: &State,
    account: &Account,
    place: Option<u32>,
    terms: &OrderTerms,
) -> Result<u32, RefusalCode> {
    let place = place_gate(state, account, place)?;
    let market = &state.markets[place];
    if !is_allowed_now(market, terms) {
        return Err(RefusalCode::MarketStatus);
    }
    terms_refusal(state, market, terms)?;
    Ok(place)
}

/// Returns the slot of the market.
///
/// # Errors
/// 130, 201 or 210 where the account or the market lets no order in at all.
#[inline(always)]
pub fn place_gate(
    state: &State,
    account: &Account,
    place: Option<u32>,
) -> Result<u32, RefusalCode> {
    if account.orders_frozen {
        return Err(RefusalCode::OrdersFrozen);
    }
    let place = place.ok_or(RefusalCode::MarketUnknown)?;
    let market = &state.markets[place];
    if !(state.assets[market.base_place].enabled && state.assets[market.quote_place].enabled) {
        return Err(RefusalCode::AssetDisabled);
    }
    Ok(place)
}

/// Returns whether the market's status takes such an order (L12.1's table).
#[inline]
pub const fn is_allowed_now(market: &Market, terms: &OrderTerms) -> bool {
    let status = market.status;
    if status == TRADING {
        return true;
    }
    if status != PRE_OPEN && status != POST_ONLY {
        return false;
    }
    if terms.post_only && status == PRE_OPEN {
        return false;
    }
    if terms.trigger != 0 {
        return true;
    }
    let takes = terms.tif == IOC || terms.tif == FOK;
    terms.order_type != MARKET && !takes
}

/// Checks what the terms alone say in this market.
///
/// # Errors
/// The first code from 300 to 499 that they deserve.
#[inline(always)]
pub fn terms_refusal(
    state: &State,
    market: &Market,
    terms: &OrderTerms,
) -> Result<(), RefusalCode> {
    if is_plain_limit(terms) {
        prices_refusal(market, true, terms.price, 0)?;
        return lots_refusal(market, terms.qty, i128::from(terms.price), true);
    }
    rarer_terms_refusal(state, market, terms)
}

#[inline(never)]
fn rarer_terms_refusal(
    state: &State,
    market: &Market,
    terms: &OrderTerms,
) -> Result<(), RefusalCode> {
    if has_unknown_word(terms) || is_too_long(&terms.client_id) {
        return Err(RefusalCode::FieldOutOfRange);
    }
    if !is_supported(terms) {
        return Err(RefusalCode::CombinationNotSupported);
    }
    if terms.expires_ns != 0 && terms.expires_ns <= state.ts_ns {
        return Err(RefusalCode::ExpiryNotAfterNow);
    }
    price_refusal(market, terms)?;
    qty_refusal(market, terms, notional_price(market, terms), true)?;
    trailing_refusal(market, terms)?;
    if terms.display == 0 {
        Ok(())
    } else {
        display_refusal(market, terms)
    }
}

/// Returns whether only price and quantity of the terms can be refused.
#[inline(always)]
const fn is_plain_limit(terms: &OrderTerms) -> bool {
    terms.is_plain()
        && terms.order_type == LIMIT
        && terms.side <= SELL
        && terms.tif < GTD
        && !terms.client_id.is_too_long()
}

/// Returns whether an enumeration has a number without a meaning.
pub const fn has_unknown_word(terms: &OrderTerms) -> bool {
    terms.side > SELL
        || terms.order_type > MARKET
        || terms.tif > GTD
        || terms.trigger > Trigger::TakeProfit as u8
        || terms.stp > STPMode::Decrement as u8
}

/// Returns whether a client id has over 36 bytes.
pub const fn is_too_long(client_id: &ClientId) -> bool {
    client_id.is_too_long()
}

/// Returns whether the fields go together (L2.4).
pub const fn is_supported(terms: &OrderTerms) -> bool {
    let has_trigger_terms = terms.trigger_price != 0 || terms.trailing_bips != 0;
    if (terms.trigger != 0) != has_trigger_terms {
        return false;
    }
    if (terms.expires_ns != 0) != (terms.tif == GTD) {
        return false;
    }
    if terms.order_type == LIMIT {
        return is_supported_limit(terms);
    }
    is_supported_market(terms)
}

const fn is_supported_limit(terms: &OrderTerms) -> bool {
    if terms.post_only && (terms.trigger != 0 || (terms.tif != GTC && terms.tif != GTD)) {
        return false;
    }
    if terms.display != 0 && terms.tif != GTC {
        return false;
    }
    terms.quote_units == 0
}

const fn is_supported_market(terms: &OrderTerms) -> bool {
    if terms.tif != IOC || terms.price != 0 || terms.display != 0 || terms.post_only {
        return false;
    }
    if is_by_quote(terms) == (terms.qty != 0) {
        return false;
    }
    !(is_by_quote(terms) && terms.trigger != 0)
}

/// Checks the prices.
///
/// # Errors
/// 400, 401 or 402 where one is out of its range.
#[inline]
pub fn price_refusal(market: &Market, terms: &OrderTerms) -> Result<(), RefusalCode> {
    let is_limit = terms.order_type == LIMIT;
    prices_refusal(market, is_limit, terms.price, terms.trigger_price)
}

#[inline(always)]
fn prices_refusal(
    market: &Market,
    is_limit: bool,
    price: Ticks,
    trigger_price: Ticks,
) -> Result<(), RefusalCode> {
    let price_max = market.parameters.price_max;
    if (is_limit && price <= 0) || trigger_price < 0 {
        return Err(RefusalCode::PriceNotPositive);
    }
    if price > price_max || trigger_price > price_max {
        return Err(RefusalCode::PriceTooHigh);
    }
    if is_limit && is_beyond(price, market.price_band()) {
        return Err(RefusalCode::PriceOutOfBand);
    }
    Ok(())
}

/// Returns the price at which codes 420 and 421 value an order, 0 where there is none.
///
/// A limit's own; of a market order by quantity that of L4.3 with a trigger, else R.
#[inline]
pub fn notional_price(market: &Market, terms: &OrderTerms) -> i128 {
    if terms.order_type == LIMIT {
        return i128::from(terms.price);
    }
    if terms.trigger != 0 {
        return holds::hold_price(terms, market.reference());
    }
    i128::from(market.reference())
}

/// Checks the quantity and the notional.
///
/// # Errors
/// The first code from 410 to 421 that they deserve.
#[inline]
pub fn qty_refusal(
    market: &Market,
    terms: &OrderTerms,
    notional_price: i128,
    is_most_asked: bool,
) -> Result<(), RefusalCode> {
    if is_by_quote(terms) {
        if terms.quote_units <= 0 {
            return Err(RefusalCode::QtyNotPositive);
        }
        return notional_refusal(market, i128::from(terms.quote_units));
    }
    lots_refusal(market, terms.qty, notional_price, is_most_asked)
}

#[inline(always)]
fn lots_refusal(
    market: &Market,
    qty: Lots,
    notional_price: i128,
    is_most_asked: bool,
) -> Result<(), RefusalCode> {
    let parameters = &market.parameters;
    if qty <= 0 {
        return Err(RefusalCode::QtyNotPositive);
    }
    if qty < parameters.qty_min {
        return Err(RefusalCode::QtyTooLow);
    }
    if is_most_asked && qty > parameters.qty_max {
        return Err(RefusalCode::QtyTooHigh);
    }
    if notional_price == 0 {
        return Ok(());
    }
    notional_refusal(market, market.wide_notional(notional_price, qty))
}

#[inline(always)]
fn notional_refusal(market: &Market, units: i128) -> Result<(), RefusalCode> {
    if units < i128::from(market.parameters.notional_min) {
        return Err(RefusalCode::NotionalTooLow);
    }
    if units > i128::from(market.parameters.notional_max) {
        return Err(RefusalCode::NotionalTooHigh);
    }
    Ok(())
}

/// Checks the trailing distance.
///
/// # Errors
/// 430 where it is out of the market's range.
pub const fn trailing_refusal(market: &Market, terms: &OrderTerms) -> Result<(), RefusalCode> {
    let (bips, parameters) = (terms.trailing_bips, &market.parameters);
    if bips != 0 && !(parameters.trailing_min <= bips && bips <= parameters.trailing_max) {
        return Err(RefusalCode::TrailingOutOfRange);
    }
    Ok(())
}

fn display_refusal(market: &Market, terms: &OrderTerms) -> Result<(), RefusalCode> {
    if terms.display >= terms.qty {
        return Err(RefusalCode::DisplayNotBelowQty);
    }
    if terms.display < market.parameters.qty_min {
        return Err(RefusalCode::DisplayTooLow);
    }
    if divide_up(terms.qty, terms.display) > market.parameters.parts_max {
        return Err(RefusalCode::IcebergPartsTooMany);
    }
    Ok(())
}

/// Checks that a trigger has something to compare with and is not met already (L8.1).
///
/// # Errors
/// 600 or 601.
pub const fn trigger_refusal(market: &Market, terms: &OrderTerms) -> Result<(), RefusalCode> {
    if terms.trigger == 0 {
        return Ok(());
    }
    let reference = market.reference();
    if reference == 0 {
        return Err(RefusalCode::NoLastPrice);
    }
    if triggers::would_trigger(terms, reference) {
        return Err(RefusalCode::WouldTriggerNow);
    }
    Ok(())
}

/// Returns whether the order would take although it, or the market, is post-only (610).
///
/// Asked of what goes to the book now: not of pending orders, but of amended triggered ones.
#[inline]
pub fn must_not_take(market: &Market, terms: &OrderTerms) -> bool {
    if terms.order_type != LIMIT {
        return false;
    }
    if !terms.post_only && market.status != POST_ONLY {
        return false;
    }
    market.book.opposite(terms.side).is_reached(terms.price)
}

/// Checks how many orders there are.
///
/// # Errors
/// The first code from 700 to 704 where these orders would be too many.
#[inline(always)]
pub fn count_refusal(
    account: &Account,
    counts: Counts,
    market: &Market,
    legs: &[OrderTerms],
    list_count: i64,
) -> Result<(), RefusalCode> {
    let parameters = &market.parameters;
    let (mut orders, mut stops, mut icebergs) = (0, 0, 0);
    for terms in legs {
        orders += 1;
        stops += i64::from(terms.trigger != 0);
        icebergs += i64::from(terms.display != 0);
    }
    if i64::from(counts.orders) + orders > parameters.open_orders_max {
        return Err(RefusalCode::OpenOrdersTooMany);
    }
    if stops != 0 && i64::from(counts.stops) + stops > parameters.stop_orders_max {
        return Err(RefusalCode::StopOrdersTooMany);
    }
    if icebergs != 0 && i64::from(counts.icebergs) + icebergs > parameters.icebergs_max {
        return Err(RefusalCode::IcebergsTooMany);
    }
    if list_count != 0 && i64::from(counts.lists) + list_count > parameters.lists_max {
        return Err(RefusalCode::ListsTooMany);
    }
    if account.order_count + legs.len() > ACCOUNT_ORDERS_MAX {
        return Err(RefusalCode::AccountOrdersTooMany);
    }
    Ok(())
}

/// Returns what must be available for a drafted order: its hold, or what it would pay (L4.4).
#[inline]
pub fn units_needed(state: &mut State, order: &Order, terms: &OrderTerms) -> i128 {
    let market = &state.markets[order.place];
    if holds::holds_at_entry(terms) || (order.side == SELL && !is_by_quote(terms)) {
        return holds::need_of(market, order);
    }
    if order.side == BUY && is_by_quote(terms) {
        return i128::from(terms.quote_units);
    }
    let run = dry_run(state, order.place, Run::new(order, terms.quote_units));
    if order.side == BUY {
        return run.quote_units;
    }
    let lot_units = state.markets[order.place].lot_units;
    i128::from(run.lots) * i128::from(lot_units)
}

/// Checks a drafted single order against book, counts and funds; returns the units that it needs.
///
/// # Errors
/// The first code from 600 to 800 that keeps it out.
#[inline(always)]
pub fn late_refusal(
    state: &mut State,
    order: &Order,
    terms: &OrderTerms,
) -> Result<Units, RefusalCode> {
    let market = &state.markets[order.place];
    trigger_refusal(market, terms)?;
    if terms.trigger == 0 && must_not_take(market, terms) {
        return Err(RefusalCode::PostOnlyWouldTake);
    }
    let (account, seat) = (state.account(order.owner), state.seat_of(order));
    count_refusal(account, seat.counts, market, std::slice::from_ref(terms), 0)?;
    let balance = seat.paying(order.side);
    let needed = units_needed(state, order, terms);
    if needed > i128::from(state.balances[balance as usize].available) {
        return Err(RefusalCode::AvailableTooLow);
    }
    Ok(narrow(needed))
}
