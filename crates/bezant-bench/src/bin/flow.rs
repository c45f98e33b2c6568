//! Times a saved flow: decoding, applying, encoding and all of it, each command's latency, memory.
//!
//!     flow FILE [PASSES]
//!
//! Rates are of CPU time, the best of the passes. Built with `count-events` it times applying alone:
//! events are made as values and counted, not encoded.

use std::hint::black_box;
use std::time::{Duration, Instant};

use bezant_bench::{allocated, grouped, quantile, rate, timed, Saved, BATCH, TS_NS};
use bezant_core::engine::Engine;
use bezant_core::entries::read_entry;
use bezant_core::reader::Reader;

const CHUNK: usize = 1_000; // Commands that are decoded ahead of their applying.

fn main() {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().expect("the path of a saved flow");
    let passes = arguments
        .next()
        .map_or(5, |text| text.parse().expect("a number of passes"));
    let saved = Saved::read(&path);
    let count = saved.flow.len();
    if cfg!(feature = "count-events") {
        let applied = best(passes, || apply_decoded(&saved));
        println!(
            "native  apply            {:>12} commands/s",
            rate(count, applied)
        );
        return;
    }
    let decoded = best(passes, || decode(&saved));
    println!(
        "native  decode           {:>12} commands/s",
        rate(count, decoded)
    );
    let applied = best(passes, || apply_decoded(&saved));
    println!(
        "native  apply and encode {:>12} commands/s",
        rate(count, applied)
    );
    let whole = best(passes, || apply_bytes(&saved));
    println!(
        "native  bytes to bytes   {:>12} commands/s",
        rate(count, whole)
    );
    latencies(&saved, passes);
    let before = allocated();
    let mut engine = saved.open();
    play(&mut engine, &saved);
    println!(
        "native  memory           {:>12} bytes of the engine at the end",
        grouped((allocated() - before) as u64),
    );
    let digest: String = engine
        .digest()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    println!("native  digest {digest}");
}

fn best(passes: usize, mut pass: impl FnMut() -> Duration) -> Duration {
    (0..passes).map(|_| pass()).min().expect("a pass")
}

fn decode(saved: &Saved) -> Duration {
    let bytes = saved.flow.concat();
    let mut from = Reader::new(&bytes);
    let ((), took) = timed(|| {
        while !from.is_at_end() {
            black_box(read_entry(&mut from).expect("an entry"));
        }
    });
    took
}

/// Returns the time of applying alone; decoding goes ahead, chunk by chunk.
fn apply_decoded(saved: &Saved) -> Duration {
    let mut engine = saved.open();
    let mut took = Duration::ZERO;
    for chunk in saved.flow.chunks(CHUNK) {
        let bytes = chunk.concat();
        let mut from = Reader::new(&bytes);
        let mut entries = Vec::with_capacity(CHUNK);
        while !from.is_at_end() {
            entries.push(read_entry(&mut from).expect("an entry"));
        }
        let ((), part) = timed(|| {
            for (seq, command, raw) in &entries {
                let applied = engine.apply_command(TS_NS, *seq, command, raw);
                applied.expect("the flow applies");
            }
        });
        took += part;
    }
    took
}

fn apply_bytes(saved: &Saved) -> Duration {
    play(&mut saved.open(), saved)
}

fn play(engine: &mut Engine, saved: &Saved) -> Duration {
    let batches: Vec<Vec<u8>> = saved.flow.chunks(BATCH).map(<[_]>::concat).collect();
    let ((), took) = timed(|| bytes_only(engine, &batches));
    took
}

#[inline(never)] // So that a profiler can be told to look at this alone.
fn bytes_only(engine: &mut Engine, batches: &[Vec<u8>]) {
    for batch in batches {
        let seq = engine.seq() + 1;
        black_box(engine.apply(TS_NS, seq, batch).expect("the flow applies"));
    }
}

/// Times each command alone, from bytes to bytes; what a pass of its own saw, and the least of all.
fn latencies(saved: &Saved, passes: usize) {
    let mut least = vec![u32::MAX; saved.flow.len()];
    let mut seen = Vec::new();
    for _ in 0..passes {
        seen.clear();
        let mut engine = saved.open();
        for entry in &saved.flow {
            let seq = engine.seq() + 1;
            let start = Instant::now();
            black_box(engine.apply(TS_NS, seq, entry).expect("the flow applies"));
            seen.push(u32::try_from(start.elapsed().as_nanos()).unwrap_or(u32::MAX));
        }
        for (least, seen) in least.iter_mut().zip(&seen) {
            *least = (*least).min(*seen);
        }
    }
    let clock: Vec<u32> = {
        let spans = (0..10_000).map(|_| Instant::now().elapsed().as_nanos());
        let mut spans: Vec<u32> = spans.map(|span| u32::try_from(span).unwrap_or(0)).collect();
        spans.sort_unstable();
        spans
    };
    for (name, spans) in [("one pass", &mut seen), ("least of all passes", &mut least)] {
        spans.sort_unstable();
        println!(
            "native  latency          p50 {} ns, p99 {} ns, p99.9 {} ns, most {} ns ({name}, the clock's {} ns in it)",
            quantile(spans, 500),
            quantile(spans, 990),
            quantile(spans, 999),
            spans[spans.len() - 1],
            quantile(&clock, 500),
        );
    }
}
