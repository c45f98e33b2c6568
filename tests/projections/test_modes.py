"""An order's row says what its self-trade prevention became: its own, else its account's."""

import asyncio

import pytest

from bezant.core.commands import OpenAccount, SetAccount
from bezant.core.words import STPMode
from bezant.projections.projector import Projector, ProjectorActive
from bezant.queries.orders import list_orders
from tests.fixtures_postgres import Database
from tests.projections.house import House
from tests.projections.test_lists import project
from tests.verify.journals import ALICE, BOB, BUY, Maker, made

CAROL = 1_777


def choose(maker: Maker, account: int, mode: int) -> None:
    maker.do(made(SetAccount, 1, maker.number(), account, 0, mode, False, False))


def opened() -> Maker:
    """Return a house where Carol's account began with decrement."""
    maker = Maker()
    maker.open_house()
    fields = (0, STPMode.DECREMENT, False, False)
    maker.do(made(OpenAccount, 1, maker.number(), CAROL, *fields))
    maker.deposit(CAROL, 2, 10**12)
    return maker


async def modes_of(house: House, account: int) -> list[int]:
    """Return the modes of an account's orders, oldest first."""
    return [order.stp for order in reversed(await list_orders(house.conn, account))]


@pytest.mark.parametrize("is_at_once", [True, False])
async def test_an_order_goes_by_the_settings_of_its_moment(
    house: House, database: Database, is_at_once: bool
) -> None:
    maker = opened()
    for mode in (STPMode.NONE, STPMode.EXPIRE_BOTH, STPMode.DEFAULT, STPMode.EXPIRE_MAKER):
        maker.place(ALICE, BUY, 10, 1)
        maker.place(ALICE, BUY, 10, 1, stp=STPMode.DECREMENT)
        choose(maker, ALICE, mode)
        if not is_at_once:
            await project(house, maker)
            house.projector.terminate()  # The next one has to know it from the tables.
            house.projector = await reopened(database)
    maker.place(ALICE, BUY, 10, 1)
    maker.place(BOB, BUY, 10, 1)
    maker.place(CAROL, BUY, 10, 1)
    await project(house, maker)
    assert (await modes_of(house, ALICE))[::2] == [
        STPMode.EXPIRE_TAKER,
        STPMode.NONE,
        STPMode.EXPIRE_BOTH,
        STPMode.EXPIRE_TAKER,
        STPMode.EXPIRE_MAKER,
    ]
    assert set((await modes_of(house, ALICE))[1::2]) == {STPMode.DECREMENT}
    assert await modes_of(house, BOB) == [STPMode.EXPIRE_TAKER]
    assert await modes_of(house, CAROL) == [STPMode.DECREMENT]
    assert await house.rows("account_settings", "account") == [
        {"account": ALICE, "stp": STPMode.EXPIRE_MAKER},
        {"account": CAROL, "stp": STPMode.DECREMENT},
    ]


async def reopened(database: Database) -> Projector:
    """Return a projector in the place of one that was cut off a moment ago."""
    projector = await Projector.connect(database.app_dsn)
    for _ in range(200):
        try:
            await projector.open()
        except ProjectorActive:
            await asyncio.sleep(0.05)
        else:
            return projector
    raise AssertionError("the lock of the projector that was cut off never fell free")
