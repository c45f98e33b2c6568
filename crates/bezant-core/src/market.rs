//! A market's grid, parameters, fees, status and prices of reference. Not for its orders' fate.

use std::collections::{BTreeMap, BTreeSet};

use crate::book::Book;
use crate::commands::MarketParameters;
use crate::ids::{AssetId, MarketId, Number, Seq, Source};
use crate::rules::NS_PER_MS;
use crate::units::{band, divide_down, Ticks, Units};

/// The lowest and the highest price that are allowed.
pub type Band = (Ticks, Ticks);

const NO_BAND: Band = (Ticks::MIN, Ticks::MAX);

pub const DUE_ORDER: u8 = 0;
pub const DUE_LIST: u8 = 1;

/// Maker and taker rates in parts per million.
#[derive(Clone, Copy, Debug)]
pub struct Rates {
    pub maker: i64,
    pub taker: i64,
}

pub const NO_RATES: Rates = Rates { maker: 0, taker: 0 };

/// An uncross that has not traded its whole volume yet (L12.5), and what follows it.
#[derive(Clone, Copy, Debug)]
pub struct Uncross {
    pub price: Ticks,
    pub volume_left: i128,
    pub status: u8,
    pub cause: u8,
    pub source: Source,
    pub number: Number,
}

/// Items in the order in which they became due, each of which can be taken out (L8.4).
#[derive(Clone, Debug, Default)]
pub struct DueQueue {
    items: BTreeMap<u64, (u8, u64)>,
    tickets: BTreeMap<(u8, u64), u64>,
    last: u64,
}

impl DueQueue {
    /// Appends an item.
    pub fn push(&mut self, kind: u8, number: u64) {
        self.last += 1;
        self.items.insert(self.last, (kind, number));
        self.tickets.insert((kind, number), self.last);
    }

    /// Takes an item out and returns whether it was there.
    pub fn remove(&mut self, kind: u8, number: u64) -> bool {
        let ticket = self.tickets.remove(&(kind, number));
        ticket.is_some_and(|ticket| self.items.remove(&ticket).is_some())
    }

    /// Returns the item whose turn it is.
    pub fn first(&self) -> Option<(u8, u64)> {
        self.items.first_key_value().map(|(_, item)| *item)
    }

    /// Returns whether there is none.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Returns the items from the head.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (u8, u64)> + '_ {
        self.items.values().copied()
    }
}

/// One market; `tick_lot_units` is U of L1.1, fee steps are those of its two assets.
///
/// `rising` and `falling` are the pending triggers as (key, order id), nearest first; a key is the
/// trigger price, of falling ones its negative. `trailing` are the pending trailing orders by id.
#[derive(Clone, Debug)]
pub struct Market {
    pub id: MarketId,
    pub base: AssetId,
    pub quote: AssetId,
    pub base_place: u32,
    pub quote_place: u32,
    pub lot_units: Units,
    pub tick_num: i64,
    pub tick_scale: i64,
    pub tick_lot_units: Units,
    pub base_step: Units,
    pub quote_step: Units,
    pub parameters: MarketParameters,
    pub status: u8,
    pub fees: Vec<(i64, Rates)>, // By tier.
    pub last: Ticks,
    pub set_reference: Ticks,
    price_band: Band, // Follows R and the parameters, see `renew_band`.
    pub window: i64,
    pub window_price: Ticks,      // V of L12.6, 0 where there is none.
    pub interrupted_price: Ticks, // V₀ of L12.7.
    pub auction_end_ns: i64,
    pub extensions: i64,
    pub uncross: Option<Uncross>,
    pub trade_no: i64,
    pub order_count: i64,
    pub book: Book,
    pub rising: BTreeSet<(i64, u64)>,
    pub falling: BTreeSet<(i64, u64)>,
    pub trailing: BTreeMap<u64, u32>,
    pub due: DueQueue,
}

impl Market {
    /// Returns a market that has been created and nothing more.
    pub fn new(grid: Grid, parameters: MarketParameters) -> Self {
        Self {
            id: grid.id,
            base: grid.base,
            quote: grid.quote,
            base_place: grid.base_place,
            quote_place: grid.quote_place,
            lot_units: grid.lot_units,
            tick_num: grid.tick_num,
            tick_scale: grid.tick_scale,
            tick_lot_units: grid.tick_lot_units,
            base_step: grid.base_step,
            quote_step: grid.quote_step,
            parameters,
            status: crate::words::PRE_OPEN,
            fees: Vec::new(),
            last: 0,
            set_reference: 0,
            price_band: NO_BAND,
            window: 0,
            window_price: 0,
            interrupted_price: 0,
            auction_end_ns: 0,
            extensions: 0,
            uncross: None,
            trade_no: 0,
            order_count: 0,
            book: Book::default(),
            rising: BTreeSet::new(),
            falling: BTreeSet::new(),
            trailing: BTreeMap::new(),
            due: DueQueue::default(),
        }
    }

