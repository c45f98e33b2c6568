"""Writes docs/reference/core.md from the core: commands, events, refusals, invariants, words.

`python -m tools.core_reference` writes, `--check` fails if the page is not what it would write.
Names and words are those of LAW, as `bezant core apply` speaks them; bytes stand in wire.md.
"""

import enum
import inspect
import re
import sys
from collections.abc import Iterator
from typing import Final, get_args

from msgspec import Struct
from msgspec import inspect as types

from bezant.apps.law.names import FLAT, name_of, words_of
from bezant.core import commands, events, refusals, words
from bezant.core.refusals import RefusalCode
from tools.findings import ROOT
from tools.wire_reference import describe

PAGE: Final = ROOT / "docs" / "reference" / "core.md"
INVARIANTS: Final = ROOT / "docs" / "reference" / "invariants.md"
HEAD: Final = """# The core: commands, events, refusals

Generated from the code by `make api`; a test keeps it fresh. What goes into the core and what comes
out of it, by the law's names and words, as [`bezant core apply`](../how-to/try-the-law.md) takes
and gives them. How the same is written as bytes: [wire format](wire.md).

Prices are ticks, quantities lots, money ledger units, times nanoseconds since 1970 UTC, unless the
name ends otherwise. u8 … i64 are [ranges](wire.md#types); a value outside them cannot be written.
"""
COMMANDS_HEAD: Final = """
## Commands

What is left out in JSON is 0, empty or false; only an amend tells no change from 0.
"""
EVENTS_HEAD: Final = """
## Events

An entry's events come in the order in which things happened, each with (seq, index).
"""
REFUSALS_HEAD: Final = """
## Refusals

A refusal is an answer, not a fault: the command is journaled with one `CommandRefused` event and
changes nothing. Numbers are permanent, and they are the order of precedence: **of all codes that
apply, the smallest is given.** A new code takes a free number at its place in the order. The API
gives the name as `reason` in its problem document, beside a coarser `code` ([errors](errors.md)).

| Code | Number | When | Rule |
|---|---|---|---|
"""
INVARIANTS_HEAD: Final = """
## Invariants

What each says in full stands under [invariants](invariants.md); `tools/traces.py` keeps each in the
code and in a test.

| Number | What always holds |
|---|---|
"""
WORDS_HEAD: Final = """
## Words

Each enumeration with the numbers that stand for its words on the wire. A number that is none of
them can be written, and is refused with 300.

| Field | Words |
|---|---|
"""

_COMMENT = re.compile(r"^    (\w+) = (\d+)  # (.+) \((L[\d.]+)\)\.$", re.MULTILINE)
_INVARIANT = re.compile(r"^\| (INV-\d\d) \| \*\*(.+?)\.?\*\*", re.MULTILINE)


def page() -> str:
    """Return the whole page."""
    parts = [HEAD, COMMANDS_HEAD]
    parts += map(_message, get_args(commands.Command))
    parts.append(EVENTS_HEAD)
    parts += map(_message, get_args(events.Event))
    parts += [REFUSALS_HEAD, *_refusals(), INVARIANTS_HEAD, *_invariants()]
    parts += [WORDS_HEAD, *_words()]
    return "".join(parts)


def _message(kind: type[Struct]) -> str:
    lines = [f"\n### {kind.__name__}\n", f"{inspect.getdoc(kind)}\n"]
    rows = list(_fields(kind))
    if rows:
        lines += ["| Field | Type |", "|---|---|", *rows, ""]
    return "\n".join(lines)


def _fields(kind: type[Struct]) -> Iterator[str]:
    """Yield a row for each field; those of terms and parameters stand beside the others."""
    info = types.type_info(kind)
    if not isinstance(info, types.StructType):
        raise TypeError(f"{kind} is no message")
    for field in info.fields:
        name = name_of(kind.__name__, field.name)
        if isinstance(field.type, types.StructType) and field.type.cls in FLAT:
            if name == field.name:
                yield from _fields(field.type.cls)
                continue
            yield f"| `{name}` | the fields of an order, as in [PlaceOrder](#placeorder) |"
        elif isinstance(field.type, types.VarTupleType):
            yield f"| `{name}` | two or three times the fields of an order |"
        else:
            yield f"| `{name}` | {_type(kind.__name__, field)} |"


def _type(kind: str, field: types.Field) -> str:
    known = words_of(kind, field.name)
    return ", ".join(f"`{word}`" for word in known) if known else describe(field.type)


def _refusals() -> Iterator[str]:
    """Yield a row for each code, from the comment beside it."""
    source = inspect.getsource(refusals)
    found = {name: (text, rule) for name, _, text, rule in _COMMENT.findall(source)}
    for code in RefusalCode:
        if code.name not in found:
            raise ValueError(f"{code.name} needs a comment that says when, ending in (L…).")
        text, rule = found[code.name]
        yield f"| `{code.name}` | {code.value} | {text} | {rule} |\n"


def _invariants() -> Iterator[str]:
    for number, name in _INVARIANT.findall(INVARIANTS.read_text(encoding="utf-8")):
        yield f"| {number} | {name} |\n"


def _words() -> Iterator[str]:
    kinds = [
        kind
        for kind in vars(words).values()
        if isinstance(kind, type) and issubclass(kind, enum.IntEnum) and kind is not enum.IntEnum
    ]
    for kind in kinds:
        members = ", ".join(f"{one.value} `{one.name.lower()}`" for one in kind)
        yield f"| {kind.__name__}: {inspect.getdoc(kind)} | {members} |\n"


def main(arguments: list[str]) -> int:
    """Write or check the page; return the exit code."""
    text = page()
    if PAGE.exists() and PAGE.read_text(encoding="utf-8") == text:
        return 0
    if "--check" in arguments:
        print("docs/reference/core.md is stale: run `make api`")
        return 1
    PAGE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
