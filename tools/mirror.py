"""The two cores side by side: the same files, and in each the same public names in the same order.

What stands in one of them alone, or in another place, is listed in `mirror.toml` with its reason;
a line that is no longer needed is a finding too. Run as `python -m tools.mirror`. Not for what
the names do: that is what `make fuzz` and the vectors compare.
"""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.findings import ROOT, Finding, report

PYTHON = "src/bezant/core"
RUST = "crates/bezant-core/src"
RULES = "tools/mirror.toml"
ROOTS = {"__init__": "lib", "handlers/__init__": "handlers/mod"}  # They only say what there is.

_PUBLIC = re.compile(
    r"pub(?:\(crate\))? (?:const )?(?:fn|struct|enum|const|static|type|trait) (\w+)"
)
_MESSAGES = re.compile(r"messages!\s*\{")
_MESSAGE = re.compile(r" {4}([A-Z]\w+)(?: = \d+)? \{")


@dataclass(frozen=True)
class Exceptions:
    """What may differ: files, and names as `file.name`, that one core has alone; moved names."""

    python: Mapping[str, str]
    rust: Mapping[str, str]
    moved: Mapping[str, str]


def python_names(text: str) -> list[str]:
    """Return a module's public names in the order of their definitions."""
    names: list[str] = []
    for node in ast.parse(text).body:
        match node:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                names.append(name)
            case ast.AnnAssign(target=ast.Name(id=name)):
                names.append(name)
            case ast.Assign(targets=targets):
                names += [target.id for target in targets if isinstance(target, ast.Name)]
            case _:
                continue
    return [name for name in names if not name.startswith("_")]


def rust_names(text: str) -> list[str]:
    """Return a file's public names in order, those that its `messages!` declare too."""
    names: list[str] = []
    is_messages = False
    for line in text.split("\n#[cfg(test)]", maxsplit=1)[0].splitlines():
        if _MESSAGES.match(line):
            is_messages = True
        elif line == "}":
            is_messages = False
        elif found := (_MESSAGE if is_messages else _PUBLIC).match(line):
            names.append(found[1])
    return names


def read_exceptions(text: str) -> Exceptions:
    """Return the exceptions: tables of lists of names under their reason."""
    tables = tomllib.loads(text)

    def flat(key: str) -> dict[str, str]:
        return {name: why for why, names in sorted(tables.get(key, {}).items()) for name in names}

    return Exceptions(flat("python"), flat("rust"), flat("moved"))


def compare_names(
    file: str, python: Sequence[str], rust: Sequence[str], exceptions: Exceptions
) -> Iterator[str]:
    """Yield what differs in a file that both cores have."""
    for name in python:
        if name not in rust and f"{file}.{name}" not in exceptions.python:
            yield f"{name} has no twin in Rust"
    for name in rust:
        if name not in python and f"{file}.{name}" not in exceptions.rust:
            yield f"{name} has no twin in Python"
    ours = [name for name in python if name in rust and f"{file}.{name}" not in exceptions.moved]
    theirs = [name for name in rust if name in ours]
    for one, other in zip(ours, theirs, strict=False):
        if one != other:
            yield f"{other} comes in Rust where {one} comes in Python: keep one order"
            return


def stale_exceptions(
    python: Mapping[str, Sequence[str]], rust: Mapping[str, Sequence[str]], exceptions: Exceptions
) -> Iterator[str]:
    """Yield the exceptions that name nothing, or nothing that differs."""
    for own, other, listed in (
        (python, rust, exceptions.python),
        (rust, python, exceptions.rust),
    ):
        for entry in listed:
            file, _, name = entry.partition(".")
            is_there = name in own.get(file, ()) if name else file in own
            is_elsewhere = name in other.get(file, ()) if name else file in other
            if not is_there or is_elsewhere:
                yield entry
    for entry in exceptions.moved:
        file, _, name = entry.partition(".")
        if name not in python.get(file, ()) or name not in rust.get(file, ()):
            yield entry


def check_house(root: Path, exceptions: Exceptions) -> Iterator[Finding]:
    """Yield what differs between the cores, and exceptions that have had their day."""
    python = {
        file: python_names(text) for file, text in _read(root / PYTHON, ".py") if file not in ROOTS
    }
    rust = {
        file: rust_names(text)
        for file, text in _read(root / RUST, ".rs")
        if file not in ROOTS.values()
    }
    for file in sorted(python.keys() ^ rust.keys()):
        is_python = file in python
        if file not in (exceptions.python if is_python else exceptions.rust):
            path = f"{PYTHON}/{file}.py" if is_python else f"{RUST}/{file}.rs"
            message = f"the {'Rust' if is_python else 'Python'} core has no file {file}"
            yield Finding(path, 1, "mirror", f"{message}: write it, or say why in {RULES}")
    for file in sorted(python.keys() & rust.keys()):
        for message in compare_names(file, python[file], rust[file], exceptions):
            text = f"{message}, or say why in {RULES}"
            yield Finding(f"{RUST}/{file}.rs", 1, "mirror", text)
    for entry in stale_exceptions(python, rust, exceptions):
        yield Finding(RULES, 1, "mirror", f"{entry} is no exception any more: take it off the list")


def _read(folder: Path, suffix: str) -> Iterator[tuple[str, str]]:
    for file in sorted(folder.rglob(f"*{suffix}")):
        name = file.relative_to(folder).with_suffix("").as_posix()
        yield name, file.read_text(encoding="utf-8")


def main(root: Path = ROOT) -> int:
    """Compare the cores; return the exit code."""
    exceptions = read_exceptions((root / RULES).read_text(encoding="utf-8"))
    files = len({name for name, _ in _read(root / PYTHON, ".py")} - exceptions.python.keys())
    listed = len(exceptions.python) + len(exceptions.rust) + len(exceptions.moved)
    checked = f"{files} files alike in both cores, {listed} exceptions have a reason"
    return report("mirror", check_house(root, exceptions), checked=checked)


if __name__ == "__main__":
    sys.exit(main())
