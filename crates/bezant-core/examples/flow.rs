//! Times a saved flow (`python -m benches.engine --save DIR`): decoding, applying, and all of it.
//!
//!     cargo run --release --example flow -- DIR/without-client-ids.entries

use std::time::Instant;

use bezant_core::codec::Reader;
use bezant_core::commands::Command;
use bezant_core::engine::Engine;
use bezant_core::entries::read_entry;

const TS_NS: i64 = 1_000_000;
const BATCH: usize = 200;

type Entry<'a> = (u64, Command, &'a [u8]);

fn main() {
    let path = std::env::args().nth(1).expect("the path of a saved flow");
    let bytes = std::fs::read(&path).expect("the flow can be read");
    let (head, rest) = bytes.split_at(4);
    let opening = u32::from_be_bytes(head.try_into().expect("4 bytes")) as usize;

    let start = Instant::now();
    let entries = decode(rest);
    report("decode", entries.len(), start);
    let (made, flow) = entries.split_at(opening);

    let mut engine = opened(made);
    let mut spans = Vec::with_capacity(flow.len());
    let start = Instant::now();
    for (seq, command, raw) in flow {
        engine
            .apply_command(TS_NS, *seq, command, raw)
            .expect("the flow applies");
    }
    report("apply (events encoded)", flow.len(), start);

    let mut engine = opened(made);
    for (seq, command, raw) in flow {
        let start = Instant::now();
        engine
            .apply_command(TS_NS, *seq, command, raw)
            .expect("the flow applies");
        spans.push(start.elapsed().as_nanos());
    }
    spans.sort_unstable();
    for (name, per_mille) in [("p50", 500), ("p99", 990), ("p99.9", 999), ("most", 1_000)] {
        let index = (spans.len() * per_mille / 1_000).min(spans.len() - 1);
        println!(
            "{name:>24} {:>12} ns, the clock's own cost in it",
            spans[index]
        );
    }

    let mut whole = opened(made);
    let sizes: Vec<usize> = flow
        .iter()
        .map(|(seq, _, raw)| entry_size(*seq, raw))
        .collect();
    let mut from = &rest[rest.len() - sizes.iter().sum::<usize>()..];
    let start = Instant::now();
    for batch in sizes.chunks(BATCH) {
        let (entries, left) = from.split_at(batch.iter().sum());
        let seq = whole.seq() + 1;
        whole.apply(TS_NS, seq, entries).expect("the flow applies");
        from = left;
    }
    report("bytes to bytes", flow.len(), start);
    assert!(
        whole.digest() == engine.digest(),
        "both ways end in one state"
    );
}

fn decode(bytes: &[u8]) -> Vec<Entry<'_>> {
    let mut from = Reader::new(bytes);
    let mut entries = Vec::new();
    while !from.is_at_end() {
        entries.push(read_entry(&mut from).expect("an entry"));
    }
    entries
}

fn opened(made: &[Entry<'_>]) -> Engine {
    let mut engine = Engine::new(0).expect("a shard");
    for (seq, command, raw) in made {
        engine
            .apply_command(TS_NS, *seq, command, raw)
            .expect("the opening applies");
    }
    engine
}

fn entry_size(seq: u64, raw: &[u8]) -> usize {
    let mut head = vec![0x92];
    bezant_core::codec::put_uint(&mut head, seq);
    head.len() + raw.len()
}

fn report(what: &str, count: usize, start: Instant) {
    let seconds = start.elapsed().as_secs_f64();
    let rate = count as f64 / seconds;
    println!("{what:>24} {rate:>12.0} commands/s");
}
