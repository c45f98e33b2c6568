"""The benches of both engines run, tiny; what they need of Rust is built quickly, not for speed."""

import shutil

import pytest

from benches import engine

HASTE = {"LTO": "off", "OPT_LEVEL": "0", "CODEGEN_UNITS": "16"}


@pytest.fixture(autouse=True)
def _built_in_haste(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "TARGET", engine.ROOT / "target" / "tiny")
    for setting, value in HASTE.items():
        monkeypatch.setenv(f"CARGO_PROFILE_RELEASE_{setting}", value)


@pytest.mark.slow
@pytest.mark.timeout(600)
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


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.skipif(shutil.which("cargo") is None, reason="needs cargo")
def test_growth_is_measured() -> None:
    printed = engine.run_bench("growth", "100", "1000")
    for what in ("1,000 orders", "1,000 accounts", "1,000 markets", "1,000 levels"):
        assert what in printed
