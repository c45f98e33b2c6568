"""Facts about running processes: a pid alone says nothing, for pids are given out again."""

import ctypes
import os
import signal
import sys
import time
from pathlib import Path

import psutil

_PR_SET_PDEATHSIG = 1
_PRCTL = ctypes.CDLL(None, use_errno=True).prctl if sys.platform == "linux" else None


def find_process(pid: int) -> psutil.Process | None:
    """Return the live process with this pid, or None if there is none or it is a zombie."""
    try:
        process = psutil.Process(pid)
        return None if process.status() == psutil.STATUS_ZOMBIE else process
    except psutil.Error:
        return None


def is_alive(process: psutil.Process) -> bool:
    """Answer whether this very process (not merely its pid) still runs."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def command_line(process: psutil.Process) -> tuple[str, ...]:
    """Return the process's arguments; none where it has ended or we may not look."""
    try:
        return tuple(process.cmdline())
    except (psutil.Error, OSError):
        return ()


def environment(process: psutil.Process) -> dict[str, str]:
    """Return the variables it was started with; none where it has ended or we may not look."""
    try:
        return process.environ()
    except (psutil.Error, OSError):
        return {}


def executable(process: psutil.Process) -> Path | None:
    """Return the program's file, also if it was replaced since; None where we may not look."""
    try:
        return Path(process.exe().removesuffix(" (deleted)"))
    except (psutil.Error, OSError):
        return None


def works_in(process: psutil.Process, folder: Path) -> bool:
    """Answer whether the process's working directory is this folder."""
    try:
        return folder.samefile(process.cwd())
    except (psutil.Error, OSError):
        return False


def send(process: psutil.Process, number: signal.Signals) -> None:
    """Send a signal to this very process; nothing happens if it has ended."""
    try:
        process.send_signal(number)
    except psutil.NoSuchProcess:
        return


def end(process: psutil.Process, *, patience_s: float) -> None:
    """Ask the process to end, wait, and end it by force if it does not."""
    send(process, signal.SIGTERM)
    if not wait_gone(process, timeout_s=patience_s):
        send(process, signal.SIGKILL)
        wait_gone(process, timeout_s=patience_s)


def wait_gone(process: psutil.Process, *, timeout_s: float) -> bool:
    """Wait until the process has ended; answer whether it did in time."""
    deadline = time.monotonic() + timeout_s
    while is_alive(process):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def die_with(parent: int, number: signal.Signals) -> None:
    """Have the kernel send us `number` when `parent` dies (Linux), at once if it has already.

    Elsewhere the next start finds the orphan. It also serves between fork and exec, so it imports
    and allocates nothing.
    """
    if _PRCTL is None:
        return
    _PRCTL(_PR_SET_PDEATHSIG, int(number), 0, 0, 0)
    if os.getppid() != parent:
        os.kill(os.getpid(), number)
