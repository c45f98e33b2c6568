"""The bench of the core runs, small."""

import pytest

from benches import core


def test_the_bench_prints_its_rates(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.argv", ["core", "--commands", "300"])
    core.main()
    printed = capsys.readouterr().out
    assert printed.count("commands/s") == 4
    assert printed.count("the same") == 2
