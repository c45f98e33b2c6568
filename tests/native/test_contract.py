"""What the native module promises beyond the law: its stub, its errors, the interpreter's lock."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from bezant.apps.engines import named_engine_maker
from bezant.core import codec
from bezant.core.codec import MalformedMessage
from bezant.core.commands import Tick
from bezant.core.contract import EngineContract
from bezant.core.ids import Seq
from tools.findings import ROOT

native = pytest.importorskip("bezant_core", reason="the Rust core is not built: `make native`")

TICK = codec.encode(Tick())


def test_the_stub_says_what_the_module_has(tmp_path: Path) -> None:
    allowed = tmp_path / "allowed"
    allowed.write_text("bezant_core.bezant_core\n")  # Where maturin puts it; it has no stub.
    done = subprocess.run(
        [sys.executable, "-m", "mypy.stubtest", "bezant_core", "--allowlist", str(allowed)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "no issues found" in done.stdout


def test_it_keeps_the_contract_by_name() -> None:
    promised = {name for name in vars(EngineContract) if not name.startswith("_")}
    assert promised <= set(dir(native.Engine))


@pytest.mark.parametrize("shard", [-1, 16, 2**63])
def test_a_shard_that_cannot_be_is_refused_as_the_reference_does(shard: int) -> None:
    for name in ("python", "native"):
        with pytest.raises((ValueError, OverflowError)):
            named_engine_maker(name, shard)()


def test_malformed_bytes_are_the_references_own_error() -> None:
    with pytest.raises(MalformedMessage):
        native.Engine().apply(1, 1, b"\x92\x01\xc1")
    with pytest.raises(MalformedMessage):
        native.Engine().query(b"\xc1")
    with pytest.raises(MalformedMessage):
        native.Engine().restore(b"\xc1")


def test_a_seq_out_of_order_and_time_running_back_are_refused() -> None:
    with pytest.raises(ValueError, match="INV-07"):
        native.Engine().apply(1, 2, codec.encode_entry(Seq(2), TICK))
    engine = native.Engine()
    engine.apply(5, 1, codec.encode_entry(Seq(1), TICK))
    with pytest.raises(ValueError, match="INV-07"):
        engine.apply(4, 2, codec.encode_entry(Seq(2), TICK))


def test_other_threads_go_on_while_a_batch_is_applied() -> None:
    """Had `apply` kept the interpreter's lock, the other thread could not have run yet."""
    entries = b"".join(codec.encode_entry(Seq(seq), TICK) for seq in range(1, 200_001))
    is_applying, has_run = threading.Event(), threading.Event()

    def run_once() -> None:
        is_applying.wait()
        has_run.set()

    other = threading.Thread(target=run_once)
    other.start()
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1_000)  # The lock changes hands only where it is let go.
    try:
        is_applying.set()
        native.Engine().apply(1, 1, entries)
        ran_meanwhile = has_run.is_set()
    finally:
        sys.setswitchinterval(interval)
        other.join()
    assert ran_meanwhile
