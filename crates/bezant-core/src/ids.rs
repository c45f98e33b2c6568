//! Identifiers of the core: their types, their ranges, and how an order id is made (LAW L15.1).
//!
//! Not for names or symbols of people and markets: those live in rows outside the core.

use std::fmt;

pub type AccountId = u32;
pub type AssetId = u16;
pub type MarketId = u16;

/// An order's id, below 2^53.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OrderId(pub u64);

/// A list's id: that of its leg 0 (L10.2).
pub type ListId = OrderId;

pub type TransferId = i64;
pub type Source = u32;

/// What a source numbers its commands with, below 2^63.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Number(pub u64);

pub type Seq = u64;

pub const ID_MAX: u64 = (1 << 53) - 1;
pub const NUMBER_MAX: u64 = (1 << 63) - 1;
pub const USER_ACCOUNT_MIN: AccountId = 1_000; // Ids below are the house's chart of accounts (L13.1).
pub const SHARD_COUNT_MAX: u64 = 16;
pub const CLIENT_ID_SIZE_MAX: usize = 36; // In bytes of UTF-8; above it 300.
const TOO_LONG: u8 = u8::MAX;

/// A client id in place. Of one that is too long to enter only that is known (300).
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct ClientId {
    size: u8,
    bytes: [u8; CLIENT_ID_SIZE_MAX],
}

impl ClientId {
    pub const EMPTY: Self = Self {
        size: 0,
        bytes: [0; CLIENT_ID_SIZE_MAX],
    };

    /// Returns the id that a text is.
    pub fn new(text: &str) -> Self {
        let mut id = Self::EMPTY;
        if text.len() > CLIENT_ID_SIZE_MAX {
            id.size = TOO_LONG;
        } else {
            id.size = u8::try_from(text.len()).unwrap_or(TOO_LONG);
            id.bytes[..text.len()].copy_from_slice(text.as_bytes());
        }
        id
    }

    /// Returns whether the id is over 36 bytes.
    pub const fn is_too_long(&self) -> bool {
        self.size == TOO_LONG
    }

    /// Returns whether the id is the empty text, which names nothing.
    pub const fn is_empty(&self) -> bool {
        self.size == 0
    }

    /// Returns the id's bytes with others behind them, and how many they are: none of one too long.
    #[inline(always)]
    pub fn padded(&self) -> (&[u8; CLIENT_ID_SIZE_MAX], usize) {
        let size = if self.is_too_long() { 0 } else { self.size };
        (&self.bytes, usize::from(size))
    }

    /// Returns the id's bytes, none of an id that is too long.
    pub fn as_bytes(&self) -> &[u8] {
        if self.is_too_long() {
            return &[];
        }
        &self.bytes[..usize::from(self.size)]
    }
}

impl std::hash::Hash for ClientId {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        state.write(self.as_bytes());
    }
}

impl fmt::Debug for ClientId {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "{:?}", String::from_utf8_lossy(self.as_bytes()))
    }
}

/// Returns the id of the order that leg `leg` (0, 1, 2) of the entry `seq` makes (L15.1).
pub const fn order_id(seq: Seq, leg: u64, shard: u64) -> OrderId {
    OrderId((4 * seq + leg) * SHARD_COUNT_MAX + shard)
}

/// Returns the seq of the entry that made the order: its id without leg and shard (L3.1).
pub const fn seq_of_order(order: OrderId) -> Seq {
    order.0 >> 6
}

/// Returns which leg of its entry the order is.
pub const fn leg_of_order(order: OrderId) -> usize {
    ((order.0 >> 4) & 3) as usize
}
