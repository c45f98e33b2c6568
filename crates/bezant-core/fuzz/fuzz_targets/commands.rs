//! Any bytes as a command: refused, or read and written back as the same bytes.

#![no_main]

use bezant_core::commands::Command;
use bezant_core::reader::Reader;
use bezant_core::writer::Writer;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|raw: &[u8]| {
    let mut reader = Reader::new(raw);
    let Ok(command) = Command::read(&mut reader) else {
        return;
    };
    if reader.end().is_err() {
        return;
    }
    let mut out = Writer::default();
    command.write(&mut out);
    let written = out.as_bytes();
    // Of a client id over 36 bytes only that it is too long is kept.
    assert!(written == raw || written.len() < raw.len(), "{command:?}");
});
