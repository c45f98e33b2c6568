"""The feed stands on both journals."""

from tests.contracts.journal.conftest import house, new_house

__all__ = ["house", "new_house"]
