"""The pages of commands and settings are what the code says, and say it legibly."""

from typing import Annotated

import pytest
import typer

from bezant.kit.config import Settings
from tools import operator_reference as reference


@pytest.mark.parametrize("name", ["cli.md", "configuration.md"])
def test_the_page_is_fresh(name: str) -> None:
    page = reference.FOLDER / name
    assert page.read_text(encoding="utf-8") == reference.pages()[name], "run `make api`"


def test_every_setting_says_what_it_is() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


def test_a_command_shows_its_options_and_arguments(monkeypatch: pytest.MonkeyPatch) -> None:
    small = typer.Typer(help="A small program.")
    group = typer.Typer(help="A group.")

    @group.command("weigh")
    def weigh(
        coin: Annotated[str, typer.Argument(help="Which coin | all.")],
        *,
        scale: Annotated[int, typer.Option("--scale", "-s", help="How\nfine.")],
        secret: Annotated[bool, typer.Option("--secret", hidden=True)] = False,
    ) -> None:
        """Weigh a coin."""

    small.add_typer(group, name="coins")
    small.command("gone", hidden=True)(lambda: None)
    monkeypatch.setattr(reference, "app", small)
    page = reference.cli_page()
    assert "## bezant\n\nA small program.\n" in page
    assert "## bezant coins\n\nA group.\n\n### bezant coins weigh\n\nWeigh a coin.\n" in page
    assert "| `COIN` | Which coin \\| all. Required. |\n" in page
    assert "| `--scale`, `-s` | How fine. Required. |\n" in page
    assert "secret" not in page
    assert "gone" not in page
