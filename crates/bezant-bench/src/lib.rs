//! What the benches share: saved flows, engines that have seen an opening, figures.

#![forbid(unsafe_code)]

pub mod house;

use std::alloc::System;
use std::time::Duration;

use bezant_core::engine::Engine;
use bezant_core::entries::read_entry;
use bezant_core::reader::Reader;
use cap::Cap;
use cpu_time::ThreadTime;

#[global_allocator]
static ALLOCATOR: Cap<System> = Cap::new(System, usize::MAX);

pub const TS_NS: i64 = 1_000_000;
pub const BATCH: usize = 200;

/// A flow as `python -m benches.engine --save DIR` writes it: what opens the market, then the rest.
pub struct Saved {
    pub opening: Vec<Vec<u8>>,
    pub flow: Vec<Vec<u8>>,
}

impl Saved {
    /// Returns the flow of a file: the number of its opening's entries in 4 bytes, then all entries.
    pub fn read(path: &str) -> Self {
        let bytes = std::fs::read(path).unwrap_or_else(|error| panic!("{path}: {error}"));
        let (head, mut rest) = bytes.split_at(4);
        let count = u32::from_be_bytes(head.try_into().expect("4 bytes")) as usize;
        let mut entries = Vec::new();
        while !rest.is_empty() {
            let mut from = Reader::new(rest);
            read_entry(&mut from).expect("an entry");
            let (entry, left) = rest.split_at(rest.len() - from.rest().len());
            entries.push(entry.to_vec());
            rest = left;
        }
        let flow = entries.split_off(count);
        Self {
            opening: entries,
            flow,
        }
    }

    /// Returns an engine that has seen the opening.
    pub fn open(&self) -> Engine {
        let mut engine = Engine::new(0).expect("a shard");
        engine
            .apply(TS_NS, 1, &self.opening.concat())
            .expect("the opening applies");
        engine
    }
}

/// Returns what a call returns and the CPU time that it took.
pub fn timed<T>(call: impl FnOnce() -> T) -> (T, Duration) {
    let start = ThreadTime::now();
    let value = call();
    (value, start.elapsed())
}

/// Returns a rate with thousands set apart.
pub fn rate(count: usize, took: Duration) -> String {
    grouped((count as f64 / took.as_secs_f64()).round() as u64)
}

/// Returns a number with thousands set apart.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Returns the value that this many per mille are not above; the values are sorted.
pub fn quantile<T: Copy>(sorted: &[T], per_mille: usize) -> T {
    sorted[(sorted.len() * per_mille / 1_000).min(sorted.len() - 1)]
}

/// Returns how many bytes are allocated now.
pub fn allocated() -> usize {
    ALLOCATOR.allocated()
}
