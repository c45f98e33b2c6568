"""Seeded days: `FUZZ_N` commands from `FUZZ_SEED`, every entry compared as in `house`."""

import os
from random import Random

import pytest

from tests.properties.flow import Flow
from tests.properties.house import House

N = int(os.environ.get("FUZZ_N", "500"))
SEED = int(os.environ.get("FUZZ_SEED", "1"))


@pytest.mark.parametrize("seed", range(SEED, SEED + 6))
def test_a_seeded_day_adds_up(seed: int) -> None:
    house = House()
    house.open()
    flow = Flow(Random(seed), house)
    flow.run(N)
    assert sum(house.told.trade_no.values()) > N // 20, "a day without trades shows little"
    house.replay()
