"""Every vector of the law against both engines at once."""

from pathlib import Path

import pytest

from bezant.apps.engines import named_engine_maker
from bezant.apps.lockstep import Lockstep
from bezant.apps.vectors.files import list_vectors
from bezant.apps.vectors.runner import run
from bezant.apps.vectors.target import EngineTarget
from bezant.core.engine import Engine
from tools.findings import ROOT

pytest.importorskip("bezant_core", reason="the Rust core is not built: `make native`")

STATE_EVERY = 500  # Some vectors are tens of thousands of entries long.
VECTORS = list_vectors(ROOT / "tests" / "vectors")


@pytest.mark.parametrize("path", VECTORS, ids=lambda path: path.name)
def test_a_vector_is_the_same_on_both_engines(path: Path) -> None:
    native = named_engine_maker("native")
    both = Lockstep(Engine(), native(), STATE_EVERY)
    run(path, EngineTarget(both))
    restored = native()
    restored.restore(both.snapshot())
    assert restored.snapshot() == both.snapshot()
    assert restored.next_deadline() == both.next_deadline()
