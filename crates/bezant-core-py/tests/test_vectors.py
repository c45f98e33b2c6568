"""Every vector of the law against both engines at once."""

from pathlib import Path

import pytest

pytest.importorskip("bezant_core", reason="the Rust core is not built: see crates/README.md")

from bezant_core import Engine as NativeEngine
from lockstep import Lockstep

from tests.vector_runner.__main__ import ROOT, not_yet_names
from tests.vector_runner.runner import run
from tests.vector_runner.target import EngineTarget

STATE_EVERY = 500  # Some vectors are tens of thousands of entries long.
NOT_YET = not_yet_names()
VECTORS = [
    path for path in sorted(ROOT.rglob("*.vec")) if str(path.relative_to(ROOT)) not in NOT_YET
]


@pytest.mark.parametrize("path", VECTORS, ids=lambda path: path.name)
def test_a_vector_is_the_same_on_both_engines(path: Path) -> None:
    both = Lockstep(STATE_EVERY)
    run(path, EngineTarget(both))
    restored = NativeEngine()
    restored.restore(both.snapshot())
    assert restored.snapshot() == both.snapshot()
    assert restored.next_deadline() == both.next_deadline()
