//! The house's chart of accounts (L13.1): which account number is what. Not for balances.

use crate::ids::{AccountId, USER_ACCOUNT_MIN};

pub const FEES: AccountId = 1;
pub const SUSPENSE: AccountId = 2;
pub const PROMO: AccountId = 3;
pub const DUST: AccountId = 4;
pub const HOT: AccountId = 5;
pub const WARM: AccountId = 6;
pub const COLD: AccountId = 7;
pub const BANK: AccountId = 8;
pub const IN_TRANSIT: AccountId = 9;
pub const COSTS: AccountId = 10;

pub const HOUSE: [AccountId; 10] = [
    FEES, SUSPENSE, PROMO, DUST, HOT, WARM, COLD, BANK, IN_TRANSIT, COSTS,
];

/// Returns whether the number belongs to the range of user accounts.
pub const fn is_user(account: AccountId) -> bool {
    account >= USER_ACCOUNT_MIN
}

/// Returns whether the number is one of the ten house accounts.
pub const fn is_house(account: AccountId) -> bool {
    FEES <= account && account <= COSTS
}

/// Returns whether the house account mirrors the world and may have any sign.
pub const fn is_custody(account: AccountId) -> bool {
    HOT <= account && account <= COSTS
}
