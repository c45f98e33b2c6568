"""Nothing without a trace: finds refusals, commands, events and invariants that nobody shows.

Each refusal code, command and event of the core and each INV number has to appear in the code
beside its definition, in the docs, and in a vector or test. `traces.toml` says how vectors spell
them and what may come later. Run as `python -m tools.traces`.
"""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tools.findings import ROOT, Finding, list_files, report

REFUSALS = "src/bezant/core/refusals.py"
COMMANDS = "src/bezant/core/commands.py"
EVENTS = "src/bezant/core/events.py"
RULES = "tools/traces.toml"


@dataclass(frozen=True)
class Term:
    """One thing that needs traces, and how a vector spells it where not by its name."""

    name: str
    path: str
    line: int
    kind: str
    spelling: str = ""


@dataclass(frozen=True)
class Places:
    """The text in which traces are looked for."""

    code: Mapping[str, str]
    docs: str
    tests: str
    vector_lines: tuple[str, ...]

    def list_missing(self, term: Term) -> tuple[str, ...]:
        """Return the places where the term has no trace."""
        word = re.compile(rf"\b{re.escape(term.name)}\b")
        missing = []
        if not any(word.search(text) for path, text in self.code.items() if path != term.path):
            missing.append("code")
        if not word.search(self.docs):
            missing.append("docs")
        if not word.search(self.tests) and not self._is_in_vectors(term, word):
            missing.append("a vector or test")
        return tuple(missing)

    def _is_in_vectors(self, term: Term, word: re.Pattern[str]) -> bool:
        spelling = re.escape(term.spelling.removeprefix("^"))
        if not term.spelling:
            found = word
        elif term.spelling.startswith("^"):
            found = re.compile(rf"^{spelling}(?![\w-])(?!.*\brefused\b)")
        elif term.kind == "command":
            found = re.compile(rf"^(?:at\s+\S+\s+)?{spelling}(?![\w-])")
        else:
            found = re.compile(rf"->.*\b{spelling}(?![\w-])")
        return any(found.search(line) for line in self.vector_lines)


def read_terms(root: Path, rules: Mapping[str, object]) -> Iterator[Term]:
    """Yield all refusal codes, commands, events and invariants of this house."""
    for path, kind in ((REFUSALS, "refusal"), (COMMANDS, "command"), (EVENTS, "event")):
        file = root / path
        if not file.exists():
            continue
        spellings = rules.get(f"{kind}s")
        spellings = spellings if isinstance(spellings, dict) else {}
        for name, line in _definitions(ast.parse(file.read_text(encoding="utf-8")), kind):
            yield Term(name, path, line, kind, str(spellings.get(name, "")))
    count = rules.get("invariants")
    for number in range(1, (count if isinstance(count, int) else 0) + 1):
        yield Term(f"INV-{number:02}", RULES, 1, "invariant")


def _definitions(tree: ast.Module, kind: str) -> Iterator[tuple[str, int]]:
    for node in tree.body:
        if not isinstance(node, ast.ClassDef):
            continue
        if kind != "refusal":
            if any(keyword.arg == "tag" for keyword in node.keywords):
                yield node.name, node.lineno
            continue
        for line in node.body:
            match line:
                case ast.Assign(targets=[ast.Name(id=name)]) if name.isupper():
                    yield name, line.lineno
                case _:
                    continue


def read_places(root: Path) -> Places:
    """Return the text of code, docs, tests and vectors; this tool's own tests do not count."""
    code = {
        file.relative_to(root).as_posix(): file.read_text(encoding="utf-8")
        for file in list_files(root, ("src/bezant",), (".py",))
    }
    docs = [file.read_text(encoding="utf-8") for file in list_files(root, ("docs",), (".md",))]
    own = root / "tests" / "tools"
    tests = [
        file.read_text(encoding="utf-8")
        for file in list_files(root, ("tests",), (".py",))
        if own not in file.parents
    ]
    vectors = [
        line.strip()
        for file in list_files(root, ("tests/vectors",), (".vec",))
        for line in file.read_text(encoding="utf-8").splitlines()
        if not line.lstrip().startswith("#")
    ]
    return Places(code, "\n".join(docs), "\n".join(tests), tuple(vectors))


def check_house(root: Path, rules: Mapping[str, object]) -> Iterator[Finding]:
    """Yield each term that lacks a trace, and each line of `later` that has had its day."""
    places = read_places(root)
    later = rules.get("later")
    waiting = dict(later) if isinstance(later, dict) else {}
    for term in read_terms(root, rules):
        missing = places.list_missing(term)
        why = waiting.pop(term.name, None)
        if why is not None and not missing:
            message = f"{term.name} has all its traces now: take it off the list of `later`"
            yield Finding(RULES, 1, "traces", message)
        elif why is None and missing:
            message = (
                f"{term.kind} {term.name} has no trace in {', '.join(missing)}: "
                f"add one, or list it under `later` in {RULES}"
            )
            yield Finding(term.path, term.line, "traces", message)
    for name in waiting:
        yield Finding(RULES, 1, "traces", f"`later` names {name}, which does not exist")


def main(root: Path = ROOT) -> int:
    """Look for the traces; return the exit code."""
    rules = tomllib.loads((root / RULES).read_text(encoding="utf-8"))
    count = sum(1 for _ in read_terms(root, rules))
    later = rules.get("later", {})
    checked = f"{count - len(later)} of {count} terms traced, {len(later)} come later"
    return report("traces", check_house(root, rules), checked=checked)


if __name__ == "__main__":
    sys.exit(main())
