"""A small house with orders on both sides and a withdrawal, to be broken on purpose."""

from pathlib import Path

from bezant.apps.vectors.runner import Run, run
from bezant.apps.vectors.target import reference
from bezant.core.engine import Engine

TEXT = """# A house with orders on both sides, a pair, an iceberg and a withdrawal.
asset   B scale=0
asset   Q scale=0
market  B-Q tick=1 lot=1 taker_ppm=10000 reference=100
deposit alice 10000 Q 100 B
deposit bob   10000 Q 100 B
place   bob   b1 sell limit 110 x 5
place   bob   b2 sell limit 110 x 6 display=2
place   bob   b3 sell limit 111 x 7
place   alice a1 buy  limit 100 x 5
place   alice a2 buy  limit 100 x 4
place   alice a3 buy  limit 99 x 5
list    alice l1 oco { a4 sell limit 120 x 5 post_only ; a5 sell market x 5 stop=90 }
hold    bob   w1 100 Q fee=5
place   bob   b4 sell limit 99 x 2 -> accepted; trade b4×a1 2@100; done b4
"""


def opened(folder: Path, more: str = "") -> Run:
    """Return the house after its lines and `more`, all its invariants kept."""
    path = folder / "house.vec"
    path.write_text(TEXT + more, encoding="utf-8")
    return run(path, reference())


def engine_of(house: Run) -> Engine:
    """Return the reference engine behind a run."""
    engine = getattr(house.target, "engine", None)
    assert isinstance(engine, Engine)
    return engine
