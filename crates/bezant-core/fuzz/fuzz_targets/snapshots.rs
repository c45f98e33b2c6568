//! Any bytes as a snapshot: refused, or the state writes the same bytes and can be asked.

#![no_main]

use bezant_core::engine::Engine;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|raw: &[u8]| {
    let mut engine = Engine::new(0).expect("shard 0");
    if engine.restore(raw).is_ok() {
        assert_eq!(engine.snapshot(), raw);
        engine.next_deadline();
    }
});
