"""Every vector of the law against both engines at once."""

from pathlib import Path

import pytest

from bezant.apps.engines import named_engine_maker
from bezant.apps.lockstep import Lockstep
from bezant.core.engine import Engine
from tests.vector_runner.__main__ import ROOT, not_yet_names
from tests.vector_runner.runner import run
from tests.vector_runner.target import EngineTarget

pytest.importorskip("bezant_core", reason="the Rust core is not built: `make native`")

STATE_EVERY = 500  # Some vectors are tens of thousands of entries long.
NOT_YET = not_yet_names()
VECTORS = [
    path for path in sorted(ROOT.rglob("*.vec")) if str(path.relative_to(ROOT)) not in NOT_YET
]


@pytest.mark.parametrize("path", VECTORS, ids=lambda path: path.name)
def test_a_vector_is_the_same_on_both_engines(path: Path) -> None:
    native = named_engine_maker("native")
    both = Lockstep(Engine(), native(), STATE_EVERY)
    run(path, EngineTarget(both))
    restored = native()
    restored.restore(both.snapshot())
    assert restored.snapshot() == both.snapshot()
    assert restored.next_deadline() == both.next_deadline()
