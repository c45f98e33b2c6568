//! `PlaceList`: two or three orders that depend on each other (L10.1, L10.2).

use super::admission;
use crate::commands::{OrderTerms, PlaceList};
use crate::events::ListAccepted;
use crate::hashing::hash_number;
use crate::holds;
use crate::ids::{order_id, ClientId, ListId};
use crate::ledger;
use crate::lifecycle;
use crate::market::Market;
use crate::matching;
use crate::order::{is_by_quote, ListStage, Order, OrderList, OrderState};
use crate::refusals::RefusalCode;
use crate::remembered;
use crate::slab::NONE;
use crate::state::{find_open_account, refuse, State};
use crate::units::narrow;
use crate::words::{ListKind, Part, Trigger, BUY, LIMIT};

const PAIR_SIZE: usize = 2; // Also of oto, which is no pair.
const OCO: u8 = ListKind::Oco as u8;
const OTO: u8 = ListKind::Oto as u8;
const OTOCO: u8 = ListKind::Otoco as u8;

/// Accepts the list with its legs and lets the working leg match, or refuses it whole.
pub fn place_list(state: &mut State, command: &PlaceList) {
    let account = state.find_account(command.account);
    if remembered::answers_repeat(state, account, command.list_client_id) {
        return;
    }
    let legs = match decide(state, command) {
        Ok(legs) => legs,
        Err(code) => return refuse(state, code, Part::Whole),
    };

    // Decided. Nothing below may refuse.
    let list = open_list(state, command, &legs);
    let mut first = NONE;
    for (leg, terms) in legs.into_iter().zip(&command.legs) {
        let slot = accept_leg(state, list, leg, terms);
        if first == NONE {
            first = slot;
        }
    }
    if state.orders[first].state == OrderState::Matching {
        matching::take(state, first);
    }
}

/// Makes the list part of the state, with the hold that a pair shares (L4.5).
fn open_list(state: &mut State, command: &PlaceList, legs: &[Order]) -> u32 {
    let is_pair = command.kind == OCO;
    let first = &legs[0];
    let (id, side, owner): (ListId, u8, u32) = (first.id, first.side, first.owner);
    let mut hold = 0;
    if is_pair {
        let market = &state.markets[first.place];
        let needs = legs.iter().map(|leg| holds::need_of(market, leg));
        hold = narrow(needs.max().expect("a pair has two legs"));
        ledger::place_hold(state, state.paying(first), hold);
    }
    let list = state.lists.insert(OrderList {
        id,
        account: command.account,
        owner,
        place: first.place,
        market: first.market,
        kind: command.kind,
        client_id: command.list_client_id,
        stage: if is_pair {
            ListStage::Released
        } else {
            ListStage::WorkingLeg
        },
        hold,
        legs: [NONE; 3],
        leg_count: legs.len(),
    });
    state.list_table.insert(hash_number(id.0), list);
    lifecycle::counts_of(state, owner, first.place).lists += 1;
    remembered::remember_list(state, list);
    state.emit(&ListAccepted {
        list_id: id,
        account: command.account,
        market: command.market,
        side,
        kind: command.kind,
        list_client_id: command.list_client_id,
        held: hold,
    });
    list
}

/// Accepts a leg; a pair's hold is its list's, a dormant leg has none (L4.5).
fn accept_leg(state: &mut State, list: u32, mut leg: Order, terms: &OrderTerms) -> u32 {
    leg.parent = list;
    let is_working_leg = state.lists[list].stage == ListStage::WorkingLeg;
    let is_dormant = is_working_leg && leg.id != state.lists[list].id;
    let (mut to, mut held) = (OrderState::Pending, 0);
    if !is_dormant {
        let market = &state.markets[leg.place];
        to = lifecycle::entry_state(market, terms);
        if is_working_leg {
            held = narrow(holds::need_of(market, &leg));
        }
    }
    let slot = lifecycle::accept(state, &mut leg, terms, to, held);
    remembered::remember_order(state, slot, terms.client_id, false);
    slot
}

fn decide(state: &mut State, command: &PlaceList) -> Result<Vec<Order>, RefusalCode> {
    if let Some(known) = state.find_account(command.account) {
        let is_taken =
            |terms: &OrderTerms| remembered::find(state, known, terms.client_id).is_some();
        if command.legs.iter().any(is_taken) {
            return Err(RefusalCode::ClientIdReused);
        }
    }
    let owner = find_open_account(state, command.account)?;
    let place = state.markets.find(command.market);
    let place = admission::place_gate(state, state.account(owner), place)?;
    terms_refusal(state, &state.markets[place], command)?;
    let mut legs = Vec::with_capacity(command.legs.len());
    for (leg, terms) in command.legs.iter().enumerate() {
        let id = order_id(state.seq, leg as u64, state.shard);
        legs.push(lifecycle::draft(state, owner, place, terms, id));
    }
    late_refusal(state, owner, place, command, &legs)?;
    Ok(legs)
}

