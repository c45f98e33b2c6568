//! From canonical bytes to a state (L15.3). Bytes that say it in another way are refused.

use std::cmp::Reverse;

use crate::book;
use crate::chart::HOUSE;
use crate::codec::{Malformed, Wire};
use crate::hashing::hash_number;
use crate::holds;
use crate::ids::{leg_of_order, order_id, seq_of_order, ClientId, OrderId};
use crate::images;
use crate::lifecycle;
use crate::market::{Grid, Market, Rates, Uncross};
use crate::order::{self, is_dormant, ListStage, Order, OrderList, OrderState, Rare};
use crate::reader::Reader;
use crate::remembered;
use crate::rules::RULES_NEWEST;
use crate::slab::NONE;
use crate::snapshot;
use crate::state::{Account, Asset, HeldTransfer, Remembered, State};
use crate::timers;
use crate::triggers;
use crate::units::{fee_step, narrow, tick_lot_units, BIPS};
use crate::words::{ListKind, MarketStatus, GTD, LIMIT, SELL};

const UNKNOWN: Malformed = Malformed("a snapshot names something that is not in it");
const NO_STATE: Malformed = Malformed("not a snapshot of this format");

/// Returns the state that canonical bytes say; its client ids fall where a secret puts them.
///
/// # Errors
/// If they are not.
pub fn decode(raw: &[u8], shard: u64, secret: u64) -> Result<State, Malformed> {
    let mut from = Reader::new(raw);
    let state = build(&mut from, shard, secret)?;
    from.end()?;
    if snapshot::encode(&state) != raw {
        return Err(Malformed(
            "not the canonical bytes of the state that they say",
        ));
    }
    Ok(state)
}

fn build(from: &mut Reader<'_>, shard: u64, secret: u64) -> Result<State, Malformed> {
    if from.array()? != snapshot::PARTS {
        return Err(NO_STATE);
    }
    let mut state = State::new(shard);
    state.secret = secret;
    state.rules = u32::read(from)?;
    state.rules_next = state.rules;
    if state.rules > RULES_NEWEST {
        return Err(Malformed(
            "the rules version is unknown: upgrade this engine",
        ));
    }
    state.seq = u64::read(from)?;
    if i64::try_from(state.seq).is_err() {
        return Err(NO_STATE);
    }
    state.ts_ns = i64::read(from)?;
    let assets: Vec<images::AssetImage> = Wire::read(from)?;
    for _ in 0..from.array()? {
        add_account(&mut state, &images::AccountImage::read(from)?)?;
    }
    add_assets(&mut state, assets, Wire::read(from)?)?;
    let markets: Vec<images::MarketImage> = Wire::read(from)?;
    for market in &markets {
        add_market(&mut state, market)?;
    }
    let orders: Vec<images::OrderImage> = Wire::read(from)?;
    let lists: Vec<images::ListImage> = Wire::read(from)?;
    for parent in &lists {
        add_list(&mut state, parent)?;
    }
    for order in &orders {
        add_order(&mut state, order)?;
    }
    for parent in &lists {
        share_hold(&mut state, parent)?;
    }
    for order in &orders {
        place_order(&mut state, order)?;
    }
    for market in &markets {
        fill_market(&mut state, market)?;
    }
    let is_lost = |order: &Order| order.state == OrderState::Resting && order.level == NONE;
    if state.orders.iter().any(|(_, order)| is_lost(order)) {
        return Err(Malformed("a resting order stands in no level"));
    }
    let mut births = Vec::new();
    for _ in 0..from.array()? {
        let image = images::IdImage::read(from)?;
        births.push(image.born);
        add_id(&mut state, &image)?;
    }
    births.sort_unstable();
    if births.windows(2).any(|pair| pair[0] == pair[1]) {
        return Err(Malformed("two client ids were born at once"));
    }
    for order in &orders {
        name_order(&mut state, order)?;
    }
    drop(orders);
    for _ in 0..from.array()? {
        let mark = images::MarkImage::read(from)?;
        state.marks.insert(mark.source, mark.number);
    }
    for _ in 0..from.array()? {
        add_transfer(&mut state, HeldTransfer::read(from)?)?;
    }
    for _ in 0..from.array()? {
        let timer = images::CancelTimerImage::read(from)?;
        state.find_account(timer.account).ok_or(UNKNOWN)?;
        timers::set_cancel_timer(&mut state, timer.account, timer.market, timer.due_ns);
    }
    state.timers.firing = read_firing(&state, from)?;
    Ok(state)
}

