//! From a state to its canonical bytes (L15.3); `restore` goes the other way.
//!
//! Nothing derived is written: holds of orders and lists, counts, the timers of gtd orders and of
//! auctions and the order of triggers follow from the rest (L4.2, L4.5). Client ids that are free and
//! windows of the past are left out.

use crate::book::BookSide;
use crate::chart::HOUSE;
use crate::codec::{Wide, Wire};
use crate::ids::OrderId;
use crate::images;
use crate::market::{window_now, Market};
use crate::order::{terms_of, Order, Rare};
use crate::pro_rata::queue_of;
use crate::remembered::is_free;
use crate::slab::NONE;
use crate::state::{Account, Remembered, State};
use crate::units::Ticks;
use crate::writer::{put_array, put_int, put_nil, put_uint, Writer};

/// What the canonical bytes of a state consist of.
pub const PARTS: usize = 14;

/// Returns the canonical bytes of a state between two entries.
pub fn encode(state: &State) -> Vec<u8> {
    let mut out = Writer::default();
    put_array(&mut out, PARTS);
    put_uint(&mut out, u64::from(state.rules_next));
    put_uint(&mut out, state.seq);
    put_int(&mut out, state.ts_ns);
    write_assets(state, &mut out);
    write_accounts(state, &mut out);
    write_houses(state, &mut out);
    put_array(&mut out, state.markets.iter().len());
    for market in state.markets.iter() {
        market_image(state, market).write(&mut out);
    }
    write_orders(state, &mut out);
    write_lists(state, &mut out);
    write_ids(state, &mut out);
    put_array(&mut out, state.marks.len());
    for (source, number) in &state.marks {
        images::MarkImage {
            source: *source,
            number: *number,
        }
        .write(&mut out);
    }
    put_array(&mut out, state.transfers.len());
    for held in state.transfers.values() {
        held.write(&mut out);
    }
    put_array(&mut out, state.timers.cancel_due.len());
    for ((account, market), due_ns) in &state.timers.cancel_due {
        let image = images::CancelTimerImage {
            account: *account,
            market: *market,
            due_ns: *due_ns,
        };
        image.write(&mut out);
    }
    match state.timers.firing {
        None => put_nil(&mut out),
        Some((account, market)) => {
            put_array(&mut out, 2);
            account.write(&mut out);
            market.write(&mut out);
        }
    }
    out.into_bytes()
}

fn write_assets(state: &State, out: &mut Writer) {
    put_array(out, state.assets.iter().len());
    for asset in state.assets.iter() {
        let image = images::AssetImage {
            asset: asset.id,
            scale: asset.scale,
            issued_max: asset.issued_max,
            enabled: asset.enabled,
        };
        image.write(out);
    }
}

fn write_accounts(state: &State, out: &mut Writer) {
    let mut accounts: Vec<&Account> = state.accounts.iter().collect();
    accounts.sort_unstable_by_key(|account| account.id);
    put_array(out, accounts.len());
    for account in accounts {
        let balances = account.balances.iter().map(|(asset, slot)| {
            let balance = &state.balances[*slot as usize];
            images::BalanceImage {
                asset: *asset,
                available: balance.available,
                hold: balance.hold,
            }
        });
        let image = images::AccountImage {
            account: account.id,
            trade_group: account.trade_group,
            stp: account.stp,
            orders_frozen: account.orders_frozen,
            withdrawals_frozen: account.withdrawals_frozen,
            tier: account.tier,
            is_closed: account.is_closed,
            balances: balances
                .filter(|one| one.available != 0 || one.hold != 0)
                .collect(),
        };
        image.write(out);
    }
}

fn write_houses(state: &State, out: &mut Writer) {
    put_array(out, state.assets.iter().len());
    for asset in state.assets.iter() {
        let balances = HOUSE
            .iter()
            .map(|account| asset.house[*account as usize])
            .collect();
        images::HouseImage {
            asset: asset.id,
            balances,
        }
        .write(out);
    }
}

