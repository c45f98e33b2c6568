"""The row of an open iceberg says what it shows, whatever happens to it, after any restart."""

import pytest

from bezant.core import codec
from bezant.core.commands import AmendOrder, CancelOrder
from bezant.core.engine import Engine
from bezant.core.events import OrderAccepted
from bezant.queries.orders import get_order
from tests.fixtures_postgres import Database
from tests.projections.house import House
from tests.projections.test_lists import project
from tests.projections.test_modes import reopened
from tests.verify.flows import flow
from tests.verify.journals import ALICE, BOB, BUY, SELL, Maker, made

REOPEN_EVERY = 50
_VISIBLE = "SELECT order_id, visible FROM orders WHERE display <> 0 AND status < 2"
_OTHERS = "SELECT count(*) FROM orders WHERE visible <> 0 AND (display = 0 OR status >= 2)"


async def visible_of(house: House, maker: Maker, order_id: int) -> int:
    await project(house, maker)
    order = await get_order(house.conn, ALICE, order_id)
    assert order is not None
    return order.visible


async def test_an_iceberg_shows_its_peak_and_what_trades_left_of_it(house: House) -> None:
    maker = Maker()
    maker.open_house()
    accepted = maker.place(ALICE, SELL, 1_000, 10, display=4).events[0]
    assert isinstance(accepted, OrderAccepted)
    order_id = accepted.order_id
    assert await visible_of(house, maker, order_id) == 4
    maker.place(BOB, BUY, 1_000, 3)
    assert await visible_of(house, maker, order_id) == 1
    maker.place(BOB, BUY, 1_000, 2)
    assert await visible_of(house, maker, order_id) == 3
    maker.do(made(AmendOrder, ALICE, order_id, "", 7, None, ""))
    assert await visible_of(house, maker, order_id) == 2
    maker.do(made(CancelOrder, ALICE, order_id, "", 0))
    assert await visible_of(house, maker, order_id) == 0


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_rows_show_what_the_core_does_at_every_row(
    house: House, database: Database, seed: int
) -> None:
    maker = flow(seed, 300)
    engine = Engine()
    seen = 0
    for place, row in enumerate(maker.rows):
        engine.apply(row.batch.ts_ns, row.batch.seq_first, row.batch.entries)
        batch = house.projector.begin()
        count = row.batch.seq_last - row.batch.seq_first + 1
        batch.fold(row.batch.ts_ns, codec.decode_outcomes(row.batch.events, count))
        await house.projector.write(batch)
        shown = dict(map(tuple, await house.conn.fetch(_VISIBLE)))
        orders = engine.state.orders.values()
        assert shown == {order.id: order.visible for order in orders if order.terms.display}
        seen += sum(1 for visible in shown.values() if visible % 4)
        if place % REOPEN_EVERY == 0:
            house.projector.terminate()
            house.projector = await reopened(database)
    assert seen > 0
    assert await house.conn.fetchval(_OTHERS) == 0
