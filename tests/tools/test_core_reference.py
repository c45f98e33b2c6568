"""The page of the core says what the code says, code by code and field by field."""

import re
from typing import get_args

import pytest

from bezant.core import commands, events
from bezant.core.refusals import RefusalCode
from tools.core_reference import PAGE, main, page


def test_the_page_is_fresh() -> None:
    assert main(["--check"]) == 0, "run `make api`"


def test_every_command_and_event_has_its_heading() -> None:
    text = PAGE.read_text(encoding="utf-8")
    for kind in (*get_args(commands.Command), *get_args(events.Event)):
        assert f"\n### {kind.__name__}\n" in text


def test_the_codes_stand_in_their_order_with_when_and_rule() -> None:
    rows = re.findall(r"^\| `([A-Z_]+)` \| (\d+) \| .+ \| L[\d.]+ \|$", page(), re.MULTILINE)
    assert rows == [(code.name, str(code.value)) for code in RefusalCode]


def test_names_are_those_of_the_law() -> None:
    text = page()
    assert "| `from` | u32 |" in text
    assert "| `new` | the fields of an order, as in [PlaceOrder](#placeorder) |" in text
    assert "| `tif` | `gtc`, `ioc`, `fok`, `gtd` |" in text


def test_a_code_without_a_comment_is_an_error_that_teaches(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bare = "    CATCHING_UP = 10\n"
    monkeypatch.setattr("tools.core_reference.inspect.getsource", lambda _: bare)
    with pytest.raises(ValueError, match="CATCHING_UP needs a comment that says when"):
        page()
