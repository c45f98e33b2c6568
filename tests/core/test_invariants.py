"""Each invariant of the state, broken on purpose: the check finds it."""

from collections.abc import Callable

import pytest

from bezant.core.contract import InvariantViolation, invariant
from bezant.core.invariants import check
from bezant.core.ledger import pay_from_available, pay_from_hold, release_hold
from bezant.core.order import Order
from bezant.core.state import State
from bezant.core.units import Lots, Ticks, Units
from tests.core.house import ALICE, BASE, BOB, BUY, MARKET, QUOTE, SELL, House


def busy() -> State:
    house = House()
    house.place(ALICE, SELL, 5, 100, "a1")
    house.place(ALICE, SELL, 6, 101)
    house.place(BOB, BUY, 7, 99)
    check(house.engine.state)
    return house.engine.state


def first(state: State) -> Order:
    return next(iter(state.orders.values()))


def mint(state: State) -> None:
    state.accounts[BOB].balances[BASE].available = Units(1_000_001)


def owe(state: State) -> None:
    state.accounts[BOB].balances[BASE].available = Units(-1)


def hold_for_nothing(state: State) -> None:
    balance = state.accounts[BOB].balances[BASE]
    balance.available, balance.hold = Units(balance.available - 1), Units(balance.hold + 1)


def lose_a_lot(state: State) -> None:
    first(state).filled = Lots(1)


def hold_less_than_needed(state: State) -> None:
    order = first(state)
    order.hold = Units(order.hold - 1)
    balance = state.accounts[ALICE].balances[BASE]
    balance.available, balance.hold = Units(balance.available + 1), Units(balance.hold - 1)


def cross(state: State) -> None:
    book = state.markets[MARKET].book
    bids, asks = book.bids, book.asks
    level = bids.levels.pop(99)
    bids.levels[100], bids.keys[-1], level.price = level, 100, Ticks(100)
    for order in state.orders.values():
        if order.price == 99:
            order.price = order.hold_price = Ticks(100)
    assert asks.keys


def miscount_a_level(state: State) -> None:
    level = state.markets[MARKET].book.bids.best()
    assert level is not None
    level.leaves = Lots(level.leaves + 1)


def unsort_the_levels(state: State) -> None:
    state.markets[MARKET].book.asks.keys.reverse()


def miscount_orders(state: State) -> None:
    state.accounts[ALICE].counts[MARKET].orders += 1


def put_the_house_in_debt(state: State) -> None:
    asset = state.assets[QUOTE]
    asset.house[1] -= 1
    asset.house[8] += 1


@pytest.mark.parametrize(
    ("break_it", "rule"),
    [
        (mint, "INV-01"),
        (owe, "INV-02"),
        (put_the_house_in_debt, "L13.1"),
        (hold_for_nothing, "INV-03"),
        (hold_less_than_needed, "INV-03"),
        (cross, "INV-04|INV-03"),
        (miscount_a_level, "INV-05"),
        (unsort_the_levels, "INV-05"),
        (lose_a_lot, "INV-06"),
        (miscount_orders, "L2.5"),
    ],
)
def test_a_broken_state_is_found(break_it: Callable[[State], None], rule: str) -> None:
    state = busy()
    break_it(state)
    with pytest.raises(InvariantViolation, match=rule):
        check(state)


def test_the_ledger_stops_at_debt() -> None:
    balance = busy().accounts[ALICE].balances[BASE]
    for post in (pay_from_available, pay_from_hold, release_hold):
        with pytest.raises(InvariantViolation, match="INV-02"):
            post(balance, Units(10**9))


def test_an_invariant_is_no_assertion_that_can_be_switched_off() -> None:
    invariant(holds=True, rule="fine")
    with pytest.raises(InvariantViolation, match="not fine"):
        invariant(holds=False, rule="not fine")
    assert not issubclass(InvariantViolation, Exception)
