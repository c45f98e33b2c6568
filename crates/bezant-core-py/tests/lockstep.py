"""The reference and the Rust engine as one: both do everything, and every byte is compared."""

from typing import TypeVar

from bezant_core import Engine as NativeEngine

from bezant.core.codec import MalformedMessage, split
from bezant.core.engine import Engine
from bezant.core.state import State

T = TypeVar("T")


class Difference(AssertionError):
    """The engines do not agree."""


class Lockstep:
    """Keeps `bezant.core.contract.EngineContract`; the reference's answer is the answer.

    `compare_state_every` says after how many entries the snapshots are compared too.
    """

    def __init__(self, compare_state_every: int = 1) -> None:
        self.reference = Engine()
        self.native = NativeEngine()
        self._every = compare_state_every

    @property
    def state(self) -> State:
        """The reference's state, for those who look into it."""
        return self.reference.state

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
            self._tell(seq_first, self.reference.seq - before, (outcomes, native))
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
        self.native = NativeEngine()
        self.native.restore(snapshot)

    def digest(self) -> bytes:
        """Return SHA-256 of the canonical bytes."""
        return self._same("digest", self.reference.digest(), self.native.digest())

    def _same(self, name: str, reference: T, native: T) -> T:
        if reference != native:
            raise Difference(f"{name} at seq {self.reference.seq}: {reference!r} is not {native!r}")
        return reference

    def _tell(self, seq_first: int, count: int, outcomes: tuple[bytes, bytes]) -> None:
        try:
            pairs = zip(*(split(raw, count) for raw in outcomes), strict=True)
        except MalformedMessage as error:
            raise Difference(f"from seq {seq_first}: the native outcomes are malformed") from error
        for index, (reference, native) in enumerate(pairs):
            if bytes(reference) != bytes(native):
                raise Difference(f"seq {seq_first + index}: {reference!r} is not {native!r}")
