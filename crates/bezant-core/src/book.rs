//! The order book of a market: price-time queues (INV-05). Not for matching, it only keeps order.
//!
//! A side keeps its levels by *key*: the price for bids, its negative for asks, so that on both sides
//! the best level has the greatest key.

use std::collections::BTreeMap;

use crate::ids::Seq;
use crate::order::UNLINKED;
use crate::slab::NONE;
use crate::state::State;
use crate::units::{Lots, Ticks};
use crate::words::SELL;

/// One price: its orders as a linked queue of slots, and their sums.
#[derive(Clone, Copy, Debug)]
pub struct Level {
    pub price: Ticks,
    pub visible: Lots,
    pub leaves: Lots,
    pub count: u32,
    pub head: u32,
    pub tail: u32,
}

/// Bids or asks; `sign` turns a price into a key and back.
#[derive(Clone, Debug)]
pub struct BookSide {
    sign: i64,
    best: Option<(i64, u32)>, // Key and slot.
    keys: BTreeMap<i64, u32>, // Slots by key, the best last.
}

impl BookSide {
    fn new(sign: i64) -> Self {
        Self {
            sign,
            best: None,
            keys: BTreeMap::new(),
        }
    }

    /// Returns the slot of the best level, or None of an empty side.
    #[inline]
    pub fn best(&self) -> Option<u32> {
        self.best.map(|(_, slot)| slot)
    }

    /// Returns whether a limit on the other side at this price could take from here.
    #[inline]
    pub fn is_reached(&self, price: Ticks) -> bool {
        self.best.is_some_and(|(key, _)| key >= price * self.sign)
    }

    /// Returns the slots of the levels, the best first.
    pub fn levels(&self) -> impl DoubleEndedIterator<Item = u32> + ExactSizeIterator + '_ {
        self.keys.values().rev().copied()
    }

    fn insert(&mut self, key: i64, slot: u32) {
        self.keys.insert(key, slot);
        if self.best.is_none_or(|(best, _)| key > best) {
            self.best = Some((key, slot));
        }
    }

    fn remove(&mut self, key: i64) {
        self.keys.remove(&key);
        if self.best.is_some_and(|(best, _)| best == key) {
            self.best = self.keys.last_key_value().map(|(key, slot)| (*key, *slot));
        }
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
    let key = price * side.sign;
    let place = if let Some(place) = side.keys.get(&key) {
        *place
    } else {
        let empty = Level {
            price,
            visible: 0,
            leaves: 0,
            count: 0,
            head: NONE,
            tail: NONE,
        };
        let place = state.levels.insert(empty);
        side.insert(key, place);
        place
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
        side.remove(order.price * side.sign);
        state.levels.retire(order.level);
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
