"""The batch that gathers: entries at one time, applied in memory, not yet written.

Nobody may see anything of it (INV-08). Not for applying: it holds what the sequencer applied.
"""

from typing import Final

from bezant.core import codec
from bezant.journal.ports import BATCH_BYTES_MAX, Batch

# Aims, well below BATCH_BYTES_MAX, so that a request's commands stay adjacent in one row.
BATCH_COMMANDS_AIM: Final = 1_000
BATCH_BYTES_AIM: Final = 400_000


class Gathering:
    """Entries and their outcomes from `seq_first` on, at one time and under one rules version."""

    def __init__(self, *, seq_first: int, ts_ns: int, rules: int) -> None:
        self.seq_first = seq_first
        self.ts_ns = ts_ns
        self.rules = rules
        self._entries: list[bytes] = []
        self._outcomes: list[bytes] = []
        self._size = 0

    @property
    def count(self) -> int:
        """How many entries it has."""
        return len(self._entries)

    @property
    def is_full(self) -> bool:
        """Whether it should be written before another request is taken."""
        return self.count >= BATCH_COMMANDS_AIM or self._size >= BATCH_BYTES_AIM

    def fits(self, rules: int, size: int) -> bool:
        """Answer whether an entry applied under `rules`, with its outcome `size` bytes, fits.

        The first always does: an entry is never cut.
        """
        return not self._entries or (rules == self.rules and self._size + size <= BATCH_BYTES_MAX)

    def add(self, entry: bytes, outcome: bytes) -> None:
        """Take an applied entry in."""
        self._entries.append(entry)
        self._outcomes.append(outcome)
        self._size += len(entry) + len(outcome)

    def batch(self) -> Batch:
        """Return the batch to be written."""
        return Batch(
            seq_first=self.seq_first,
            seq_last=self.seq_first + self.count - 1,
            ts_ns=self.ts_ns,
            rules=self.rules,
            format=codec.FORMAT,
            entries=b"".join(self._entries),
            events=b"".join(self._outcomes),
        )
