"""The audit by replay: given the same entries, the engine says and ends the same (INV-11)."""

from bezant.core import codec
from bezant.core.codec import MalformedMessage
from bezant.core.contract import EngineContract, InvariantViolation
from bezant.journal.ports import Batch
from bezant.journal.verifier_findings import INV_11, Findings


class ReplayVerifier:
    """An engine beside the journal. After the first difference it is of no use and stops."""

    def __init__(self, findings: Findings, engine: EngineContract) -> None:
        self._findings = findings
        self._engine = engine
        self.is_going = True

    def apply(self, batch: Batch) -> None:
        """Apply a row's entries and compare what comes of them, byte for byte."""
        if not self.is_going:
            return
        seq = batch.seq_first
        if batch.rules != self._engine.rules:
            self._stop(seq, f"rules {batch.rules} in the journal, {self._engine.rules} in replay")
            return
        try:
            events = self._engine.apply(batch.ts_ns, seq, batch.entries)
        except (MalformedMessage, ValueError, InvariantViolation) as error:
            self._stop(seq, repr(error))
            return
        if events != batch.events:
            self._stop(*_difference(batch, events))

    def check_digest(self, seq: int, digest: bytes, what: str) -> None:
        """Check that the state after `seq`, which must be now, has the digest that was recorded."""
        if not self.is_going:
            return
        found = self._engine.digest()
        if found != digest:
            self._findings.add(
                INV_11,
                seq,
                f"{what} at seq {seq} has the digest {digest.hex()}, replay gives {found.hex()}",
            )

    def digest(self) -> bytes | None:
        """Return the digest of the state now, None after a difference."""
        return self._engine.digest() if self.is_going else None

    def _stop(self, seq: int, why: str) -> None:
        self.is_going = False
        self._findings.add(INV_11, seq, f"replay differs from the journal at seq {seq}: {why}")


def _difference(batch: Batch, events: bytes) -> tuple[int, str]:
    """Return the first seq whose outcome differs, and how."""
    count = batch.seq_last - batch.seq_first + 1
    written = codec.decode_outcomes(batch.events, count)
    replayed = codec.decode_outcomes(events, count)
    for one, other in zip(written, replayed, strict=True):
        if one != other:
            return one.seq, f"the journal says {_short(one)}, replay says {_short(other)}"
    return batch.seq_first, "the same outcomes are written in other bytes"


def _short(outcome: codec.Outcome) -> str:
    names = ", ".join(type(event).__name__ for event in outcome.events)
    return f"code {outcome.code} [{names}]"
