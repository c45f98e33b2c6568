"""The fuzzer finds engines that differ, shrinks what it found and writes it to play again."""

from functools import partial
from pathlib import Path

import pytest

from bezant.core.commands import PlaceOrder, SetCancelTimer, SetTier
from bezant.core.engine import Engine
from tests.fuzz import __main__ as fuzz
from tests.fuzz.days import play_day
from tests.fuzz.lines import from_lines
from tests.fuzz.pair import Makers
from tests.fuzz.recording import play
from tests.fuzz.wrong import Broken, Forgetful, WrongOutcome, WrongState

ALIKE = Makers(Engine)


def find(wrong: type[Engine], folder: Path, capsys: pytest.CaptureFixture[str]) -> tuple[str, Path]:
    """Fuzz an engine that is wrong; return what was said, and the file that was written."""
    makers = Makers(wrong)
    assert fuzz.main(["--n", "20000", "--out", str(folder)], makers) == 1
    (path,) = folder.iterdir()
    return capsys.readouterr().out, path


def test_engines_that_are_alike_play_to_the_end(capsys: pytest.CaptureFixture[str]) -> None:
    assert fuzz.main(["--n", "500", "--seed", "3"], ALIKE) == 0
    assert "compared equal, seeds 3 to" in capsys.readouterr().out


def test_a_day_is_the_same_whenever_it_is_played() -> None:
    first, second = play_day(8, ALIKE), play_day(8, ALIKE)
    assert first.recorder.items == second.recorder.items
    assert first.commands > 50
    assert first.states > 20


def test_days_are_equal_on_both_cores_and_on_any_shard() -> None:
    native = pytest.importorskip("bezant_core", reason="the Rust core is not built: `make native`")
    for seed, shard in ((1, 0), (2, 7), (3, 15)):
        makers = Makers(partial(native.Engine, shard), partial(Engine, shard))
        day = play_day(seed, makers)
        assert day.difference is None
        assert all(number & 15 == shard for number in day.recorder.pair.reference.state.orders)


def test_a_wrong_outcome_is_shrunk_to_a_few_commands(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said, path = find(WrongOutcome, tmp_path, capsys)
    assert "differs: outcome of seq" in said
    items = from_lines(path.read_text(encoding="utf-8"))
    assert len(items) <= 12, "assets, a market, two people, money, two orders"
    assert sum(isinstance(item.command, PlaceOrder) for item in items) <= 3
    assert play(items, ALIKE).difference is None
    assert fuzz.main(["--replay", str(path)], Makers(WrongOutcome)) == 1
    assert fuzz.main(["--replay", str(path)], ALIKE) == 0


def test_a_wrong_state_is_told_by_its_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said, path = find(WrongState, tmp_path, capsys)
    assert "state.accounts[0].tier: 2 is not 1" in said
    items = from_lines(path.read_text(encoding="utf-8"))
    assert any(isinstance(item.command, SetTier) for item in items)
    assert len(items) == 2, "an account, its tier"


def test_an_engine_that_breaks_differs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said, _ = find(Broken, tmp_path, capsys)
    assert "the native engine raised ValueError('prevented lots" in said


def test_what_only_a_restart_shows_is_found_and_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said, path = find(Forgetful, tmp_path, capsys)
    assert "differs" in said
    items = from_lines(path.read_text(encoding="utf-8"))
    assert [item.command for item in items][-1] is None, "an empty line is the restart"
    assert isinstance(items[-2].command, SetCancelTimer)
    assert fuzz.main(["--replay", str(path)], Makers(Forgetful)) == 1


def test_without_a_second_engine_it_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(fuzz, "_both", lambda: None)
    assert fuzz.main([]) == 2
    assert "make native" in capsys.readouterr().out
