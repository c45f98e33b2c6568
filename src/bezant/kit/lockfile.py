"""The lock of a data directory: one supervisor at a time. The kernel drops it with its holder."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from bezant.kit.operator_error import OperatorError

_TEXT_BYTES_MAX: Final = 500


class DataDirInUse(OperatorError):
    """Another process holds the data directory; the text names it."""


@contextmanager
def data_dir_lock(run: Path, *, purpose: str) -> Iterator[None]:
    """Hold the lock in the folder `run` during the block. Raises DataDirInUse at once.

    `purpose` is what the other one's error will call us, for example `bezant up`.
    """
    path = run / "supervisor.lock"
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        _take(descriptor, path)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{purpose}, pid {os.getpid()}".encode(), 0)
        yield
        os.ftruncate(descriptor, 0)
    finally:
        os.close(descriptor)


def _take(descriptor: int, path: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.pread(descriptor, _TEXT_BYTES_MAX, 0).decode(errors="replace")
        raise DataDirInUse(
            f"the data directory {path.parent.parent} is in use by {holder or 'another process'}: "
            "stop it first, or choose another one with --data-dir"
        ) from None
