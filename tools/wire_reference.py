"""Writes docs/reference/wire.md from the messages' code: tag, fields, types, ranges, meaning.

`python -m tools.wire_reference` writes, `--check` fails if the page is not what it would write.
`MODULES` is also where the golden files take their list of messages from.
"""

import enum
import inspect
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import Final

from msgspec import Struct
from msgspec import inspect as types

from bezant.core import codec, commands, events, images, reads, refusals, words
from bezant.core.state import HeldTransfer
from bezant.egress import frames as egress
from bezant.ingress import frames as ingress
from tools.findings import ROOT

PAGE: Final = ROOT / "docs" / "reference" / "wire.md"
MODULES: Final[dict[str, tuple[str, ModuleType]]] = {
    "commands": ("Commands", commands),
    "events": ("Events", events),
    "journal": ("Entries and outcomes", codec),
    "snapshot": ("Canonical bytes of the state", images),
    "reads": ("Exact reads and their answers", reads),
    "ingress": ("Frames of the core's ingress", ingress),
    "egress": ("Frames of the event feed", egress),
}
HEAD: Final = """# Wire format

Generated from the code by `python -m tools.wire_reference`; a test keeps it fresh. Why it is so:
[ADR 0003](../adr/0003-wire.md).

Every message is a MessagePack array. A message with a tag begins with it: `[tag, field, field …]`;
one without is its fields alone. Integers take the shortest form, nothing may be left out or added,
and bytes that differ from this encoding are refused as malformed. Tags are never used again, new
fields go last, a changed meaning is a new tag. Prices are ticks, quantities lots, money ledger
units, times nanoseconds since 1970 UTC, unless the name ends otherwise.

A frame on a socket is a 4-byte big-endian length and then one message.
"""
NAMED_RANGES: Final = {
    (0, 2**8 - 1): "u8",
    (0, 2**16 - 1): "u16",
    (0, 2**32 - 1): "u32",
    (0, 2**53 - 1): "u53",
    (0, 2**63 - 1): "u63",
    (-(2**63), 2**63 - 1): "i64",
}


@dataclass(frozen=True)
class Family:
    """The messages of one module, in the order of its lines."""

    key: str
    title: str
    text: str
    messages: tuple[type[Struct], ...]


def list_families() -> tuple[Family, ...]:
    """Return all families of messages."""
    families = []
    for key, (title, module) in MODULES.items():
        own = [
            kind
            for kind in vars(module).values()
            if isinstance(kind, type)
            and issubclass(kind, Struct)
            and kind.__module__ == module.__name__
            and not kind.__subclasses__()  # What messages share is no message.
        ]
        own += (
            [HeldTransfer] if module is images else []
        )  # The state keeps it as the message it is.
        own.sort(key=lambda kind: inspect.getsourcelines(kind)[1])
        families.append(Family(key, title, inspect.getdoc(module) or "", tuple(own)))
    return tuple(families)


def page() -> str:
    """Return the whole page."""
    parts = [HEAD, "## Types\n\n" + _types()]
    for family in list_families():
        parts.append(f"## {family.title}\n\n{family.text}\n")
        parts += [_message(kind) for kind in family.messages]
    parts.append("## Enumerations\n\n" + "\n".join(_enumerations()))
    return "\n".join(parts)


def describe(kind: types.Type) -> str:
    """Return a field's type with its range in a few words."""
    match kind:
        case types.IntType(ge=low, le=high):
            return NAMED_RANGES.get((low or 0, high or 0), "integer")
        case types.StrType(max_length=most):
            return "text" if most is None else f"text ≤ {most}"
        case types.BytesType(min_length=low, max_length=high):
            if low is None and high is None:
                return "bytes"
            return f"bytes {high}" if low == high else f"bytes ≤ {high}"
        case types.BoolType():
            return "boolean"
        case types.NoneType():
            return "nil"
        case types.RawType():
            return "encoded message"
        case types.StructType(cls=cls):
            return f"[{cls.__name__}](#{cls.__name__.lower()})"
        case types.ListType(item_type=item, min_length=low, max_length=high):
            return f"array of {describe(item)}{_length(low, high)}"
        case types.VarTupleType(item_type=item, min_length=low, max_length=high):
            return f"array of {describe(item)}{_length(low, high)}"
        case types.TupleType(item_types=kinds):
            return f"array of {', '.join(describe(one) for one in kinds)}"
        case types.UnionType(types=kinds) if len(kinds) > 2:
            return "any of its family, tagged"
        case types.UnionType(types=kinds):
            return " or ".join(describe(one) for one in kinds)
        case _:
            raise TypeError(f"wire.md cannot describe {kind}: teach tools/wire_reference.py")


def _length(low: int | None, high: int | None) -> str:
    return "" if high is None else f", {low or 0}–{high}"


def _types() -> str:
    rows = ["| name | range |", "|---|---|"]
    for (low, high), name in NAMED_RANGES.items():
        rows.append(f"| {name} | {low:,} … {high:,} |")
    return "\n".join(rows) + "\n"


def _message(kind: type[Struct]) -> str:
    info = types.type_info(kind)
    if not isinstance(info, types.StructType):
        raise TypeError(f"{kind} is no message")
    tag = "no tag" if info.tag is None else f"tag {info.tag}"
    lines = [f"### {kind.__name__}\n", f"*{tag}* · {inspect.getdoc(kind)}\n"]
    if info.fields:
        lines += ["| # | field | type |", "|---|---|---|"]
    first = 0 if info.tag is None else 1
    for index, field in enumerate(info.fields, start=first):
        lines.append(f"| {index} | `{field.encode_name}` | {describe(field.type)} |")
    return "\n".join(lines) + "\n"


def _enumerations() -> Iterator[str]:
    kinds: list[type[enum.IntEnum]] = [
        kind
        for kind in vars(words).values()
        if isinstance(kind, type) and issubclass(kind, enum.IntEnum) and kind is not enum.IntEnum
    ]
    kinds += [refusals.RefusalCode, ingress.SubmitStatus, egress.FeedRefusal]
    for kind in kinds:
        members = ", ".join(f"{one.value} {one.name.lower()}" for one in kind)
        if kind is refusals.RefusalCode:
            members = ", ".join(f"{one.value} `{one.name}`" for one in kind)
        yield f"### {kind.__name__}\n\n{inspect.getdoc(kind)}\n\n{members}.\n"


def main(arguments: list[str]) -> int:
    """Write or check the page; return the exit code."""
    text = page()
    if "--check" in arguments:
        is_fresh = PAGE.exists() and PAGE.read_text(encoding="utf-8") == text
        if not is_fresh:
            print(f"{PAGE.relative_to(ROOT)} is stale: run `python -m tools.wire_reference`")
        return 0 if is_fresh else 1
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
