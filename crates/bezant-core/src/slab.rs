//! Slots for values that come and go, so that nothing is allocated on the way of an order.
//!
//! A slot that is given back stays readable until the next one is taken: what an entry has ended can
//! still be looked at. No entry looks at an ended order after it took a slot for a new one: orders come
//! before they match, and a replace has done with the old order when the new one comes.

use std::ops::{Index, IndexMut};

/// The slot of nothing.
pub const NONE: u32 = u32::MAX;

/// Values by slot.
#[derive(Clone, Debug)]
pub struct Slab<T> {
    items: Vec<T>,
    free: Vec<u32>,
}

impl<T> Default for Slab<T> {
    fn default() -> Self {
        Self {
            items: Vec::new(),
            free: Vec::new(),
        }
    }
}

impl<T> Slab<T> {
    /// Returns the slot in which a value now is.
    ///
    /// # Panics
    /// If 2^32 − 1 slots are taken.
    #[inline]
    pub fn insert(&mut self, value: T) -> u32 {
        if let Some(slot) = self.free.pop() {
            self.items[slot as usize] = value;
            return slot;
        }
        let slot = u32::try_from(self.items.len()).expect("fewer than 2^32 values are kept");
        assert!(slot != NONE, "fewer than 2^32 values are kept");
        self.items.push(value);
        slot
    }

    /// Gives a slot back; its value can be read until the next `insert`.
    #[inline]
    pub fn retire(&mut self, slot: u32) {
        self.free.push(slot);
    }

    /// Returns all slots with their values, those that were given back too.
    pub fn iter(&self) -> impl Iterator<Item = (u32, &T)> {
        (0..).zip(&self.items)
    }
}

impl<T> Index<u32> for Slab<T> {
    type Output = T;

    #[inline]
    fn index(&self, slot: u32) -> &T {
        &self.items[slot as usize]
    }
}

impl<T> IndexMut<u32> for Slab<T> {
    #[inline]
    fn index_mut(&mut self, slot: u32) -> &mut T {
        &mut self.items[slot as usize]
    }
}

const PAGE_BITS: u32 = 16;
const PAGE_SIZE: usize = 1 << PAGE_BITS;

/// Values by slot, in pages: more of them copy nothing, and no command waits for a copy.
///
/// A look costs one step more than into a slab, so it is for what is many and looked at once or twice.
#[derive(Clone, Debug)]
pub struct PagedSlab<T> {
    pages: Vec<Vec<T>>, // All but the last are full.
    free: Vec<u32>,
}

impl<T> Default for PagedSlab<T> {
    fn default() -> Self {
        Self {
            pages: Vec::new(),
            free: Vec::new(),
        }
    }
}

impl<T> PagedSlab<T> {
    /// Returns the slot in which a value now is.
    ///
    /// # Panics
    /// If 2^32 − 1 slots are taken.
    #[inline]
    pub fn insert(&mut self, value: T) -> u32 {
        if let Some(slot) = self.free.pop() {
            self[slot] = value;
            return slot;
        }
        if self.pages.last().is_none_or(|page| page.len() == PAGE_SIZE) {
            self.pages.push(Vec::with_capacity(PAGE_SIZE));
        }
        let last = self.pages.len() - 1;
        let place = last * PAGE_SIZE + self.pages[last].len();
        let slot = u32::try_from(place).expect("fewer than 2^32 values are kept");
        assert!(slot != NONE, "fewer than 2^32 values are kept");
        self.pages[last].push(value);
        slot
    }

    /// Gives a slot back; its value can be read until the next `insert`.
    #[inline]
    pub fn retire(&mut self, slot: u32) {
        self.free.push(slot);
    }

    /// Returns all values by slot, those that were given back too.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.pages.iter().flatten()
    }
}

impl<T> Index<u32> for PagedSlab<T> {
    type Output = T;

    #[inline]
    fn index(&self, slot: u32) -> &T {
        &self.pages[(slot >> PAGE_BITS) as usize][slot as usize % PAGE_SIZE]
    }
}

impl<T> IndexMut<u32> for PagedSlab<T> {
    #[inline]
    fn index_mut(&mut self, slot: u32) -> &mut T {
        &mut self.pages[(slot >> PAGE_BITS) as usize][slot as usize % PAGE_SIZE]
    }
}
