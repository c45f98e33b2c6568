//! Which prices of a side have a level: a tree of bits, 64 to a word, so that any range costs the same.
//!
//! Bit b of the word of depth d and prefix p says that a rank r with r >> 6d == 64p + b is there. Words
//! stand in a table by depth and prefix; a word without bits is not kept. A rank says how good a price
//! is on its side; neighbors near the touch share words, so most look-ups end in the first.

const DEPTHS: u32 = 11; // 6 bits each: more than the 63 of a rank.
const CELLS_MIN: usize = 16;
const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15; // 2^64 / golden ratio.

/// A word with its depth and prefix; free where it has no bits.
#[derive(Clone, Copy, Debug)]
struct Cell {
    key: u64,
    bits: u64,
}

/// A set of ranks below 2^63.
#[derive(Clone, Debug, Default)]
pub struct Ladder {
    cells: Vec<Cell>, // A power of two of them, or none.
    count: usize,
}

impl Ladder {
    /// Adds a rank that is not there.
    pub fn insert(&mut self, rank: u64) {
        for depth in 0..DEPTHS {
            let (key, bit) = word_of(rank, depth);
            if let Some(place) = self.find(key) {
                self.cells[place].bits |= 1 << bit;
                return;
            }
            self.add(Cell {
                key,
                bits: 1 << bit,
            });
        }
    }

    /// Takes out a rank that is there.
    ///
    /// # Panics
    /// If it is not.
    pub fn remove(&mut self, rank: u64) {
        for depth in 0..DEPTHS {
            let (key, bit) = word_of(rank, depth);
            let place = self.find(key).expect("what leaves a ladder is on it");
            self.cells[place].bits &= !(1 << bit);
            if self.cells[place].bits != 0 {
                return;
            }
            self.free(place);
        }
    }

    /// Returns the least rank above this one.
    pub fn above(&self, rank: u64) -> Option<u64> {
        for depth in 0..DEPTHS {
            let (key, bit) = word_of(rank, depth);
            let bits = self.find(key).map_or(0, |place| self.cells[place].bits);
            let higher = bits & (u64::MAX << bit) & !(1 << bit);
            if higher != 0 {
                let start = rank >> (6 * depth) >> 6 << 6 | u64::from(higher.trailing_zeros());
                return Some(self.least(start, depth));
            }
        }
        None
    }

    /// Returns the least rank whose upper bits, from a depth on, are these.
    fn least(&self, mut start: u64, depth: u32) -> u64 {
        for depth in (0..depth).rev() {
            let place = self.find(key_of(depth, start));
            let bits = self.cells[place.expect("a bit has a word below it")].bits;
            start = start << 6 | u64::from(bits.trailing_zeros());
        }
        start
    }

    #[inline]
    fn find(&self, key: u64) -> Option<usize> {
        let mask = self.cells.len().wrapping_sub(1);
        let mut place = self.home(key);
        loop {
            let cell = self.cells.get(place)?;
            if cell.bits == 0 {
                return None;
            }
            if cell.key == key {
                return Some(place);
            }
            place = (place + 1) & mask;
        }
    }

    fn add(&mut self, cell: Cell) {
        if 3 * self.count >= 2 * self.cells.len() {
            let size = (2 * self.cells.len()).max(CELLS_MIN);
            let cells = std::mem::replace(&mut self.cells, vec![Cell { key: 0, bits: 0 }; size]);
            for cell in cells {
                if cell.bits != 0 {
                    self.put(cell);
                }
            }
        }
        self.count += 1;
        self.put(cell);
    }

    fn put(&mut self, cell: Cell) {
        let mask = self.cells.len() - 1;
        let mut place = self.home(cell.key);
        while self.cells[place].bits != 0 {
            place = (place + 1) & mask;
        }
        self.cells[place] = cell;
    }

    /// Frees a cell; those behind it move up, so that none is lost to look-ups.
    fn free(&mut self, mut hole: usize) {
        let mask = self.cells.len() - 1;
        self.count -= 1;
        let mut place = hole;
        loop {
            place = (place + 1) & mask;
            let cell = self.cells[place];
            if cell.bits == 0 {
                break;
            }
            let way = place.wrapping_sub(self.home(cell.key)) & mask;
            if way >= place.wrapping_sub(hole) & mask {
                self.cells[hole] = cell;
                hole = place;
            }
        }
        self.cells[hole].bits = 0;
    }

    #[inline]
    fn home(&self, key: u64) -> usize {
        let [.., a, b, c, d] = key.wrapping_mul(FACTOR).to_le_bytes();
        u32::from_le_bytes([a, b, c, d]) as usize & self.cells.len().wrapping_sub(1)
    }
}

#[inline]
const fn word_of(rank: u64, depth: u32) -> (u64, u32) {
    let upper = rank >> (6 * depth);
    let [bit, ..] = upper.to_le_bytes();
    (key_of(depth, upper >> 6), (bit & 63) as u32)
}

#[inline]
const fn key_of(depth: u32, prefix: u64) -> u64 {
    (depth as u64) << 58 | prefix
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::Ladder;

    #[test]
    fn a_ladder_says_what_a_set_says() {
        let (mut ladder, mut set) = (Ladder::default(), BTreeSet::new());
        let mut chance: u64 = 1;
        for step in 0..200_000_u64 {
            chance = chance
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(step | 1);
            let wide = [7, 13, 40, 62][(chance >> 60) as usize & 3];
            let rank = chance >> 1 & ((1 << wide) - 1);
            if set.remove(&rank) {
                ladder.remove(rank);
            } else {
                set.insert(rank);
                ladder.insert(rank);
            }
            assert_eq!(ladder.above(rank), set.range(rank + 1..).next().copied());
        }
        for rank in set {
            ladder.remove(rank);
        }
        assert_eq!((ladder.count, ladder.above(0)), (0, None));
    }
}
