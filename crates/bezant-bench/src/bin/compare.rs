//! The same flow on engines that others publish, in one run, of what all can do: limit and market orders
//! and cancels by id in one market.
//!
//!     compare FILE [PASSES]      (built with the feature `others`)
//!
//! None of the others has accounts, balances, holds, fees, bands, client ids, limits, a digest, snapshots
//! of its state or bytes in and out; each gets decoded commands and hands back values, and so does ours
//! in the line `apply and encode`, which in addition writes its events.

use std::collections::HashMap;
use std::hint::black_box;
use std::time::Duration;

use bezant_bench::{rate, timed, Saved, TS_NS};
use bezant_core::commands::Command;
use bezant_core::entries::read_entry;
use bezant_core::ids::seq_of_order;
use bezant_core::reader::Reader;
use bezant_core::words::SELL;

/// What all engines can do; a cancel names the place of the order's own step.
#[derive(Clone, Copy)]
enum Step {
    Limit { is_ask: bool, price: u64, qty: u64 },
    Market { is_ask: bool, qty: u64 },
    Cancel { step: usize },
}

/// What became of a flow: how many of its commands were played after the opening, the CPU time that they
/// took, and all trades.
struct Played {
    count: usize,
    took: Duration,
    trades: u64,
}

const LONGEST: Duration = Duration::from_secs(5); // What is slower is stopped there.
const STRIDE: usize = 1_000;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().expect("the path of a saved flow");
    let passes: usize = arguments
        .next()
        .map_or(5, |text| text.parse().expect("passes"));
    let saved = Saved::read(&path);
    let (opening, steps) = steps_of(&saved);
    report("bezant-core (apply and encode)", passes, || bezant(&saved));
    report("matchcore 0.4.0", passes, || matchcore(&steps, opening));
    report("lobster 0.7.0", passes, || lobster(&steps, opening));
}

fn report(name: &str, passes: usize, play: impl Fn() -> Played) {
    let mut best = play();
    for _ in 1..passes {
        if best.took < LONGEST {
            let played = play();
            if played.took < best.took {
                best = played;
            }
        }
    }
    println!(
        "{name:<31} {:>12} commands/s {:>9} commands {:>9} trades",
        rate(best.count, best.took),
        best.count,
        best.trades
    );
}

/// Returns how many steps the opening has, and all of them.
fn steps_of(saved: &Saved) -> (usize, Vec<Step>) {
    let (mut steps, mut places, mut opening) = (Vec::new(), HashMap::new(), 0);
    for (index, entry) in saved.opening.iter().chain(&saved.flow).enumerate() {
        if index == saved.opening.len() {
            opening = steps.len();
        }
        let (seq, command, _) = read_entry(&mut Reader::new(entry)).expect("an entry");
        match command {
            Command::PlaceOrder(command) => {
                places.insert(seq, steps.len());
                let terms = command.order;
                let (is_ask, qty) = (terms.side == SELL, terms.qty.unsigned_abs());
                steps.push(if terms.price == 0 {
                    Step::Market { is_ask, qty }
                } else {
                    let price = terms.price.unsigned_abs();
                    Step::Limit { is_ask, price, qty }
                });
            }
            Command::CancelOrder(command) => steps.push(Step::Cancel {
                step: places[&seq_of_order(command.order_id)],
            }),
            _ => {}
        }
    }
    (opening, steps)
}

fn bezant(saved: &Saved) -> Played {
    let mut engine = saved.open();
    let bytes = saved.flow.concat();
    let mut from = Reader::new(&bytes);
    let mut entries = Vec::with_capacity(saved.flow.len());
    while !from.is_at_end() {
        entries.push(read_entry(&mut from).expect("an entry"));
    }
    let ((), took) = timed(|| {
        for (seq, command, raw) in &entries {
            let applied = engine.apply_command(TS_NS, *seq, command, raw);
            applied.expect("the flow applies");
        }
    });
    let trades = engine.state.markets[0].trade_no.unsigned_abs();
    Played {
        count: entries.len(),
        took,
        trades,
    }
}

/// Plays steps with what takes one and returns its trades; the opening is not timed.
fn play(steps: &[Step], opening: usize, mut step: impl FnMut(usize, Step) -> usize) -> Played {
    let mut trades = 0;
    let mut run = |from: usize, to: usize| {
        for (index, one) in steps.iter().enumerate().take(to).skip(from) {
            trades += step(index, *one) as u64;
        }
    };
    run(0, opening);
    let (mut took, mut done) = (Duration::ZERO, opening);
    while done < steps.len() && took < LONGEST {
        let next = (done + STRIDE).min(steps.len());
        took += timed(|| run(done, next)).1;
        done = next;
    }
    Played {
        count: done - opening,
        took,
        trades,
    }
}

fn matchcore(steps: &[Step], opening: usize) -> Played {
    use matchcore::{
        CancelCmd, Command, CommandKind, CommandMeta, CommandOutcome, CommandReport, LimitOrder,
        MarketOrder, NewOrder, OrderBook, OrderFlags, OrderId, OrderKind, Price, Quantity,
        QuantityPolicy, SequenceNumber, Side, SubmitCmd, TimeInForce, Timestamp,
    };
    let side = |is_ask| if is_ask { Side::Sell } else { Side::Buy };
    let mut book = OrderBook::new("BENCH");
    play(steps, opening, |index, step| {
        let kind = match step {
            Step::Limit { is_ask, price, qty } => {
                let policy = QuantityPolicy::Standard {
                    quantity: Quantity(qty),
                };
                let flags = OrderFlags::new(side(is_ask), false, TimeInForce::Gtc);
                CommandKind::Submit(SubmitCmd {
                    order: NewOrder::Limit(LimitOrder::new(Price(price), policy, flags)),
                })
            }
            Step::Market { is_ask, qty } => CommandKind::Submit(SubmitCmd {
                order: NewOrder::Market(MarketOrder::new(Quantity(qty), side(is_ask), false)),
            }),
            Step::Cancel { step } => CommandKind::Cancel(CancelCmd {
                order_id: OrderId(step as u64),
                order_kind: OrderKind::Limit,
            }),
        };
        let meta = CommandMeta {
            sequence_number: SequenceNumber(index as u64),
            timestamp: Timestamp(1),
        };
        match black_box(book.execute(&Command { meta, kind })) {
            CommandOutcome::Applied(CommandReport::Submit(effects)) => effects
                .target_order()
                .match_result()
                .map_or(0, |result| result.trades().len()),
            _ => 0,
        }
    })
}

fn lobster(steps: &[Step], opening: usize) -> Played {
    use lobster::{OrderBook, OrderEvent, OrderType, Side};
    let side = |is_ask| if is_ask { Side::Ask } else { Side::Bid };
    let mut book = OrderBook::default();
    play(steps, opening, |index, step| {
        let order = match step {
            Step::Limit { is_ask, price, qty } => OrderType::Limit {
                id: index as u128,
                side: side(is_ask),
                qty,
                price,
            },
            Step::Market { is_ask, qty } => OrderType::Market {
                id: index as u128,
                side: side(is_ask),
                qty,
            },
            Step::Cancel { step } => OrderType::Cancel { id: step as u128 },
        };
        match black_box(book.execute(order)) {
            OrderEvent::PartiallyFilled { fills, .. } | OrderEvent::Filled { fills, .. } => {
                fills.len()
            }
            _ => 0,
        }
    })
}
