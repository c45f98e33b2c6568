"""tools/install.sh and the Makefile, as far as they can be tried without fetching anything."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tools.findings import ROOT

VERBS = (
    "help", "run", "test", "check", "fmt", "lint", "types", "vectors", "bench", "docs", "web",
    "api", "clean", "native",
)  # fmt: skip


@pytest.fixture
def bare_machine(tmp_path: Path) -> Path:
    """A folder with the script and a PATH that holds next to nothing."""
    (tmp_path / "tools").mkdir()
    shutil.copy(ROOT / "tools" / "install.sh", tmp_path / "tools" / "install.sh")
    (tmp_path / "bin").mkdir()
    for program in ("sh", "dirname", "mkdir", "rm", "touch"):
        (tmp_path / "bin" / program).symlink_to(shutil.which(program) or program)
    return tmp_path


def put_program(folder: Path, name: str, body: str) -> None:
    program = folder / name
    program.parent.mkdir(parents=True, exist_ok=True)
    program.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
    program.chmod(0o755)


def run_install(machine: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(machine / "bin" / "sh"), str(machine / "tools" / "install.sh"), *arguments],
        env={"PATH": str(machine / "bin")},
        capture_output=True,
        text=True,
        check=False,
    )


def test_without_python_it_says_what_is_needed(bare_machine: Path) -> None:
    put_program(bare_machine / "bin", "python3", "exit 1")  # Too old.
    done = run_install(bare_machine)
    assert done.returncode == 1
    assert "Python 3.11 or newer is needed" in done.stderr


def test_without_pip_it_says_what_is_needed(bare_machine: Path) -> None:
    put_program(bare_machine / "bin", "python3", 'case "$1" in -c) exit 0 ;; *) exit 1 ;; esac')
    done = run_install(bare_machine)
    assert done.returncode == 1
    assert "pip is missing" in done.stderr


def test_uv_is_fetched_with_pip_into_the_cache(bare_machine: Path) -> None:
    uv = ".cache/uv/bin/uv"
    fetch = f"mkdir -p .cache/uv/bin; echo 'echo uv \"$@\"' > {uv}; /bin/chmod +x {uv}"
    body = f'case "$*" in *install*) {fetch} ;; esac; exit 0'
    put_program(bare_machine / "bin", "python3", body)
    done = run_install(bare_machine)
    assert done.returncode == 0, done.stderr
    assert "putting it into .cache/uv" in done.stdout
    assert "uv sync --frozen --inexact" in done.stdout
    assert run_install(bare_machine, "--print-uv").stdout.strip() == str(bare_machine / uv)


def test_a_uv_that_does_not_run_is_none(bare_machine: Path) -> None:
    put_program(bare_machine / "bin", "uv", "exit 127")  # As a shim with nothing behind it.
    done = run_install(bare_machine, "--print-uv")
    assert done.returncode == 1
    assert "uv is not here yet" in done.stderr


def test_nothing_is_done_when_nothing_changed(bare_machine: Path) -> None:
    put_program(bare_machine / "bin", "uv", 'echo "uv $*"')
    put_program(bare_machine / ".venv" / "bin", "python", "exit 0")
    for name in ("uv.lock", "pyproject.toml"):
        (bare_machine / name).write_text("", encoding="utf-8")
        os.utime(bare_machine / name, (1, 1))
    assert "uv sync" in run_install(bare_machine).stdout
    assert run_install(bare_machine).stdout == ""
    (bare_machine / "uv.lock").write_text("changed", encoding="utf-8")
    os.utime(bare_machine / "uv.lock", (2**33, 2**33))
    assert "uv sync" in run_install(bare_machine).stdout


def test_help_lists_the_verbs_of_the_house() -> None:
    done = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert set(VERBS) <= set(re.findall(r"^  make (\S+)", done.stdout, re.MULTILINE))
