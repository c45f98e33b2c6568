"""One word for one thing: finds banned words in the identifiers that we define.

The list is `words.toml`. Only definitions are read (functions, classes, arguments, fields,
variables, Rust items), so calling what others have named is free. Run as `python -m tools.words`.
"""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tools.findings import ROOT, Finding, list_files, report

_PIECES = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+")
_RUST_DEFINITION = re.compile(
    r"\b(?:fn|struct|enum|trait|mod|const|static|type|let(?:\s+mut)?)\s+([A-Za-z_]\w*)"
    r"|\b([a-z_]\w*)\s*:(?!:)"
)


@dataclass(frozen=True)
class Word:
    """A word of the house, what it is not called, and where that counts."""

    say: str
    banned: frozenset[str]
    near: frozenset[str]
    rooms: frozenset[str]

    def find_in(self, name: str, room: str) -> str | None:
        """Return the banned word that `name` holds in this room, if it does."""
        if self.rooms and room not in self.rooms:
            return None
        pieces = split(name)
        if self.near and self.near.isdisjoint(pieces):
            return None
        return next((piece for piece in pieces if piece in self.banned), None)


@dataclass(frozen=True)
class Glossary:
    """All words, the rooms that translate, and the names that stand."""

    words: tuple[Word, ...]
    translators: frozenset[str]
    stands: frozenset[str]


def split(name: str) -> tuple[str, ...]:
    """Return the words of an identifier in lower case: `openOrders_max` is open, orders, max."""
    return tuple(piece.lower() for piece in _PIECES.findall(name))


def read_glossary(path: Path) -> Glossary:
    """Return the glossary of `words.toml`; a name may only stand with a reason."""
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    words = tuple(
        Word(
            say=entry["say"],
            banned=frozenset(entry["not"]),
            near=frozenset(entry.get("near", ())),
            rooms=frozenset(entry.get("rooms", ())),
        )
        for entry in table.get("word", ())
    )
    stands = table.get("stands", ())
    for entry in stands:
        if not entry.get("why"):
            message = f"{path.name}: `{entry['name']}` may only stand with a reason (`why`)"
            raise ValueError(message)
    return Glossary(
        words, frozenset(table.get("translators", ())), frozenset(e["name"] for e in stands)
    )


def python_definitions(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Yield each identifier that a Python file defines, with its line."""
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield name, node.lineno
            case ast.ClassDef(name=name):
                yield name, node.lineno
            case ast.arg(arg=name):
                yield name, node.lineno
            case ast.Name(id=name, ctx=ast.Store()):
                yield name, node.lineno
            case ast.Attribute(attr=name, ctx=ast.Store()):
                yield name, node.lineno
            case ast.alias(asname=str(name)):
                yield name, node.lineno
            case _:
                continue


def rust_definitions(text: str) -> Iterator[tuple[str, int]]:
    """Yield each identifier that a Rust file defines, with its line; comments are not read."""
    for number, line in enumerate(text.splitlines(), start=1):
        for item, binding in _RUST_DEFINITION.findall(line.partition("//")[0]):
            yield item or binding, number


def check_house(root: Path, glossary: Glossary) -> Iterator[Finding]:
    """Yield each banned word in an identifier or a file name of the package and the crates."""
    for file in list_files(root, ("src/bezant", "crates"), (".py", ".rs")):
        path = file.relative_to(root).as_posix()
        room = path.split("/")[2] if path.startswith("src/bezant/") else "core"
        if room in glossary.translators:
            continue
        text = file.read_text(encoding="utf-8")
        is_python = file.suffix == ".py"
        names = python_definitions(ast.parse(text)) if is_python else rust_definitions(text)
        for name, line in ((file.stem, 1), *names):
            if name in glossary.stands:
                continue
            for word in glossary.words:
                if (piece := word.find_in(name, room)) is not None:
                    message = f"`{name}`: not “{piece}”, we say {word.say}"
                    yield Finding(path, line, "words", message)


def main(root: Path = ROOT) -> int:
    """Check the identifiers; return the exit code."""
    glossary = read_glossary(root / "tools" / "words.toml")
    checked = f"{len(glossary.words)} words of the house kept"
    return report("words", check_house(root, glossary), checked=checked)


if __name__ == "__main__":
    sys.exit(main())
