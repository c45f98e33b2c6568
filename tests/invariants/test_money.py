"""INV-01, INV-02, INV-03: money that appears, debts, holds without owners are found."""

import pytest

from bezant.apps.vectors.runner import Run
from bezant.core import ledger
from bezant.core.contract import InvariantViolation
from bezant.core.events import TransferPosted
from bezant.core.ids import AccountId, AssetId, Number, Source
from bezant.core.invariants import check
from bezant.core.units import Units
from bezant.core.words import TransferReason
from tests.invariants.house import engine_of
from tests.properties.retelling import Retelling

ALICE, Q = AccountId(1001), AssetId(2)


def test_inv_01_money_out_of_nothing_is_found(house: Run) -> None:
    state = engine_of(house).state
    balance = state.accounts[ALICE].balances[Q]
    balance.available = Units(balance.available + 1)
    with pytest.raises(InvariantViolation, match="INV-01: asset 2 sums to 1"):
        check(state)


def test_inv_01_a_house_account_counts_too(house: Run) -> None:
    state = engine_of(house).state
    state.assets[Q].house[1] += 1
    with pytest.raises(InvariantViolation, match="INV-01"):
        check(state)


def test_inv_02_a_debt_is_found_though_the_sum_is_zero(house: Run) -> None:
    state = engine_of(house).state
    balance = state.accounts[ALICE].balances[Q]
    state.assets[Q].house[5] += balance.available + 1
    balance.available = Units(-1)
    with pytest.raises(InvariantViolation, match="INV-02: account 1001 owes of asset 2"):
        check(state)


def test_inv_02_the_ledger_stops_before_a_debt(house: Run) -> None:
    balance = engine_of(house).state.accounts[ALICE].balances[Q]
    with pytest.raises(InvariantViolation, match="INV-02: available is never negative"):
        ledger.pay_from_available(balance, Units(balance.available + 1))


def test_inv_02_the_ledger_stops_before_a_hold_is_overdrawn(house: Run) -> None:
    balance = engine_of(house).state.accounts[ALICE].balances[Q]
    with pytest.raises(InvariantViolation, match="INV-02: a hold is never negative"):
        ledger.release_hold(balance, Units(balance.hold + 1))


def test_inv_02_a_reader_of_events_finds_a_debt() -> None:
    told = Retelling()
    posted = TransferPosted(
        Source(1), Number(1), ALICE, AccountId(1002), Q, Units(5), TransferReason.INTERNAL
    )
    with pytest.raises(AssertionError, match="INV-02"):
        told.tell(posted)


def test_inv_03_a_hold_without_an_order_is_found(house: Run) -> None:
    state = engine_of(house).state
    ledger.place_hold(state.accounts[ALICE].balances[Q], Units(1))
    with pytest.raises(InvariantViolation, match=r"INV-03: account 1001 holds .* of asset 2"):
        check(state)


def test_inv_03_an_order_that_holds_too_little_is_found(house: Run) -> None:
    state = engine_of(house).state
    order = state.orders[house.world.order("a2")]
    order.hold = Units(order.hold - 1)
    ledger.release_hold(state.accounts[ALICE].balances[Q], Units(1))
    with pytest.raises(InvariantViolation, match=f"INV-03: order {order.id} holds what it needs"):
        check(state)


def test_inv_03_a_withdrawal_that_is_forgotten_is_found(house: Run) -> None:
    state = engine_of(house).state
    state.transfers.clear()
    with pytest.raises(InvariantViolation, match="INV-03: account 1002"):
        check(state)


def test_inv_03_a_pair_that_holds_too_much_is_found(house: Run) -> None:
    state = engine_of(house).state
    (parent,) = state.lists.values()
    parent.hold = Units(parent.hold + 1)
    with pytest.raises(InvariantViolation, match="INV-03"):
        check(state)
