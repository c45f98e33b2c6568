//! Any bytes as a question to a house that is open: refused as malformed, or answered.

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
    let _ = OPEN.query(raw);
});
