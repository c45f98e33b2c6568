"""The house that each of these tests breaks."""

from pathlib import Path

import pytest

from tests.invariants.house import opened
from tests.vector_runner.runner import Run


@pytest.fixture
def house(tmp_path: Path) -> Run:
    """Return a house in order."""
    return opened(tmp_path)
