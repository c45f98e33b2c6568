"""The audit's first look: is the journal whole? Rows, hashes, seqs, times, epochs (INV-07, INV-10).

Computes hashes by code of its own, so that a mistake in the journal's is not repeated here.
"""

import hashlib
import struct
from typing import Final

from bezant.journal.ports import Row
from bezant.journal.verifier_findings import INV_07, INV_10, Findings

_GENESIS: Final = b"\x00" * 32
_FIELDS: Final = struct.Struct(">H4q4I")  # shard, first, last, ts, epoch, rules, format, 2 lengths.


class ChainVerifier:
    """Follows rows from genesis, or from the row that a snapshot stands at."""

    def __init__(self, findings: Findings, *, seq: int = 0, head: bytes = _GENESIS) -> None:
        self._findings = findings
        self.seq = seq
        self.head = head
        self.ts_ns = 0
        self.epoch = 0

    def apply(self, row: Row) -> None:
        """Check that a row comes right after the one before, and is what was written."""
        batch = row.batch
        seq = batch.seq_first
        if seq != self.seq + 1:
            self._findings.add(
                INV_07,
                self.seq + 1,
                f"expected a row from seq {self.seq + 1} on, found one from {seq} on",
            )
        if batch.seq_last < seq:
            self._findings.add(INV_07, seq, f"the row of seq {seq} ends at {batch.seq_last}")
        if row.prev_hash != self.head:
            self._findings.add(
                INV_07,
                seq,
                f"the row of seq {seq} is chained to {row.prev_hash.hex()[:16]}…, the row before "
                f"it has the hash {self.head.hex()[:16]}…",
            )
        if _hash(row) != row.hash:
            self._findings.add(INV_07, seq, f"the row of seq {seq} was changed: its hash is wrong")
        if batch.ts_ns < self.ts_ns:
            self._findings.add(
                INV_07, seq, f"time runs back at seq {seq}: {batch.ts_ns} after {self.ts_ns}"
            )
        if row.epoch < self.epoch:
            self._findings.add(
                INV_10, seq, f"the row of seq {seq} has epoch {row.epoch} after {self.epoch}"
            )
        self.seq, self.head = batch.seq_last, row.hash
        self.ts_ns, self.epoch = batch.ts_ns, row.epoch

    def check_lease(self, *, epoch: int, tip_seq: int, tip_hash: bytes) -> None:
        """Check that the journal ends where the lease says, under no later epoch."""
        if (tip_seq, tip_hash) != (self.seq, self.head):
            self._findings.add(
                INV_10,
                min(tip_seq, self.seq) + 1,
                f"the lease ends at seq {tip_seq} with {tip_hash.hex()[:16]}…, the journal at "
                f"{self.seq} with {self.head.hex()[:16]}…",
            )
        if epoch < self.epoch:
            self._findings.add(
                INV_10,
                self.seq,
                f"the lease's epoch is {epoch}, the journal's last row has {self.epoch}",
            )


def _hash(row: Row) -> bytes:
    batch = row.batch
    digest = hashlib.sha256(row.prev_hash)
    digest.update(
        _FIELDS.pack(
            row.shard,
            batch.seq_first,
            batch.seq_last,
            batch.ts_ns,
            row.epoch,
            batch.rules,
            batch.format,
            len(batch.entries),
            len(batch.events),
        )
    )
    digest.update(batch.entries)
    digest.update(batch.events)
    return digest.digest()
