"""What a vector is run against: an engine, or later the whole stack behind its doors."""

from collections.abc import Callable
from typing import Protocol

import msgspec

from bezant.core import codec
from bezant.core.codec import Outcome
from bezant.core.commands import Command
from bezant.core.contract import EngineContract
from bezant.core.engine import Engine
from bezant.core.ids import Seq
from bezant.core.invariants import check
from bezant.core.reads import Answer, Read

_ANSWERS = msgspec.msgpack.Decoder(Answer)


class Target(Protocol):
    """Takes one command at a time and answers exact reads."""

    def submit(self, ts_ns: int, command: Command) -> Outcome:
        """Do one entry at a time given and return its outcome."""

    def ask(self, question: Read) -> Answer:
        """Answer an exact read."""

    def digest(self) -> bytes:
        """Return the state digest (L15.3)."""

    def deadline_ns(self) -> int:
        """Return when a Tick is due, 0 for never."""

    def restart(self) -> None:
        """Go on from what a snapshot keeps, as after a restart (INV-11)."""

    def check(self) -> None:
        """Raise InvariantViolation if the state is wrong; do nothing where it can't be seen."""


class EngineTarget:
    """An engine alone. Keeps what was sent and what came back, so that a run can be replayed."""

    def __init__(self, engine: EngineContract, check: Callable[[], None] | None = None) -> None:
        self.engine = engine
        self.log: list[tuple[int, bytes, bytes]] = []
        self._check = check

    def submit(self, ts_ns: int, command: Command) -> Outcome:
        """Do one entry and return its outcome."""
        seq = Seq(self.engine.seq + 1)
        entry = codec.encode_entry(seq, codec.encode(command))
        raw = self.engine.apply(ts_ns, seq, entry)
        self.log.append((ts_ns, entry, raw))
        (outcome,) = codec.decode_outcomes(raw, 1)
        return outcome

    def ask(self, question: Read) -> Answer:
        """Answer an exact read."""
        answer: Answer = _ANSWERS.decode(self.engine.query(codec.encode(question)))
        return answer

    def digest(self) -> bytes:
        """Return the state digest."""
        return self.engine.digest()

    def deadline_ns(self) -> int:
        """Return when a Tick is due."""
        return self.engine.next_deadline()

    def restart(self) -> None:
        """Restore the engine from its own snapshot."""
        self.engine.restore(self.engine.snapshot())

    def check(self) -> None:
        """Check what the maker of this target wants checked."""
        if self._check is not None:
            self._check()


def reference() -> EngineTarget:
    """Return the reference engine, its invariants checked after every line."""
    engine = Engine()
    return EngineTarget(engine, lambda: check(engine.state))
