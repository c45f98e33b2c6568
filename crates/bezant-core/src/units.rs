//! Quantities of the core; the only file that divides, and it says which way it rounds.
//!
//! Prices are ticks, quantities lots, money units, all 64 bits inside. What a client may still ask
//! for is computed in 128 bits and saturates, so that a refusal is a comparison and never a panic.

pub type Ticks = i64;
pub type Lots = i64;
pub type Units = i64;

pub const I64_MAX: i64 = i64::MAX;
pub const UNITS_MAX: i64 = 1 << 62; // issued_max, price_max, qty_max, custody (L1.1, L13.3).

pub const PPM: i64 = 1_000_000; // Rates are parts per million (L1.3).
pub const BIPS: i64 = 10_000;
pub const FEE_DIGITS: u32 = 8; // Fees are whole steps of 10^-8 coin where the scale is finer (L1.1).

/// Returns ⌊dividend / divisor⌋ for a positive divisor.
pub const fn divide_down(dividend: i64, divisor: i64) -> i64 {
    dividend.div_euclid(divisor)
}

/// Returns ⌈dividend / divisor⌉ for a positive divisor.
pub const fn divide_up(dividend: i64, divisor: i64) -> i64 {
    let down = dividend.div_euclid(divisor);
    if dividend.rem_euclid(divisor) == 0 {
        down
    } else {
        down + 1
    }
}

const fn wide_down(dividend: i128, divisor: i128) -> i128 {
    dividend.div_euclid(divisor)
}

const fn wide_up(dividend: i128, divisor: i128) -> i128 {
    let down = dividend.div_euclid(divisor);
    if dividend.rem_euclid(divisor) == 0 {
        down
    } else {
        down + 1
    }
}

/// Returns a 128-bit value as 64 bits.
///
/// # Panics
/// If it does not fit, which the limits of the law exclude (L1.1).
pub fn narrow(value: i128) -> i64 {
    i64::try_from(value).expect("L1.1: what is held or traded fits in 64 bits")
}

/// Returns an asset's fee step: 10^max(0, scale − 8) units (L1.1).
pub fn fee_step(scale: i64) -> Units {
    10_i64.pow(u32::try_from(scale).unwrap_or(0).saturating_sub(FEE_DIGITS))
}

/// Returns the fee: the rate rounded up to whole steps, never above what is received (L1.3).
pub fn fee(received: Units, rate_ppm: i64, step: Units) -> Units {
    if let (Some(product), 1) = (received.checked_mul(rate_ppm), step) {
        return received.min(divide_up(product, PPM));
    }
    let exact = wide_up(i128::from(received) * i128::from(rate_ppm), i128::from(PPM));
    let step = i128::from(step);
    narrow(i128::from(received).min(wide_up(exact, step) * step))
}

/// Returns the maker's share of the taker's `received`, rounded down to whole steps (L1.4).
pub fn rebate(received: Units, rate_ppm: i64, step: Units) -> Units {
    let exact = wide_down(i128::from(received) * i128::from(rate_ppm), i128::from(PPM));
    let step = i128::from(step);
    narrow(wide_down(exact, step) * step)
}

/// Returns the lowest and the highest price within `bips` of the reference, rounded inwards.
pub fn band(reference: Ticks, bips: i64) -> (Ticks, Ticks) {
    if let (Some(low), Some(high)) = (
        reference.checked_mul(BIPS - bips),
        reference.checked_mul(BIPS + bips),
    ) {
        return (divide_up(low, BIPS), divide_down(high, BIPS));
    }
    let (reference, bips) = (i128::from(reference), i128::from(bips));
    let low = wide_up(reference * (i128::from(BIPS) - bips), i128::from(BIPS));
    let high = wide_down(reference * (i128::from(BIPS) + bips), i128::from(BIPS));
    (saturate(low), saturate(high))
}

/// Returns ⌊price × (10000 − bips) / 10000⌋: where a trailing sell triggers (L8.2).
pub fn below(price: Ticks, bips: i64) -> Ticks {
    narrow(wide_down(
        i128::from(price) * i128::from(BIPS - bips),
        i128::from(BIPS),
    ))
}

/// Returns ⌈price × (10000 + bips) / 10000⌉: where a trailing buy triggers (L8.2, L4.3).
pub fn above(price: Ticks, bips: i64) -> i128 {
    wide_up(
        i128::from(price) * (i128::from(BIPS) + i128::from(bips)),
        i128::from(BIPS),
    )
}

/// Returns U, the quote units of one tick of one lot, or 0 where it is not whole (L1.1).
///
/// `divisor_scale` is `tick_scale` + the base's scale. What does not fit in 64 bits is `i128::MAX`.
pub fn tick_lot_units(
    tick_num: i64,
    lot_units: Units,
    quote_scale: i64,
    divisor_scale: i64,
) -> i128 {
    let product = i128::from(tick_num) * i128::from(lot_units);
    let (Ok(quote), Ok(divisor)) = (u32::try_from(quote_scale), u32::try_from(divisor_scale))
    else {
        return 0;
    };
    if divisor >= quote {
        let divisor = 10_i128.pow(divisor - quote);
        return if product.rem_euclid(divisor) == 0 {
            product.div_euclid(divisor)
        } else {
            0
        };
    }
    product.saturating_mul(10_i128.pow(quote - divisor))
}

fn saturate(value: i128) -> i64 {
    i64::try_from(value).unwrap_or(if value < 0 { i64::MIN } else { i64::MAX })
}
