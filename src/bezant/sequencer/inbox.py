"""The bounded inbox: what waits for its place in the order, and exact reads that wait for a gap.

Full means refused at once, never slow and never lost. Not for decoding: what comes in here was
decoded strictly at the door.
"""

import enum
from collections import deque
from collections.abc import Callable
from typing import Final

from msgspec import Struct

from bezant.core.codec import MalformedMessage

INBOX_COMMANDS_MAX: Final = 8_192
READS_MAX: Final = 1_024
NEW_ORDERS_SHARE_PERCENT: Final = 80  # Above it new orders are refused, cancels still enter.


class TurnedAway(enum.Enum):
    """Why a request got no seq; nothing of it is in the journal."""

    OVERLOADED = "overloaded"
    EXPIRED = "expired"
    STOPPING = "stopping"


class Done(Struct, frozen=True):
    """All commands of a request are committed at `ts_ns`; one encoded outcome each."""

    ts_ns: int
    outcomes: list[bytes]


Settlement = Done | TurnedAway


class Request(Struct, frozen=True):
    """Commands that stay adjacent, as canonical bytes, and whom to tell.

    `has_new_order` makes it the first to be refused when the inbox fills; `valid_until_ns` (0 =
    for ever) is the last moment at which it may still get a seq.
    """

    commands: list[bytes]
    has_new_order: bool
    valid_until_ns: int
    settle: Callable[[Settlement], None]


class Question(Struct, frozen=True):
    """An exact read, encoded, and whom to tell: the encoded answer, or why there is none."""

    read: bytes
    settle: Callable[[bytes | TurnedAway | MalformedMessage], None]


class Inbox:
    """Two first-in first-out queues with limits: requests, and reads."""

    def __init__(self, commands_max: int = INBOX_COMMANDS_MAX, reads_max: int = READS_MAX) -> None:
        self._commands_max = commands_max
        self._new_orders_max = commands_max * NEW_ORDERS_SHARE_PERCENT // 100
        self._reads_max = reads_max
        self._requests: deque[Request] = deque()
        self._reads: deque[Question] = deque()
        self._command_count = 0
        self._is_closed = False
        self._wake: Callable[[], None] = _nobody

    @property
    def command_count(self) -> int:
        """How many commands wait."""
        return self._command_count

    @property
    def has_requests(self) -> bool:
        """Whether a request waits."""
        return bool(self._requests)

    @property
    def has_reads(self) -> bool:
        """Whether a read waits."""
        return bool(self._reads)

    def on_arrival(self, wake: Callable[[], None]) -> None:
        """Call `wake` whenever something enters."""
        self._wake = wake

    def submit(self, request: Request) -> None:
        """Let a request in, or turn it away at once (it is settled then)."""
        if self._is_closed:
            request.settle(TurnedAway.STOPPING)
            return
        limit = self._new_orders_max if request.has_new_order else self._commands_max
        count = self._command_count + len(request.commands)
        if count > limit:
            request.settle(TurnedAway.OVERLOADED)
            return
        self._command_count = count
        self._requests.append(request)
        self._wake()

    def ask(self, question: Question) -> None:
        """Let a read in, or turn it away at once (it is settled then)."""
        if self._is_closed:
            question.settle(TurnedAway.STOPPING)
        elif len(self._reads) >= self._reads_max:
            question.settle(TurnedAway.OVERLOADED)
        else:
            self._reads.append(question)
            self._wake()

    def take_request(self) -> Request:
        """Return the request that has waited longest. Raises IndexError if there is none."""
        request = self._requests.popleft()
        self._command_count -= len(request.commands)
        return request

    def take_read(self) -> Question:
        """Return the read that has waited longest. Raises IndexError if there is none."""
        return self._reads.popleft()

    def close(self) -> None:
        """Turn away all that waits and all that comes."""
        self._is_closed = True
        while self._requests:
            self.take_request().settle(TurnedAway.STOPPING)
        while self._reads:
            self.take_read().settle(TurnedAway.STOPPING)


def _nobody() -> None:
    """Wake nobody: the sequencer does not run yet."""
