"""What a house-keeping tool found, and how it says so. Not for rules themselves."""

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, order=True)
class Finding:
    """One thing to mend: where it is, which rule it breaks and what to do instead."""

    path: str
    line: int
    rule: str
    message: str

    def __str__(self) -> str:
        """Return the finding in the form that editors and terminals can jump to."""
        return f"{self.path}:{self.line}: {self.rule}: {self.message}"


def report(tool: str, findings: Iterable[Finding], *, checked: str) -> int:
    """Print the findings in order, or one line of what was checked; return the exit code."""
    ordered = sorted(set(findings))
    for finding in ordered:
        print(finding)
    if ordered:
        noun = "thing" if len(ordered) == 1 else "things"
        print(f"{tool}: {len(ordered)} {noun} to mend", file=sys.stderr)
        return 1
    print(f"{tool}: {checked}")
    return 0


def list_files(root: Path, folders: Iterable[str], suffixes: tuple[str, ...]) -> tuple[Path, ...]:
    """Return the files below `folders` that end with one of `suffixes`, in a stable order."""
    skipped = {"node_modules", "dist", "__pycache__", "target"}
    found = (
        path
        for folder in folders
        for path in (root / folder).rglob("*")
        if path.suffix in suffixes and path.is_file()
    )
    return tuple(sorted(path for path in found if skipped.isdisjoint(path.parts)))
