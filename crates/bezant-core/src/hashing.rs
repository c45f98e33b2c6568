//! Tables from keys to slots. A key stands with its value, in a slab; a table has only hash and slot.
//!
//! Open addressing with a line of cells, so that most look-ups read one line of memory. Nothing walks
//! over a table: its order says nothing, and nothing may depend on it.

use crate::slab::NONE;

const FACTORS: (u64, u64) = (0x9e37_79b9_7f4a_7c15, 0xd6e8_feb8_6659_fd93); // Odd, half of their bits set.
const CELLS_MIN: usize = 8;

/// A slot with the lower half of its key's hash; free where the slot is `NONE`.
#[derive(Clone, Copy, Debug)]
struct Cell {
    tag: u32,
    slot: u32,
}

const FREE: Cell = Cell { tag: 0, slot: NONE };

/// Slots by the hashes of their keys.
#[derive(Clone, Debug, Default)]
pub struct SlotTable {
    cells: Vec<Cell>, // A power of two of them, or none.
    count: usize,
}

impl SlotTable {
    /// Returns the slot of a key: the first with its hash of which `is_it` says so.
    #[inline]
    pub fn find(&self, hash: u64, is_it: impl Fn(u32) -> bool) -> Option<u32> {
        let tag = tag_of(hash);
        let mask = self.cells.len().wrapping_sub(1);
        let mut place = tag as usize & mask;
        loop {
            let cell = *self.cells.get(place)?;
            if cell.slot == NONE {
                return None;
            }
            if cell.tag == tag && is_it(cell.slot) {
                return Some(cell.slot);
            }
            place = (place + 1) & mask;
        }
    }

    /// Adds a slot whose key is not there yet.
    #[inline]
    pub fn insert(&mut self, hash: u64, slot: u32) {
        if 2 * self.count >= self.cells.len() {
            self.grow();
        }
        self.count += 1;
        let tag = tag_of(hash);
        self.put(Cell { tag, slot });
    }

    /// Takes a slot out, which is there under this hash.
    ///
    /// # Panics
    /// If it is not.
    #[inline]
    pub fn remove(&mut self, hash: u64, slot: u32) {
        let cells = &mut self.cells[..];
        let mask = cells.len() - 1;
        let mut hole = tag_of(hash) as usize & mask;
        while cells[hole].slot != slot {
            assert!(cells[hole].slot != NONE, "what leaves a table is in it");
            hole = (hole + 1) & mask;
        }
        self.count -= 1;
        let mut place = hole;
        loop {
            place = (place + 1) & mask;
            let cell = cells[place];
            if cell.slot == NONE {
                break;
            }
            let start = cell.tag as usize & mask;
            let way = place.wrapping_sub(start) & mask; // How far it stands from where it would.
            if way >= place.wrapping_sub(hole) & mask {
                cells[hole] = cell;
                hole = place;
            }
        }
        cells[hole] = FREE;
    }

    fn put(&mut self, cell: Cell) {
        let mask = self.cells.len() - 1;
        let mut place = cell.tag as usize & mask;
        while self.cells[place].slot != NONE {
            place = (place + 1) & mask;
        }
        self.cells[place] = cell;
    }

    #[cold]
    fn grow(&mut self) {
        let size = (2 * self.cells.len()).max(CELLS_MIN);
        let cells = std::mem::replace(&mut self.cells, vec![FREE; size]);
        for cell in cells {
            if cell.slot != NONE {
                self.put(cell);
            }
        }
    }
}

const fn tag_of(hash: u64) -> u32 {
    let [a, b, c, d, ..] = hash.to_le_bytes();
    u32::from_le_bytes([a, b, c, d])
}

/// Returns the hash of a number.
#[inline]
pub fn hash_number(number: u64) -> u64 {
    fold(number ^ FACTORS.1, FACTORS.0)
}

/// Returns the hash of an account's text under a secret of the process.
///
/// Who chooses texts cannot choose where they fall without knowing the secret; what a look-up finds does
/// not depend on it.
#[inline]
pub fn hash_text(secret: u64, account: u32, text: &[u8]) -> u64 {
    let mut hash = fold(secret ^ u64::from(account), FACTORS.0);
    let (words, rest) = text.as_chunks::<8>();
    for word in words {
        hash = fold(hash ^ u64::from_le_bytes(*word), FACTORS.1);
    }
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    let size = text.len() as u64;
    fold(hash ^ u64::from_le_bytes(last), FACTORS.0 ^ size)
}

/// Multiplies and folds the upper half of the product into the lower.
#[inline]
fn fold(number: u64, factor: u64) -> u64 {
    let product = u128::from(number) * u128::from(factor);
    let bytes = product.to_le_bytes();
    let (halves, _) = bytes.as_chunks::<8>();
    u64::from_le_bytes(halves[0]) ^ u64::from_le_bytes(halves[1])
}
