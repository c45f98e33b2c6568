"""The house that each of these tests breaks."""

from pathlib import Path

import pytest

from bezant.apps.vectors.runner import Run
from tests.invariants.house import opened


@pytest.fixture
def house(tmp_path: Path) -> Run:
    """Return a house in order."""
    return opened(tmp_path)