fn read_firing(state: &State, from: &mut Reader<'_>) -> Result<Option<(u32, u16)>, Malformed> {
    if from.is_nil()? {
        return Ok(None);
    }
    if from.array()? != 2 {
        return Err(NO_STATE);
    }
    let firing = (u32::read(from)?, u16::read(from)?);
    state.find_account(firing.0).ok_or(UNKNOWN)?;
    Ok(Some(firing))
}

fn add_assets(
    state: &mut State,
    assets: Vec<images::AssetImage>,
    houses: Vec<images::HouseImage>,
) -> Result<(), Malformed> {
    if assets.len() != houses.len() {
        return Err(NO_STATE);
    }
    for (asset, house) in assets.into_iter().zip(houses) {
        let is_alike = asset.asset == house.asset && house.balances.len() == HOUSE.len();
        let is_scale = (0..=18).contains(&asset.scale);
        if !is_alike || state.assets.find(asset.asset).is_some() || !is_scale {
            return Err(Malformed("house balances name another asset"));
        }
        let mut balances = [0; HOUSE.len() + 1];
        balances[1..].copy_from_slice(&house.balances);
        let made = Asset {
            id: asset.asset,
            scale: asset.scale,
            issued_max: asset.issued_max,
            enabled: asset.enabled,
            house: balances,
        };
        state.assets.insert(asset.asset, made);
    }
    Ok(())
}

fn add_account(state: &mut State, image: &images::AccountImage) -> Result<(), Malformed> {
    if state.find_account(image.account).is_some() {
        return Err(NO_STATE);
    }
    let mut account = Account::new(
        image.account,
        image.trade_group,
        image.stp,
        image.orders_frozen,
        image.withdrawals_frozen,
    );
    account.tier = image.tier;
    account.is_closed = image.is_closed;
    state.add_account(account);
    let slot = state.find_account(image.account).ok_or(UNKNOWN)?;
    for one in &image.balances {
        let balance = state.balance(slot, one.asset);
        let balance = &mut state.balances[balance as usize];
        balance.available = one.available;
        balance.hold = one.hold;
    }
    Ok(())
}

fn add_market(state: &mut State, image: &images::MarketImage) -> Result<(), Malformed> {
    let base_place = state.assets.find(image.base).ok_or(UNKNOWN)?;
    let quote_place = state.assets.find(image.quote).ok_or(UNKNOWN)?;
    let (base, quote) = (&state.assets[base_place], &state.assets[quote_place]);
    let is_known = image.status <= MarketStatus::Closed as u8;
    let is_scale = (0..=18).contains(&image.tick_scale);
    if state.markets.find(image.market).is_some() || !is_known || !is_scale {
        return Err(NO_STATE);
    }
    let tick_lot_units = tick_lot_units(
        image.tick_num,
        image.lot_units,
        quote.scale,
        image.tick_scale + base.scale,
    );
    let grid = Grid {
        id: image.market,
        base: image.base,
        quote: image.quote,
        base_place,
        quote_place,
        lot_units: image.lot_units,
        tick_num: image.tick_num,
        tick_scale: image.tick_scale,
        tick_lot_units: i64::try_from(tick_lot_units).map_err(|_| NO_STATE)?,
        base_step: fee_step(base.scale),
        quote_step: fee_step(quote.scale),
    };
    if !(0..BIPS).contains(&image.parameters.band_bips) {
        return Err(Malformed("a band is as wide as its price"));
    }
    let mut market = Market::new(grid, image.parameters.clone());
    market.status = image.status;
    let rates = |fee: &images::FeeImage| {
        (
            fee.tier,
            Rates {
                maker: fee.maker,
                taker: fee.taker,
            },
        )
    };
    market.fees = image.fees.iter().map(rates).collect();
    if !market.fees.is_sorted_by(|one, other| one.0 < other.0) {
        return Err(Malformed("fee tiers stand once and in order"));
    }
    market.last = image.last;
    market.set_reference = image.reference;
    market.renew_band();
    market.window = image.window;
    market.window_price = image.window_price;
    market.interrupted_price = image.interrupted_price;
    market.trade_no = image.trade_no;
    state.markets.insert(image.market, market);
    Ok(())
}

