"""Whether what was answered is what the journal says: the outbox keeps each answer (INV-08, I5)."""

from collections.abc import Sequence

from msgspec import Struct

from bezant.core import codec
from bezant.journal.ports import Batch
from bezant.journal.verifier_findings import INV_08, Findings


class Answered(Struct, frozen=True):
    """A command of the outbox that was done: where, and the outcome that its caller got."""

    source: int
    number: int
    seq: int
    outcome: bytes


class OutboxVerifier:
    """Meets each answer when the audit comes to its entry. Answers come by seq."""

    def __init__(self, findings: Findings, answers: Sequence[Answered]) -> None:
        self._findings = findings
        self._answers = answers
        self._next = 0

    def apply(self, batch: Batch) -> None:
        """Compare the answers that belong to a row; those before the first row are passed over."""
        due: list[Answered] = []
        while self._next < len(self._answers) and self._answers[self._next].seq <= batch.seq_last:
            if self._answers[self._next].seq >= batch.seq_first:
                due.append(self._answers[self._next])
            self._next += 1
        if not due:
            return
        count = batch.seq_last - batch.seq_first + 1
        written = codec.split(batch.events, count)
        for one in due:
            if bytes(written[one.seq - batch.seq_first]) != one.outcome:
                self._findings.add(
                    INV_08,
                    one.seq,
                    f"command {one.number} of source {one.source} was answered otherwise than the "
                    f"journal says at seq {one.seq}",
                )

    def finish(self, tip_seq: int) -> None:
        """Find fault with answers that name an entry beyond the journal's end."""
        for one in self._answers:
            if one.seq <= tip_seq:
                continue
            self._findings.add(
                INV_08,
                one.seq,
                f"command {one.number} of source {one.source} was answered with seq {one.seq}, "
                f"the journal ends at {tip_seq}",
            )
