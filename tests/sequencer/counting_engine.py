"""A tiny engine that keeps the contract: it counts, remembers timers, and breaks on a poison."""

import hashlib
from typing import Final

import msgspec

from bezant.core import codec, reads
from bezant.core.codec import MalformedMessage
from bezant.core.commands import ActivateRules, Command, Message, PlaceOrder, SetCancelTimer
from bezant.core.contract import InvariantViolation
from bezant.core.events import CommandRefused, CommandRepeated, Event, TimerFired
from bezant.core.ids import AccountId, MarketId, Number, Seq, Source

NS_PER_MS: Final = 1_000_000


class _State(Message, frozen=True):
    seq: int
    ts_ns: int
    rules: int
    total: int
    mix: bytes
    timers: tuple[tuple[int, AccountId], ...]


EMPTY: Final = _State(0, 0, 1, 0, bytes(32), ())
_STATES: Final = msgspec.msgpack.Decoder(_State)
_RAWS: Final = msgspec.msgpack.Decoder(list[msgspec.Raw])
_READS: Final = msgspec.msgpack.Decoder(reads.Read)


class CountingEngine:
    """Counts commands, one `CommandRepeated(count)` each; a chain of hashes tells orders apart.

    `timers_per_entry` bounds how many timers an entry works off: the rest makes it catch up.
    """

    def __init__(self, *, timers_per_entry: int = 2, poison: str = "poison") -> None:
        self._state = EMPTY
        self._timers_per_entry = timers_per_entry
        self._poison = poison

    @property
    def seq(self) -> int:
        return self._state.seq

    @property
    def ts_ns(self) -> int:
        return self._state.ts_ns

    @property
    def rules(self) -> int:
        return self._state.rules

    @property
    def total(self) -> int:
        return self._state.total

    def apply(self, ts_ns: int, seq_first: int, entries: bytes) -> bytes:
        if seq_first != self.seq + 1 or ts_ns < self.ts_ns:
            raise ValueError("seq is not dense or time runs back")
        outcomes = []
        for entry in codec.decode_entries(entries, _count(entries)):
            if entry.seq != self.seq + 1:
                raise ValueError("an entry's seq is not dense")
            outcomes.append(codec.outcome(entry.seq, self._one(ts_ns, entry.seq, entry.command)))
        return codec.encode_outcomes(outcomes)

    def query(self, question: bytes) -> bytes:
        try:
            _READS.decode(question)
        except msgspec.DecodeError as error:
            raise MalformedMessage(str(error)) from error
        return codec.encode(reads.StateDigest(Seq(self.seq), self.ts_ns, self.digest()))

    def next_deadline(self) -> int:
        if not self._state.timers:
            return 0
        return max(self._state.timers[0][0], self.ts_ns)

    def snapshot(self) -> bytes:
        return codec.encode(self._state)

    def restore(self, snapshot: bytes) -> None:
        try:
            self._state = _STATES.decode(snapshot)
        except msgspec.DecodeError as error:
            raise MalformedMessage(str(error)) from error

    def digest(self) -> bytes:
        return hashlib.sha256(self.snapshot()).digest()

    def _one(self, ts_ns: int, seq: int, command: Command) -> list[Event]:
        if isinstance(command, PlaceOrder) and command.order.client_id == self._poison:
            raise InvariantViolation("poisoned")
        state = self._state
        due = [timer for timer in state.timers if timer[0] <= ts_ns]
        fired = due[: self._timers_per_entry]
        timers = [timer for timer in state.timers if timer not in fired]
        events: list[Event] = [TimerFired(account, MarketId(0)) for _, account in fired]
        code = 10 if len(due) > len(fired) else 0
        if code == 0:
            if isinstance(command, SetCancelTimer):
                timers.append((ts_ns + command.timeout_ms * NS_PER_MS, command.account))
            events.append(CommandRepeated(state.total + 1, Source(0), Number(0)))
        else:
            events.append(CommandRefused(code, 0, Source(0), Number(0), b"", b""))
        mix = hashlib.sha256(state.mix + codec.encode(command)).digest()
        rules = state.rules + (isinstance(command, ActivateRules))
        self._state = _State(seq, ts_ns, rules, state.total + 1, mix, tuple(sorted(timers)))
        return events


def _count(entries: bytes) -> int:
    """Return how many messages are concatenated in `entries`, by halving the doubt."""
    low, high = 1, len(entries)
    while low < high:
        middle = (low + high) // 2
        try:
            _RAWS.decode(b"\xdd" + middle.to_bytes(4, "big") + entries)
        except msgspec.DecodeError as error:
            if "trailing" in str(error):
                low = middle + 1
            else:
                high = middle - 1
        else:
            return middle
    return low
