"""Every vector against the reference engine, and what its journal says when it is played again."""

from pathlib import Path

import pytest
from _pytest.mark import ParameterSet

from bezant.apps.vectors.files import list_vectors
from bezant.apps.vectors.runner import run
from bezant.apps.vectors.target import EngineTarget, reference
from bezant.core.engine import Engine
from bezant.core.invariants import check
from tools.findings import ROOT

VECTORS = list_vectors(ROOT / "tests" / "vectors")


def _parameters() -> list[ParameterSet]:
    found = []
    for path in VECTORS:
        marks = [pytest.mark.slow] if "repeat 100000" in path.read_text(encoding="utf-8") else []
        found.append(pytest.param(path, id=path.name, marks=marks))
    return found


def _replay(log: list[tuple[int, bytes, bytes]]) -> Engine:
    """Play a journal into a fresh engine; its outcomes must be the same bytes."""
    again = Engine()
    for seq, (ts_ns, entry, outcome) in enumerate(log, start=1):
        assert again.apply(ts_ns, seq, entry) == outcome, f"seq {seq} differs in replay"
    return again


@pytest.mark.parametrize("path", _parameters())
def test_vector(path: Path) -> None:
    target = reference()
    run(path, target)
    engine = target.engine
    again = _replay(target.log) if len(target.log) < 1_000 else Engine()
    restored = Engine()
    restored.restore(engine.snapshot())
    check(restored.state)
    assert restored.digest() == engine.digest(), "a snapshot restores another state"
    assert restored.next_deadline() == engine.next_deadline()
    if again.seq:
        assert again.digest() == engine.digest(), "a replay ends in another state"


def test_a_run_without_checks_sees_the_same() -> None:
    path = next(path for path in VECTORS if path.name == "best-price-then-time.vec")
    assert (
        run(path, EngineTarget(Engine())).target.digest() == run(path, reference()).target.digest()
    )
