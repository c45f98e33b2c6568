"""An uncross with more trades than an entry may have goes on in the next ones (L12.5, L11.3)."""

import pytest

from bezant.core.commands import SetMarketStatus, Tick
from bezant.core.engine import Engine
from bezant.core.events import AuctionUncrossed, MarketStatusChanged, TradeExecuted
from bezant.core.invariants import check
from bezant.core.words import MarketStatus
from tests.core.house import ALICE, BOB, BUY, MARKET, SELL, House, kinds


def test_the_rest_follows_in_the_next_entries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bezant.core.auction.TIMED_WORK_MAX", 3)
    monkeypatch.setattr("bezant.core.housekeeping.TIMED_WORK_MAX", 3)
    house = House(status=MarketStatus.PRE_OPEN)
    for _ in range(7):
        house.place(ALICE, SELL, 1, 100)
    house.place(BOB, BUY, 8, 101)
    opened = SetMarketStatus(*house.sourced(), MARKET, MarketStatus.TRADING)
    events = house.do(opened)
    assert kinds(events).count("TradeExecuted") == 3
    assert isinstance(events[0], AuctionUncrossed)
    assert house.engine.next_deadline() == house.engine.ts_ns
    check(house.engine.state)

    twin = Engine()
    twin.restore(house.engine.snapshot())
    house.place(BOB, BUY, 1, 100)
    assert house.code() == 10
    twin.apply(0, twin.seq + 1, house.journal[-1][1])
    assert twin.digest() == house.engine.digest()

    events = house.do(Tick())
    assert kinds(events) == ["TradeExecuted", "OrderDone", "MarketStatusChanged"]
    changed = events[-1]
    assert isinstance(changed, MarketStatusChanged)
    assert (changed.source, changed.number) == (opened.source, opened.number)
    trades = house.engine.state.markets[MARKET].trade_no
    assert trades == 7
    assert sum(isinstance(event, TradeExecuted) for event in events) == 1
    check(house.engine.state)
