"""From a long recording in which two engines differ to a short one (after Zeller's ddmin).

Halves, quarters and so on down to single commands are taken out, whatever leaves a difference
stays out; then fields are emptied in the same way. Any difference will do: what is left is a
difference that a person can read, as a rule the same one.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import count
from typing import Any, Final

import msgspec

from bezant.core.commands import Command, Message
from tests.fuzz.recording import Item, Played

NEEDED: Final = frozenset({"source", "number", "account", "market", "order_id"})
Play = Callable[[Sequence[Item]], Played]


def shrink(items: Sequence[Item], play: Play) -> list[Item]:
    """Return a part of the recording that still differs; the whole where nothing may go."""
    kept = _until_difference(items, play)
    if kept is None:
        return list(items)
    for simpler in (_without_restarts(kept), _one_by_one(kept)):
        kept = _until_difference(simpler, play) or kept
    kept = _with_fewer(kept, play)
    kept = _with_emptier(kept, play)
    return _with_fewer(kept, play)


def _until_difference(items: Sequence[Item], play: Play) -> list[Item] | None:
    """Return the items up to the first difference, None if there is none."""
    played = play(items)
    return list(items[: played.count]) if played.difference is not None else None


def _without_restarts(items: list[Item]) -> list[Item]:
    return [item for item in items if item.command is not None]


def _one_by_one(items: list[Item]) -> list[Item]:
    """Return the items each in a row of its own."""
    return [replace(item, row=row) for row, item in zip(count(), items, strict=False)]


def _with_fewer(items: list[Item], play: Play) -> list[Item]:
    width = max(1, len(items) // 2)
    while True:
        is_shorter = False
        start = 0
        while start < len(items):
            fewer = [*items[:start], *items[start + width :]]
            found = _until_difference(fewer, play) if fewer else None
            if found is None:
                start += width
            else:
                items, is_shorter = found, True
        if width == 1 and not is_shorter:
            return items
        if not is_shorter or width > 1:
            width = max(1, width // 2)


def _with_emptier(items: list[Item], play: Play) -> list[Item]:
    """Empty field after field; what the difference needs stays."""
    for index in range(len(items)):
        command = items[index].command
        for path in () if command is None else _paths(command):
            emptied = _emptied(items[index].command, path)
            tried = [*items]
            tried[index] = replace(items[index], command=emptied)
            found = _until_difference(tried, play)
            if found is not None and len(found) == len(items):
                items = found
    return items


def _paths(command: Command) -> Iterator[tuple[str, ...]]:
    """Yield the fields that may be emptied, those of a message within by two names."""
    for name in command.__struct_fields__:
        inner = getattr(command, name)
        if isinstance(inner, Message):
            yield from ((name, field) for field in inner.__struct_fields__)
        elif name not in NEEDED:
            yield (name,)


def _emptied(message: Any, path: tuple[str, ...]) -> Any:
    name, *inner = path
    old = getattr(message, name)
    if inner:
        new = _emptied(old, tuple(inner))
    elif name in {"new_qty", "new_price"}:
        new = None
    elif isinstance(old, bool | str):
        new = type(old)()
    else:
        new = 0 if isinstance(old, int) else old
    return msgspec.structs.replace(message, **{name: new})
