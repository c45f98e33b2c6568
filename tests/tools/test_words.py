"""tools/words.py with the house's own glossary, on names good and bad."""

import ast
from pathlib import Path

import pytest

from tools import words
from tools.findings import ROOT

GLOSSARY = words.read_glossary(ROOT / "tools" / "words.toml")


def bad_words(name: str, room: str = "core") -> list[str]:
    found = (word.find_in(name, room) for word in GLOSSARY.words)
    return [] if name in GLOSSARY.stands else sorted({piece for piece in found if piece})


@pytest.mark.parametrize(
    ("name", "pieces"),
    [
        ("open_orders_max", ("open", "orders", "max")),
        ("openOrdersMax", ("open", "orders", "max")),
        ("KYCCase", ("kyc", "case")),
        ("SHA256_SIZE", ("sha", "256", "size")),
        ("_x", ("x",)),
    ],
)
def test_identifiers_are_split_into_words(name: str, pieces: tuple[str, ...]) -> None:
    assert words.split(name) == pieces


@pytest.mark.parametrize(
    ("name", "room", "piece"),
    [
        ("symbol", "core", "symbol"),
        ("InstrumentId", "projections", "instrument"),
        ("order_amount", "queries", "amount"),
        ("trade_value", "projections", "value"),
        ("unfilled_lots", "core", "unfilled"),
        ("remaining", "core", "remaining"),
        ("remaining_qty", "queries", "remaining"),
        ("locked_balance", "queries", "locked"),
        ("frozen_units", "projections", "frozen"),
        ("cancelled", "kit", "cancelled"),
        ("passive_order", "core", "passive"),
        ("journal_offset", "journal", "offset"),
        ("transaction", "core", "transaction"),
        ("admin_password", "kit", "admin"),
        ("OrderManager", "sequencer", "manager"),
    ],
)
def test_banned_words_are_found(name: str, room: str, piece: str) -> None:
    assert bad_words(name, room) == [piece]


@pytest.mark.parametrize(
    ("name", "room"),
    [
        ("market", "core"),
        ("orders_frozen", "core"),
        ("ORDERS_FROZEN", "core"),
        ("ticker", "queries"),
        ("volume", "core"),
        ("version", "core"),
        ("amount", "core"),
        ("frame_size", "ingress"),
        ("value", "kit"),
        ("remaining_s", "kit"),
        ("locked", "kit"),
        ("transaction", "journal"),
        ("committed", "journal"),
        ("offset", "kit"),
    ],
)
def test_good_names_stand(name: str, room: str) -> None:
    assert bad_words(name, room) == []


def test_only_definitions_are_read() -> None:
    source = """
import thing as symbol
def f(amount, *, base_amount=1):
    self.deal = other.deals
    for checksum in y: ...
    call(symbol=x.instrument)
class Helper: ...
"""
    names = [name for name, _ in words.python_definitions(ast.parse(source))]
    assert sorted(names) == sorted(
        ["symbol", "f", "amount", "base_amount", "deal", "checksum", "Helper"]
    )


def test_rust_definitions() -> None:
    text = "pub fn unfilled(deal: u64) {\n  let mut symbol = a::b(instrument); // let sats = 1\n}"
    names = [name for name, _ in words.rust_definitions(text)]
    assert names == ["unfilled", "deal", "symbol"]


def test_a_house_with_a_bad_word_says_what_to_say(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put = {
        "src/bezant/core/book.py": "def find(symbol): ...\n",
        "src/bezant/gateway/native.py": "def find(symbol): ...\n",
        "src/bezant/kit/helpers.py": "",
        "tools/words.toml": (ROOT / "tools" / "words.toml").read_text(encoding="utf-8"),
    }
    for path, text in put.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    assert words.main(tmp_path) == 1
    out = capsys.readouterr().out.splitlines()
    assert out[0] == "src/bezant/core/book.py:1: words: `symbol`: not “symbol”, we say market"
    assert out[1].startswith("src/bezant/kit/helpers.py:1: words: `helpers`: not “helpers”")
    assert len(out) == 2


def test_a_name_stands_only_with_a_reason(tmp_path: Path) -> None:
    file = tmp_path / "words.toml"
    file.write_text('[[stands]]\nname = "symbol"\nwhy = ""\n', encoding="utf-8")
    with pytest.raises(ValueError, match="only stand with a reason"):
        words.read_glossary(file)
