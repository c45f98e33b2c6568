"""INV-04, INV-05, INV-06: a crossed book, a jumped queue, lots that do not add up are found."""

from pathlib import Path

import msgspec
import pytest

from bezant.apps.vectors.runner import Run, VectorFailed, run
from bezant.apps.vectors.target import EngineTarget, reference
from bezant.core import book as books
from bezant.core import codec
from bezant.core.contract import InvariantViolation
from bezant.core.events import Event, OrderDone, TradeExecuted
from bezant.core.ids import MarketId
from bezant.core.invariants import check
from bezant.core.units import Lots, Ticks
from tests.invariants.house import TEXT, engine_of, opened
from tests.properties.retelling import Retelling

MARKET = MarketId(1)
_CROSSING = """# A bid above the ask.
asset   B scale=0
asset   Q scale=0
market  B-Q tick=1 lot=1
deposit alice 1000 Q 100 B
place   alice a1 sell limit 10 x 5
place   alice a2 buy limit 11 x 5 post_only
"""


def events_of(house: Run) -> list[Event]:
    """Return all events of a run, in order."""
    assert isinstance(house.target, EngineTarget)
    outcomes = [codec.decode_outcomes(raw, 1)[0] for _, _, raw in house.target.log]
    return [event for outcome in outcomes for event in outcome.events]


def test_the_house_is_in_order(house: Run) -> None:
    check(engine_of(house).state)
    told = Retelling()
    for event in events_of(house):
        told.tell(event)


def test_inv_04_a_crossed_book_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x.vec"
    path.write_text(_CROSSING, encoding="utf-8")
    monkeypatch.setattr(books.BookSide, "is_reached", lambda side, price: False)
    with pytest.raises(VectorFailed, match=r"x.vec:7:[\s\S]*INV-04: market 1 is crossed"):
        run(path, reference())


def test_inv_04_a_status_that_uncrosses_nothing_is_found(tmp_path: Path) -> None:
    status = "status B-Q pre_open\nplace alice a9 buy limit 111 x 1\n"
    state = engine_of(opened(tmp_path, status)).state
    market = state.markets[MARKET]
    market.status = type(market.status).TRADING
    with pytest.raises(InvariantViolation, match="INV-04"):
        check(state)


def test_inv_05_levels_out_of_order_are_found(house: Run) -> None:
    state = engine_of(house).state
    state.markets[MARKET].book.asks.keys.reverse()
    with pytest.raises(InvariantViolation, match="INV-05: levels of market 1 in order"):
        check(state)


def test_inv_05_an_order_away_from_its_price_is_found(house: Run) -> None:
    state = engine_of(house).state
    order = state.orders[house.world.order("a3")]
    order.price = Ticks(order.price + 1)
    with pytest.raises(InvariantViolation, match=r"INV-0[35]"):
        check(state)


def test_inv_05_a_level_that_forgets_lots_is_found(house: Run) -> None:
    state = engine_of(house).state
    level = state.markets[MARKET].book.bids.best()
    assert level is not None
    level.visible = Lots(level.visible - 1)
    with pytest.raises(InvariantViolation, match="INV-05: a level has the lots of its orders"):
        check(state)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"maker_order": "a2"}, "came before"),
        ({"maker_order": "a3", "price": 99}, "is better than"),
        ({"price": 98}, "beyond the taker's limit"),
        ({"price": 101}, "beyond the maker's limit"),
    ],
)
def test_inv_05_a_reader_of_events_finds_who_was_passed_over(
    house: Run, change: dict[str, str | int], message: str
) -> None:
    told = Retelling()
    values = {k: house.world.order(v) if isinstance(v, str) else v for k, v in change.items()}
    with pytest.raises(AssertionError, match=message):
        for event in events_of(house):
            is_trade = isinstance(event, TradeExecuted)
            told.tell(msgspec.structs.replace(event, **values) if is_trade else event)


def test_inv_06_lots_that_do_not_add_up_are_found(house: Run) -> None:
    state = engine_of(house).state
    order = state.orders[house.world.order("a1")]
    order.filled = Lots(order.filled + 1)
    with pytest.raises(InvariantViolation, match=f"INV-06: order {order.id} adds up"):
        check(state)


def test_inv_06_a_reader_of_events_finds_wrong_sums(house: Run) -> None:
    told = Retelling()
    with pytest.raises(AssertionError, match="INV-06"):
        for event in events_of(house):
            is_done = isinstance(event, OrderDone)
            told.tell(msgspec.structs.replace(event, filled=1) if is_done else event)


def test_an_iceberg_that_shows_more_than_its_peak_is_found(house: Run) -> None:
    state = engine_of(house).state
    order = state.orders[house.world.order("b2")]
    books.show(state.markets[MARKET].book, order, Lots(3), state.seq)
    with pytest.raises(InvariantViolation, match="shows its peak"):
        check(state)


def test_counts_that_differ_from_the_orders_are_found(house: Run) -> None:
    state = engine_of(house).state
    state.markets[MARKET].order_count += 1
    with pytest.raises(InvariantViolation, match="a market counts its orders"):
        check(state)


def test_the_text_of_the_house_is_a_vector(tmp_path: Path) -> None:
    path = tmp_path / "x.vec"
    path.write_text(TEXT, encoding="utf-8")
    assert run(path, reference()).world.orders
