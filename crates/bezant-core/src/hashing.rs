//! A quick hash for keys that are integers or short ids. Not for secrets, and never iterated.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15; // 2^64 / golden ratio.

/// A map by quick hash; its order says nothing, so nothing may depend on it.
pub type QuickMap<K, V> = HashMap<K, V, BuildHasherDefault<QuickHasher>>;

/// Multiplies and folds, eight bytes at a time.
#[derive(Clone, Copy, Debug, Default)]
pub struct QuickHasher {
    state: u64,
}

impl QuickHasher {
    #[inline]
    fn add(&mut self, word: u64) {
        let product = u128::from(self.state ^ word) * u128::from(FACTOR);
        let bytes = product.to_le_bytes();
        let half = |at: usize| -> u64 {
            let mut word = [0; 8];
            word.copy_from_slice(&bytes[at..at + 8]);
            u64::from_le_bytes(word)
        };
        self.state = half(0) ^ half(8);
    }
}

impl Hasher for QuickHasher {
    #[inline]
    fn finish(&self) -> u64 {
        self.state
    }

    #[inline]
    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.add(u64::from_le_bytes(word));
        }
        self.add(bytes.len() as u64 ^ FACTOR);
    }

    #[inline]
    fn write_u8(&mut self, value: u8) {
        self.add(u64::from(value) ^ FACTOR);
    }

    #[inline]
    fn write_u16(&mut self, value: u16) {
        self.add(u64::from(value) ^ FACTOR);
    }

    #[inline]
    fn write_u32(&mut self, value: u32) {
        self.add(u64::from(value) ^ FACTOR);
    }

    #[inline]
    fn write_u64(&mut self, value: u64) {
        self.add(value ^ FACTOR);
    }

    #[inline]
    fn write_i64(&mut self, value: i64) {
        self.add(value.cast_unsigned() ^ FACTOR);
    }
}
