//! What a command costs as orders, accounts, markets and levels grow, and what each takes of memory.
//!
//!     growth [COMMANDS] [LARGEST]
//!
//! CPU time from bytes to bytes, the mean of COMMANDS commands of a kind, best of three rounds after a
//! warm-up. Bytes each are those that the house takes beyond the smaller one before it. LARGEST bounds
//! the sizes (10^6 where it is not said). Ids of markets have 16 bits: 65,535 at most.

use std::time::Duration;

use bezant_bench::house::{House, Size};
use bezant_bench::{allocated, grouped};

const PLAIN: Size = Size {
    accounts: 1_000,
    markets: 1,
    levels: 1_000,
    orders: 10_000,
};

fn main() {
    let mut arguments = std::env::args()
        .skip(1)
        .map(|text| text.parse().expect("a number"));
    let count: usize = arguments.next().unwrap_or(50_000);
    let largest: usize = arguments.next().unwrap_or(1_000_000);
    println!(
        "ns of CPU time a command, bytes to bytes, {} of each kind",
        grouped(count as u64)
    );
    println!("                     place   amend    move    take  cancel  bytes each");
    let sizes = || {
        [1_000, 10_000, 100_000, 1_000_000]
            .into_iter()
            .filter(move |size| *size <= largest)
    };
    let mut smaller = None;
    for orders in sizes() {
        smaller = measure("orders", orders, count, Size { orders, ..PLAIN }, smaller);
    }
    smaller = None;
    for accounts in sizes() {
        let number = u32::try_from(accounts).expect("an account");
        let size = Size {
            accounts: number,
            ..PLAIN
        };
        smaller = measure("accounts", accounts, count, size, smaller);
    }
    smaller = None;
    let markets = [1_000, 10_000, 65_535];
    for markets in markets.into_iter().filter(|size| *size <= largest) {
        let size = Size {
            markets: u16::try_from(markets).expect("a market"),
            levels: 10,
            orders: 2 * markets,
            ..PLAIN
        };
        smaller = measure("markets", markets, count, size, smaller);
    }
    smaller = None;
    for levels in [1_000, 100_000].into_iter().filter(|size| *size <= largest) {
        let size = Size {
            levels: levels as i64,
            orders: 2 * largest.min(100_000),
            ..PLAIN
        };
        smaller = measure("levels", levels, count, size, smaller);
    }
}

/// Prints a line; returns how many there are and the bytes that the house takes.
fn measure(
    what: &str,
    number: usize,
    count: usize,
    size: Size,
    smaller: Option<(usize, usize)>,
) -> Option<(usize, usize)> {
    let before = allocated();
    let mut house = House::open(size);
    let bytes = allocated() - before;
    run(&mut house, count);
    let rounds: Vec<_> = (0..3).map(|_| run(&mut house, count)).collect();
    let least = |kind: usize| rounds.iter().map(|round| round[kind]).min();
    let figures = (0..5).filter_map(least);
    print!("{:>9} {what:<9}", grouped(number as u64));
    for took in figures {
        print!(" {:>7.0}", took.as_nanos() as f64 / count as f64);
    }
    match smaller {
        Some((fewer, less)) if fewer < number => {
            let each = bytes.saturating_sub(less) / (number - fewer);
            println!("  {:>10}", grouped(each as u64));
        }
        _ => println!(),
    }
    Some((number, bytes))
}

/// Places, amends in place, moves, takes and cancels; returns what each kind took.
fn run(house: &mut House, count: usize) -> [Duration; 5] {
    let mut placed = Vec::with_capacity(count);
    for index in 0..count {
        let (account, market, level) = (house.account(), house.market(), house.level());
        let order = house.place(account, market, u8::from(index % 2 == 1), level, 10);
        placed.push((account, order, index % 2 == 1));
    }
    let place = house.spent();
    for at in (1..placed.len()).rev() {
        let other = usize::try_from(house.draw(at as u64 + 1)).expect("a place");
        placed.swap(at, other);
    }
    for (account, order, _) in &placed {
        house.amend(*account, *order, Some(9));
    }
    let amend = house.spent();
    let bids = placed.iter().filter(|(_, _, is_ask)| !is_ask);
    for (account, order, _) in bids.clone().chain(bids) {
        house.amend(*account, *order, None);
    }
    let moved = house.spent();
    for index in 0..count {
        let (account, market) = (house.account(), house.market());
        house.take(account, market, u8::from(index % 2 == 1), 1);
    }
    let take = house.spent();
    for (account, order, _) in &placed {
        house.cancel(*account, *order);
    }
    [place, amend, moved, take, house.spent()]
}
