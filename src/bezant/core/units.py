"""Quantities of the core as types; the only file that divides, and it says which way it rounds."""

from typing import Annotated, Final, NewType

from msgspec import Meta

Ticks = NewType("Ticks", int)  # Price: how many tick sizes.
Lots = NewType("Lots", int)  # Quantity: how many lot sizes.
Units = NewType("Units", int)  # Money: smallest units of one asset.

WireTicks = Annotated[Ticks, Meta(ge=-(2**63), le=2**63 - 1)]
WireLots = Annotated[Lots, Meta(ge=-(2**63), le=2**63 - 1)]
WireUnits = Annotated[Units, Meta(ge=-(2**63), le=2**63 - 1)]

I64_MAX: Final = 2**63 - 1
UNITS_MAX: Final = 2**62  # issued_max, price_max, qty_max and custody stay within (L1.1, L13.3).
WIDE_SIZE: Final = 16  # Bytes of a 128-bit value in a message, big-endian two's complement.


def wide(number: int) -> bytes:
    """Return a signed 128-bit integer as 16 big-endian bytes (messages end at 64 bits)."""
    return number.to_bytes(WIDE_SIZE, "big", signed=True)


def from_wide(raw: bytes) -> int:
    """Return the signed integer that `wide` wrote."""
    return int.from_bytes(raw, "big", signed=True)


PPM: Final = 1_000_000  # Rates are parts per million (L1.3).
BIPS: Final = 10_000
FEE_DIGITS: Final = 8  # Fees are whole steps of 10^-8 coin where the scale is finer (L1.1).


def divide_down(dividend: int, divisor: int) -> int:
    """Return ⌊dividend / divisor⌋ for a positive divisor."""
    return dividend // divisor


def divide_up(dividend: int, divisor: int) -> int:
    """Return ⌈dividend / divisor⌉ for a positive divisor."""
    return -(-dividend // divisor)


def fee_step(scale: int) -> Units:
    """Return an asset's fee step: 10^max(0, scale − 8) units (L1.1)."""
    return Units(10 ** max(0, scale - FEE_DIGITS))


def fee(received: Units, rate_ppm: int, step: Units) -> Units:
    """Return the fee: the rate rounded up to whole steps, never above what is received (L1.3)."""
    exact = -(-received * rate_ppm // PPM)
    return Units(min(received, -(-exact // step) * step))


def rebate(received: Units, rate_ppm: int, step: Units) -> Units:
    """Return the maker's share of the taker's `received`, rounded down to whole steps (L1.4)."""
    return Units(received * rate_ppm // PPM // step * step)


def band(reference: Ticks, bips: int) -> tuple[Ticks, Ticks]:
    """Return the lowest and the highest price within `bips` of the reference, rounded inwards."""
    low = -(-reference * (BIPS - bips) // BIPS)
    high = reference * (BIPS + bips) // BIPS
    return Ticks(low), Ticks(high)


def below(price: Ticks, bips: int) -> Ticks:
    """Return ⌊price × (10000 − bips) / 10000⌋: where a trailing sell triggers (L8.2)."""
    return Ticks(price * (BIPS - bips) // BIPS)


def above(price: Ticks, bips: int) -> Ticks:
    """Return ⌈price × (10000 + bips) / 10000⌉: where a trailing buy triggers (L8.2, L4.3)."""
    return Ticks(-(-price * (BIPS + bips) // BIPS))


def tick_lot_units(*, tick_num: int, lot_units: int, quote_scale: int, divisor_scale: int) -> Units:
    """Return U, the quote units of one tick of one lot, or 0 where it is not whole (L1.1).

    `divisor_scale` is tick_scale + base_scale.
    """
    whole, rest = divmod(tick_num * lot_units * 10**quote_scale, 10**divisor_scale)
    return Units(0 if rest else whole)
