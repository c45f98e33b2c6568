"""A recording as lines that a person can read and `bezant core apply` takes: a command each.

An empty line, which `bezant core apply` steps over, is where both engines go on from snapshots.
"""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from bezant.apps.law.reading import read_line
from bezant.apps.law.telling import tell_command
from bezant.core.commands import Command
from tests.fuzz.recording import NO_SEQ, Item


def to_lines(sent: Iterable[tuple[int, Sequence[Command]]]) -> str:
    """Return what was sent; a row without commands is a restart."""
    lines: list[str] = []
    for ts_ns, commands in sent:
        lines += [
            json.dumps(_without_nothing(tell_command(command, ts_ns)), ensure_ascii=False)
            for command in commands
        ] or [""]
    return "\n".join(lines) + "\n"


def from_lines(text: str) -> list[Item]:
    """Return the recording that a file says. Raises `LineError` for a line that is no command."""
    items: list[Item] = []
    ts_ns = 0
    for row, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            items.append(Item(ts_ns, row, NO_SEQ, None))
            continue
        named_ns, command = read_line(line)
        ts_ns = ts_ns if named_ns is None else named_ns
        items.append(Item(ts_ns, row, NO_SEQ, command))
    return items


def _without_nothing(told: dict[str, Any]) -> dict[str, Any]:
    """Leave out what is 0, empty or false, as the form allows; a new value of 0 is a value."""
    left: dict[str, Any] = {}
    for name, value in told.items():
        if isinstance(value, dict):
            left[name] = _without_nothing(value)
        elif isinstance(value, list):
            left[name] = [_without_nothing(one) for one in value]
        elif value or (name in {"new_qty", "new_price"} and value is not None):
            left[name] = value
    return left
