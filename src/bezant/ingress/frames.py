"""What travels between gateways and the core's ingress: length-prefixed MessagePack frames.

A frame is a 4-byte big-endian length and so many bytes of one message. Many requests may be in
flight on a connection; the core keeps their order (one FIFO per connection).
"""

import enum
from typing import Annotated, Final

from msgspec import Meta, Raw

from bezant.core.commands import Message
from bezant.core.ids import I64

FRAME_SIZE_MAX: Final = 1_048_576  # Requests; a reply may be larger (10,000 trades).
REPLY_SIZE_MAX: Final = 64 * 1_048_576
BATCH_COMMANDS_MAX: Final = 100  # LAW L2.1.

RequestId = Annotated[int, Meta(ge=0, le=2**63 - 1)]


class SubmitStatus(enum.IntEnum):
    """How a submit ended. Only DONE has outcomes; the others left nothing in the journal."""

    DONE = 0
    OVERLOADED = 1  # The inbox is over 80 % full (new orders) or full (anything).
    EXPIRED = 2  # valid_until_ns passed before it got a seq.
    MALFORMED = 3  # Not canonical bytes of a known command; `text` says why.
    STOPPING = 4  # The core is going down.


class Submit(Message, frozen=True, tag=1):
    """Commands to be put in order side by side, each canonical bytes (`codec.encode`)."""

    request_id: RequestId
    valid_until_ns: I64
    commands: Annotated[list[Raw], Meta(min_length=1, max_length=BATCH_COMMANDS_MAX)]


class Query(Message, frozen=True, tag=2):
    """An exact read; `question` is an encoded `core.reads.Read`."""

    request_id: RequestId
    question: Raw


class Submitted(Message, frozen=True, tag=1):
    """Answers Submit: one encoded `codec.Outcome` a command, all committed at `ts_ns`."""

    request_id: RequestId
    status: int
    ts_ns: I64
    outcomes: list[Raw]
    text: str


class Answered(Message, frozen=True, tag=2):
    """Answers Query with an encoded `core.reads.Answer`, committed up to its seq."""

    request_id: RequestId
    answer: Raw


Request = Submit | Query
Reply = Submitted | Answered
