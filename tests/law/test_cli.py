"""`bezant core apply` as somebody at a terminal meets it."""

import json
import subprocess
import sys

import pytest

from bezant.apps.engines import is_native_built

ENGINES = ["python", *(["native", "lockstep"] if is_native_built() else [])]


def bezant(*arguments: str, lines: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bezant", *arguments],
        input=lines,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("engine", ENGINES)
def test_a_line_out_for_each_line_in_and_the_state_at_the_end(engine: str) -> None:
    lines = '{"cmd":"OpenAccount","ts":1,"source":1,"number":1,"account":1000}\n{"cmd":"Tick"}\n'
    done = bezant("core", "apply", "--engine", engine, "--final", lines=lines)
    assert (done.returncode, done.stderr) == (0, "")
    opened, tick, final = (json.loads(line) for line in done.stdout.splitlines())
    assert opened["events"][0]["account"] == 1000
    assert tick == {"seq": 2, "code": 0, "events": []}
    assert final["seq"] == 2
    assert len(bytes.fromhex(final["digest"])) == 32


def test_a_bad_line_is_one_line_on_standard_error_and_status_1() -> None:
    done = bezant("core", "apply", lines='{"cmd":"Tick","ts":1}\n{"cmd":"PlaceOrder","qt":1}\n')
    assert done.returncode == 1
    assert len(done.stdout.splitlines()) == 1
    assert done.stderr.startswith("bezant: line 2: `qt` is no field of PlaceOrder")
    assert done.stderr.count("\n") == 1
