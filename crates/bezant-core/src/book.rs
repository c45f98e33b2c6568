//! The order book of a market: price-time queues (INV-05). Not for matching, it only keeps order.
//!
//! A level's *key* is its price for bids, its negative for asks, so that on both sides the best level has
//! the greatest key.

use crate::hashing::{hash_number, SlotTable};
use crate::ids::Seq;
use crate::ladder::Ladder;
use crate::order::UNLINKED;
use crate::slab::{Slab, NONE};
use crate::state::State;
use crate::units::{Lots, Ticks};
use crate::words::SELL;

/// One price: its orders as a linked queue of slots, and their sums.
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
pub struct Level {
    pub price: Ticks,
    pub visible: Lots,
    pub leaves: Lots,
    pub count: u32,
    pub head: u32,
    pub tail: u32,
    pub better: u32, // The levels before and after it in the chain of its side.
    pub worse: u32,
}

/// Bids or asks: levels by price in a table, from the best on in a chain, and a ladder that finds a new
/// level its place in the chain.
#[derive(Clone, Debug)]
pub struct BookSide {
    sign: i64, // Turns a price into a key.
    best: u32,
    best_key: i64, // Of the best level, the least key of an empty side.
    count: usize,
    table: SlotTable,
    ladder: Ladder,
}

impl BookSide {
    fn new(sign: i64) -> Self {
        Self {
            sign,
            best: NONE,
            best_key: i64::MIN,
            count: 0,
            table: SlotTable::default(),
            ladder: Ladder::default(),
        }
    }

    /// Returns the slot of the best level, or None of an empty side.
    #[inline]
    pub fn best(&self) -> Option<u32> {
        if self.best == NONE {
            None
        } else {
            Some(self.best)
        }
    }

    /// Returns whether a limit on the other side at this price could take from here.
    #[inline]
    pub fn is_reached(&self, price: Ticks) -> bool {
        self.best != NONE && self.best_key >= price * self.sign
    }

    /// Returns how many levels there are.
    pub const fn level_count(&self) -> usize {
        self.count
    }

    /// Returns the slots of the levels, the best first.
    pub fn levels<'a>(&self, levels: &'a Slab<Level>) -> impl Iterator<Item = u32> + 'a {
        let worse = |slot: &u32| {
            let worse = levels[*slot].worse;
            if worse == NONE {
                None
            } else {
                Some(worse)
            }
        };
        std::iter::successors(self.best(), worse)
    }

    /// Returns how good a price is here: the better, the greater.
    fn rank(&self, price: Ticks) -> u64 {
        let rank = if self.sign > 0 {
            price
        } else {
            i64::MAX - price
        };
        rank.unsigned_abs()
    }

    /// Returns the slot of the level of a price.
    #[inline]
    fn find(&self, levels: &Slab<Level>, price: Ticks) -> Option<u32> {
        let is_it = |slot| levels[slot].price == price;
        self.table.find(hash_number(price.unsigned_abs()), is_it)
    }

    /// Adds an empty level and returns its slot.
    fn insert(&mut self, levels: &mut Slab<Level>, price: Ticks) -> u32 {
        let key = price * self.sign;
        let mut level = Level {
            price,
            visible: 0,
            leaves: 0,
            count: 0,
            head: NONE,
            tail: NONE,
            better: NONE,
            worse: self.best,
        };
        let rank = self.rank(price);
        if self.best != NONE && key < self.best_key {
            let above = self.ladder.above(rank).expect("the best is better");
            let above = Ticks::try_from(above).expect("a rank is below 2^63");
            let price = if self.sign > 0 {
                above
            } else {
                i64::MAX - above
            };
            let better = self.find(levels, price);
            level.better = better.expect("what is on the ladder has a level");
            level.worse = levels[level.better].worse;
        }
        let slot = levels.insert(level);
        if level.better == NONE {
            self.best = slot;
            self.best_key = key;
        } else {
            levels[level.better].worse = slot;
        }
        if level.worse != NONE {
            levels[level.worse].better = slot;
        }
        self.count += 1;
        self.ladder.insert(rank);
        self.table.insert(hash_number(price.unsigned_abs()), slot);
        slot
    }

    fn remove(&mut self, levels: &mut Slab<Level>, slot: u32) {
        let level = levels[slot];
        if level.better == NONE {
            self.best = level.worse;
            self.best_key = if level.worse == NONE {
                i64::MIN
            } else {
                levels[level.worse].price * self.sign
            };
        } else {
            levels[level.better].worse = level.worse;
        }
        if level.worse != NONE {
            levels[level.worse].better = level.better;
        }
        self.count -= 1;
        self.ladder.remove(self.rank(level.price));
        self.table
            .remove(hash_number(level.price.unsigned_abs()), slot);
        levels.retire(slot);
    }
}

