"""The audit of a journal: each row through all verifiers, in order, from genesis.

Takes rows, not a database: what the read models say is compared in `apps.verify`, with what a
`Watcher` was told here. Not for recovery, which trusts nothing of this.
"""

from collections.abc import Sequence
from typing import Final, Protocol

from bezant.core import codec
from bezant.core.codec import Entry, MalformedMessage, Outcome
from bezant.core.contract import EngineContract
from bezant.core.events import Event, MarketStatusChanged, TradeExecuted
from bezant.journal.ports import Row
from bezant.journal.verifier_book import BookVerifier
from bezant.journal.verifier_chain import ChainVerifier
from bezant.journal.verifier_findings import INV_07, Findings
from bezant.journal.verifier_house import House
from bezant.journal.verifier_ledger import LedgerVerifier, Move
from bezant.journal.verifier_once import OnceVerifier
from bezant.journal.verifier_orders import AuditedOrder, OrdersVerifier
from bezant.journal.verifier_replay import ReplayVerifier
from bezant.journal.verifier_trades import TradesVerifier


class Watcher(Protocol):
    """Who is told what the audit computes, to compare it with rows."""

    def see_event(
        self, seq: int, index: int, ts_ns: int, event: Event, moves: Sequence[Move]
    ) -> None:
        """Take note of an event and what it moved; ledger and orders have taken it in."""

    def see_ended(self, orders: Sequence[AuditedOrder]) -> None:
        """Take note of the orders that an entry ended."""


class Verifier:
    """All verifiers of a journal, and where they stand."""

    def __init__(self, engine: EngineContract, watchers: Sequence[Watcher] = ()) -> None:
        self.findings = Findings()
        self.chain = ChainVerifier(self.findings)
        self.house = House(self.findings)
        self.ledger = LedgerVerifier(self.findings, self.house)
        self.orders = OrdersVerifier(self.findings, self.house, self.ledger)
        self.replay = ReplayVerifier(self.findings, engine)
        self.books = BookVerifier(self.findings, self.house, self.orders)
        self._trades = TradesVerifier(self.findings, self.house, self.orders)
        self.once = OnceVerifier(self.findings)
        self._watchers = watchers
        self.is_going = True

    @property
    def seq(self) -> int:
        """The last seq that was audited."""
        return self.chain.seq

    def apply(self, row: Row) -> None:
        """Audit a row. What cannot be read or followed is found fault with and ends the audit."""
        if not self.is_going:
            return
        self.chain.apply(row)
        try:
            entries, outcomes = _decode(row)
        except MalformedMessage as error:
            self._stop(row.batch.seq_first, f"the row cannot be read: {error}")
            return
        self.replay.apply(row.batch)
        for entry, outcome in zip(entries, outcomes, strict=True):
            try:
                self._audit(row.batch.ts_ns, entry, outcome)
            except KeyError as error:
                self._stop(outcome.seq, f"an event names {error}, which was never created")
                return

    def finish(self) -> None:
        """Check what only the end can show."""
        self.ledger.finish(self.seq)

    def _audit(self, ts_ns: int, entry: Entry, outcome: Outcome) -> None:
        seq = outcome.seq
        for index, event in enumerate(outcome.events):
            self._audit_event(seq, index, ts_ns, event)
        ended = self.orders.end_entry(seq)
        self.books.end_entry(seq)
        self.once.apply(ts_ns, entry.command, outcome)
        if ended:
            for watcher in self._watchers:
                watcher.see_ended(ended)

    def _audit_event(self, seq: int, index: int, ts_ns: int, event: Event) -> None:
        self.house.apply(seq, event)
        if isinstance(event, TradeExecuted):
            self._trades.judge(seq, event)
            self.books.judge(seq, event)
        elif isinstance(event, MarketStatusChanged):
            self.books.touch(event.market)
        moves = self.ledger.apply(seq, event)
        self.orders.apply(seq, ts_ns, event)
        self.books.apply(event)
        self.house.follow(event)
        for watcher in self._watchers:
            watcher.see_event(seq, index, ts_ns, event, moves)

    def _stop(self, seq: int, text: str) -> None:
        self.is_going = False
        self.findings.add(INV_07, seq, f"{text}; the audit ends at seq {seq}")


def _decode(row: Row) -> tuple[tuple[Entry, ...], tuple[Outcome, ...]]:
    """Return entries and outcomes, one each for every seq of the row. Raises MalformedMessage."""
    batch = row.batch
    expected: Final = range(batch.seq_first, batch.seq_last + 1)
    if batch.format != codec.FORMAT:
        raise MalformedMessage(f"format {batch.format}, this release reads {codec.FORMAT} only")
    entries = codec.decode_entries(batch.entries, len(expected))
    outcomes = codec.decode_outcomes(batch.events, len(expected))
    for seq, entry, outcome in zip(expected, entries, outcomes, strict=True):
        if not entry.seq == outcome.seq == seq:
            raise MalformedMessage(f"expected seq {seq}, found {entry.seq} and {outcome.seq}")
    return entries, outcomes
