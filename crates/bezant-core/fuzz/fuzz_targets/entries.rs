//! Any bytes as a batch of entries for a house that is open: refused as malformed, or applied.

#![no_main]

use std::sync::LazyLock;

use bezant_core::engine::Engine;
use libfuzzer_sys::fuzz_target;

const HOUSE: &[u8] = include_bytes!("../house.snapshot");

static OPEN: LazyLock<Engine> = LazyLock::new(|| {
    let mut engine = Engine::new(0).expect("shard 0");
    engine.restore(HOUSE).expect("a snapshot");
    engine
});

fuzz_target!(|raw: &[u8]| {
    let mut engine = OPEN.clone();
    let (seq, ts_ns) = (engine.seq(), engine.ts_ns());
    if engine.apply(ts_ns + 1_000_000_000, seq + 1, raw).is_ok() {
        let snapshot = engine.snapshot();
        let mut restored = Engine::new(0).expect("shard 0");
        restored
            .restore(&snapshot)
            .expect("what was written is read");
        assert_eq!(restored.snapshot(), snapshot);
        assert_eq!(restored.next_deadline(), engine.next_deadline());
    }
});
