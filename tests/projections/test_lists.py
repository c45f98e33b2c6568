"""Order lists hold together; an amended order is found by all of its names."""

from typing import Any

from bezant.core import codec
from bezant.core.commands import AmendOrder, CancelOrder, PlaceList
from bezant.core.words import DoneReason, ListKind
from bezant.queries.ledger import list_balances, list_holds
from bezant.queries.order_lists import (
    find_order_list_by_client_id,
    get_order_list,
    list_order_lists,
)
from bezant.queries.orders import OrderStatus, find_order_by_client_id, get_order
from tests.projections.house import House
from tests.verify.journals import ALICE, BASE, BOB, BUY, FIFO, SELL, Maker, made, order

LOT = 1_000  # Units of the base.


async def project(house: House, maker: Maker) -> None:
    """Project what the engine said beyond the cursor, row by row."""
    for row in maker.rows:
        if row.batch.seq_first <= house.projector.seq:
            continue
        batch = house.projector.begin()
        count = row.batch.seq_last - row.batch.seq_first + 1
        batch.fold(row.batch.ts_ns, codec.decode_outcomes(row.batch.events, count))
        await house.projector.write(batch)


def opened() -> Maker:
    """Return a house with a last price of 1,000 in the fifo market."""
    maker = Maker()
    maker.open_house()
    maker.place(BOB, SELL, 1_000, 1)
    maker.place(ALICE, BUY, 1_000, 1)
    return maker


def place_oco(maker: Maker) -> tuple[int, int]:
    """Alice sells 5: at 1,010, or when the price falls to 990. Return the ids of both legs."""
    legs = (
        order(ALICE, SELL, 1_010, 5, post_only=True).order,
        order(ALICE, SELL, 985, 5, trigger=1, trigger_price=990).order,
    )
    events: Any = maker.do(made(PlaceList, ALICE, FIFO, "pair", 0, legs))[0].events
    return events[1].order_id, events[2].order_id


async def test_a_pair_has_one_hold_and_it_is_the_list_s(house: House) -> None:
    maker = opened()
    first, second = place_oco(maker)
    await project(house, maker)
    (hold,) = await list_holds(house.conn, ALICE)
    assert (hold.asset, hold.units, hold.list_id, hold.order_id) == (BASE, 5 * LOT, first, None)
    assert (await list_balances(house.conn, ALICE))[0].hold == 5 * LOT
    pending = await get_order(house.conn, ALICE, second)
    assert pending is not None
    assert (pending.status, pending.hold, pending.list_id) == (
        OrderStatus.PENDING_TRIGGER, 0, first,
    )  # fmt: skip


async def test_a_list_is_read_with_its_legs_in_order(house: House) -> None:
    maker = opened()
    first, second = place_oco(maker)
    await project(house, maker)
    found = await get_order_list(house.conn, ALICE, first)
    assert found is not None
    assert [leg.order_id for leg in found.legs] == [first, second]
    assert (found.kind, found.hold, found.done_ns) == (ListKind.OCO, 5 * LOT, None)
    assert await find_order_list_by_client_id(house.conn, ALICE, "pair") == found
    assert await list_order_lists(house.conn, ALICE, is_open=True) == (found,)
    assert await list_order_lists(house.conn, ALICE, is_open=False) == ()
    assert await get_order_list(house.conn, BOB, first) is None
    assert await get_order_list(house.conn, ALICE, second) is None

    maker.do(made(CancelOrder, ALICE, second, "", 0))
    await project(house, maker)
    (ended,) = await list_order_lists(house.conn, ALICE, is_open=False)
    assert [(leg.status, leg.reason) for leg in ended.legs] == [
        (OrderStatus.CANCELED, DoneReason.LIST), (OrderStatus.CANCELED, DoneReason.USER),
    ]  # fmt: skip


async def test_a_leg_that_trades_ends_the_other_and_keeps_what_it_needs(house: House) -> None:
    maker = opened()
    first, second = place_oco(maker)
    await project(house, maker)
    maker.place(BOB, BUY, 1_010, 2)
    await project(house, maker)
    (hold,) = await list_holds(house.conn, ALICE)
    assert (hold.units, hold.list_id) == (3 * LOT, first)
    other = await get_order(house.conn, ALICE, second)
    assert other is not None
    assert other.status is OrderStatus.EXPIRED
    maker.do(made(CancelOrder, ALICE, first, "", 0))
    await project(house, maker)
    assert await list_holds(house.conn, ALICE) == ()
    (row,) = await house.rows("order_lists", "list_id")
    assert (row["hold"], row["client_id"]) == (0, "pair")
    assert row["done_ns"] is not None


async def test_legs_that_wait_open_when_their_list_goes_to_work(house: House) -> None:
    maker = opened()
    legs = (order(ALICE, BUY, 1_000, 4).order, order(ALICE, SELL, 1_020, 4).order)
    events: Any = maker.do(made(PlaceList, ALICE, FIFO, "", 1, legs))[0].events
    waiting = events[2].order_id
    await project(house, maker)
    found = await get_order(house.conn, ALICE, waiting)
    assert found is not None
    assert found.status is OrderStatus.PENDING_TRIGGER
    maker.place(BOB, SELL, 1_000, 4)
    await project(house, maker)
    found = await get_order(house.conn, ALICE, waiting)
    assert found is not None
    assert found.status is OrderStatus.NEW
    (hold,) = await list_holds(house.conn, ALICE)
    assert (hold.units, hold.asset) == (4 * LOT, BASE)


async def test_an_amended_order_is_found_by_all_its_names(house: House) -> None:
    maker = opened()
    events: Any = maker.place(BOB, SELL, 1_050, 9, client_id="one").events
    number = events[0].order_id
    maker.do(made(AmendOrder, BOB, number, "", 8, None, "two"))
    await project(house, maker)
    maker.do(made(AmendOrder, BOB, number, "", 7, 1_040, "three"))
    await project(house, maker)
    for name in ("one", "two", "three"):
        found = await find_order_by_client_id(house.conn, BOB, name)
        assert found is not None
        assert (found.order_id, found.client_id) == (number, "three")
        assert (found.qty, found.price, found.hold) == (7, 1_040, 7 * LOT)
    assert await find_order_by_client_id(house.conn, ALICE, "one") is None


async def test_names_changed_within_one_batch_are_all_kept(house: House) -> None:
    maker = opened()
    await project(house, maker)
    placed = order(BOB, SELL, 1_050, 9, client_id="one")
    number = 64 * (maker.seq + 1)
    maker.do(
        placed,
        made(AmendOrder, BOB, number, "", 8, None, "two"),
        made(AmendOrder, BOB, number, "", 7, None, "three"),
    )
    await project(house, maker)
    for name in ("one", "two", "three"):
        found = await find_order_by_client_id(house.conn, BOB, name)
        assert found is not None
        assert (found.order_id, found.qty) == (number, 7)
