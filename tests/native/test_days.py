"""Seeded days: `FUZZ_N` commands from `FUZZ_SEED` on both engines, every outcome compared."""

import os

import pytest

pytest.importorskip("bezant_core", reason="the Rust core is not built: `make native`")

from tests.native.days import live

N = int(os.environ.get("FUZZ_N", "1000"))
SEED = int(os.environ.get("FUZZ_SEED", "1"))


@pytest.mark.parametrize("seed", range(SEED, SEED + 4))
def test_a_seeded_day_is_the_same_on_both_engines(seed: int) -> None:
    assert live(seed, N, state_every=10) >= N
