"""The reference and a second engine side by side: every byte that they say is compared.

Not for what is right: that is the vectors' and the properties' to judge. Here two must agree.
"""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from bezant.core import codec
from bezant.core.commands import Command, Message
from bezant.core.contract import EngineContract, InvariantViolation
from bezant.core.engine import Engine
from bezant.core.ids import Seq
from tests.fuzz.telling import tell_outcomes, tell_snapshots

T = TypeVar("T")


class Difference(AssertionError):
    """The engines do not agree, or one of them broke."""


@dataclass(frozen=True)
class Makers:
    """How fresh engines are made."""

    native: Callable[[], EngineContract]
    reference: Callable[[], Engine] = Engine


class Pair:
    """Both engines. What they are asked is asked of both; raises Difference."""

    def __init__(self, makers: Makers) -> None:
        self.makers = makers
        self.reference = makers.reference()
        self.native = makers.native()

    @property
    def seq(self) -> int:
        """The seq of the last entry."""
        return self.reference.seq

    def apply(self, ts_ns: int, commands: Iterable[Command]) -> None:
        """Apply commands side by side as one batch; their outcomes must be the same bytes."""
        first = self.seq + 1
        entries = b"".join(
            codec.encode_entry(Seq(first + index), codec.encode(command))
            for index, command in enumerate(commands)
        )
        ours, theirs = self._ask("apply", lambda engine: engine.apply(ts_ns, first, entries))
        if ours != theirs:
            raise Difference(tell_outcomes(ours, theirs, first))
        if self.native.seq != self.seq or self.native.ts_ns != self.reference.ts_ns:
            raise Difference(f"after seq {first}: seq or time of the native engine is another")

    def compare_state(self) -> tuple[bytes, int]:
        """Compare deadline, snapshot and digest; return the digest and the snapshot's size.

        The reference's digest is the SHA-256 of its snapshot (`core.digest`), so it is taken of
        the bytes at hand; `restart` asks for it by its name.
        """
        deadlines = self._ask("next_deadline", lambda engine: engine.next_deadline())
        self._must_be_one("next_deadline", deadlines)
        ours, theirs = self._ask("snapshot", lambda engine: engine.snapshot())
        if ours != theirs:
            raise Difference(f"snapshot at seq {self.seq}: {tell_snapshots(ours, theirs)}")
        digest = hashlib.sha256(ours).digest()
        self._must_be_one("digest", (digest, self.native.digest()))
        return digest, len(ours)

    def query(self, question: Message) -> None:
        """Ask both the same."""
        raw = codec.encode(question)
        answers = self._ask("query", lambda engine: engine.query(raw))
        self._must_be_one(f"the answer to {question}", answers)

    def restart(self) -> None:
        """Let each engine go on in a fresh one, from the snapshot that the other one wrote."""
        ours, theirs = self._ask("snapshot", lambda engine: engine.snapshot())
        digests = self._ask("digest", lambda engine: engine.digest())
        self._must_be_one("digest", digests)
        self.reference, self.native = self.makers.reference(), self.makers.native()
        given = {id(self.reference): theirs, id(self.native): ours}
        self._ask("restore", lambda engine: engine.restore(given[id(engine)]))
        if self.compare_state()[0] != digests[0]:
            raise Difference(f"seq {self.seq}: restored, the state is another")

    def _ask(self, name: str, question: Callable[[EngineContract], T]) -> tuple[T, T]:
        said: list[T] = []
        for engine, who in ((self.reference, "reference"), (self.native, "native")):
            try:
                said.append(question(engine))
            except (InvariantViolation, Exception) as error:
                text = f"{name} after seq {self.reference.seq}: the {who} engine raised {error!r}"
                raise Difference(text) from error
        return said[0], said[1]

    def _must_be_one(self, name: str, said: tuple[T, T]) -> None:
        if said[0] != said[1]:
            raise Difference(f"{name} at seq {self.seq}: {said[0]!r} is not {said[1]!r}")
