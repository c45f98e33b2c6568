"""The bench of both engines runs, tiny."""

import shutil

import pytest

from benches import engine


@pytest.mark.slow
def test_both_engines_are_timed_on_three_flows(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.argv", ["engine", "--commands", "300", "--passes", "1"])
    engine.main()
    printed = capsys.readouterr().out
    assert printed.count("reference apply") == 3
    assert "ANOTHER" not in printed
    if shutil.which("cargo") is not None:
        assert printed.count("native  apply and encode") == 3
        assert printed.count("the same") == 3
