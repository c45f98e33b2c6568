"""tools/mirror.py on two small cores: what must be alike, and what a listed exception allows."""

from pathlib import Path

import pytest

from tools import mirror

PYTHON_BOOK = '''"""Books."""
from typing import Final

DEPTH_MAX: Final = 5
_SEEN = 1


class Level: ...


def append() -> None: ...


def _link() -> None: ...
'''
RUST_BOOK = """//! Books.
pub const DEPTH_MAX: u32 = 5;

pub struct Level {
    pub price: i64,
}

impl Level {
    pub fn price(&self) -> i64 { self.price }
}

pub fn append() {}

fn link() {}

#[cfg(test)]
mod tests {
}
"""


def put(root: Path, path: str, text: str) -> None:
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


@pytest.fixture
def house(tmp_path: Path) -> Path:
    put(tmp_path, "tools/mirror.toml", "[python]\n[rust]\n[moved]\n")
    put(tmp_path, "src/bezant/core/__init__.py", "")
    put(tmp_path, "src/bezant/core/handlers/__init__.py", "")
    put(tmp_path, "src/bezant/core/book.py", PYTHON_BOOK)
    put(tmp_path, "crates/bezant-core/src/lib.rs", "pub mod book;\n")
    put(tmp_path, "crates/bezant-core/src/handlers/mod.rs", "")
    put(tmp_path, "crates/bezant-core/src/book.rs", RUST_BOOK)
    return tmp_path


def said(root: Path, capsys: pytest.CaptureFixture[str]) -> str:
    code = mirror.main(root)
    text = capsys.readouterr().out
    assert code == (0 if text.startswith("mirror: ") else 1)
    return text


def test_cores_that_are_alike(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "exceptions have a reason" in said(house, capsys)


@pytest.mark.parametrize(
    ("path", "old", "new", "message"),
    [
        ("src/bezant/core/book.py", "class Level", "class Queue", "Queue has no twin in Rust"),
        ("src/bezant/core/book.py", "class Level", "class Queue", "Level has no twin in Python"),
        ("crates/bezant-core/src/book.rs", "pub fn append", "fn append", "append has no twin"),
        ("crates/bezant-core/src/book.rs", "pub fn append", "pub(crate) fn append", ""),
        ("crates/bezant-core/src/book.rs", "pub fn append", "pub const fn append", ""),
    ],
)
def test_a_name_without_a_twin(
    house: Path, capsys: pytest.CaptureFixture[str], path: str, old: str, new: str, message: str
) -> None:
    text = (house / path).read_text(encoding="utf-8")
    put(house, path, text.replace(old, new))
    assert message in said(house, capsys)


def test_another_order(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    moved = "pub fn append() {}\npub const DEPTH_MAX: u32 = 5;\npub struct Level {\n}\n"
    put(house, "crates/bezant-core/src/book.rs", moved)
    text = said(house, capsys)
    assert "append comes in Rust where DEPTH_MAX comes in Python" in text
    rules = '[python]\n[rust]\n[moved]\n"It is declared by a macro." = ["book.append"]\n'
    put(house, "tools/mirror.toml", rules)
    assert "1 exceptions have a reason" in said(house, capsys)


def test_messages_are_names_too(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rust = "messages! {\n    /// One.\n    Level = 3 {\n        price: i64,\n    }\n}\n"
    put(house, "crates/bezant-core/src/book.rs", "pub const DEPTH_MAX: u32 = 5;\n" + rust)
    assert "append has no twin in Rust" in said(house, capsys)
    assert mirror.rust_names(rust) == ["Level"]


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("src/bezant/core/fees.py", "the Rust core has no file fees"),
        ("crates/bezant-core/src/slab.rs", "the Python core has no file slab"),
    ],
)
def test_a_file_without_a_twin(
    house: Path, capsys: pytest.CaptureFixture[str], path: str, message: str
) -> None:
    put(house, path, "")
    assert message in said(house, capsys)
    core, name = ("python", "fees") if path.startswith("src") else ("rust", "slab")
    tables = {"python": "", "rust": "", "moved": ""} | {core: f'"It is so." = ["{name}"]\n'}
    text = "".join(f"[{key}]\n{lines}" for key, lines in tables.items())
    put(house, "tools/mirror.toml", text)
    assert "exceptions have a reason" in said(house, capsys)


def test_an_exception_that_has_had_its_day(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rules = '[python]\n"No." = ["book.Level", "fees"]\n[rust]\n"No." = ["book.gone"]\n[moved]\n'
    put(house, "tools/mirror.toml", rules)
    text = said(house, capsys)
    for entry in ("book.Level", "fees", "book.gone"):
        assert f"{entry} is no exception any more" in text
