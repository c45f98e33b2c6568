"""705: pending transfers have a limit, here two instead of a million."""

from pathlib import Path

import pytest

from bezant.apps.vectors.runner import run
from bezant.apps.vectors.target import reference
from bezant.core.handlers import transfers

THREE_HOLDS = """# The house has room for two pending transfers.
asset   Q scale=0
deposit alice 10 Q
deposit bob   10 Q
hold    alice w1 1 Q
hold    bob   w2 1 Q
hold    alice w3 1 Q -> refused PENDING_TRANSFERS_TOO_MANY
void    w2
hold    alice w3 1 Q
zero-sum
"""


def test_pending_transfers_of_all_accounts_count(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(transfers, "PENDING_TRANSFERS_MAX", 2)
    vector = tmp_path / "pending.vec"
    vector.write_text(THREE_HOLDS, encoding="utf-8")
    run(vector, reference())
