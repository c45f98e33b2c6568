//! Exact reads of the state (`reads::Read`): questions in, answers out, nothing changes.

use crate::book::BookSide;
use crate::chart;
use crate::codec::{Text, Wire};
use crate::digest::digest;
use crate::ids::OrderId;
use crate::market::Market;
use crate::order::{terms_of, Order, OrderState};
use crate::reads::{self, Read, PAGE_MAX};
use crate::remembered;
use crate::slab::NONE;
use crate::state::State;
use crate::writer::Writer;

/// Returns the encoded answer at the state's seq; what is not there is answered with `ReadFailed`.
pub fn answer(state: &State, question: &Read) -> Vec<u8> {
    let mut out = Writer::default();
    match question {
        Read::ReadCatalogue(_) => catalogue(state).write(&mut out),
        Read::ReadAccount(question) => account(state, question).write(&mut out),
        Read::ReadOpenOrders(question) => write(&mut out, open_orders(state, question)),
        Read::ReadOrder(question) => write(&mut out, order(state, question)),
        Read::ReadBook(question) => write(&mut out, book(state, question)),
        Read::ReadMarks(_) => {
            let marks = state.marks.iter();
            let view = |(source, number): (&u32, &_)| reads::MarkView {
                source: *source,
                number: *number,
            };
            reads::Marks {
                seq: state.seq,
                marks: marks.map(view).collect(),
            }
            .write(&mut out);
        }
        Read::ReadDigest(_) => {
            let digest = digest(state);
            reads::StateDigest {
                seq: state.seq,
                ts_ns: state.ts_ns,
                digest,
            }
            .write(&mut out);
        }
    }
    out.into_bytes()
}

fn write<T: Wire>(out: &mut Writer, answer: Result<T, reads::ReadFailed>) {
    match answer {
        Ok(found) => found.write(out),
        Err(failed) => failed.write(out),
    }
}

fn catalogue(state: &State) -> reads::Catalogue {
    let assets = state.assets.iter().map(|asset| reads::AssetView {
        asset: asset.id,
        scale: asset.scale,
        issued_max: asset.issued_max,
        enabled: asset.enabled,
    });
    reads::Catalogue {
        seq: state.seq,
        ts_ns: state.ts_ns,
        rules: state.rules_next,
        assets: assets.collect(),
        markets: state.markets.iter().map(market_view).collect(),
    }
}

fn market_view(market: &Market) -> reads::MarketView {
    let fees = market.fees.iter().map(|(tier, rates)| reads::FeeView {
        tier: *tier,
        maker: rates.maker,
        taker: rates.taker,
    });
    reads::MarketView {
        market: market.id,
        base: market.base,
        quote: market.quote,
        lot_units: market.lot_units,
        tick_num: market.tick_num,
        tick_scale: market.tick_scale,
        tick_lot_units: market.tick_lot_units,
        parameters: market.parameters.clone(),
        status: market.status,
        last: market.last,
        reference: market.set_reference,
        trade_no: market.trade_no,
        sequence: market.book.sequence,
        fees: fees.collect(),
    }
}

fn account(state: &State, question: &reads::ReadAccount) -> reads::Account {
    let number = question.account;
    let Some(slot) = state.find_account(number) else {
        return house(state, number);
    };
    let account = state.account(slot);
    let balances = account.balances.iter().map(|(asset, slot)| {
        let balance = &state.balances[*slot as usize];
        reads::BalanceView {
            asset: *asset,
            available: balance.available,
            hold: balance.hold,
        }
    });
    reads::Account {
        seq: state.seq,
        account: number,
        is_known: true,
        is_closed: account.is_closed,
        trade_group: account.trade_group,
        stp: account.stp,
        orders_frozen: account.orders_frozen,
        withdrawals_frozen: account.withdrawals_frozen,
        tier: account.tier,
        balances: balances
            .filter(|one| one.available != 0 || one.hold != 0)
            .collect(),
    }
}

fn house(state: &State, number: u32) -> reads::Account {
    let is_house = chart::is_house(number);
    let assets = state.assets.iter().filter(|_| is_house);
    let balances = assets.map(|asset| reads::BalanceView {
        asset: asset.id,
        available: asset.house[number as usize],
        hold: 0,
    });
    reads::Account {
        seq: state.seq,
        account: number,
        is_known: is_house,
        is_closed: false,
        trade_group: 0,
        stp: 0,
        orders_frozen: false,
        withdrawals_frozen: false,
        tier: 0,
        balances: balances.collect(),
    }
}

