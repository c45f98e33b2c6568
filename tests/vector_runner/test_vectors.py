"""Every vector against the reference engine, and what its journal says when it is played again."""

from pathlib import Path

import pytest
from _pytest.mark import ParameterSet

from bezant.core.engine import Engine
from bezant.core.invariants import check
from tests.vector_runner.__main__ import ROOT, not_yet_names
from tests.vector_runner.grammar import statements
from tests.vector_runner.runner import VectorFailed, run
from tests.vector_runner.target import EngineTarget, reference

NOT_YET = not_yet_names()


def _parameters() -> list[ParameterSet]:
    found = []
    for path in sorted(ROOT.rglob("*.vec")):
        name = str(path.relative_to(ROOT))
        later = pytest.mark.xfail(raises=VectorFailed, strict=True, reason="not built yet")
        marks = [later] if name in NOT_YET else []
        if "repeat 100000" in path.read_text(encoding="utf-8"):
            marks.append(pytest.mark.slow)
        found.append(pytest.param(path, id=name, marks=marks))
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


def test_the_list_of_later_vectors_names_files() -> None:
    for name in NOT_YET:
        assert (ROOT / name).is_file(), f"not-yet.txt names {name}, which is not there"


@pytest.mark.parametrize("path", sorted(ROOT.rglob("*.vec")), ids=lambda path: path.name)
def test_a_vector_can_be_read(path: Path) -> None:
    """Grammar alone, so that a badly written vector never hides behind the list of later ones."""
    assert list(statements(path, path.read_text(encoding="utf-8")))


def test_a_run_without_checks_sees_the_same(tmp_path: Path) -> None:
    path = next(ROOT.rglob("best-price-then-time.vec"))
    assert (
        run(path, EngineTarget(Engine())).target.digest() == run(path, reference()).target.digest()
    )
