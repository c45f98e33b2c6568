"""A dead man's switch has a row with its time; it is 0 once the timer is gone, however it went."""

import pytest

from bezant.core.commands import CloseAccount, OpenAccount, SetCancelTimer, Tick
from bezant.queries.cancel_timers import CancelTimer, list_cancel_timers
from tests.projections.house import House
from tests.projections.test_lists import project
from tests.verify.journals import ALICE, BOB, FIFO, PRO_RATA, SECOND_NS, Maker, made

CAROL = 1_777
NS_PER_MS = 1_000_000


def set_timer(maker: Maker, account: int, market: int, timeout_ms: int) -> int:
    """Set a timer and return when it is due."""
    maker.do(made(SetCancelTimer, account, market, timeout_ms))
    return maker.ts_ns + timeout_ms * NS_PER_MS if timeout_ms else 0


@pytest.mark.parametrize("is_at_once", [True, False])
async def test_timers_are_set_renewed_removed_and_act(house: House, is_at_once: bool) -> None:
    maker = Maker()
    maker.open_house()

    async def step() -> None:
        if not is_at_once:
            await project(house, maker)

    set_timer(maker, ALICE, 0, 5_000)
    set_timer(maker, ALICE, FIFO, 60_000)
    bobs = set_timer(maker, BOB, PRO_RATA, 60_000)
    await step()
    maker.ts_ns += SECOND_NS
    renewed = set_timer(maker, ALICE, FIFO, 90_000)
    set_timer(maker, BOB, 0, 8_000)
    await step()
    set_timer(maker, BOB, 0, 0)
    maker.ts_ns += 5 * SECOND_NS
    maker.do(made(Tick))  # Alice's timer of all markets acts.
    await project(house, maker)
    assert await list_cancel_timers(house.conn, ALICE) == (CancelTimer(FIFO, renewed),)
    assert await list_cancel_timers(house.conn, BOB) == (CancelTimer(PRO_RATA, bobs),)
    assert await list_cancel_timers(house.conn, CAROL) == ()


@pytest.mark.parametrize("is_at_once", [True, False])
async def test_closing_an_account_drops_its_timers(house: House, is_at_once: bool) -> None:
    maker = Maker()
    maker.open_house()
    maker.do(made(OpenAccount, 1, maker.number(), CAROL, 0, 0, False, False))
    set_timer(maker, CAROL, FIFO, 60_000)
    kept = set_timer(maker, ALICE, FIFO, 60_000)
    if not is_at_once:
        await project(house, maker)
    maker.do(made(CloseAccount, 1, maker.number(), CAROL))
    await project(house, maker)
    assert await list_cancel_timers(house.conn, CAROL) == ()
    assert await list_cancel_timers(house.conn, ALICE) == (CancelTimer(FIFO, kept),)
