"""Roles that outlived a supervisor that was killed: find them and stop them before a new start.

The kernel tells roles of their supervisor's death on Linux; this catches those that did not hear.
A role that somebody started by hand, say a second gateway, is left alone.
"""

from collections.abc import Iterable

import psutil

from bezant.apps.supervisor_role import RoleSpec
from bezant.kit.paths import DataDir
from bezant.kit.pidfile import pid_path, read_pid
from bezant.kit.processes import command_line, end, environment, find_process
from bezant.kit.supervised import supervisor_pid

_MARK = ("-m", "bezant")


def stop_orphans(places: DataDir, specs: Iterable[RoleSpec]) -> tuple[str, ...]:
    """Stop the orphans of this data directory and return their names.

    The caller holds the data directory's lock, so no living supervisor owns them.
    """
    stopped = []
    for spec in specs:
        for process in _orphans(places, spec):
            end(process, patience_s=spec.stop_patience_s)
            stopped.append(spec.name)
        path = pid_path(places.run, spec.name)
        if find_process(read_pid(path) or 0) is None:
            path.unlink(missing_ok=True)
    return tuple(stopped)


def _orphans(places: DataDir, spec: RoleSpec) -> tuple[psutil.Process, ...]:
    noted = find_process(read_pid(pid_path(places.run, spec.name)) or 0)
    candidates = [noted] if noted is not None else []
    # Its supervisor may have died before it wrote the pid file.
    candidates += [process for process in psutil.process_iter() if process != noted]
    return tuple(process for process in candidates if _is_orphan(process, places, spec))


def _is_orphan(process: psutil.Process, places: DataDir, spec: RoleSpec) -> bool:
    arguments = command_line(process)
    wanted = (*_MARK, *spec.command(places)[-3:])
    if arguments[-len(wanted) :] != wanted:  # The Python before them may be another one by now.
        return False
    return supervisor_pid(environment(process)) is not None
