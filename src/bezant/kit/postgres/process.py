"""The process `postgres`: find ours among all processes, start it, read its pid file.

A pid in `postmaster.pid` counts only if that process is our program on that very folder; after a
crash the number may belong to anybody.
"""

import os
import subprocess
from functools import partial
from itertools import pairwise
from pathlib import Path
from signal import Signals
from typing import Final

import psutil

from bezant.kit.postgres.binaries import Binaries
from bezant.kit.postgres.cluster import CLEAN_ENVIRONMENT, Cluster
from bezant.kit.postgres.server_user import ServerUser
from bezant.kit.processes import command_line, die_with, executable, find_process, works_in

_PROGRAM: Final = ("pginstall18", "bin", "postgres")  # The end of our program's path, copy or not.
_SOCKETS_LINE: Final = 4
_STATUS_LINE: Final = 7
_LOG_TAIL_BYTES: Final = 8_192


def find_postmaster(cluster: Cluster) -> psutil.Process | None:
    """Return the process that serves this cluster, or None.

    The pid file is asked first, then all processes: the file may be gone or name somebody else.
    """
    noted = find_process(_pid_in(cluster.pid_file))
    if noted is not None and _is_postmaster(noted, cluster):
        return noted
    found = [process for process in psutil.process_iter() if _is_postmaster(process, cluster)]
    # A child looks like its postmaster until it has renamed itself; the postmaster is older.
    return min(found, key=_started_at, default=None)


def find_stragglers(cluster: Cluster) -> tuple[psutil.Process, ...]:
    """Return processes of ours in this cluster, such as back ends whose postmaster was killed."""
    return tuple(
        process
        for process in psutil.process_iter()
        if _runs_our_program(process) and works_in(process, cluster.data)
    )


def is_stopping(cluster: Cluster) -> bool:
    """Answer whether the pid file says that the server is on its way down."""
    return _line(cluster.pid_file, _STATUS_LINE) == "stopping"


def sockets_in_use(cluster: Cluster) -> str:
    """Return the folder of the running server's socket, as its pid file notes it."""
    return _line(cluster.pid_file, _SOCKETS_LINE)


def remove_alien_pid_files(cluster: Cluster, sockets: Path) -> None:
    """Remove pid files whose number belongs to somebody else by now, or to a dead server.

    PostgreSQL takes any process of its user with that pid for a rival and would not start, even
    one that has ended and that nobody has reaped yet, as happens in containers. The caller has
    made sure that no process of ours serves the cluster.
    """
    for path in (cluster.pid_file, *sockets.glob(".s.PGSQL.*.lock")):
        pid = _pid_in(path)
        if pid > 0 and psutil.pid_exists(pid):
            path.unlink(missing_ok=True)


def spawn(
    cluster: Cluster, binaries: Binaries, user: ServerUser, *, log: Path, outlives_us: bool
) -> subprocess.Popen[bytes]:
    """Start `postgres` as our child, its messages appended to `log`.

    Unless `outlives_us`, the kernel asks it for a fast stop when the calling thread ends.
    """
    with log.open("ab") as output:
        return subprocess.Popen(
            [
                str(binaries.program("postgres")),
                "-D",
                str(cluster.data),
                "-c",
                f"config_file={cluster.configuration}",
                "-c",
                f"hba_file={cluster.hba}",
            ],
            cwd=cluster.data,
            env=CLEAN_ENVIRONMENT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,  # Ctrl-C in a terminal reaches the supervisor alone.
            preexec_fn=None if outlives_us else partial(die_with, os.getpid(), Signals.SIGINT),  # noqa: PLW1509
            **user.process_options,
        )


def last_lines(log: Path, count: int) -> tuple[str, ...]:
    """Return the last lines of PostgreSQL's log, for messages to the operator."""
    try:
        with log.open("rb") as file:
            file.seek(0, 2)
            file.seek(max(0, file.tell() - _LOG_TAIL_BYTES))
            text = file.read().decode(errors="replace")
    except FileNotFoundError:
        return ()
    return tuple(text.splitlines()[-count:])


def _runs_our_program(process: psutil.Process) -> bool:
    program = executable(process)
    return program is not None and program.parts[-len(_PROGRAM) :] == _PROGRAM


def _is_postmaster(process: psutil.Process, cluster: Cluster) -> bool:
    if not _runs_our_program(process):
        return False
    is_on_folder = ("-D", str(cluster.data)) in pairwise(command_line(process))
    return is_on_folder and works_in(process, cluster.data)


def _started_at(process: psutil.Process) -> float:
    try:
        return process.create_time()
    except psutil.Error:
        return float("inf")


def _pid_in(path: Path) -> int:
    text = _line(path, 0)
    return int(text) if text.isdecimal() else 0


def _line(path: Path, index: int) -> str:
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    return lines[index].strip() if index < len(lines) else ""
