//! The law of the exchange: a pure function of one ordered log of commands.
//!
//! The same files, names and order as the reference core in Python, which is the clear one; this one
//! must obey it byte for byte. No input or output, no clock, no chance, no unsafe code.

#![forbid(unsafe_code)]
#![warn(clippy::pedantic)]
#![deny(
    clippy::float_arithmetic,
    clippy::disallowed_methods,
    clippy::disallowed_types
)] // clippy.toml says why.
#![allow(
    clippy::inline_always,           // Measured: a number is written or read in few instructions.
    clippy::missing_panics_doc,      // Panics are broken invariants; every function has them.
    clippy::module_name_repetitions, // Names are the reference's.
    clippy::must_use_candidate,
    clippy::struct_excessive_bools,
    clippy::too_many_arguments
)]

pub mod answers;
pub mod auction;
pub mod balance;
pub mod book;
pub mod chart;
pub mod codec;
pub mod commands;
pub mod digest;
pub mod dry_run;
pub mod due;
pub mod engine;
pub mod entries;
pub mod events;
pub mod fees;
pub mod handlers;
pub mod hashing;
pub mod holds;
pub mod housekeeping;
pub mod ids;
pub mod images;
pub mod ladder;
pub mod ledger;
pub mod lifecycle;
pub mod lists;
pub mod market;
pub mod matching;
pub mod order;
pub mod prevention;
pub mod pro_rata;
pub mod reader;
pub mod reads;
pub mod refusals;
pub mod remembered;
pub mod restore;
pub mod rules;
pub mod slab;
pub mod snapshot;
pub mod sources;
pub mod state;
pub mod taker;
pub mod timers;
pub mod trade;
pub mod triggers;
pub mod units;
pub mod words;
pub mod writer;