/// Both sides, and the seq of the last entry that changed a visible quantity or a queue.
#[derive(Clone, Debug)]
pub struct Book {
    pub bids: BookSide,
    pub asks: BookSide,
    pub sequence: Seq,
}

impl Default for Book {
    fn default() -> Self {
        Self {
            bids: BookSide::new(1),
            asks: BookSide::new(-1),
            sequence: 0,
        }
    }
}

impl Book {
    /// Returns the side on which orders of this side stand.
    #[inline]
    pub fn side(&mut self, side: u8) -> &mut BookSide {
        if side == SELL {
            &mut self.asks
        } else {
            &mut self.bids
        }
    }

    /// Returns the side that orders of this side take from.
    #[inline]
    pub fn opposite(&self, side: u8) -> &BookSide {
        if side == SELL {
            &self.bids
        } else {
            &self.asks
        }
    }
}

/// Puts an order at the tail of its level.
pub fn append(state: &mut State, slot: u32) {
    let order = &state.orders[slot];
    let (visible, leaves, price) = (order.visible, order.leaves, order.price);
    let book = &mut state.markets[order.place].book;
    book.sequence = state.seq;
    let side = book.side(order.side);
    let place = match side.find(&state.levels, price) {
        Some(place) => place,
        None => side.insert(&mut state.levels, price),
    };
    let level = &mut state.levels[place];
    level.visible += visible;
    level.leaves += leaves;
    level.count += 1;
    state.orders[slot].level = place;
    link(state, slot);
}

/// Takes a resting order out of its level, and the level away with its last order.
pub fn remove(state: &mut State, slot: u32) {
    let order = &state.orders[slot];
    let book = &mut state.markets[order.place].book;
    book.sequence = state.seq;
    let level = &mut state.levels[order.level];
    if level.count == 1 {
        let side = book.side(order.side);
        side.remove(&mut state.levels, order.level);
        state.orders[slot].in_level = UNLINKED;
    } else {
        level.visible -= order.visible;
        level.leaves -= order.leaves;
        level.count -= 1;
        unlink(state, slot);
    }
}

/// Takes lots from a resting order, which keeps its place and shows `visible` from now on.
pub fn reduce(state: &mut State, slot: u32, lots: Lots, visible: Lots) {
    let order = &mut state.orders[slot];
    let level = &mut state.levels[order.level];
    level.leaves -= lots;
    level.visible += visible - order.visible;
    order.leaves -= lots;
    order.visible = visible;
    state.markets[order.place].book.sequence = state.seq;
}

/// Lets a resting order show this many of its leaves, in its place.
pub fn show(state: &mut State, slot: u32, visible: Lots) {
    reduce(state, slot, 0, visible);
}

/// Moves a resting order to the tail of its level (L9.1).
pub fn requeue(state: &mut State, slot: u32) {
    if state.levels[state.orders[slot].level].tail == slot {
        return;
    }
    unlink(state, slot);
    link(state, slot);
}

fn link(state: &mut State, slot: u32) {
    let level = &mut state.levels[state.orders[slot].level];
    let tail = level.tail;
    level.tail = slot;
    if tail == NONE {
        level.head = slot;
    } else {
        state.orders[tail].in_level.next = slot;
    }
    state.orders[slot].in_level.previous = tail;
}

fn unlink(state: &mut State, slot: u32) {
    let order = &mut state.orders[slot];
    let (links, place) = (order.in_level, order.level);
    order.in_level = UNLINKED;
    let level = &mut state.levels[place];
    if links.previous == NONE {
        level.head = links.next;
    }
    if links.next == NONE {
        level.tail = links.previous;
    }
    if links.previous != NONE {
        state.orders[links.previous].in_level.next = links.next;
    }
    if links.next != NONE {
        state.orders[links.next].in_level.previous = links.previous;
    }
}
