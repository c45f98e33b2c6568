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
