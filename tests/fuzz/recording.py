"""What was sent to both engines, kept so that any part of it can be sent again.

Taking commands out moves all that follow: order ids come from seqs and a source's numbers are
dense. So a command is kept with its seq and with how far its number was ahead; when a part is
played, ids and numbers are made anew from these.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

import msgspec

from bezant.core import reads as r
from bezant.core.commands import Command
from bezant.core.ids import AccountId, MarketId, OrderId
from bezant.core.rules import SOURCE_MAX
from tests.fuzz.pair import Difference, Makers, Pair

SMALL_SIZE = 2_000  # Bytes of a state that is compared after every row.
SHORT = 2_000  # Items of a part that is compared after each row.
NUMBER_MAX = 2**63 - 1
LEGS_MASK = 63  # An order id's bits below its seq.
NO_SEQ = -1
QUESTIONS = (
    r.ReadCatalogue(),
    r.ReadAccount(AccountId(1)),
    r.ReadAccount(AccountId(1_001)),
    r.ReadOpenOrders(AccountId(0), MarketId(0), OrderId(0), r.PAGE_MAX),
    r.ReadBook(MarketId(1), r.PAGE_MAX),
    r.ReadMarks(),
)


@dataclass(frozen=True)
class Item:
    """A command that was sent in a row of a few at one time; without a command, a restart.

    A seq of NO_SEQ: it is not known, so that no later command can name the order it makes by it.
    `ahead` is the command's number less the one that its source had to send, None if it has none.
    """

    ts_ns: int
    row: int
    seq: int
    command: Command | None
    ahead: int | None = None


@dataclass
class Recorder:
    """Sends commands to a pair, compares, and keeps all.

    The state is compared after every row while it is small, and the rarer the more bytes it has:
    reading all of it costs as much as many commands.
    """

    pair: Pair
    items: list[Item] = field(default_factory=list)
    digest: bytes = b""
    rows: int = 0
    states: int = 0
    next_state_seq: int = 0

    def send(self, ts_ns: int, commands: Sequence[Command]) -> None:
        """Apply a row of commands and compare outcomes, and the state when it is its turn."""
        before = self.pair.seq
        marks = dict(self.pair.reference.state.marks)
        self.rows += 1
        for seq, command in enumerate(commands, start=before + 1):
            self.items.append(Item(ts_ns, self.rows, seq, command, _ahead(command, marks)))
        self.pair.apply(ts_ns, commands)
        if self.pair.seq >= self.next_state_seq:
            self.compare_state()

    def compare_state(self) -> None:
        """Compare the whole state now, and say when it is due again."""
        self.digest, size = self.pair.compare_state()
        self.states += 1
        self.next_state_seq = self.pair.seq + 1 + size // SMALL_SIZE

    def restart(self) -> None:
        """Go on from snapshots, each engine from the other's."""
        self.rows += 1
        self.items.append(Item(self.pair.reference.ts_ns, self.rows, NO_SEQ, None))
        self.pair.restart()


@dataclass(frozen=True)
class Played:
    """A part that was played: how many of its items, what was sent, and the difference if any."""

    count: int
    sent: list[tuple[int, tuple[Command, ...]]]
    difference: Difference | None


def play(items: Sequence[Item], makers: Makers) -> Played:
    """Send a part to fresh engines, comparing after each row, until they differ.

    A long part's state is compared as a recorder does it; a short one's after each row, and some
    questions are asked too.
    """
    pair = Pair(makers)
    is_short = len(items) <= SHORT
    state_seq = 0
    seqs: dict[int, int] = {}
    sent: list[tuple[int, tuple[Command, ...]]] = []
    count = 0
    for _, group in groupby(items, key=lambda item: item.row):
        row = list(group)
        count += len(row)
        commands = _made_anew(row, pair, seqs)
        sent.append((row[0].ts_ns, commands))
        try:
            if commands:
                pair.apply(row[0].ts_ns, commands)
            else:
                pair.restart()
            if is_short or pair.seq >= state_seq or count == len(items):
                state_seq = _compare_all(pair, is_short=is_short)
        except Difference as difference:
            return Played(count, sent, difference)
    return Played(count, sent, None)


def _compare_all(pair: Pair, *, is_short: bool) -> int:
    """Compare the state and, in a short part, answers; return the seq when it is due again."""
    for question in QUESTIONS if is_short else ():
        pair.query(question)
    _, size = pair.compare_state()
    return pair.seq + 1 + size // SMALL_SIZE


def _made_anew(row: list[Item], pair: Pair, seqs: dict[int, int]) -> tuple[Command, ...]:
    """Return a row's commands with ids and numbers that fit what was played before."""
    marks = dict(pair.reference.state.marks)
    made: list[Command] = []
    for item in row:
        if item.command is None:
            continue
        changed: dict[str, Any] = {}
        if item.ahead is not None:
            source = item.command.source  # type: ignore[union-attr]
            number = marks.get(source, 0) + 1 + item.ahead
            changed["number"] = max(0, min(NUMBER_MAX, number))
        order_id = getattr(item.command, "order_id", 0)
        if order_id >> 6 in seqs:
            changed["order_id"] = (seqs[order_id >> 6] << 6) | (order_id & LEGS_MASK)
        command = msgspec.structs.replace(item.command, **changed)
        _ahead(command, marks)
        made.append(command)
        if item.seq != NO_SEQ:
            seqs[item.seq] = pair.seq + len(made)
    return tuple(made)


def _ahead(command: Command, marks: dict[Any, Any]) -> int | None:
    """Return how far a command's number is ahead, and move the mark as it will move."""
    source = getattr(command, "source", 0)
    if not 1 <= source <= SOURCE_MAX:
        return None
    number: int = command.number  # type: ignore[union-attr]
    ahead: int = number - marks.get(source, 0) - 1
    if ahead == 0:
        marks[source] = number
    return ahead
