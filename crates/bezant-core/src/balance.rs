//! What a user has of one asset. `ledger` alone moves it.

use crate::units::Units;

/// Available and hold in units (INV-02: neither is ever negative).
#[derive(Clone, Copy, Debug, Default)]
pub struct Balance {
    pub available: Units,
    pub hold: Units,
}
