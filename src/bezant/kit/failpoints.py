"""Places where a test makes the house stumble: `BEZANT_FAILPOINT=name[:action][:nth]`.

Every failpoint has its name here, so that `bezant failpoints` lists what can be tried. A name that
is not armed costs one comparison. Production refuses them (`bezant.kit.config`).
"""

import asyncio
import os
import time
from dataclasses import dataclass
from typing import Final, Literal

from bezant.kit.operator_error import OperatorError

EXIT_STATUS: Final = 86  # What a process that died at a failpoint ends with.
_DELAY_MS_MAX: Final = 600_000

FAILPOINTS: Final[dict[str, str]] = {
    "core.apply": "a command is given to the engine; `error` makes that command a poison",
    "core.after_apply": "a batch is applied in memory, its append is not sent",
    "core.mid_batch": "some entries of a batch are applied, others not",
    "journal.before_append": "right before the append is sent",
    "journal.append_sent": "the append was sent, its answer is not read",
    "journal.after_append": "the row is committed, nobody was told",
    "core.before_reply": "the row is committed, the replies are not written",
    "snapshot.during_write": "half of a snapshot's bytes are written",
    "snapshot.before_rename": "a snapshot is written, but not under its name",
    "snapshot.before_row": "a snapshot has its name, no row points at it",
    "projector.mid_batch": "some rows of a projected batch are written, the cursor is not",
    "projector.before_commit": "rows and cursor are written, not committed",
    "projector.after_commit": "a projected batch is committed",
    "outbox.before_submit": "a command of the outbox is read, not submitted",
    "outbox.after_submit": "the core has answered, the outbox's row is not marked",
    "gateway.before_submit": "a request is decoded, its commands are not submitted",
    "gateway.before_reply": "the core has answered, the reply is not written",
}


class FailpointError(OperatorError):
    """`BEZANT_FAILPOINT` is not well formed."""


class FailpointHit(RuntimeError):
    """What an armed failpoint raises with the action `error`."""


@dataclass(slots=True)
class _Armed:
    name: str
    action: Literal["exit", "error", "delay"]
    delay_ms: int
    nth: int | None
    hits: int = 0


_armed: _Armed | None = None


def arm(text: str | None) -> None:
    """Arm the one failpoint that `text` names, or none. Raises FailpointError.

    With `nth` it acts at that hit alone, counted from 1 in this process; without, at every hit.
    """
    global _armed  # noqa: PLW0603 - One process, one failpoint, set at its start.
    _armed = None if text is None else _parse(text)


def failpoint(name: str) -> None:
    """Stumble here if this failpoint is armed: end the process, raise, or sleep."""
    if _armed is not None and _armed.name == name and (delay_s := _strike(_armed)):
        time.sleep(delay_s)


async def failpoint_async(name: str) -> None:
    """Do the same, but let others run during a delay."""
    if _armed is not None and _armed.name == name and (delay_s := _strike(_armed)):
        await asyncio.sleep(delay_s)


def _strike(armed: _Armed) -> float:
    armed.hits += 1
    if armed.nth is not None and armed.hits != armed.nth:
        return 0.0
    if armed.action == "exit":
        os._exit(EXIT_STATUS)
    if armed.action == "error":
        raise FailpointHit(f"failpoint {armed.name}")
    return armed.delay_ms / 1000


def _parse(text: str) -> _Armed:
    name, *rest = text.split(":")
    if name not in FAILPOINTS:
        raise FailpointError(
            f"BEZANT_FAILPOINT names `{name}`, which does not exist: `bezant failpoints` lists all"
        )
    nth = int(rest.pop()) if rest and rest[-1].isascii() and rest[-1].isdecimal() else None
    action = rest.pop(0) if rest else "exit"
    verb, has_value, value = action.partition("=")
    delay_ms = int(value) if value.isascii() and value.isdecimal() else -1
    is_delay = verb == "delay" and 0 <= delay_ms <= _DELAY_MS_MAX
    is_plain = verb in {"exit", "error"} and not has_value
    if rest or nth == 0 or not (is_delay or is_plain):
        raise FailpointError(
            f"BEZANT_FAILPOINT={text} is not of the form name[:exit|error|delay=ms][:nth], with ms "
            f"from 0 to {_DELAY_MS_MAX} and nth from 1"
        )
    chosen: Literal["exit", "error", "delay"] = (
        "delay" if is_delay else ("exit" if verb == "exit" else "error")
    )
    return _Armed(name, chosen, max(delay_ms, 0), nth)
