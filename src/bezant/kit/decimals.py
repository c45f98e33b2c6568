"""Decimal strings and integers: the one grammar of numbers at every edge (SECURITY N01).

Amounts are integers inside and decimal strings outside; this is where one becomes the other,
exactly, or the text is refused. Knows nothing of assets or markets.
"""

import re
from typing import Final

GRAMMAR: Final = re.compile(r"(0|[1-9][0-9]{0,17})(?:\.([0-9]{1,18}))?", re.ASCII)
TEXT_SIZE_MAX: Final = 37  # 18 digits, a point, 18 digits.


class NotDecimal(ValueError):
    """The text is not a plain decimal number; the message says what one looks like."""

    def __init__(self, text: str) -> None:
        shown = text if len(text) <= TEXT_SIZE_MAX else f"{text[:TEXT_SIZE_MAX]}…"
        super().__init__(
            f"{shown!r} is not a plain decimal number: write digits with at most one point, "
            "such as 12 or 0.05, no sign, no exponent, no spaces, at most 18 digits on each side"
        )


class TooManyDecimals(ValueError):
    """The text has more decimals than the scale keeps."""

    def __init__(self, text: str, scale: int) -> None:
        super().__init__(f"{text} has more than {scale} decimals")
        self.scale = scale


def parse_decimal(text: str) -> tuple[int, int]:
    """Return (digits, scale) with text = digits / 10^scale, scale as small as it can be.

    Raises NotDecimal if `text` is not of the grammar; long texts are refused before they are read.
    """
    if len(text) > TEXT_SIZE_MAX:
        raise NotDecimal(text)
    match = GRAMMAR.fullmatch(text)
    if match is None:
        raise NotDecimal(text)
    fraction = (match[2] or "").rstrip("0")
    return int(match[1] + fraction), len(fraction)


def to_units(text: str, scale: int) -> int:
    """Return text × 10^scale. Raises NotDecimal, or TooManyDecimals if that is not whole."""
    digits, decimals = parse_decimal(text)
    if decimals > scale:
        raise TooManyDecimals(text, scale)
    return int(digits * 10 ** (scale - decimals))


def from_units(units: int, scale: int) -> str:
    """Return units / 10^scale with all `scale` decimals, such as "-0.050"."""
    sign = "-" if units < 0 else ""
    if scale == 0:
        return f"{sign}{abs(units)}"
    digits = str(abs(units)).rjust(scale + 1, "0")
    return f"{sign}{digits[:-scale]}.{digits[-scale:]}"


def shorten(text: str) -> str:
    """Return a decimal string without the zeros at its end that say nothing."""
    return text.rstrip("0").rstrip(".") if "." in text else text
