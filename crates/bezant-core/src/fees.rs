//! What a trade costs its two sides (L1.3 to L1.6). Not for moving money: `trade` does.

use crate::market::Market;
use crate::units::{fee, rebate, Units};
use crate::words::BUY;

/// The taker's fee, the maker's fee and the maker's rebate (in the taker's asset).
#[derive(Clone, Copy, Debug)]
pub struct TradeFees {
    pub taker: Units,
    pub maker: Units,
    pub rebate: Units,
}

/// Returns the fees of one trade, each in the asset that its payer receives.
#[inline]
pub fn trade_fees(
    market: &Market,
    taker_tier: i64,
    maker_tier: i64,
    taker_side: u8,
    base_units: Units,
    quote_units: Units,
) -> TradeFees {
    let taker_ppm = market.rates(taker_tier).taker;
    let maker_ppm = market.rates(maker_tier).maker;
    let base = (base_units, market.base_step);
    let quote = (quote_units, market.quote_step);
    let (taker_gets, maker_gets) = if taker_side == BUY {
        (base, quote)
    } else {
        (quote, base)
    };
    let taker = if taker_ppm != 0 {
        fee(taker_gets.0, taker_ppm, taker_gets.1)
    } else {
        0
    };
    if maker_ppm >= 0 {
        return TradeFees {
            taker,
            maker: fee(maker_gets.0, maker_ppm, maker_gets.1),
            rebate: 0,
        };
    }
    let share = taker.min(rebate(taker_gets.0, -maker_ppm, taker_gets.1));
    TradeFees {
        taker,
        maker: 0,
        rebate: share,
    }
}
