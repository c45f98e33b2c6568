"""What reads bytes, given any bytes: refused as malformed, or read; never anything else.

`check_…` take bytes and raise what is wrong. For fuzzing with coverage (docs/how-to/fuzz.md), and
for the mutated seeds of `test_decoders`.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from bezant.core import codec
from bezant.core.codec import MalformedMessage
from bezant.core.contract import EngineContract
from bezant.core.engine import Engine
from bezant.core.ids import Seq

FOLDER: Final = Path(__file__).parents[2] / "crates" / "bezant-core" / "fuzz"
Maker = Callable[[], EngineContract]


def check_command(raw: bytes, maker: Maker = Engine) -> None:
    """Read a command; what is taken is written as the same bytes."""
    del maker
    try:
        command = codec.decode_command(raw)
    except MalformedMessage:
        return
    assert codec.encode(command) == raw


def check_entries(raw: bytes, maker: Maker = Engine) -> None:
    """Apply bytes to an open house; what is applied leaves a state that can be restored."""
    engine = open_house(maker)
    try:
        engine.apply(engine.ts_ns + 1_000_000_000, engine.seq + 1, raw)
    except ValueError:  # Malformed, or seq is not dense.
        return
    check_restored(engine.snapshot(), maker)


def check_question(raw: bytes, maker: Maker = Engine) -> None:
    """Put bytes as a question to an open house."""
    try:
        open_house(maker).query(raw)
    except MalformedMessage:
        return


def check_snapshot(raw: bytes, maker: Maker = Engine) -> None:
    """Restore from bytes; what is taken is written as the same bytes."""
    engine = maker()
    try:
        engine.restore(raw)
    except MalformedMessage:
        return
    assert engine.snapshot() == raw
    engine.next_deadline()


CHECKS: Final = {
    "commands": check_command,
    "entries": check_entries,
    "questions": check_question,
    "snapshots": check_snapshot,
}


def open_house(maker: Maker) -> EngineContract:
    """Return an engine with the house that entries and questions are put to."""
    engine = maker()
    engine.restore((FOLDER / "house.snapshot").read_bytes())
    return engine


def check_restored(snapshot: bytes, maker: Maker) -> None:
    """Restore what an engine wrote."""
    engine = maker()
    engine.restore(snapshot)
    assert engine.snapshot() == snapshot


def list_seeds(target: str) -> Iterator[bytes]:
    """Yield where the fuzzers begin."""
    for path in sorted((FOLDER / "seeds" / target).iterdir()):
        yield path.read_bytes()


def is_taken(engine: EngineContract, command: bytes) -> bool:
    """Return whether an engine takes the command's bytes as its next entry."""
    seq = Seq(engine.seq + 1)
    try:
        engine.apply(engine.ts_ns, seq, codec.encode_entry(seq, command))
    except MalformedMessage:
        return False
    return True
