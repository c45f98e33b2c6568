"""Which engine runs, what is said where the native one is missing, and what lockstep stops at."""

from typing import Any

import pytest

from bezant.apps import engines
from bezant.apps.engines import engine_maker, engine_name, engine_warning, named_engine_maker
from bezant.apps.lockstep import Difference, Lockstep
from bezant.core import codec
from bezant.core.commands import Tick
from bezant.core.contract import InvariantViolation
from bezant.core.engine import Engine
from bezant.core.ids import Seq
from bezant.kit.config import Settings
from bezant.kit.operator_error import OperatorError

TICK = codec.encode(Tick())


@pytest.fixture
def _no_native(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "is_native_built", lambda: False)


@pytest.fixture(autouse=True)
def _unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BEZANT_ENGINE", raising=False)


@pytest.mark.usefixtures("_no_native")
def test_without_a_native_build_the_reference_runs_and_one_line_says_so() -> None:
    settings = Settings.load()
    assert engine_name(settings) == "python"
    assert isinstance(engine_maker(settings)(), Engine)
    warning = engine_warning(settings)
    assert warning is not None
    assert "\n" not in warning
    assert "make native" in warning


@pytest.mark.usefixtures("_no_native")
@pytest.mark.parametrize("name", ["native", "lockstep"])
def test_an_engine_that_was_asked_for_is_never_replaced(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BEZANT_ENGINE", name)
    with pytest.raises(OperatorError, match=rf"`{name}` needs the native core.*BEZANT_ENGINE"):
        engine_maker(Settings.load())


def test_the_reference_by_choice_is_no_reason_for_a_warning(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("BEZANT_ENGINE", "python")
    assert engine_warning(Settings.load()) is None


def test_the_native_engine_is_the_default_where_it_is_built() -> None:
    native = pytest.importorskip("bezant_core", reason="the Rust core is not built: `make native`")
    settings = Settings.load(shard=3)
    assert engine_name(settings) == "native"
    assert engine_warning(settings) is None
    assert isinstance(engine_maker(settings)(), native.Engine)
    both = named_engine_maker("lockstep", 3)()
    assert isinstance(both, Lockstep)
    assert isinstance(both.native, native.Engine)


class Wrong(Engine):
    """Goes wrong in one of its answers at seq 2."""

    def __init__(self, answer: str) -> None:
        super().__init__()
        self._answer = answer

    def apply(self, ts_ns: int, seq_first: int, entries: bytes) -> bytes:
        raw = super().apply(ts_ns, seq_first, entries)
        return raw + b"\x00" if self._answer == "apply" and self.seq == 2 else raw

    def digest(self) -> bytes:
        return b"" if self._answer == "digest" and self.seq == 2 else super().digest()

    def snapshot(self) -> bytes:
        return b"" if self._answer == "snapshot" and self.seq == 2 else super().snapshot()

    def next_deadline(self) -> int:
        return 7 if self._answer == "next_deadline" and self.seq == 2 else super().next_deadline()


@pytest.mark.parametrize("answer", ["apply", "digest", "snapshot", "next_deadline"])
def test_lockstep_stops_at_the_first_difference(answer: str) -> None:
    both = Lockstep(Engine(), Wrong(answer), state_every=1)

    def live(seq: int) -> Any:
        both.apply(1, seq, codec.encode_entry(Seq(seq), TICK))
        return both.digest()

    live(1)
    with pytest.raises(Difference, match="seq 2"):
        live(2)
    assert issubclass(Difference, InvariantViolation)  # So that nothing handles it on the way.
