"""Applies requests to the engine and gathers them into batches; synchronous, without a clock.

Here are the three reasons to apply something else than what was asked: a Tick goes before the
commands while timers are due (L11.3), a quarantined command becomes its own refusal (L15.5), and a
command that breaks the engine ends everything.
"""

import hashlib
from collections import deque
from typing import Final

from bezant.core import codec
from bezant.core.commands import Quarantined, SourcedCommand, Tick
from bezant.core.contract import EngineContract, InvariantViolation
from bezant.core.ids import Number, Seq, Source
from bezant.journal.ports import Batch
from bezant.kit.failpoints import failpoint
from bezant.sequencer.faults import Poisoned
from bezant.sequencer.gathering import Gathering

TICK: Final = codec.encode(Tick())


class Applier:
    """The engine and what it applied that is not being written yet."""

    def __init__(self, engine: EngineContract, quarantined: frozenset[bytes]) -> None:
        self._engine = engine
        self._quarantined = quarantined
        self._gathering: Gathering | None = None
        self._closed: deque[Batch] = deque()

    @property
    def seq(self) -> int:
        """The seq of the last entry applied."""
        return self._engine.seq

    @property
    def has_batch(self) -> bool:
        """Whether something is there to be written."""
        return self._gathering is not None or bool(self._closed)

    @property
    def is_full(self) -> bool:
        """Whether the next request has to wait for a write."""
        return bool(self._closed) or (self._gathering is not None and self._gathering.is_full)

    def begin(self, ts_ns: int) -> int:
        """Begin a batch at `ts_ns` unless one gathers already; return the time of the batch."""
        if self._gathering is None:
            self._gathering = self._open(self._engine.seq + 1, ts_ns, self._engine.rules)
        return self._gathering.ts_ns

    def is_timer_due(self, ts_ns: int) -> bool:
        """Answer whether time itself has work to do at `ts_ns` (L11.1)."""
        deadline_ns = self._engine.next_deadline()
        return 0 < deadline_ns <= ts_ns

    def tick(self) -> None:
        """Let time pass. Needs a batch that was begun."""
        self._apply(TICK)

    def apply(self, commands: list[bytes]) -> list[bytes]:
        """Apply commands side by side and return their encoded outcomes.

        Needs a batch that was begun. Raises Poisoned.
        """
        return [self._apply(self._admit(command)) for command in commands]

    def take_batch(self) -> Batch:
        """Return the next batch to be written, in order of seq."""
        if self._closed:
            return self._closed.popleft()
        gathering, self._gathering = self._gathering, None
        if gathering is None:
            raise LookupError("there is no batch: ask has_batch first")
        return gathering.batch()

    def drop_empty(self) -> None:
        """Forget a batch that was begun and into which nothing came."""
        if self._gathering is not None and not self._gathering.count:
            self._gathering = None

    def _open(self, seq_first: int, ts_ns: int, rules: int) -> Gathering:
        return Gathering(seq_first=seq_first, ts_ns=ts_ns, rules=rules)

    def _apply(self, command: bytes) -> bytes:
        gathering = self._gathering
        if gathering is None:
            raise LookupError("no batch was begun")
        seq, rules = Seq(self._engine.seq + 1), self._engine.rules
        entry = codec.encode_entry(seq, command)
        try:
            failpoint("core.apply")
            outcome = self._engine.apply(gathering.ts_ns, seq, entry)
        except (InvariantViolation, Exception) as error:
            raise Poisoned(hashlib.sha256(command).digest(), repr(error)) from error
        if not gathering.fits(rules, len(entry) + len(outcome)):
            self._closed.append(gathering.batch())
            gathering = self._gathering = self._open(seq, gathering.ts_ns, rules)
        gathering.add(entry, outcome)
        failpoint("core.mid_batch")
        return outcome

    def _admit(self, command: bytes) -> bytes:
        """Return the command, or what stands for it in the journal if it is in quarantine."""
        if not self._quarantined:
            return command
        sha256 = hashlib.sha256(command).digest()
        if sha256 not in self._quarantined:
            return command
        decoded = codec.decode_command(command)
        if isinstance(decoded, SourcedCommand):
            return codec.encode(Quarantined(sha256, decoded.source, decoded.number))
        return codec.encode(Quarantined(sha256, Source(0), Number(0)))
