//! Every message is read and written as the golden files of the reference say, byte for byte.

use std::path::Path;

use bezant_core::codec::{Malformed, Wire};
use bezant_core::commands::{Command, MarketParameters, OrderTerms};
use bezant_core::reader::Reader;
use bezant_core::writer::Writer;
use bezant_core::{events, reads};

struct Record {
    name: String,
    is_beyond_client_id: bool,
    raw: Vec<u8>,
}

fn records(key: &str) -> Vec<Record> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden/messages");
    let text = std::fs::read_to_string(folder.join(format!("{key}.json"))).expect("golden file");
    text.lines()
        .filter(|line| line.starts_with('{'))
        .map(record)
        .collect()
}

fn record(line: &str) -> Record {
    let hex = between(line, "\"hex\": \"");
    Record {
        name: between(line, "\"name\": \"").to_owned(),
        is_beyond_client_id: line.contains(&"z".repeat(37)),
        raw: (0..hex.len() / 2)
            .map(|at| u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).expect("hex"))
            .collect(),
    }
}

fn between<'a>(line: &'a str, key: &str) -> &'a str {
    let start = line
        .rfind(key)
        .filter(|_| key.contains("hex"))
        .or_else(|| line.find(key));
    let rest = &line[start.expect("key") + key.len()..];
    &rest[..rest.find('"').expect("quote")]
}

fn again<T: Wire>(raw: &[u8]) -> Result<Vec<u8>, Malformed> {
    let mut reader = Reader::new(raw);
    let value = T::read(&mut reader)?;
    reader.end()?;
    let mut out = Writer::default();
    value.write(&mut out);
    Ok(out.into_bytes())
}

#[test]
fn golden_commands_are_read_and_written_the_same() {
    for record in records("commands") {
        let out = match record.name.as_str() {
            "OrderTerms" => again::<OrderTerms>(&record.raw).expect("terms"),
            "MarketParameters" => again::<MarketParameters>(&record.raw).expect("parameters"),
            name => {
                let mut reader = Reader::new(&record.raw);
                let command = Command::read(&mut reader).expect(name);
                reader.end().expect(name);
                assert!(format!("{command:?}").starts_with(name), "{name}");
                let mut out = Writer::default();
                command.write(&mut out);
                out.into_bytes()
            }
        };
        if !record.is_beyond_client_id {
            assert_eq!(out, record.raw, "{}", record.name);
        }
    }
}

macro_rules! families {
    ($record:expr, $module:ident: $($name:ident)*) => {
        match $record.name.as_str() {
            $(stringify!($name) => again::<$module::$name>(&$record.raw).expect(&$record.name),)*
            name => panic!("{name} has no message in Rust"),
        }
    };
}

#[test]
fn golden_events_are_read_and_written_the_same() {
    for record in records("events") {
        let out = families!(record, events:
            CommandRefused CommandRepeated OrderAccepted OrderRested TradeExecuted PeakRefilled
            SelfTradePrevented OrderDone OrderTriggered OrderAmended ListAccepted ListWorking ListDone
            CanceledAll CancelTimerSet TimerFired TransferPosted TransferHeld TransferSettled
            TransferVoided AccountOpened AccountSet TierSet AccountClosed AssetCreated AssetSet
            MarketCreated MarketSet FeesSet MarketStatusChanged ReferencePriceSet MarketCanceled
            AuctionUncrossed AuctionExtended BalancesAsserted DigestAsserted RulesActivated);
        if !record.is_beyond_client_id {
            assert_eq!(out, record.raw, "{}", record.name);
        }
    }
}

#[test]
fn golden_reads_are_read_and_written_the_same() {
    for record in records("reads") {
        // A digest has 32 bytes here; the golden samples of answers draw any.
        if ["OrderTerms", "MarketParameters", "StateDigest"].contains(&record.name.as_str()) {
            continue;
        }
        let out = families!(record, reads:
            ReadCatalogue ReadAccount ReadOpenOrders ReadOrder ReadBook ReadMarks ReadDigest AssetView
            FeeView MarketView BalanceView OrderView LevelView MarkView Catalogue Account OpenOrders
            OrderFound Book Marks StateDigest ReadFailed);
        if !record.is_beyond_client_id {
            assert_eq!(out, record.raw, "{}", record.name);
        }
    }
}

#[test]
fn longer_forms_and_left_over_bytes_are_refused() {
    let longer: [&[u8]; 4] = [
        &[0x91, 0xcc, 0x2c],
        &[0x92, 0x2c, 0x00],
        &[0xdc, 0, 1, 0x2c],
        &[0x91],
    ];
    for raw in longer {
        assert!(Command::read(&mut Reader::new(raw)).is_err(), "{raw:?}");
    }
    assert!(Command::read(&mut Reader::new(&[0x91, 0x2c])).is_ok());
}
