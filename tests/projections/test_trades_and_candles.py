"""Trades, fills, candles of every interval and the last 24 hours."""

from datetime import UTC, datetime

import pytest

from bezant.queries.candles import Candle, Interval, list_candles, open_of
from bezant.queries.tickers import list_tickers
from bezant.queries.trades import list_account_trades, list_market_trades
from tests.projections.house import House
from tests.projections.streams import (
    ALICE,
    BASE,
    BOB,
    BUY,
    MARKET,
    MINUTE_NS,
    QUOTE,
    SELL,
    START_NS,
)

START_MS = START_NS // 1_000_000


def fill(house: House, *prices: int, apart_ns: int = MINUTE_NS // 4) -> None:
    """Trade one lot at each price, a quarter of a minute apart."""
    house.stream.market(tick_lot_units=2)
    house.stream.deposit(ALICE, QUOTE, 10**9)
    house.stream.deposit(BOB, BASE, 10**6)
    for price in prices:
        ask = house.stream.rest(BOB, SELL, price, 1)
        house.stream.take(ALICE, BUY, price, 1, (ask, BOB, price), fees=(0, 1))
        house.stream.ts_ns += apart_ns


async def test_a_market_s_trades_come_newest_first(house: House) -> None:
    fill(house, 100, 101, 102)
    await house.project()
    first = await list_market_trades(house.conn, MARKET, limit=2)
    rest = await list_market_trades(house.conn, MARKET, before=first[-1].trade_no)
    assert [(one.trade_no, one.price) for one in (*first, *rest)] == [(3, 102), (2, 101), (1, 100)]
    assert first[0].quote_units == 204
    assert await list_market_trades(house.conn, MARKET + 1) == ()


async def test_each_side_sees_its_own_fill(house: House) -> None:
    fill(house, 100, 101)
    await house.project()
    newest, oldest = await list_account_trades(house.conn, BOB)
    assert (newest.side, newest.is_maker, newest.fee, newest.fee_asset) == (SELL, True, 1, QUOTE)
    taken = (await list_account_trades(house.conn, ALICE, market=MARKET))[0]
    assert (taken.side, taken.is_maker, taken.fee, taken.fee_asset) == (BUY, False, 0, BASE)
    of_order = await list_account_trades(house.conn, BOB, order_id=oldest.order_id)
    assert [one.trade_no for one in of_order] == [1]
    assert await list_account_trades(house.conn, ALICE, order_id=oldest.order_id) == ()
    assert await list_account_trades(house.conn, ALICE, market=MARKET + 1) == ()


async def test_one_s_own_trade_is_two_fills_and_pages_part_them(house: House) -> None:
    house.stream.market()
    house.stream.deposit(ALICE, QUOTE, 1_000)
    house.stream.deposit(ALICE, BASE, 10)
    ask = house.stream.rest(ALICE, SELL, 100, 1)
    house.stream.take(ALICE, BUY, 100, 1, (ask, ALICE, 100))
    await house.project()
    (first,) = await list_account_trades(house.conn, ALICE, limit=1)
    (second,) = await list_account_trades(house.conn, ALICE, before=first.place)
    assert (first.is_maker, second.is_maker) == (True, False)
    assert await list_account_trades(house.conn, ALICE, before=second.place) == ()


@pytest.mark.parametrize("batch_size", [1, 2, 1_000])
async def test_a_minute_s_candle_is_summed_over_batches(house: House, batch_size: int) -> None:
    fill(house, 100, 105, 95, 101, 102)
    await house.project(batch_size=batch_size)
    assert await list_candles(house.conn, MARKET, Interval.M1) == (
        Candle(START_MS, 100, 105, 95, 101, 4, 802, 4),
        Candle(START_MS + 60_000, 102, 102, 102, 102, 1, 204, 1),
    )


@pytest.mark.parametrize("interval", list(Interval))
async def test_every_interval_sums_the_same_trades(house: House, interval: Interval) -> None:
    fill(house, 100, 105, 95, 101, apart_ns=MINUTE_NS // 8)
    await house.project()
    opened = open_of(START_MS, interval)
    assert await list_candles(house.conn, MARKET, interval) == (
        Candle(opened, 100, 105, 95, 101, 4, 802, 4),
    )
    assert await list_candles(house.conn, MARKET, interval, from_ms=opened, limit=1) != ()
    assert await list_candles(house.conn, MARKET, interval, from_ms=opened + 1) == ()
    assert await list_candles(house.conn, MARKET, interval, to_ms=opened) != ()
    assert await list_candles(house.conn, MARKET, interval, to_ms=opened - 1) == ()


@pytest.mark.parametrize(
    ("interval", "opened"),
    [
        (Interval.W1, "2023-11-13"),
        (Interval.MO1, "2023-11-01"),
        (Interval.D1, "2023-11-14"),
        (Interval.D3, "2023-11-13"),
    ],
)
def test_weeks_begin_on_mondays_and_months_on_the_first(interval: Interval, opened: str) -> None:
    day = datetime.fromisoformat(opened).replace(tzinfo=UTC)
    assert open_of(START_MS, interval) == int(day.timestamp()) * 1_000


async def test_candles_of_hours_and_days_hold_their_parts_in_order(house: House) -> None:
    fill(house, 10, 20, 30, 40, 50, apart_ns=31 * MINUTE_NS)
    await house.project()
    hours = await list_candles(house.conn, MARKET, Interval.H1)
    assert [(one.open, one.close) for one in hours] == [(10, 20), (30, 40), (50, 50)][: len(hours)]
    two_hours = await list_candles(house.conn, MARKET, Interval.H2)
    assert sum(one.trade_count for one in two_hours) == 5
    newest = await list_candles(house.conn, MARKET, Interval.M30, limit=1)
    assert [one.close for one in newest] == [50]


async def test_the_ticker_covers_24_hours_to_the_minute(house: House) -> None:
    fill(house, 100, 105, 95, apart_ns=60 * MINUTE_NS)
    await house.project()
    soon = START_MS + 3 * 3_600_000
    (now,) = await list_tickers(house.conn, now_ms=soon)
    assert (now.open, now.high, now.low, now.last) == (100, 105, 95, 95)
    assert (now.volume, now.quote_volume, now.trade_count) == (3, 600, 3)
    (later,) = await list_tickers(house.conn, now_ms=START_MS + 86_400_000 + 60_000)
    assert (later.open, later.high, later.low, later.trade_count) == (105, 105, 95, 2)
    (much_later,) = await list_tickers(house.conn, now_ms=START_MS + 10 * 86_400_000)
    assert (much_later.open, much_later.last, much_later.trade_count) == (None, 95, 0)


async def test_a_market_without_trades_has_an_empty_ticker(house: House) -> None:
    house.stream.market()
    await house.project()
    (ticker,) = await list_tickers(house.conn)
    assert (ticker.market, ticker.last, ticker.volume) == (MARKET, None, 0)