fn market_image(state: &State, market: &Market) -> images::MarketImage {
    let (window, window_price) = window(state, market);
    let rates = market.fees.iter();
    images::MarketImage {
        market: market.id,
        base: market.base,
        quote: market.quote,
        lot_units: market.lot_units,
        tick_num: market.tick_num,
        tick_scale: market.tick_scale,
        parameters: market.parameters.clone(),
        fees: rates
            .map(|(tier, rates)| images::FeeImage {
                tier: *tier,
                maker: rates.maker,
                taker: rates.taker,
            })
            .collect(),
        status: market.status,
        last: market.last,
        reference: market.set_reference,
        window_price,
        interrupted_price: market.interrupted_price,
        window,
        trade_no: market.trade_no,
        sequence: market.book.sequence,
        bids: levels(state, &market.book.bids),
        asks: levels(state, &market.book.asks),
        due: market
            .due
            .iter()
            .map(|(kind, number)| images::DueImage { kind, number })
            .collect(),
        auction_end_ns: market.auction_end_ns,
        extensions: market.extensions,
        uncross: market.uncross.map(|uncross| images::UncrossImage {
            price: uncross.price,
            volume_left: Wide::new(uncross.volume_left),
            status: uncross.status,
            cause: uncross.cause,
            source: uncross.source,
            number: uncross.number,
        }),
    }
}

/// Returns window and V as they are now; a window of 0 ms ended with its entry (L12.6).
fn window(state: &State, market: &Market) -> (i64, Ticks) {
    if market.parameters.window_ms == 0 {
        return (0, 0);
    }
    let window = window_now(market, state.seq, state.ts_ns);
    let is_same = window == market.window;
    (
        window,
        if is_same {
            market.window_price
        } else {
            market.reference()
        },
    )
}

fn levels(state: &State, side: &BookSide) -> Vec<images::LevelImage> {
    let queue = |level| {
        queue_of(state, level)
            .into_iter()
            .map(|slot| state.orders[slot].id)
    };
    side.levels(&state.levels)
        .map(|level| images::LevelImage {
            price: state.levels[level].price,
            orders: queue(level).collect(),
        })
        .collect()
}

fn write_orders(state: &State, out: &mut Writer) {
    let slots = state.open_orders();
    put_array(out, slots.len());
    for (_, slot) in slots {
        order_image(state, &state.orders[slot]).write(out);
    }
}

fn order_image(state: &State, order: &Order) -> images::OrderImage {
    let plain = Rare::default();
    let rare = if order.rare == NONE {
        &plain
    } else {
        &state.rares[order.rare]
    };
    let names = rare.aliases.iter();
    images::OrderImage {
        order: order.id,
        account: state.seat_of(order).account,
        market: order.market,
        terms: terms_of(state, order),
        stp: order.stp,
        filled: order.filled,
        prevented: order.prevented,
        visible: order.visible,
        hold_price: order.price,
        state: order.state as u8,
        extreme: rare.extreme,
        amends: rare.amends,
        aliases: names.map(|name| state.ids[*name].client_id).collect(),
        list_id: if order.parent == NONE {
            OrderId(0)
        } else {
            state.lists[order.parent].id
        },
    }
}

fn write_lists(state: &State, out: &mut Writer) {
    let open = state.lists.iter().filter(|(_, list)| list.is_open());
    let mut slots: Vec<(OrderId, u32)> = open.map(|(slot, list)| (list.id, slot)).collect();
    slots.sort_unstable();
    put_array(out, slots.len());
    for (_, slot) in slots {
        let parent = &state.lists[slot];
        let image = images::ListImage {
            list_id: parent.id,
            account: parent.account,
            market: parent.market,
            kind: parent.kind,
            client_id: parent.client_id,
            stage: parent.stage as u8,
        };
        image.write(out);
    }
}

/// Writes the remembered ids by (account, acceptance), without those that are free.
fn write_ids(state: &State, out: &mut Writer) {
    let is_kept = |one: &&Remembered| one.is_kept && !is_free(state, one);
    let ids = state.ids.iter().filter(is_kept);
    let mut kept: Vec<_> = ids.map(|one| (state.account(one.owner).id, one)).collect();
    kept.sort_unstable_by_key(|(account, one)| (*account, one.born));
    put_array(out, kept.len());
    for (account, one) in kept {
        let image = images::IdImage {
            account,
            client_id: one.client_id,
            number: one.id,
            is_list: one.is_list,
            content: one.repeats.then_some(one.content),
            accepted_ns: one.accepted_ns,
            born: one.born,
        };
        image.write(out);
    }
}
