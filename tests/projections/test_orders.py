"""Orders tell what was asked for and what became of it, whatever batch the events came in."""

import pytest

from bezant.core.words import DoneReason
from bezant.projections.orders import OrderMissing
from bezant.queries.orders import (
    OrderStatus,
    find_order_by_client_id,
    get_order,
    list_orders,
)
from tests.projections.house import House
from tests.projections.streams import ALICE, BOB, BUY, MARKET, SELL


def open_market(house: House) -> None:
    house.stream.market()
    house.stream.deposit(ALICE, 2, 10_000)
    house.stream.deposit(BOB, 1, 100)


@pytest.mark.parametrize("batch_size", [1, 3, 1_000])
async def test_an_order_is_filled_in_parts_and_canceled(house: House, batch_size: int) -> None:
    open_market(house)
    ask = house.stream.rest(BOB, SELL, 100, 5, "b1")
    first = house.stream.take(ALICE, BUY, 101, 2, (ask, BOB, 100), is_maker_done=False)
    await house.project(batch_size=batch_size)
    order = await get_order(house.conn, BOB, ask)
    assert order is not None
    assert (order.status, order.filled, order.hold) == (OrderStatus.PARTIALLY_FILLED, 2, 3)
    house.stream.cancel(ask, BOB, SELL, 3, filled=2)
    await house.project(batch_size=batch_size)
    order = await get_order(house.conn, BOB, ask)
    assert order is not None
    assert (order.status, order.reason) == (OrderStatus.CANCELED, DoneReason.USER)
    assert (order.filled, order.filled_quote, order.hold) == (2, 200, 0)
    assert (order.qty, order.price, order.client_id, order.market) == (5, 100, "b1", MARKET)
    assert order.updated_seq == house.stream.seq
    assert not order.is_open
    taker = await get_order(house.conn, ALICE, first)
    assert taker is not None
    assert (taker.status, taker.filled, taker.filled_quote) == (OrderStatus.FILLED, 2, 200)


async def test_an_order_belongs_to_its_account_alone(house: House) -> None:
    open_market(house)
    ask = house.stream.rest(BOB, SELL, 100, 5, "b1")
    await house.project()
    assert await get_order(house.conn, ALICE, ask) is None
    assert await find_order_by_client_id(house.conn, ALICE, "b1") is None
    found = await find_order_by_client_id(house.conn, BOB, "b1")
    assert found is not None
    assert found.order_id == ask
    assert await find_order_by_client_id(house.conn, BOB, "") is None


async def test_a_client_id_used_again_names_the_newest_order(house: House) -> None:
    open_market(house)
    ask = house.stream.rest(BOB, SELL, 100, 5, "b1")
    house.stream.cancel(ask, BOB, SELL, 5)
    again = house.stream.rest(BOB, SELL, 100, 6, "b1")
    await house.project()
    found = await find_order_by_client_id(house.conn, BOB, "b1")
    assert found is not None
    assert found.order_id == again


async def test_pages_go_from_the_newest_to_the_oldest(house: House) -> None:
    open_market(house)
    asks = [house.stream.rest(BOB, SELL, 100 + step, 1) for step in range(5)]
    house.stream.cancel(asks[1], BOB, SELL, 1)
    await house.project()
    first = await list_orders(house.conn, BOB, limit=3)
    second = await list_orders(house.conn, BOB, after=first[-1].order_id, limit=3)
    assert [one.order_id for one in (*first, *second)] == asks[::-1]
    still_open = await list_orders(house.conn, BOB, is_open=True)
    assert [one.order_id for one in still_open] == [asks[4], asks[3], asks[2], asks[0]]
    closed = await list_orders(house.conn, BOB, is_open=False, market=MARKET)
    assert [one.order_id for one in closed] == [asks[1]]
    assert await list_orders(house.conn, BOB, market=MARKET + 1) == ()
    with pytest.raises(ValueError, match="limit must be 1 to 1000"):
        await list_orders(house.conn, BOB, limit=1_001)


async def test_an_event_of_an_order_without_a_row_stops_the_projector(house: House) -> None:
    open_market(house)
    house.stream.cancel(640_000, BOB, SELL, 0)
    with pytest.raises(OrderMissing, match="projections rebuild"):
        await house.project()
    assert await house.rows("cursor", "seq") == [] or house.projector.seq == 0
