"""Keep house: the core pure, money whole, files and functions short, documents with one title.

Run as `python -m tools.tidy`; `--update` lowers the numbers of sizes.toml. What ruff, mypy and
import-linter can say is left to them (commented-out Python is ruff's ERA001).
"""

import argparse
import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from tools import purity, sizes
from tools.findings import ROOT, Finding, list_files, report

CODE = ("src", "tools", "tests", "benches")
WEB = ("web/src", "web/tests", "web/e2e")
CORE = f"{sizes.CORE}/"

_WEB_CODE = re.compile(
    r"^\s*//\s*(?:(?:import|export|const|let|return|if|for|await)\b.*[;{]|\}.*)\s*$"
)


def check_house(root: Path) -> tuple[list[Finding], sizes.Sizes]:
    """Return all findings but those of sizes, and the sizes that are over the limits."""
    findings: list[Finding] = []
    too_long = sizes.Sizes()
    core_lines = 0
    for file in list_files(root, (*CODE, *WEB), (".py", ".ts", ".tsx")):
        path = file.relative_to(root).as_posix()
        text = file.read_text(encoding="utf-8")
        tree: ast.Module | None = None
        if file.suffix == ".py":
            tree = ast.parse(text, filename=path)
            findings += check_python(path, tree)
        else:
            findings += check_web_comments(path, text)
        if path.startswith(CORE) and tree is not None:
            core_lines += sizes.count_code(text, tree)
        measured = sizes.measure(path, text, tree)
        too_long.files.update(measured.files)
        too_long.functions.update(measured.functions)
    if core_lines > sizes.CORE_LINES_MAX:
        too_long.files[sizes.CORE] = core_lines
    for file in (*list_files(root, ("docs",), (".md",)), *sorted(root.glob("*.md"))):
        path = file.relative_to(root).as_posix()
        findings += check_title(path, file.read_text(encoding="utf-8"))
    return findings, too_long


def check_python(path: str, tree: ast.Module) -> Iterator[Finding]:
    """Yield what is impure in the core, and floats near money in the whole package."""
    if path.startswith(CORE):
        yield from purity.check_core(path, tree)
    if path.startswith("src/"):
        yield from purity.check_money(path, tree)


def check_web_comments(path: str, text: str) -> Iterator[Finding]:
    """Yield lines of TypeScript that were switched off by a comment."""
    for number, line in enumerate(text.splitlines(), start=1):
        if _WEB_CODE.match(line):
            message = "code in a comment: delete it, the history keeps it"
            yield Finding(path, number, "dead-code", message)


def check_title(path: str, text: str) -> Iterator[Finding]:
    """Yield a finding unless the document opens with its one title."""
    titles: list[int] = []
    fence = ""
    first_line = 0
    for number, line in enumerate(_without_front_matter(text), start=1):
        mark = line.lstrip()[:3]
        if mark in {"```", "~~~"}:
            fence = "" if fence == mark else fence or mark
        if fence or not line.strip():
            continue
        first_line = first_line or number
        if line.startswith("# "):
            titles.append(number)
    if len(titles) != 1:
        message = f"a document has one title (`# …`), this one has {len(titles)}"
        yield Finding(path, titles[1] if titles else 1, "one-title", message)
    elif titles[0] != first_line and not _has_picture_first(text):
        yield Finding(path, titles[0], "one-title", "the title comes first")


def _without_front_matter(text: str) -> list[str]:
    lines = text.splitlines()
    if lines and lines[0] == "---" and "---" in lines[1:]:
        end = lines.index("---", 1)
        return [""] * (end + 1) + lines[end + 1 :]
    return lines


def _has_picture_first(text: str) -> bool:
    return text.lstrip().startswith(("<", "!["))


def main(arguments: list[str] | None = None, root: Path = ROOT) -> int:
    """Check the house, or lower the ratchet; return the exit code."""
    parser = argparse.ArgumentParser(prog="tidy", description=__doc__)
    parser.add_argument("--update", action="store_true", help="lower the numbers of sizes.toml")
    options = parser.parse_args(arguments)
    ratchet = root / "tools" / "sizes.toml"
    findings, measured = check_house(root)
    allowed = sizes.read_exceptions(ratchet)
    if options.update:
        allowed = sizes.lowered(measured, allowed)
        sizes.write_exceptions(ratchet, allowed)
    findings += sizes.compare(measured, allowed)
    return report("tidy", findings, checked="core pure, money whole, sizes and titles in order")


if __name__ == "__main__":
    sys.exit(main())