/// Makes the order part of the indexes; holds and places follow.
fn add_order(state: &mut State, image: &images::OrderImage) -> Result<(), Malformed> {
    let terms = &image.terms;
    let owner = state.find_account(image.account).ok_or(UNKNOWN)?;
    let place = state.markets.find(image.market).ok_or(UNKNOWN)?;
    let taken = image.filled.checked_add(image.prevented).ok_or(NO_STATE)?;
    let is_known = state.find_order(image.order).is_some();
    let price = if terms.order_type == LIMIT {
        terms.price
    } else {
        image.hold_price
    };
    let mut order = lifecycle::draft_at(state, owner, place, terms, image.order, price);
    order.parent = list_of(state, image)?;
    order.stp = image.stp;
    order.state = order_state(image.state)?;
    order.leaves = terms.qty.checked_sub(taken).ok_or(NO_STATE)?;
    order.visible = image.visible;
    order.filled = image.filled;
    order.prevented = image.prevented;
    let is_id = seq_of_order(image.order) <= state.seq;
    let is_amended = image.amends != 0;
    let is_wild = terms.side > SELL
        || terms.price < 0
        || terms.trigger_price < 0
        || terms.quote_units != 0
        || (terms.tif == GTD) != (terms.expires_ns != 0)
        || (terms.trigger == 0 && image.extreme != 0);
    if is_known || is_wild || !is_id || order.leaves <= 0 || image.visible < 0 {
        return Err(NO_STATE);
    }
    let rare = Rare::of(terms).or_else(|| is_amended.then(Rare::default));
    if let Some(mut rare) = rare {
        rare.extreme = image.extreme;
        rare.amends = image.amends;
        order.rare = state.rares.insert(rare);
    }
    lifecycle::add(state, &mut order);
    Ok(())
}

/// Gives an open order its client ids, which are remembered as long as it is open.
fn name_order(state: &mut State, image: &images::OrderImage) -> Result<(), Malformed> {
    let slot = state.find_order(image.order).ok_or(UNKNOWN)?;
    let owner = state.orders[slot].owner;
    let find = |state: &State, client_id: &ClientId| {
        let found = state.find_id(owner, client_id).ok_or(UNKNOWN)?;
        let remembered = &state.ids[found];
        if remembered.id == image.order && !remembered.is_list {
            Ok(found)
        } else {
            Err(UNKNOWN)
        }
    };
    if !image.terms.client_id.is_empty() {
        let name = find(state, &image.terms.client_id)?;
        state.orders[slot].name = name;
        state.orders[slot].born = state.ids[name].born;
    }
    if !image.aliases.is_empty() {
        let names = image.aliases.iter().map(|alias| find(state, alias));
        let aliases: Result<Vec<u32>, Malformed> = names.collect();
        order::rare_of(state, slot).aliases = aliases?;
    }
    Ok(())
}

fn order_state(number: u8) -> Result<OrderState, Malformed> {
    Ok(match number {
        0 => OrderState::Pending,
        1 => OrderState::Resting,
        3 => OrderState::Waiting,
        _ => return Err(NO_STATE),
    })
}

fn list_of(state: &State, image: &images::OrderImage) -> Result<u32, Malformed> {
    if image.list_id == OrderId(0) {
        return Ok(NONE);
    }
    let list = state.find_list(image.list_id).ok_or(UNKNOWN)?;
    let parent = &state.lists[list];
    let leg = leg_of_order(image.order);
    let id = order_id(seq_of_order(parent.id), leg as u64, state.shard);
    if leg >= parent.leg_count || id != image.order || parent.market != image.market {
        return Err(Malformed("an order names a list that does not have it"));
    }
    Ok(list)
}

/// Makes a list part of the indexes; its open legs come to it, a leg that ended stays away.
fn add_list(state: &mut State, image: &images::ListImage) -> Result<(), Malformed> {
    let leg_count = match image.kind {
        kind if kind == ListKind::Oco as u8 || kind == ListKind::Oto as u8 => 2,
        kind if kind == ListKind::Otoco as u8 => 3,
        _ => return Err(NO_STATE),
    };
    let reached = match image.stage {
        0 => ListStage::WorkingLeg,
        1 => ListStage::Due,
        2 => ListStage::Released,
        _ => return Err(NO_STATE),
    };
    let owner = state.find_account(image.account).ok_or(UNKNOWN)?;
    let place = state.markets.find(image.market).ok_or(UNKNOWN)?;
    let parent = OrderList {
        id: image.list_id,
        account: image.account,
        owner,
        place,
        market: image.market,
        kind: image.kind,
        client_id: image.client_id,
        stage: reached,
        hold: 0,
        legs: [NONE; 3],
        leg_count,
    };
    if state.find_list(image.list_id).is_some() {
        return Err(NO_STATE);
    }
    let slot = state.lists.insert(parent);
    state.list_table.insert(hash_number(image.list_id.0), slot);
    let counts = lifecycle::counts_of(state, owner, place);
    counts.lists = counts.lists.checked_add(1).ok_or(NO_STATE)?;
    Ok(())
}

