"""The bench of large snapshots runs, small, through both engines."""

import pytest

from benches import snapshot


def test_a_snapshot_goes_through_both_engines(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("bezant_core", reason="the Rust core is not built here")
    monkeypatch.setattr("sys.argv", ["snapshot", "--size", "300", "--reference"])
    snapshot.main()
    assert "4 digests the same" in capsys.readouterr().out
