"""Writes docs/reference/cli.md and configuration.md from the commands and the settings themselves.

`python -m tools.operator_reference` writes, `--check` fails if a page is not what it would write.
Not for explanations: those stand in the how-to guides.
"""

import sys
from collections.abc import Iterator
from typing import Any, Final

import typer.main

from bezant.cli.main import app
from bezant.kit.config import PREFIX, Settings
from tools.findings import ROOT

FOLDER: Final = ROOT / "docs" / "reference"
CLI_HEAD: Final = """# Command line

Generated from the code by `make api`; a test keeps it fresh. Every command answers `--help`. An
error is one line on standard error that says what to do, and status 1; a wrong option is status 2.
"""
CONFIGURATION_HEAD: Final = f"""# Configuration

Generated from the code by `make api`; a test keeps it fresh. The first source that has a value
wins: option of the command line, variable `{PREFIX}…`, `bezant.toml` in the data directory,
`bezant.toml` in the working directory, default. A key of the file is the variable's name in lower
case without its prefix. A value that is not allowed stops the start with the setting, the rule and
the way out.

| Variable | Default | What it is |
|---|---|---|
"""


def pages() -> dict[str, str]:
    """Return the text of each page by its file name."""
    return {"cli.md": cli_page(), "configuration.md": configuration_page()}


def cli_page() -> str:
    """Return the page of commands, groups before their members."""
    return CLI_HEAD + "".join(_command(typer.main.get_command(app), "bezant"))


def _command(command: Any, path: str) -> Iterator[str]:
    if command.hidden:
        return
    yield f"\n## {path}\n\n" if path.count(" ") < 2 else f"\n### {path}\n\n"
    yield _one_line(command.help) + "\n"
    yield from _parameters(command.params)
    for name, member in getattr(command, "commands", {}).items():
        yield from _command(member, f"{path} {name}")


def _parameters(parameters: list[Any]) -> Iterator[str]:
    shown = [each for each in parameters if each.name != "help" and not each.hidden]
    if not shown:
        return
    yield "\n| | |\n|---|---|\n"
    for each in shown:
        is_argument = each.param_type_name == "argument"
        names = [each.name.upper()] if is_argument else [*each.opts, *each.secondary_opts]
        said = [_one_line(each.help), "Required." if each.required else ""]
        spelled = ", ".join(f"`{name}`" for name in names)
        yield f"| {spelled} | {_cell(' '.join(part for part in said if part))} |\n"


def _one_line(text: str | None) -> str:
    return " ".join((text or "").split())


def configuration_page() -> str:
    """Return the page of settings, in the order of the code."""
    rows = []
    for name, field in Settings.model_fields.items():
        default = "" if field.default is None else f"`{field.default}`"
        meaning = _cell(field.description or "")
        rows.append(f"| `{PREFIX}{name.upper()}` | {default} | {meaning} |\n")
    return CONFIGURATION_HEAD + "".join(rows)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def main(arguments: list[str]) -> int:
    """Write or check the pages; return the exit code."""
    stale = []
    for name, text in pages().items():
        page = FOLDER / name
        if page.exists() and page.read_text(encoding="utf-8") == text:
            continue
        stale.append(name)
        if "--check" not in arguments:
            page.write_text(text, encoding="utf-8")
    if stale and "--check" in arguments:
        print(f"docs/reference: {', '.join(stale)} stale: run `make api`")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