fn open_orders(
    state: &State,
    question: &reads::ReadOpenOrders,
) -> Result<reads::OpenOrders, reads::ReadFailed> {
    check_page(state, "limit", question.limit)?;
    let limit = question.limit as usize;
    let mut slots: Vec<(OrderId, u32)> = if question.account == 0 {
        state.open_orders()
    } else {
        let account = find_account(state, question.account)?;
        let slots = state.orders_of(account).into_iter();
        slots.map(|slot| (state.orders[slot].id, slot)).collect()
    };
    slots.retain(|(id, slot)| {
        let is_here = question.market == 0 || question.market == state.orders[*slot].market;
        *id > question.after && is_here
    });
    slots.sort_unstable();
    let page = slots.iter().take(limit);
    Ok(reads::OpenOrders {
        seq: state.seq,
        orders: page
            .map(|(_, slot)| order_view(state, &state.orders[*slot]))
            .collect(),
        has_more: slots.len() > limit,
    })
}

fn order(
    state: &State,
    question: &reads::ReadOrder,
) -> Result<reads::OrderFound, reads::ReadFailed> {
    let account = find_account(state, question.account)?;
    let mut number = question.order_id;
    if number == OrderId(0) {
        let named = remembered::find(state, account, question.client_id);
        let named = named
            .map(|slot| &state.ids[slot])
            .filter(|one| !one.is_list);
        number = named.map_or(OrderId(0), |one| one.id);
    }
    let found = state.find_order_of(account, number);
    if found.is_none() && question.order_id != OrderId(0) {
        return Ok(reads::OrderFound {
            seq: state.seq,
            order_id: OrderId(0),
            order: None,
        });
    }
    let order = found.map(|slot| order_view(state, &state.orders[slot]));
    Ok(reads::OrderFound {
        seq: state.seq,
        order_id: number,
        order,
    })
}

fn order_view(state: &State, order: &Order) -> reads::OrderView {
    let mut terms = terms_of(state, order);
    terms.stp = order.stp;
    let is_waiting = order.state == OrderState::Waiting;
    reads::OrderView {
        order_id: order.id,
        account: state.seat_of(order).account,
        market: order.market,
        order: terms,
        state: if is_waiting {
            OrderState::Pending as u8
        } else {
            order.state as u8
        },
        filled: order.filled,
        prevented: order.prevented,
        visible: order.visible,
        hold: order.hold,
        list_id: if order.parent == NONE {
            OrderId(0)
        } else {
            state.lists[order.parent].id
        },
    }
}

fn book(state: &State, question: &reads::ReadBook) -> Result<reads::Book, reads::ReadFailed> {
    check_page(state, "depth", question.depth)?;
    let Some(place) = state.markets.find(question.market) else {
        return Err(failed(
            state,
            format!("market {} is unknown", question.market),
        ));
    };
    let market = &state.markets[place];
    let depth = question.depth as usize;
    Ok(reads::Book {
        seq: state.seq,
        market: market.id,
        sequence: market.book.sequence,
        bids: levels(state, &market.book.bids, depth),
        asks: levels(state, &market.book.asks, depth),
    })
}

fn levels(state: &State, side: &BookSide, depth: usize) -> Vec<reads::LevelView> {
    let view = |slot| {
        let level = &state.levels[slot];
        reads::LevelView {
            price: level.price,
            visible: level.visible,
            orders: level.count,
        }
    };
    side.levels(&state.levels).take(depth).map(view).collect()
}

fn find_account(state: &State, account: u32) -> Result<u32, reads::ReadFailed> {
    let found = state.find_account(account);
    found.ok_or_else(|| failed(state, format!("account {account} is unknown")))
}

fn check_page(state: &State, name: &str, asked: u32) -> Result<(), reads::ReadFailed> {
    if (1..=PAGE_MAX).contains(&asked) {
        return Ok(());
    }
    let text = format!("{name} {asked} is not allowed: ask for 1 to {PAGE_MAX}");
    Err(failed(state, text))
}

fn failed(state: &State, text: String) -> reads::ReadFailed {
    reads::ReadFailed {
        seq: state.seq,
        text: Text(text),
    }
}
