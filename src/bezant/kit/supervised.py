"""What a role knows of the supervisor that started it, if one did."""

import os
import signal
from collections.abc import Mapping
from typing import Final

from bezant.kit.processes import die_with

PARENT_VARIABLE: Final = "BEZANT_SUPERVISOR_PID"


def supervisor_pid(variables: Mapping[str, str] = os.environ) -> int | None:
    """Return the pid of the supervisor that started the process with these variables, or None."""
    text = variables.get(PARENT_VARIABLE, "")
    return int(text) if text.isdecimal() else None


def end_with_supervisor() -> None:
    """Have this process asked to stop when its supervisor dies; nothing without a supervisor."""
    pid = supervisor_pid()
    if pid is not None:
        die_with(pid, signal.SIGTERM)
