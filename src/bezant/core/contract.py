"""The contract that every engine keeps (ARCHITECTURE §4): bytes in, bytes out, nothing else."""

from typing import Protocol


class InvariantViolation(BaseException):  # Not Exception: `except Exception` must not eat it.
    """The engine is wrong. Stop the process; never handle this."""


def invariant(holds: bool, rule: str) -> None:
    """Stop the engine unless `rule` holds. Survives `python -O`, unlike `assert`."""
    if not holds:
        raise InvariantViolation(rule)


class EngineContract(Protocol):
    """A pure function of one ordered log, with its state inside."""

    @property
    def seq(self) -> int:
        """The seq of the last entry applied; 0 before the first."""

    @property
    def ts_ns(self) -> int:
        """The time of the last entry applied."""

    @property
    def rules(self) -> int:
        """The version of the rules in force for the next entry."""

    def apply(self, ts_ns: int, seq_first: int, entries: bytes) -> bytes:
        """Apply concatenated entries at one time; return as many concatenated outcomes.

        Raises InvariantViolation if the engine is wrong, MalformedMessage for unknown bytes,
        ValueError if seq is not dense or time runs back: the state is then of no use any more.
        """

    def query(self, question: bytes) -> bytes:
        """Return the encoded answer (`reads.Answer`) to an encoded question (`reads.Read`)."""

    def next_deadline(self) -> int:
        """Return when a Tick is due: the earliest timer, `ts_ns` if work is left, 0 if none."""

    def snapshot(self) -> bytes:
        """Return the canonical bytes of the whole state (L15.3)."""

    def restore(self, snapshot: bytes) -> None:
        """Take the state from canonical bytes. Raises MalformedMessage if they are not."""

    def digest(self) -> bytes:
        """Return SHA-256 of the canonical bytes."""
