"""The page of the wire format says what the code does."""

import msgspec
import pytest
from msgspec import inspect as types

from tools.wire_reference import PAGE, describe, list_families, main, page


def test_the_page_is_fresh() -> None:
    assert main(["--check"]) == 0, "run `python -m tools.wire_reference`"


def test_every_message_has_its_heading() -> None:
    text = PAGE.read_text(encoding="utf-8")
    for family in list_families():
        for kind in family.messages:
            assert f"### {kind.__name__}\n" in text


def test_tags_and_ranges_are_told() -> None:
    text = page()
    assert "### CancelAll\n\n*tag 6*" in text
    assert "| 1 | `account` | u32 |\n| 2 | `market` | u16 |" in text


def test_an_unknown_type_is_an_error_that_teaches() -> None:
    with pytest.raises(TypeError, match="teach tools/wire_reference"):
        describe(types.type_info(msgspec.UnsetType))
