//! The law of the exchange: a pure function of one ordered log of commands.
//!
//! The same files, names and order as the reference core in Python, which is the clear one; this one
//! must obey it byte for byte. No input or output, no clock, no chance, no unsafe code.

#![forbid(unsafe_code)]
#![warn(clippy::pedantic)]
#![allow(
    clippy::missing_panics_doc,      // Panics are broken invariants; every function has them.
    clippy::module_name_repetitions, // Names are the reference's.
    clippy::must_use_candidate,
    clippy::struct_excessive_bools,
    clippy::too_many_arguments
)]

pub mod chart;
pub mod codec;
pub mod commands;
pub mod events;
pub mod ids;
pub mod images;
pub mod reads;
pub mod refusals;
pub mod rules;
pub mod units;
pub mod words;
