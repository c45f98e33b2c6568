"""The grid of a market turns text into steps and back, exactly, or says why not."""

import pytest

from bezant.core.reads import MarketView
from bezant.kit.decimals import NotDecimal
from bezant.marketdata.grid import Grid, OffGrid, TooLarge, make_grid, publish_steps
from bezant.marketdata.listing import DEFAULT_PARAMETERS


def grid(*, lot_units: int, tick_num: int, tick_scale: int, tick_lot_units: int = 1) -> Grid:
    """Return the grid of a market whose base keeps 11 decimals and whose quote keeps 8."""
    view = MarketView(
        market=1,  # type: ignore[arg-type]
        base=1,  # type: ignore[arg-type]
        quote=2,  # type: ignore[arg-type]
        lot_units=lot_units,  # type: ignore[arg-type]
        tick_num=tick_num,
        tick_scale=tick_scale,
        tick_lot_units=tick_lot_units,  # type: ignore[arg-type]
        parameters=DEFAULT_PARAMETERS,
        status=1,
        last=0,  # type: ignore[arg-type]
        reference=0,  # type: ignore[arg-type]
        trade_no=0,
        sequence=0,  # type: ignore[arg-type]
        fees=(),
    )
    return make_grid(view, base_scale=11, quote_scale=8)


CENTS = grid(lot_units=10**7, tick_num=1, tick_scale=2)
HALVES = grid(lot_units=25 * 10**9, tick_num=50, tick_scale=2)


def test_prices_and_quantities_come_back_as_they_went() -> None:
    assert (CENTS.to_ticks("100.1"), CENTS.price_text(10_010)) == (10_010, "100.10")
    assert (CENTS.to_lots("0.5"), CENTS.qty_text(5_000)) == (5_000, "0.5000")
    assert (CENTS.to_quote_units("1.5"), CENTS.quote_text(150_000_000)) == (
        150_000_000,
        "1.50000000",
    )


def test_a_grid_has_no_more_decimals_than_it_needs() -> None:
    assert (HALVES.price_scale, HALVES.tick_size) == (1, "0.5")
    assert (HALVES.qty_scale, HALVES.lot_size) == (2, "0.25")
    assert (HALVES.to_ticks("1.50"), HALVES.price_text(3)) == (3, "1.5")
    assert (HALVES.to_lots("0.750"), HALVES.qty_text(3)) == (3, "0.75")


@pytest.mark.parametrize("text", ["100.005", "0.001", "0.010000000000000001"])
def test_what_is_between_two_ticks_is_refused(text: str) -> None:
    with pytest.raises(OffGrid):
        CENTS.to_ticks(text)
    with pytest.raises(OffGrid):
        HALVES.to_ticks("1.2")


def test_what_no_command_can_carry_is_refused() -> None:
    assert CENTS.to_ticks("92233720368547758.07") == 2**63 - 1
    with pytest.raises(TooLarge):
        CENTS.to_ticks("92233720368547758.08")
    with pytest.raises(NotDecimal):
        CENTS.to_ticks("1e5")


def test_published_steps_are_coarser_than_the_grid() -> None:
    coarse = publish_steps(CENTS, tick="0.05", step="0.001")
    assert (coarse.tick_size, coarse.lot_size) == ("0.05", "0.0010")
    assert coarse.to_ticks("1.05") == 105
    with pytest.raises(OffGrid):
        coarse.to_ticks("1.01")
    assert publish_steps(CENTS, tick="0.005", step="0.0001") == CENTS


def test_a_mean_price_is_rounded_down() -> None:
    assert CENTS.average_price_text(2 * 11_000 + 11_100, 3) == "110.333333"
