"""Pid files under `DIR/run/`: one number and a line end, so that a shell may read them too.

A pid file is a hint. Whoever acts on one first checks what that process is.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bezant.kit.paths import write_private
from bezant.kit.processes import find_process


def pid_path(run: Path, role: str) -> Path:
    """Return the path of a role's pid file."""
    return run / f"{role}.pid"


def write_pid(path: Path, pid: int) -> None:
    """Write the pid file, whole or not at all."""
    write_private(path, f"{pid}\n")


def read_pid(path: Path) -> int | None:
    """Return the number in the file; None if there is no file or no number."""
    try:
        text = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return None
    return int(text) if text.isdecimal() else None


def remove_pid(path: Path, pid: int) -> None:
    """Remove the pid file, unless somebody else has written it since."""
    if read_pid(path) == pid:
        path.unlink(missing_ok=True)


@contextmanager
def own_pid_file(run: Path, role: str) -> Iterator[Path]:
    """Keep this process's pid in a file while the block runs.

    Where another process has the role's file, ours also carries our number.
    """
    path = pid_path(run, role)
    if find_process(read_pid(path) or 0) is not None:
        path = pid_path(run, f"{role}-{os.getpid()}")
    write_pid(path, os.getpid())
    try:
        yield path
    finally:
        remove_pid(path, os.getpid())