/// Gives a pair that both works and is whole its shared hold (L4.5).
fn share_hold(state: &mut State, image: &images::ListImage) -> Result<(), Malformed> {
    let slot = state.find_list(image.list_id).ok_or(UNKNOWN)?;
    let parent = &state.lists[slot];
    if parent.legs.iter().all(|leg| *leg == NONE) {
        return Err(NO_STATE);
    }
    if let (ListStage::Released, Some((first, second))) = (parent.stage, parent.open_pair()) {
        let market = &state.markets[parent.place];
        let need = |leg: u32| holds::need_of(market, &state.orders[leg]);
        let hold = i64::try_from(need(first).max(need(second))).map_err(|_| NO_STATE)?;
        state.lists[slot].hold = hold;
    }
    Ok(())
}

/// Gives an order its hold, and watches its trigger; books and queues are the market's.
fn place_order(state: &mut State, image: &images::OrderImage) -> Result<(), Malformed> {
    let slot = state.find_order(image.order).ok_or(UNKNOWN)?;
    let order = &state.orders[slot];
    let is_dormant = is_dormant(state, order);
    if !is_dormant && !holds::is_shared(state, order) {
        let need = holds::need_of(&state.markets[order.place], order);
        if i64::try_from(need).is_err() {
            return Err(NO_STATE);
        }
        state.orders[slot].hold = narrow(need);
    }
    if state.orders[slot].state == OrderState::Pending && !is_dormant {
        triggers::watch(state, slot);
        let rare = state.orders[slot].rare;
        if rare != NONE {
            state.rares[rare].extreme = image.extreme;
        }
    }
    Ok(())
}

fn fill_market(state: &mut State, image: &images::MarketImage) -> Result<(), Malformed> {
    let place = state.markets.find(image.market).ok_or(UNKNOWN)?;
    for (side, levels) in [(0, &image.bids), (1, &image.asks)] {
        for level in levels {
            for id in &level.orders {
                let slot = state.find_order(*id).ok_or(UNKNOWN)?;
                let order = &state.orders[slot];
                let is_here = order.place == place && order.side == side && order.level == NONE;
                if !is_here || order.state != OrderState::Resting || order.price != level.price {
                    return Err(Malformed("a level has an order that does not stand there"));
                }
                book::append(state, slot);
            }
        }
    }
    let market = &mut state.markets[place];
    market.book.sequence = image.sequence;
    for item in &image.due {
        market.due.push(item.kind, item.number);
    }
    state.due_count += market.due.iter().len();
    if !market.due.is_empty() {
        state.due_markets.insert(image.market);
    }
    market.extensions = image.extensions;
    market.auction_end_ns = image.auction_end_ns;
    if let Some(uncross) = &image.uncross {
        market.uncross = Some(Uncross {
            price: uncross.price,
            volume_left: uncross.volume_left.number().ok_or(NO_STATE)?,
            status: uncross.status,
            cause: uncross.cause,
            source: uncross.source,
            number: uncross.number,
        });
        state.uncross_count += 1;
        state.uncrossing.insert(image.market);
    }
    if image.auction_end_ns != 0 {
        timers::watch_auction_end(state, image.market, image.auction_end_ns);
    }
    Ok(())
}

fn add_id(state: &mut State, image: &images::IdImage) -> Result<(), Malformed> {
    let owner = state.find_account(image.account).ok_or(UNKNOWN)?;
    let found = if image.is_list {
        state.find_list(image.number)
    } else {
        state.find_order(image.number)
    };
    let is_ended = found.is_none();
    let remembered = Remembered {
        born: image.born,
        accepted_ns: image.accepted_ns,
        id: image.number,
        content: image.content.unwrap_or(0),
        owner,
        client_id: image.client_id,
        repeats: image.content.is_some(),
        is_list: image.is_list,
        is_kept: true,
    };
    if state.find_id(owner, &image.client_id).is_some() {
        return Err(NO_STATE);
    }
    let slot = remembered::add(state, remembered);
    if is_ended {
        let line = Reverse((image.born, slot));
        state.account_mut(owner).ended_ids.push(line);
        state.ended_ids.push(line);
    }
    Ok(())
}

fn add_transfer(state: &mut State, held: HeldTransfer) -> Result<(), Malformed> {
    let slot = state.find_account(held.account).ok_or(UNKNOWN)?;
    state.assets.find(held.asset).ok_or(UNKNOWN)?;
    state.account_mut(slot).transfer_count += 1;
    state.transfers.insert(held.id, held);
    Ok(())
}
