"""Decimal strings become integers exactly, or are refused (SECURITY N01)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bezant.kit.decimals import (
    NotDecimal,
    TooManyDecimals,
    from_units,
    parse_decimal,
    shorten,
    to_units,
)

NOT_DECIMAL = [
    *("1\n", "-1", "-0", "+1", "1e5", "1E+1000000", "1e309", "NaN", "Infinity", "0x10", "1_000"),
    *("\u0661\u0662", "\uff11\uff12.\uff15", " 1 ", "", "1.", ".5", "00.1", "1,5"),
    *("9" * 100_000, "1" * 19, "0." + "1" * 19),
]


@pytest.mark.parametrize("text", NOT_DECIMAL)
def test_what_is_not_of_the_grammar_is_refused(text: str) -> None:
    with pytest.raises(NotDecimal):
        parse_decimal(text)


@pytest.mark.parametrize(
    ("text", "scale", "units"),
    [("0", 0, 0), ("1.5", 2, 150), ("0.00000001", 8, 1), ("1.50", 1, 15), ("12", 3, 12_000)],
)
def test_units_are_exact(text: str, scale: int, units: int) -> None:
    assert to_units(text, scale) == units


def test_more_decimals_than_the_scale_are_refused() -> None:
    with pytest.raises(TooManyDecimals, match=r"0\.123 has more than 2 decimals"):
        to_units("0.123", 2)


@given(units=st.integers(0, 10**18 - 1), scale=st.integers(0, 18))
def test_what_is_written_reads_back(units: int, scale: int) -> None:
    assert to_units(from_units(units, scale), scale) == units


def test_signs_and_short_forms() -> None:
    assert from_units(-5, 2) == "-0.05"
    assert shorten("1.500") == "1.5"
    assert shorten("100") == "100"
    assert shorten("2.00") == "2"
