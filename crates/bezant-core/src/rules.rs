//! The versions of the rules and the limits that LAW fixes. None of them is a setting.

pub const RULES_FIRST: u32 = 1; // What an empty state starts with.
pub const RULES_NEWEST: u32 = 1; // The last version that this engine knows (L15.4).

pub const NS_PER_MS: i64 = 1_000_000;
pub const MATCHES_MAX: usize = 10_000; // Of one taker phase (L5.2), of an entry before due work (L8.4).
pub const TIMED_WORK_MAX: usize = 10_000; // Timers, orders they end, auction trades of an entry (L11.3).
pub const DUE_ITEMS_MAX: usize = 100; // Due work of an entry (L8.4).

pub const ACCOUNT_ORDERS_MAX: usize = 10_000; // Open orders of one account over all markets (704).
pub const PENDING_TRANSFERS_MAX: usize = 1_000_000; // In the house (705).
pub const MARKET_CANCELS_MAX: usize = 10_000; // Orders that one CancelMarket names.

pub const REMEMBERED_NS: i64 = 86_400_000_000_000; // A client id is remembered for 24 h at least (L3.2).
pub const ACCOUNT_IDS_MAX: usize = 100_000;
pub const HOUSE_IDS_MAX: usize = 20_000_000;

pub const SOURCE_MAX: u32 = 65_535;
pub const TRANSFER_ID_MAX: i64 = (1 << 53) - 1;
pub const TIMEOUT_MS_MIN: i64 = 1_000;
pub const TIMEOUT_MS_MAX: i64 = 86_400_000;

pub const SCALE_MAX: i64 = 18;
pub const TIER_MAX: i64 = 99;
pub const MAKER_PPM_MIN: i64 = -10_000;
pub const RATE_PPM_MAX: i64 = 100_000;
