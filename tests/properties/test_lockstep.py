"""The state machine and the flow judge both cores at once, where the Rust one is built."""

import pytest

from bezant.apps.lockstep import Difference, Lockstep
from bezant.core.commands import Tick
from bezant.core.engine import Engine
from tests.fuzz.wrong import WrongState
from tests.properties.house import House

pytest.importorskip("bezant_core", reason="the Rust core is not built: `make native`")


def test_engine_and_shadow_are_both_cores() -> None:
    house = House()
    house.open()
    assert isinstance(house.engine, Lockstep)
    assert isinstance(house.shadow, Lockstep)
    assert type(house.engine.native) is not Engine


def test_a_core_that_differs_stops_the_house() -> None:
    house = House()
    house.open()
    assert isinstance(house.engine, Lockstep)
    wrong = WrongState()
    wrong.restore(house.engine.snapshot())
    wrong.state.marks.clear()
    house.engine.native = wrong
    with pytest.raises(Difference, match="snapshot"):
        house.submit([Tick()])
