"""tools/native.sh, as far as it can be tried without building anything."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.tools.test_install import put_program
from tools.findings import ROOT


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A folder with the script and a PATH without a Rust toolchain."""
    (tmp_path / "tools").mkdir()
    (tmp_path / "crates").mkdir()
    shutil.copy(ROOT / "tools" / "native.sh", tmp_path / "tools" / "native.sh")
    (tmp_path / "bin").mkdir()
    for program in ("sh", "dirname", "cut", "sort", "head", "find", "mkdir", "rm", "tail", "touch"):
        (tmp_path / "bin" / program).symlink_to(shutil.which(program) or program)
    return tmp_path


def run_native(
    machine: Path, *arguments: str, **environment: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(machine / "bin" / "sh"), str(machine / "tools" / "native.sh"), *arguments],
        env={"PATH": str(machine / "bin"), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_without_a_toolchain_one_line_says_what_will_run(machine: Path) -> None:
    done = run_native(machine)
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.count("\n") == 1
    assert "no Rust toolchain" in done.stderr
    assert "reference core in Python, which is slower" in done.stderr


def test_quiet_leaves_the_line_to_bezant_up(machine: Path) -> None:
    done = run_native(machine, "--quiet")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_on_ci_a_missing_toolchain_is_a_failure(machine: Path) -> None:
    assert run_native(machine, "--quiet", CI="true").returncode == 1


def test_a_toolchain_that_is_too_old_is_named(machine: Path) -> None:
    put_program(machine / "bin", "cargo", "exit 0")
    put_program(machine / "bin", "rustc", 'echo "rustc 1.63.0 (4b91a6ea7 2022-08-08)"')
    done = run_native(machine)
    assert done.returncode == 0
    assert "or newer is needed, here is 1.63.0" in done.stderr


def test_a_build_that_fails_shows_its_end_and_goes_on(machine: Path) -> None:
    put_program(machine / "bin", "cargo", "exit 0")
    put_program(machine / "bin", "rustc", 'echo "rustc 2.1.0"')
    put_program(machine / "tools", "install.sh", "echo uv")
    put_program(machine / ".venv" / "bin", "maturin", "echo 'linker not found' >&2; exit 1")
    done = run_native(machine)
    assert done.returncode == 0
    assert "linker not found" in done.stderr
    assert "could not be built (.cache/native.log tells why)" in done.stderr
