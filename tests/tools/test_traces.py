"""tools/traces.py on a small house: what counts as a trace and what does not."""

from pathlib import Path

import pytest

from tools import traces

RULES = """
invariants = 1
[commands]
PlaceOrder = "place"
[events]
OrderDone = "done"
RulesActivated = "^rules"
[later]
"""


def put(root: Path, path: str, text: str) -> None:
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


@pytest.fixture
def house(tmp_path: Path) -> Path:
    put(tmp_path, "tools/traces.toml", RULES)
    refusals = 'class RefusalCode(IntEnum):\n    """Why."""\n\n    QTY_TOO_LOW = 411\n'
    put(tmp_path, "src/bezant/core/refusals.py", refusals)
    commands = (
        "class Message(Struct): ...\n\n\nclass PlaceOrder(Message, frozen=True, tag=1): ...\n"
    )
    put(tmp_path, "src/bezant/core/commands.py", commands)
    put(tmp_path, "src/bezant/core/events.py", "class OrderDone(Message, tag=15): ...\n")
    engine = "# INV-01\nPlaceOrder; OrderDone; RefusalCode.QTY_TOO_LOW\n"
    put(tmp_path, "src/bezant/core/engine.py", engine)
    put(tmp_path, "docs/reference/all.md", "QTY_TOO_LOW PlaceOrder OrderDone INV-01")
    vector = "# A title.\nplace alice a1 -> refused QTY_TOO_LOW\nat 60s tick -> done a1\n"
    put(tmp_path, "tests/vectors/orders/a.vec", vector)
    put(tmp_path, "tests/properties/test_money.py", '"""Shows INV-01."""\n')
    return tmp_path


def messages(root: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    code = traces.main(root)
    lines = capsys.readouterr().out.splitlines()
    assert code == (0 if lines[0].startswith("traces: ") else 1)
    return lines


def test_a_traced_house_is_clean(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert messages(house, capsys) == ["traces: 4 of 4 terms traced, 0 come later"]


VECTOR = "tests/vectors/orders/a.vec"
ENGINE = "src/bezant/core/engine.py"


@pytest.mark.parametrize(
    ("path", "text", "said"),
    [
        (ENGINE, "PlaceOrder; OrderDone  # INV-01", "QTY_TOO_LOW has no trace in code"),
        ("docs/reference/all.md", "QTY_TOO_LOW PlaceOrder OrderDone", "INV-01 has no trace in d"),
        (VECTOR, "place a -> refused QTY_TOO_LOW", "OrderDone has no trace in a vector"),
        (VECTOR, "tick -> done\n# place -> refused QTY_TOO_LOW", "PlaceOrder has no"),
        (VECTOR, "replace x -> refused QTY_TOO_LOW; done", "PlaceOrder has no"),
        ("tests/properties/test_money.py", "", "INV-01 has no trace in a vector or test"),
    ],
)
def test_a_missing_trace_is_found(
    house: Path, capsys: pytest.CaptureFixture[str], path: str, text: str, said: str
) -> None:
    put(house, path, text)
    assert any(said in line for line in messages(house, capsys))


@pytest.mark.parametrize(
    ("line", "is_shown"), [("rules 2", True), ("rules 9 -> refused QTY_TOO_LOW", False)]
)
def test_a_line_that_is_done_shows_its_event(
    house: Path, capsys: pytest.CaptureFixture[str], line: str, *, is_shown: bool
) -> None:
    events = "class OrderDone(Message, tag=15): ...\nclass RulesActivated(Message, tag=62): ...\n"
    put(house, "src/bezant/core/events.py", events)
    put(house, "src/bezant/core/rules.py", "RulesActivated")
    put(house, "docs/reference/more.md", "RulesActivated")
    put(house, "tests/vectors/rules.vec", f"{line}\n")
    found = any("RulesActivated has no trace" in each for each in messages(house, capsys))
    assert found is not is_shown


def test_what_comes_later_is_let_be_until_it_is_there(
    house: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(house, "tools/traces.toml", RULES + 'QTY_TOO_LOW = "with lots"\n')
    assert any("QTY_TOO_LOW has all its traces now" in line for line in messages(house, capsys))
    put(house, "docs/reference/all.md", "PlaceOrder OrderDone INV-01")
    assert messages(house, capsys) == ["traces: 3 of 4 terms traced, 1 come later"]


def test_later_names_only_what_exists(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(house, "tools/traces.toml", RULES + 'QTY_TOO_LONG = "a slip of the pen"\n')
    (line,) = messages(house, capsys)
    assert "`later` names QTY_TOO_LONG, which does not exist" in line


def test_its_own_tests_are_no_traces(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(house, "tests/properties/test_money.py", "")
    put(house, "tests/tools/test_traces.py", "INV-01")
    assert any("INV-01" in line for line in messages(house, capsys))
