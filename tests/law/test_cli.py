"""`bezant core apply` and `bezant core vectors` as somebody at a terminal meets them."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bezant.apps.engines import is_native_built
from tools.findings import ROOT

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


@pytest.mark.parametrize("engine", ENGINES)
def test_a_folder_of_vectors_is_run_on_the_engine_that_was_named(
    engine: str, tmp_path: Path
) -> None:
    shutil.copytree(ROOT / "tests" / "vectors" / "09-icebergs", tmp_path / "vectors")
    done = bezant("core", "vectors", str(tmp_path), "--engine", engine)
    assert (done.returncode, done.stderr) == (0, "")
    assert re.fullmatch(rf"{engine}: \d+ passed, 0 failed\n", done.stdout)


def test_a_vector_that_fails_says_where_and_what(tmp_path: Path) -> None:
    vector = tmp_path / "wrong.vec"
    vector.write_text("# A digest that is not so.\ntick\ndigest ab\n")
    done = bezant("core", "vectors", str(vector), "--engine", "python")
    assert done.returncode == 1
    assert done.stdout == "python: 0 passed, 1 failed\n"
    assert "wrong.vec:3" in done.stderr
    assert "expected: ab" in done.stderr


def test_a_folder_without_vectors_is_said_to_be_one(tmp_path: Path) -> None:
    done = bezant("core", "vectors", str(tmp_path))
    assert (done.returncode, done.stderr) == (
        1,
        f"bezant: {tmp_path} holds no file that ends in .vec\n",
    )
