"""Decimal strings and durations of vectors, to integers and back."""

import re
from fractions import Fraction
from functools import lru_cache

_POWER = re.compile(r"(-?)(\d+)\^(\d+)([+-]\d+)?")
_DECIMAL = re.compile(r"[+-]?\d+(\.\d+)?")
_SPAN = re.compile(r"([+-]?)(\d+)(ns|us|ms|s|min|h|d)")
_NS = {
    "ns": 1,
    "us": 1_000,
    "ms": 1_000_000,
    "s": 1_000_000_000,
    "min": 60_000_000_000,
    "h": 3_600_000_000_000,
    "d": 86_400_000_000_000,
}


class BadNumber(ValueError):
    """A number of a vector that is not one, or that its grid cannot hold."""


def whole(text: str) -> int:
    """Return a plain integer: `5`, `-5`, `2^62`, `2^62-1`."""
    match = _POWER.fullmatch(text)
    if match is not None:
        power: int = int(match[2]) ** int(match[3])
        return (-power if match[1] else power) + int(match[4] or 0)
    if re.fullmatch(r"[+-]?\d+", text) is None:
        raise BadNumber(f"{text!r} is not a whole number")
    return int(text)


@lru_cache(maxsize=4096)
def steps(text: str, step: Fraction) -> int:
    """Return how many steps a decimal string is; `5u` is 5. Raises BadNumber off the grid."""
    if text.endswith("u"):
        return whole(text[:-1])
    if _POWER.fullmatch(text) is not None:
        value = Fraction(whole(text))
    elif _DECIMAL.fullmatch(text) is not None:
        value = Fraction(text)
    else:
        raise BadNumber(f"{text!r} is not a decimal number")
    count = value / step
    if count.denominator != 1:
        raise BadNumber(f"{text} is not a whole number of steps of {decimal(1, step)}")
    return count.numerator


def decimal(count: int, step: Fraction) -> str:
    """Return `count` steps as a decimal string with the step's places."""
    places = 0
    while (step * 10**places).denominator != 1:
        places += 1
    digits = str(abs(count) * (step * 10**places).numerator).rjust(places + 1, "0")
    sign = "-" if count < 0 else ""
    return sign + (digits if places == 0 else f"{digits[:-places]}.{digits[-places:]}")


def span_ns(text: str) -> int:
    """Return a duration in nanoseconds: `60s`, `60s-1ns`, `24h+1ns`, `0`."""
    if text == "0":
        return 0
    total, end = 0, 0
    for match in _SPAN.finditer(text):
        if match.start() != end:
            break
        end = match.end()
        total += (-1 if match[1] == "-" else 1) * int(match[2]) * _NS[match[3]]
    if end != len(text) or not text:
        raise BadNumber(f"{text!r} is not a duration such as 60s-1ns")
    return total


def span(ns: int) -> str:
    """Return a duration in its largest whole unit."""
    for unit in ("d", "h", "min", "s", "ms", "us"):
        if ns and ns % _NS[unit] == 0:
            return f"{ns // _NS[unit]}{unit}"
    return f"{ns}ns" if ns else "0"
