"""Postings follow from an event alone, line for line as LAW L13.2 orders them."""

from typing import Any

import msgspec
import pytest

from bezant.core.chart import FEES
from bezant.core.commands import MarketParameters, OrderTerms
from bezant.core.events import (
    ListAccepted,
    ListWorking,
    MarketCreated,
    OrderAccepted,
    OrderAmended,
    OrderDone,
    OrderRested,
    OrderTriggered,
    SelfTradePrevented,
    TierSet,
    TradeExecuted,
    TransferHeld,
    TransferPosted,
    TransferSettled,
    TransferVoided,
)
from bezant.core.postings import BalanceKind, Grid, grid, postings

ALICE, BOB, HOT = 1_000, 1_001, 5
BASE, QUOTE, MARKET = 1, 2, 7
AVAILABLE, HOLD = BalanceKind.AVAILABLE, BalanceKind.HOLD
BUY, SELL = 0, 1


def made(kind: Any, *fields: Any, **named: Any) -> Any:
    """Make a message of plain numbers."""
    return kind(*fields, **named)


GRIDS: Any = {MARKET: made(Grid, BASE, QUOTE, 100, 10)}
TERMS: OrderTerms = made(OrderTerms, "", BUY, 0, 0, 50, 3, 0, 0, 0, 0, False, 0, 0, 0)


def lines(event: Any) -> list[tuple[int, ...]]:
    return [msgspec.structs.astuple(line) for line in postings(event, GRIDS)]


def trade(**changes: Any) -> TradeExecuted:
    fields: dict[str, Any] = {
        "market": MARKET,
        "trade_no": 1,
        "taker_order": 64,
        "taker_account": ALICE,
        "maker_order": 128,
        "maker_account": BOB,
        "taker_side": BUY,
        "price": 50,
        "qty": 3,
        "taker_fee": 1,
        "maker_fee": 2,
        "improvement": 0,
        "taker_has_hold": True,
    }
    event: TradeExecuted = made(TradeExecuted, **(fields | changes))
    return event


def test_a_buying_taker_pays_from_its_hold_and_fees_stay_in_what_each_received() -> None:
    assert lines(trade(improvement=30)) == [
        (BOB, HOLD, BASE, -300),
        (ALICE, AVAILABLE, BASE, 299),
        (FEES, AVAILABLE, BASE, 1),
        (ALICE, HOLD, QUOTE, -1_500),
        (ALICE, HOLD, QUOTE, -30),
        (ALICE, AVAILABLE, QUOTE, 30),
        (BOB, AVAILABLE, QUOTE, 1_498),
        (FEES, AVAILABLE, QUOTE, 2),
    ]


def test_a_selling_taker_without_hold_pays_from_available() -> None:
    assert lines(trade(taker_side=SELL, taker_has_hold=False, maker_fee=0)) == [
        (ALICE, AVAILABLE, BASE, -300),
        (BOB, AVAILABLE, BASE, 300),
        (BOB, HOLD, QUOTE, -1_500),
        (ALICE, AVAILABLE, QUOTE, 1_499),
        (FEES, AVAILABLE, QUOTE, 1),
    ]


def test_a_rebate_comes_out_of_the_takers_fee_in_the_takers_asset() -> None:
    bought = lines(trade(taker_fee=10, maker_fee=-2))
    assert (FEES, AVAILABLE, BASE, 8) in bought
    assert bought[-1] == (BOB, AVAILABLE, BASE, 2)
    sold = lines(trade(taker_side=SELL, taker_fee=10, maker_fee=-10))
    assert [line for line in sold if line[0] == FEES] == []
    assert sold[-1] == (BOB, AVAILABLE, QUOTE, 10)


