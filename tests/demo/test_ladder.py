"""The market maker's wishes: enough levels a side, never crossed, few orders moved a turn."""

from random import Random

import pytest

from bezant.apps.demo.catalogue import MARKETS, WORTH
from bezant.apps.demo.ladder import LEVELS, REFRESHED, Grid, Quote, plan_turn, walk
from bezant.marketdata.listing import MarketSpec


def opened(quotes: tuple[Quote, ...]) -> list[Quote]:
    return [Quote(q.is_bid, q.price_ticks, q.qty_lots, str(at)) for at, q in enumerate(quotes)]


@pytest.mark.parametrize("spec", MARKETS, ids=lambda spec: spec.symbol)
def test_an_empty_book_gets_all_levels_and_is_not_crossed(spec: MarketSpec) -> None:
    worths = (WORTH[spec.base], WORTH[spec.quote])
    turn = plan_turn(Grid.of(spec), worths, [], Random(1))
    bids = [quote.price_ticks for quote in turn.places if quote.is_bid]
    asks = [quote.price_ticks for quote in turn.places if not quote.is_bid]
    assert len(set(bids)) == len(set(asks)) == LEVELS
    assert max(bids) < min(asks)
    assert min(bids) > 0
    assert all(quote.qty_lots > 0 for quote in turn.places)


def test_a_full_book_is_moved_a_little() -> None:
    spec = MARKETS[0]
    worths = (WORTH[spec.base], WORTH[spec.quote])
    first = plan_turn(Grid.of(spec), worths, [], Random(1))
    second = plan_turn(Grid.of(spec), worths, opened(first.places), Random(2))
    assert len(second.cancels) == len(second.places) == 2 * REFRESHED


def test_what_is_out_of_range_or_doubled_is_canceled() -> None:
    spec = MARKETS[0]
    worths = (WORTH[spec.base], WORTH[spec.quote])
    first = opened(plan_turn(Grid.of(spec), worths, [], Random(1)).places)
    stray = Quote(is_bid=True, price_ticks=1, order_id="stray")
    double = Quote(is_bid=True, price_ticks=first[0].price_ticks, order_id="double")
    turn = plan_turn(Grid.of(spec), worths, [*first, stray, double], Random(2))
    assert {"stray", "0"} <= {quote.order_id for quote in turn.cancels}


def test_prices_and_quantities_are_decimal_strings_on_the_grid() -> None:
    grid = Grid.of(MARKETS[0])
    assert grid.price(6_400_000) == "64000.00"
    assert grid.quantity(1_234) == "0.01234"
    assert grid.ticks_of("64000.0") == 6_400_000


def test_a_walk_stays_near_its_start() -> None:
    chance, start = Random(7), WORTH["BTC"]
    worth = start
    for _ in range(20_000):
        worth = walk(worth, start, chance)
        assert start // 2 < worth < start * 2
