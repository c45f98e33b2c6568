"""The bench of the pipeline runs, tiny, and prints a rate with its conditions."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
def test_it_prints_a_rate() -> None:
    bench = subprocess.run(
        [sys.executable, "-m", "benches.pipeline", "--seconds", "1", "--in-flight", "20"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert bench.returncode == 0, bench.stderr
    assert re.search(r"pipeline: [\d,]+ durable commands/s, p50 .* fsync on", bench.stdout)
