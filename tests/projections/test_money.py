"""Balances and ledger lines follow from events; each line opens to its cause."""

import pytest

from bezant.core.events import TransferHeld, TransferSettled, TransferVoided
from bezant.queries.ledger import (
    Balance,
    LineKind,
    list_balances,
    list_holds,
    list_ledger_lines,
)
from tests.projections.house import House
from tests.projections.streams import ALICE, BASE, BOB, BUY, FEES, HOT, MARKET, QUOTE, SELL, made


def trade_with_fees(house: House) -> tuple[int, int]:
    house.stream.market()
    house.stream.deposit(ALICE, QUOTE, 10_000)
    house.stream.deposit(BOB, BASE, 100)
    ask = house.stream.rest(BOB, SELL, 100, 5)
    bid = house.stream.take(
        ALICE, BUY, 101, 5, (ask, BOB, 100), fees=(1, 2), rest=3, is_maker_done=True
    )
    return ask, bid


@pytest.mark.parametrize("batch_size", [1, 2, 1_000])
async def test_balances_are_what_the_postings_sum_up_to(house: House, batch_size: int) -> None:
    trade_with_fees(house)
    await house.project(batch_size=batch_size)
    assert await list_balances(house.conn, ALICE) == (
        Balance(BASE, 4, 0),
        Balance(QUOTE, 10_000 - 500 - 303, 303),
    )
    assert await list_balances(house.conn, BOB) == (Balance(BASE, 95, 0), Balance(QUOTE, 498, 0))
    assert await list_balances(house.conn, FEES) == (Balance(BASE, 1, 0), Balance(QUOTE, 2, 0))
    assert await list_balances(house.conn, HOT) == (
        Balance(BASE, -100, 0),
        Balance(QUOTE, -10_000, 0),
    )


@pytest.mark.parametrize("batch_size", [1, 1_000])
async def test_a_line_is_a_change_of_a_balance_and_opens_to_its_cause(
    house: House, batch_size: int
) -> None:
    ask, bid = trade_with_fees(house)
    await house.project(batch_size=batch_size)
    trade, deposit = await list_ledger_lines(house.conn, BOB, asset=BASE)
    assert (trade.units, trade.balance, trade.fee, trade.kind) == (-5, 95, 0, LineKind.TRADE)
    assert (trade.order_id, trade.trade_no, trade.market) == (ask, 1, MARKET)
    assert (deposit.units, deposit.balance, deposit.kind) == (100, 100, LineKind.DEPOSIT)
    assert (deposit.source, deposit.number) == (2, 6)
    lines = await list_ledger_lines(house.conn, ALICE)
    assert [(line.asset, line.units, line.balance, line.fee, line.order_id) for line in lines] == [
        (QUOTE, -500, 9_500, 0, bid),
        (BASE, 4, 4, 1, bid),
        (QUOTE, 10_000, 10_000, 0, None),
    ]
    sums = await house.conn.fetch(
        "SELECT seq, asset, sum(units) AS s FROM ledger_lines GROUP BY 1, 2"
    )
    assert {row["s"] for row in sums} == {0}


async def test_pages_of_lines_meet_without_gap_or_repeat(house: House) -> None:
    house.stream.market()
    for units in range(1, 8):
        house.stream.deposit(ALICE, BASE if units % 2 else QUOTE, units)
    await house.project()
    seen: list[int] = []
    page = await list_ledger_lines(house.conn, ALICE, limit=3)
    while page:
        seen += [line.units for line in page]
        page = await list_ledger_lines(house.conn, ALICE, before=page[-1].place, limit=3)
    assert seen == [7, 6, 5, 4, 3, 2, 1]


async def test_a_rebate_is_part_of_what_the_maker_paid(house: House) -> None:
    house.stream.market()
    house.stream.deposit(ALICE, QUOTE, 10_000)
    house.stream.deposit(BOB, BASE, 100)
    ask = house.stream.rest(BOB, SELL, 100, 50)
    house.stream.take(ALICE, BUY, 100, 50, (ask, BOB, 100), fees=(10, -3))
    await house.project()
    line = (await list_ledger_lines(house.conn, BOB, asset=BASE))[0]
    assert (line.units, line.fee, line.balance) == (-47, -3, 53)
    assert (await list_ledger_lines(house.conn, FEES))[0].units == 7


async def test_one_s_own_trade_leaves_the_fee(house: House) -> None:
    house.stream.market()
    house.stream.deposit(ALICE, QUOTE, 10_000)
    house.stream.deposit(ALICE, BASE, 100)
    ask = house.stream.rest(ALICE, SELL, 100, 50)
    house.stream.take(ALICE, BUY, 100, 50, (ask, ALICE, 100), fees=(1, 5))
    await house.project()
    base = (await list_ledger_lines(house.conn, ALICE, asset=BASE))[0]
    quote = (await list_ledger_lines(house.conn, ALICE, asset=QUOTE))[0]
    assert [(line.units, line.fee) for line in (base, quote)] == [(-1, 1), (-5, 5)]
    assert await list_balances(house.conn, ALICE) == (
        Balance(BASE, 99, 0),
        Balance(QUOTE, 9_995, 0),
    )


@pytest.mark.parametrize("batch_size", [1, 1_000])
async def test_a_withdrawal_is_held_then_settled_or_voided(house: House, batch_size: int) -> None:
    house.stream.market()
    house.stream.deposit(ALICE, BASE, 1_000)
    house.stream.entry(made(TransferHeld, 2, house.stream.number(), 1, ALICE, BASE, 400, 5))
    await house.project(batch_size=batch_size)
    (hold,) = await list_holds(house.conn, ALICE)
    assert (hold.asset, hold.units, hold.transfer_id, hold.order_id) == (BASE, 405, 1, None)
    assert await list_balances(house.conn, ALICE) == (Balance(BASE, 595, 405),)
    house.stream.entry(made(TransferSettled, 2, house.stream.number(), 1, ALICE, BASE, 400, 5, HOT))
    house.stream.entry(made(TransferHeld, 2, house.stream.number(), 1, ALICE, BASE, 10, 0))
    house.stream.entry(made(TransferVoided, 2, house.stream.number(), 1, ALICE, BASE, 10, 0))
    await house.project(batch_size=batch_size)
    assert await list_holds(house.conn, ALICE) == ()
    assert await list_balances(house.conn, ALICE) == (Balance(BASE, 595, 0),)
    line = (await list_ledger_lines(house.conn, ALICE))[0]
    assert (line.units, line.fee, line.kind) == (-405, 5, LineKind.WITHDRAWAL)
    assert (await list_balances(house.conn, FEES)) == (Balance(BASE, 5, 0),)
    found = await house.rows("transfers", "number")
    assert [(row["status"], row["to_account"]) for row in found] == [
        (0, ALICE),
        (2, HOT),
        (3, None),
    ]


async def test_holds_open_to_the_orders_that_own_them(house: House) -> None:
    _, bid = trade_with_fees(house)
    await house.project()
    (hold,) = await list_holds(house.conn, ALICE)
    assert (hold.asset, hold.units, hold.order_id) == (QUOTE, 303, bid)
