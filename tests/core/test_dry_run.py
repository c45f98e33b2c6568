"""A dry run tells what the taker phase then does, in both ways of matching (L5.7)."""

import random

import pytest

from bezant.core import matching
from bezant.core.book import BookSide
from bezant.core.dry_run import dry_run
from bezant.core.events import TradeExecuted
from bezant.core.market import Market
from bezant.core.matching import Stop
from bezant.core.order import Order
from bezant.core.state import State
from tests.core.house import ALICE, BOB, BUY, CAROL, MARKET_BY_QTY, SELL, House

PEOPLE = (ALICE, BOB, CAROL)


@pytest.fixture
def phases(monkeypatch: pytest.MonkeyPatch) -> list[Stop]:
    """Compare each taker phase from now on with its dry run; tells how the phases stopped."""
    stops: list[Stop] = []
    real = matching._run

    def compare(state: State, market: Market, taker: Order, side: BookSide) -> Stop:
        run, first = dry_run(state, market, taker), len(state.events)
        stop = real(state, market, taker, side)
        trades = [event for event in state.events[first:] if isinstance(event, TradeExecuted)]
        cost = sum(trade.price * trade.qty * market.tick_lot_units for trade in trades)
        assert (sum(trade.qty for trade in trades), cost) == (run.lots, run.quote_units)
        stops.append(stop)
        return stop

    monkeypatch.setattr(matching, "_run", compare)
    return stops


@pytest.mark.parametrize("algorithm", [0, 1])
def test_both_agree(phases: list[Stop], algorithm: int) -> None:
    chance = random.Random(algorithm)
    for _ in range(40):
        house = House(
            algorithm=algorithm,
            top_percent=chance.choice((0, 40, 100)),
            min_allocation=chance.randint(1, 3),
            dynamic_bips=chance.choice((0, 0, 300)),
        )
        for _ in range(60):
            side, price = chance.choice((BUY, SELL)), chance.randint(95, 105)
            qty, stp = chance.choice((1, 2, 5, 9, 30)), chance.randint(1, 5)
            kind = chance.randint(0, 5)
            who = chance.choice(PEOPLE)
            if kind == 0:
                house.place(who, side, 0, quote_units=qty * 70, stp=stp, **MARKET_BY_QTY)
            elif kind == 1:
                house.place(who, side, qty, stp=stp, **MARKET_BY_QTY)
            elif kind == 2 and qty > 1:
                house.place(who, side, qty, price, stp=stp, display=qty // 2)
            else:
                house.place(who, side, qty, price, stp=stp, tif=chance.choice((0, 0, 1, 2)))
    assert len(phases) > 500
    assert {Stop.FILLED, Stop.ENDED, Stop.LIQUIDITY, Stop.SELF_TRADE} <= set(phases)
