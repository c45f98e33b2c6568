"""Writes docs/reference/errors.md from the gateway's table of problems and the core's refusals.

`python -m tools.errors_reference` writes, `--check` fails if the page is not what it would write.
Not for explanations: how to read an error stands in docs/reference/rest.md.
"""

import sys
from typing import Final

from bezant.core.refusals import RefusalCode
from bezant.gateway.native.problems import Problem
from bezant.gateway.native.refusals import REFUSALS
from tools.findings import ROOT

PAGE: Final = ROOT / "docs" / "reference" / "errors.md"
HEAD: Final = """# Errors of the API

Generated from the code by `make api`; a test keeps it fresh. Every error is a problem document
(RFC 9457) with a permanent `code`; `reason`, where there is one, is the core's own name of the
refusal. A 4xx changed nothing.

## Codes

| Code | Status | Title | What to do |
|---|---|---|---|
"""
REFUSALS_HEAD: Final = """
## What the core refuses

One command can break several rules; the first of this list is told.

| Reason | Code | What is said |
|---|---|---|
"""


def page() -> str:
    """Return the whole page."""
    codes = "".join(
        f"| `{kind.code}` | {kind.status} | {_cell(kind.value.title)} | "
        f"{_cell(kind.value.advice)} |\n"
        for kind in sorted(Problem, key=lambda kind: kind.code)
    )
    refusals = "".join(
        f"| `{code.name}` | `{REFUSALS[code].problem.code}` | {_cell(REFUSALS[code].sentence)} |\n"
        for code in RefusalCode
    )
    return HEAD + codes + REFUSALS_HEAD + refusals


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def main(arguments: list[str]) -> int:
    """Write or check the page; return the exit code."""
    text = page()
    if PAGE.exists() and PAGE.read_text(encoding="utf-8") == text:
        return 0
    if "--check" in arguments:
        print("docs/reference/errors.md is stale: run `make api`")
        return 1
    PAGE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
