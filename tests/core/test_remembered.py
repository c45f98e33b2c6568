"""How many client ids are remembered, and which is forgotten first (L3.2)."""

import pytest

from bezant.core.commands import CancelOrder
from bezant.core.engine import Engine
from bezant.core.events import CommandRepeated
from bezant.core.ids import OrderId
from bezant.core.invariants import check
from tests.core.house import ALICE, BOB, BUY, SECOND, House

DAY = 86_400 * SECOND


def repeats(house: House, account: int, name: str) -> bool:
    """Whether the id answers the order that `resting` placed; else it places another."""
    who = ALICE if account == ALICE else BOB
    return isinstance(house.place(who, BUY, 1, 10, name)[0], CommandRepeated)


def ended(house: House, name: str) -> None:
    house.place(ALICE, BUY, 1, 10, name)
    house.do(CancelOrder(ALICE, OrderId(0), name, 0))


def test_an_account_forgets_its_oldest_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bezant.core.remembered.ACCOUNT_IDS_MAX", 3)
    house = House()
    house.place(ALICE, BUY, 1, 10, "open")
    for name in ("e1", "e2", "e3"):
        ended(house, name)
    assert list(house.engine.state.accounts[ALICE].ids) == ["open", "e2", "e3"]
    assert repeats(house, ALICE, "open")


def test_without_an_ended_one_more_are_held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bezant.core.remembered.ACCOUNT_IDS_MAX", 2)
    house = House()
    for name in ("a", "b", "c", "d"):
        house.place(ALICE, BUY, 1, 10, name)
    assert len(house.engine.state.accounts[ALICE].ids) == 4


def test_the_house_forgets_its_oldest_of_all_accounts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bezant.core.remembered.HOUSE_IDS_MAX", 2)
    house = House()
    ended(house, "a1")
    house.place(BOB, BUY, 1, 10, "b1")
    house.place(BOB, BUY, 1, 10, "b2")
    state = house.engine.state
    assert list(state.accounts[ALICE].ids) == []
    assert state.ids_count == 2
    check(state)


def test_free_ids_leave_the_snapshot_and_then_the_state() -> None:
    house = House()
    ended(house, "a1")
    house.place(ALICE, BUY, 1, 10, "a2")
    house.ts_ns = DAY
    house.place(ALICE, BUY, 1, 10, "")
    restored = Engine()
    restored.restore(house.engine.snapshot())
    assert list(restored.state.accounts[ALICE].ids) == ["a2"]
    house.place(ALICE, BUY, 1, 10, "a3")
    assert list(house.engine.state.accounts[ALICE].ids) == ["a2", "a3"]


def test_a_restored_engine_judges_repeats_by_the_hash_alone() -> None:
    house = House()
    house.place(ALICE, BUY, 1, 10, "a1")
    restored = Engine()
    restored.restore(house.engine.snapshot())
    house.engine = restored
    assert repeats(house, ALICE, "a1")
    house.place(ALICE, BUY, 2, 10, "a1")
    assert house.code() == 20


def test_stale_lines_do_not_pile_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bezant.core.remembered.ACCOUNT_IDS_MAX", 2)
    monkeypatch.setattr("bezant.core.remembered.STALE_MIN", 10)
    house = House()
    for index in range(100):
        ended(house, f"n{index}")
    assert len(house.engine.state.ended_ids) < 20