@pytest.mark.parametrize("side", [BUY, SELL])
@pytest.mark.parametrize("maker_fee", [-3, 0, 5])
@pytest.mark.parametrize("has_hold", [True, False])
def test_each_asset_of_a_trade_sums_to_zero(side: int, maker_fee: int, has_hold: bool) -> None:
    moved: dict[int, int] = {}
    event = trade(taker_side=side, maker_fee=maker_fee, taker_fee=7, taker_has_hold=has_hold)
    for line in postings(event, GRIDS):
        moved[line.asset] = moved.get(line.asset, 0) + line.units
    assert moved == {BASE: 0, QUOTE: 0}


@pytest.mark.parametrize("side", [BUY, SELL])
def test_holds_are_of_the_asset_that_the_side_pays(side: int) -> None:
    asset = QUOTE if side == BUY else BASE
    taken = [(ALICE, AVAILABLE, asset, -9), (ALICE, HOLD, asset, 9)]
    given = [(ALICE, HOLD, asset, -9), (ALICE, AVAILABLE, asset, 9)]
    terms = msgspec.structs.replace(TERMS, side=side)
    assert lines(made(OrderAccepted, 64, ALICE, MARKET, terms, 2, 9, 0)) == taken
    assert lines(made(ListAccepted, 64, ALICE, MARKET, side, 0, "l", 9)) == taken
    assert lines(made(ListWorking, 64, ALICE, MARKET, side, 9)) == taken
    assert lines(made(OrderAmended, 64, ALICE, MARKET, side, 1, 1, "", 1, True, 9)) == taken
    assert lines(made(OrderAmended, 64, ALICE, MARKET, side, 1, 1, "", 1, True, -9)) == given
    assert lines(made(OrderDone, 64, ALICE, MARKET, side, 1, 1, 9, 0, 0, 0)) == given
    assert lines(made(OrderTriggered, 64, ALICE, MARKET, side, 9)) == given


def test_a_decrement_releases_each_side_in_its_own_asset() -> None:
    event = made(SelfTradePrevented, MARKET, 64, ALICE, 128, BOB, SELL, 5, 2, 2, 200, 40)
    assert lines(event) == [
        (ALICE, HOLD, BASE, -200),
        (ALICE, AVAILABLE, BASE, 200),
        (BOB, HOLD, QUOTE, -40),
        (BOB, AVAILABLE, QUOTE, 40),
    ]


def test_transfers_post_hold_settle_and_void() -> None:
    assert lines(made(TransferPosted, 2, 1, HOT, ALICE, BASE, 9, 0)) == [
        (HOT, AVAILABLE, BASE, -9),
        (ALICE, AVAILABLE, BASE, 9),
    ]
    assert lines(made(TransferHeld, 2, 2, 1, ALICE, BASE, 7, 2)) == [
        (ALICE, AVAILABLE, BASE, -9),
        (ALICE, HOLD, BASE, 9),
    ]
    assert lines(made(TransferSettled, 2, 3, 1, ALICE, BASE, 7, 2, HOT)) == [
        (ALICE, HOLD, BASE, -9),
        (HOT, AVAILABLE, BASE, 7),
        (FEES, AVAILABLE, BASE, 2),
    ]
    assert lines(made(TransferVoided, 2, 3, 1, ALICE, BASE, 7, 2)) == [
        (ALICE, HOLD, BASE, -9),
        (ALICE, AVAILABLE, BASE, 9),
    ]


def test_what_moves_no_money_posts_nothing() -> None:
    assert lines(made(OrderRested, 64, ALICE, MARKET, BUY, 50, 3)) == []
    assert lines(made(OrderDone, 64, ALICE, MARKET, BUY, 0, 0, 0, 3, 0, 0)) == []
    assert lines(made(TierSet, 1, 1, ALICE, 2)) == []


def test_a_grid_is_read_from_the_event_that_made_the_market() -> None:
    parameters = made(MarketParameters, *([1] * len(MarketParameters.__struct_fields__)))
    created = made(MarketCreated, 1, 1, MARKET, BASE, QUOTE, 100, 1, 0, 10, parameters)
    assert grid(created) == GRIDS[MARKET]


def test_an_unknown_market_is_an_error_and_not_a_guess() -> None:
    with pytest.raises(KeyError):
        postings(trade(market=8), GRIDS)
