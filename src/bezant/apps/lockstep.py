"""The reference and the native engine as one: both do everything, and every byte is compared.

For those who want to see that the two are one law while an exchange runs, and for tests. Costs what
both cost together. Not for finding differences quickly: that is what `make fuzz` is for.
"""

from typing import Final, TypeVar

from bezant.core.codec import MalformedMessage, split
from bezant.core.contract import EngineContract, InvariantViolation

T = TypeVar("T")

STATE_EVERY: Final = 10_000  # Entries between comparisons of the whole state.


class Difference(InvariantViolation):
    """The engines do not agree: one of them is wrong, so the process stops."""


class Lockstep:
    """Keeps `bezant.core.contract.EngineContract`; the reference's answer is the answer.

    `state_every` says after how many entries the snapshots and deadlines are compared too.
    """

    def __init__(
        self, reference: EngineContract, native: EngineContract, state_every: int = STATE_EVERY
    ) -> None:
        self.reference = reference
        self.native = native
        self._every = state_every

    @property
    def seq(self) -> int:
        """The seq of the last entry applied."""
        return self._same("seq", self.reference.seq, self.native.seq)

    @property
    def ts_ns(self) -> int:
        """The time of the last entry applied."""
        return self._same("ts_ns", self.reference.ts_ns, self.native.ts_ns)

    @property
    def rules(self) -> int:
        """The version of the rules for the next entry."""
        return self._same("rules", self.reference.rules, self.native.rules)

    def apply(self, ts_ns: int, seq_first: int, entries: bytes) -> bytes:
        """Apply to both; raise Difference for the first outcome that is not the same."""
        before = self.reference.seq
        outcomes = self.reference.apply(ts_ns, seq_first, entries)
        native = self.native.apply(ts_ns, seq_first, entries)
        if outcomes != native:
            raise Difference(_tell(seq_first, self.reference.seq - before, outcomes, native))
        if self.reference.seq // self._every != before // self._every:
            self.snapshot()
            self.next_deadline()
        return outcomes

    def query(self, question: bytes) -> bytes:
        """Ask both."""
        return self._same("query", self.reference.query(question), self.native.query(question))

    def next_deadline(self) -> int:
        """Return when a Tick is due."""
        native = self.native.next_deadline()
        return self._same("next_deadline", self.reference.next_deadline(), native)

    def snapshot(self) -> bytes:
        """Return the canonical bytes of the whole state."""
        return self._same("snapshot", self.reference.snapshot(), self.native.snapshot())

    def restore(self, snapshot: bytes) -> None:
        """Restore both."""
        self.reference.restore(snapshot)
        self.native.restore(snapshot)

    def digest(self) -> bytes:
        """Return SHA-256 of the canonical bytes."""
        return self._same("digest", self.reference.digest(), self.native.digest())

    def _same(self, name: str, reference: T, native: T) -> T:
        if reference != native:
            raise Difference(
                f"{name} at seq {self.reference.seq}: the reference says {reference!r}, the native "
                f"engine {native!r}"
            )
        return reference


def _tell(seq_first: int, count: int, reference: bytes, native: bytes) -> str:
    """Return which outcome is the first that is not the same."""
    try:
        pairs = zip(split(reference, count), split(native, count), strict=True)
    except MalformedMessage:
        return f"from seq {seq_first}: the native outcomes are malformed"
    for index, (one, other) in enumerate(pairs):
        if bytes(one) != bytes(other):
            return (
                f"seq {seq_first + index}: the reference gives {bytes(one).hex()}, the native "
                f"engine {bytes(other).hex()}"
            )
    return f"from seq {seq_first}: the outcomes have other bytes"