/// Returns the legs that enter now: both of oco, else the working one.
fn entering<T>(command: &PlaceList, legs: &[T]) -> usize {
    if command.kind == OCO {
        legs.len()
    } else {
        legs.len().min(1)
    }
}

/// Checks codes from 220 to 499 over the legs and the list itself; the smallest counts.
fn terms_refusal(state: &State, market: &Market, command: &PlaceList) -> Result<(), RefusalCode> {
    let entering = &command.legs[..entering(command, &command.legs)];
    if !entering
        .iter()
        .all(|terms| admission::is_allowed_now(market, terms))
    {
        return Err(RefusalCode::MarketStatus);
    }
    let legs = command.legs.iter();
    let codes = legs.filter_map(|terms| admission::terms_refusal(state, market, terms).err());
    let mut code = codes.min();
    let is_too_long = admission::is_too_long(&command.list_client_id);
    if command.kind > OTOCO || is_too_long {
        code = Some(smaller(code, RefusalCode::FieldOutOfRange));
    } else if !is_supported(command) {
        code = Some(smaller(code, RefusalCode::CombinationNotSupported));
    }
    code.map_or(Ok(()), Err)
}

fn smaller(code: Option<RefusalCode>, other: RefusalCode) -> RefusalCode {
    code.map_or(other, |code| code.min(other))
}

/// Returns whether the legs make a list of this kind (L10.1).
fn is_supported(command: &PlaceList) -> bool {
    let legs = &command.legs[..];
    let names = legs
        .iter()
        .map(|terms| terms.client_id)
        .chain([command.list_client_id]);
    let mut names: Vec<ClientId> = names.filter(|name| !name.is_empty()).collect();
    let count = names.len();
    names.sort_unstable_by(|one, other| one.as_bytes().cmp(other.as_bytes()));
    names.dedup();
    if names.len() != count {
        return false;
    }
    match (command.kind, legs) {
        (OCO, pair) => is_pair(pair),
        (OTO, [working, waiting]) => is_working(working) && !is_by_quote(waiting),
        (OTOCO, [working, pair @ ..]) => is_pair(pair) && is_working(working),
        _ => false,
    }
}

const fn is_working(terms: &OrderTerms) -> bool {
    terms.order_type == LIMIT && terms.trigger == 0
}

fn is_pair(legs: &[OrderTerms]) -> bool {
    let [first, second] = legs else { return false };
    let is_maker = is_working(first) && first.post_only;
    (is_maker || first.trigger == Trigger::TakeProfit as u8)
        && second.trigger == Trigger::Stop as u8
        && first.side == second.side
        && first.qty == second.qty
}

/// Checks codes from 600 to 800; only what enters now is asked most of them.
fn late_refusal(
    state: &State,
    owner: u32,
    place: u32,
    command: &PlaceList,
    legs: &[Order],
) -> Result<(), RefusalCode> {
    let market = &state.markets[place];
    let entering_terms = &command.legs[..entering(command, legs)];
    let entering = &legs[..entering_terms.len()];
    let triggers = entering_terms.iter();
    let codes = triggers.filter_map(|terms| admission::trigger_refusal(market, terms).err());
    let mut code = codes.min();
    if !are_prices_right(market, command) {
        code = Some(smaller(code, RefusalCode::ListPricesWrong));
    }
    let mut at_once = entering_terms.iter().filter(|terms| terms.trigger == 0);
    if at_once.any(|terms| admission::must_not_take(market, terms)) {
        code = Some(smaller(code, RefusalCode::PostOnlyWouldTake));
    }
    let (account, counts) = (state.account(owner), state.seat_of(&legs[0]).counts);
    if let Err(other) = admission::count_refusal(account, counts, market, &command.legs, 1) {
        code = Some(smaller(code, other));
    }
    let needs = entering.iter().map(|leg| holds::need_of(market, leg));
    let available = state.balances[state.paying(&legs[0]) as usize].available;
    if needs.max().expect("a list has legs") > i128::from(available) {
        code = Some(smaller(code, RefusalCode::AvailableTooLow));
    }
    code.map_or(Ok(()), Err)
}

/// Returns whether a pair's prices stand on both sides of R; 602 if not (L10.1).
///
/// A trigger of 0 is left out, for otoco R too.
fn are_prices_right(market: &Market, command: &PlaceList) -> bool {
    if command.kind == OTO {
        return true;
    }
    let [.., first, second] = &command.legs[..] else {
        return false;
    };
    let reference = if command.kind == OCO {
        market.reference()
    } else {
        0
    };
    let target = if first.trigger != 0 {
        first.trigger_price
    } else {
        first.price
    };
    let mut prices = [target, reference, second.trigger_price];
    if first.side == BUY {
        prices.reverse();
    }
    let prices: Vec<i64> = prices.into_iter().filter(|price| *price != 0).collect();
    prices.windows(PAIR_SIZE).all(|pair| pair[0] > pair[1])
}
