"""Lets these tests import each other and the repository's own tests from wherever they run."""

import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
sys.path[:0] = [str(Path(__file__).parent), str(ROOT), str(ROOT / "src")]
