"""Users of the machine for tests: who we are, and a Python that an ordinary user can start."""

import os
import pwd
import shutil
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import bezant

_REPOSITORY = Path(__file__).parents[3]
_SKIPPED = shutil.ignore_patterns(
    "site-packages", "test", "tests", "__pycache__", "*.a", "config-*", "idlelib", "tkinter"
)


@dataclass(frozen=True)
class Somebody:
    """A user and the Python that this user starts."""

    uid: int
    gid: int
    python: Path

    @property
    def process_options(self) -> dict[str, Any]:
        """Arguments of `subprocess` that run a program as this user."""
        if self.uid == os.geteuid():
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    @property
    def environment(self) -> dict[str, str]:
        """Variables with which that Python finds our code and its libraries."""
        places = [_REPOSITORY, Path(bezant.__file__).parents[1], sysconfig.get_path("purelib")]
        return {
            "PATH": os.defpath,
            # A copied interpreter must not take the machine's library for its own.
            "LD_LIBRARY_PATH": str(self.python.parents[1] / "lib"),
            "PYTHONPATH": os.pathsep.join(map(str, places)),
            "PYTHONDONTWRITEBYTECODE": "1",
        }


def ourselves() -> Somebody:
    """Return the user that runs the tests."""
    return Somebody(os.geteuid(), os.getegid(), Path(sys.executable))


def require_root() -> Somebody:
    """Return root; skip the test if we are somebody else."""
    if os.geteuid() != 0:
        pytest.skip("only root can show what happens to root")
    return ourselves()


def require_ordinary_user(folder: Path) -> Somebody:
    """Return an ordinary user; as root, `nobody` with a Python in `folder` if ours is closed."""
    if os.geteuid() != 0:
        return ourselves()
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError:
        pytest.skip("this machine has no user `nobody`")
    python = Path(sys.executable)
    nobody = Somebody(entry.pw_uid, entry.pw_gid, python)
    if not _can_import(nobody):
        nobody = Somebody(entry.pw_uid, entry.pw_gid, _copy_python(folder))
    if not _can_import(nobody):
        pytest.skip(f"user `nobody` cannot read the code in {_REPOSITORY}")
    return nobody


def _can_import(somebody: Somebody) -> bool:
    try:
        tried = subprocess.run(
            [somebody.python, "-c", "import bezant.kit.postgres, bezant.migrations.runner"],
            cwd="/",
            env=somebody.environment,
            stderr=subprocess.DEVNULL,
            check=False,
            **somebody.process_options,
        )
    except PermissionError:
        return False
    return tried.returncode == 0


def _copy_python(folder: Path) -> Path:
    """Copy the interpreter and its standard library to where everybody can read them."""
    target = folder / "python"
    base = Path(sys.base_prefix)
    name = f"python{sys.version_info.major}.{sys.version_info.minor}"
    if not target.exists():
        (target / "bin").mkdir(parents=True)
        shutil.copy(Path(sys.executable).resolve(), target / "bin" / name)
        shutil.copytree(base / "lib" / name, target / "lib" / name, ignore=_SKIPPED)
        for library in (base / "lib").glob("libpython*.so*"):
            shutil.copy(library, target / "lib" / library.name)
    return target / "bin" / name