    /// Returns R: the last price, before the first trade the operator's, else 0 (L5.6).
    #[inline]
    pub const fn reference(&self) -> Ticks {
        if self.last != 0 {
            self.last
        } else {
            self.set_reference
        }
    }

    /// Returns the band that bounds limit prices and taker phases now (L5.6).
    #[inline]
    pub fn price_band(&self) -> Band {
        debug_assert_eq!(self.price_band, self.band_now(), "it follows R");
        self.price_band
    }

    /// Brings the band up to date; due when R or the parameters have changed.
    #[inline]
    pub fn renew_band(&mut self) {
        self.price_band = self.band_now();
    }

    fn band_now(&self) -> Band {
        let bips = self.parameters.band_bips;
        let reference = self.reference();
        if bips != 0 && reference != 0 {
            band(reference, bips)
        } else {
            NO_BAND
        }
    }

    /// Returns the band around V; the window must be current (L12.6).
    #[inline]
    pub fn dynamic_band(&self) -> Band {
        let bips = self.parameters.dynamic_bips;
        if bips != 0 && self.window_price != 0 {
            band(self.window_price, bips)
        } else {
            NO_BAND
        }
    }

    /// Returns the rates of a fee tier (L1.5).
    #[inline]
    pub fn rates(&self, tier: i64) -> Rates {
        let find = |wanted| self.fees.iter().find(|(tier, _)| *tier == wanted);
        find(tier)
            .or_else(|| find(0))
            .map_or(NO_RATES, |(_, rates)| *rates)
    }

    /// Returns price × quantity in quote units: exact (L1.1), of what is traded or held.
    #[inline]
    pub fn notional(&self, price: Ticks, qty: i64) -> Units {
        price * qty * self.tick_lot_units
    }

    /// Returns price × quantity in quote units of what somebody asks for, however large it is.
    #[inline(always)]
    pub fn wide_notional(&self, price: i128, qty: i64) -> i128 {
        if let Ok(price) = i64::try_from(price) {
            let exact = price
                .checked_mul(qty)
                .and_then(|lots| lots.checked_mul(self.tick_lot_units));
            if let Some(units) = exact {
                return i128::from(units);
            }
        }
        price
            .saturating_mul(i128::from(qty))
            .saturating_mul(i128::from(self.tick_lot_units))
    }
}

/// What is fixed when a market is created (L1.1).
#[derive(Clone, Copy, Debug)]
pub struct Grid {
    pub id: MarketId,
    pub base: AssetId,
    pub quote: AssetId,
    pub base_place: u32,
    pub quote_place: u32,
    pub lot_units: Units,
    pub tick_num: i64,
    pub tick_scale: i64,
    pub tick_lot_units: Units,
    pub base_step: Units,
    pub quote_step: Units,
}

/// Returns the number of the window that this entry falls into; each its own where it is 0 ms.
#[inline]
pub fn window_now(market: &Market, seq: Seq, ts_ns: i64) -> i64 {
    let window_ms = market.parameters.window_ms;
    if window_ms == 0 {
        return i64::try_from(seq).expect("a seq is below 2^53");
    }
    divide_down(ts_ns, window_ms * NS_PER_MS)
}

/// Fixes V before the first change of R in a new window (L12.6).
#[inline]
pub fn roll_window(market: &mut Market, seq: Seq, ts_ns: i64) {
    let window = window_now(market, seq, ts_ns);
    if window != market.window {
        market.window = window;
        market.window_price = market.reference();
    }
}

/// Starts a window anew with R as it stands (L12.6).
pub fn restart_window(market: &mut Market, seq: Seq, ts_ns: i64) {
    market.window = window_now(market, seq, ts_ns);
    market.window_price = market.reference();
}

/// Returns whether the price is outside a band.
#[inline]
pub fn is_beyond(price: Ticks, (low, high): Band) -> bool {
    price < low || price > high
}
