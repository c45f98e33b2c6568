"""The engine: one ordered log of commands in, their outcomes out (ARCHITECTURE §4).

A pure function with its state inside: no clock, no chance, no input or output. The sequencer is its
only caller, one call at a time.
"""

from typing import Final, assert_never

from msgspec import DecodeError
from msgspec.msgpack import Decoder

from bezant.core import (
    answers,
    codec,
    commands,
    due,
    housekeeping,
    restore,
    snapshot,
    sources,
    timers,
)
from bezant.core import digest as digests
from bezant.core import entries as batch
from bezant.core.codec import MalformedMessage
from bezant.core.commands import AssertDigest, Command, SourcedCommand, Tick, TradeCommand
from bezant.core.events import Event
from bezant.core.handlers import (
    accounts,
    amend,
    assertions,
    assets,
    cancel,
    markets,
    place,
    place_list,
    replace,
    status,
    transfers,
)
from bezant.core.ids import SHARD_COUNT_MAX, Seq
from bezant.core.reads import Read
from bezant.core.refusals import RefusalCode
from bezant.core.state import State, refuse, refuse_command

_READS: Final = Decoder(Read)


class Engine:
    """The reference implementation of `contract.EngineContract`."""

    def __init__(self, shard: int = 0) -> None:
        if not 0 <= shard < SHARD_COUNT_MAX:
            raise ValueError(f"shard {shard} is not one of 0 to {SHARD_COUNT_MAX - 1}")
        self.state: State = State(shard)

    @property
    def seq(self) -> int:
        """The seq of the last entry applied; 0 before the first."""
        return self.state.seq

    @property
    def ts_ns(self) -> int:
        """The time of the last entry applied."""
        return self.state.ts_ns

    @property
    def rules(self) -> int:
        """The version of the rules in force for the next entry."""
        return self.state.rules_next

    def apply(self, ts_ns: int, seq_first: int, entries: bytes) -> bytes:
        """Apply concatenated entries at one time; return as many concatenated outcomes.

        Raises InvariantViolation if the engine is wrong, MalformedMessage for unknown bytes,
        ValueError if seq is not dense or time runs back: the state is then of no use any more.
        """
        outcomes = []
        for index, entry in enumerate(batch.split_entries(entries, Seq(seq_first))):
            if entry.seq != seq_first + index:
                raise ValueError(f"INV-07: seq {entry.seq} stands where {seq_first + index} must")
            command = batch.decode_journaled(entry.command)
            events = self.apply_command(ts_ns, entry.seq, command, bytes(entry.command))
            outcomes.append(codec.Outcome(entry.seq, self.state.refused, tuple(events)))
        return codec.encode_outcomes(outcomes)

    def apply_command(self, ts_ns: int, seq: int, command: Command, raw: bytes) -> list[Event]:
        """Apply one entry, with its command's canonical bytes; return its events."""
        state = self.state
        if seq != state.seq + 1:
            raise ValueError(f"INV-07: seq {seq} does not follow {state.seq}")
        if ts_ns < state.ts_ns:
            raise ValueError(f"INV-07: time {ts_ns} is before {state.ts_ns}")
        digest_before = self.digest() if isinstance(command, AssertDigest) else b""
        _begin(state, ts_ns, Seq(seq), raw)
        if housekeeping.is_needed(state) and not housekeeping.run(state):
            _refuse_catching_up(state, command)
            return state.events
        _dispatch(state, command, digest_before)
        if state.due_count and not state.uncross_count:
            due.run(state)
        return state.events

    def query(self, question: bytes) -> bytes:
        """Return the encoded answer (`reads.Answer`) to an encoded question (`reads.Read`)."""
        try:
            read: Read = _READS.decode(question)
        except (DecodeError, UnicodeDecodeError) as error:
            raise MalformedMessage(str(error)) from error
        return codec.encode(answers.answer(self.state, read))

    def next_deadline(self) -> int:
        """Return when a Tick is due: the earliest timer, `ts_ns` if work is left, 0 if none."""
        if timers.is_work_left(self.state):
            return self.state.ts_ns
        return timers.next_due(self.state)

    def snapshot(self) -> bytes:
        """Return the canonical bytes of the whole state (L15.3)."""
        return snapshot.encode(self.state)

    def restore(self, raw: bytes) -> None:
        """Take the state from canonical bytes. Raises MalformedMessage if they are not."""
        self.state = restore.decode(raw, self.state.shard)

    def digest(self) -> bytes:
        """Return SHA-256 of the canonical bytes."""
        return digests.digest(self.state)


def _begin(state: State, ts_ns: int, seq: Seq, raw: bytes) -> None:
    """Start an entry: its time, its place, and counters that start anew."""
    state.seq = seq
    state.ts_ns = ts_ns
    state.raw = raw
    state.rules = state.rules_next
    state.events = []
    state.refused = 0
    state.timed_work = state.due_items = state.matches = state.ids_born = 0


def _refuse_catching_up(state: State, command: Command) -> None:
    """Refuse what comes before time has caught up; only a Tick may (L11.3)."""
    code = RefusalCode.CATCHING_UP
    if isinstance(command, Tick):
        return
    if isinstance(command, TradeCommand):
        refuse(state, code)
    else:
        refuse_command(state, code, command)


def _dispatch(state: State, command: Command, digest_before: bytes) -> None:
    match command:
        case commands.PlaceOrder():
            place.place_order(state, command)
        case commands.CancelOrder():
            cancel.cancel_order(state, command)
        case commands.CancelAll():
            cancel.cancel_all(state, command)
        case commands.ReplaceOrder():
            replace.replace_order(state, command)
        case commands.AmendOrder():
            amend.amend_order(state, command)
        case commands.PlaceList():
            place_list.place_list(state, command)
        case commands.SetCancelTimer():
            cancel.set_cancel_timer(state, command)
        case commands.Quarantined():
            sources.pass_over(state, command)
        case commands.Tick():
            return
        case _:
            if sources.is_next(state, command):
                _dispatch_sourced(state, command, digest_before)


def _dispatch_sourced(state: State, command: SourcedCommand, digest_before: bytes) -> None:
    match command:
        case commands.Transfer():
            transfers.transfer(state, command)
        case commands.HoldTransfer():
            transfers.hold_transfer(state, command)
        case commands.SettleTransfer():
            transfers.settle_transfer(state, command)
        case commands.VoidTransfer():
            transfers.void_transfer(state, command)
        case commands.OpenAccount():
            accounts.open_account(state, command)
        case commands.SetAccount():
            accounts.set_account(state, command)
        case commands.SetTier():
            accounts.set_tier(state, command)
        case commands.CloseAccount():
            accounts.close_account(state, command)
        case commands.CreateAsset():
            assets.create_asset(state, command)
        case commands.SetAsset():
            assets.set_asset(state, command)
        case commands.CreateMarket():
            markets.create_market(state, command)
        case commands.SetMarket():
            markets.set_market(state, command)
        case commands.SetFees():
            markets.set_fees(state, command)
        case commands.SetMarketStatus():
            status.set_market_status(state, command)
        case commands.SetReferencePrice():
            markets.set_reference_price(state, command)
        case commands.CancelMarket():
            status.cancel_market(state, command)
        case commands.AssertBalances():
            assertions.assert_balances(state, command)
        case commands.AssertDigest():
            assertions.assert_digest(state, command, digest_before)
        case commands.ActivateRules():
            assertions.activate_rules(state, command)
        case _:
            assert_never(command)
