"""What travels between the core's egress and its consumers: the ordered feed of committed events.

Frames as in `ingress.frames`: a 4-byte big-endian length and one MessagePack message.
"""

import enum

from bezant.core.commands import Message
from bezant.core.ids import I64, U32, WireSeq


class Subscribe(Message, frozen=True, tag=1):
    """The consumer's only frame: who it is and the first seq that it has not seen."""

    consumer: str
    from_seq: WireSeq


class FeedRefusal(enum.IntEnum):
    """Why a feed ends."""

    AHEAD = 1  # from_seq is more than one past the tip: the cursor belongs to another journal.
    ARCHIVED = 2  # from_seq is older than what the journal still holds.
    STOPPING = 3  # The core is going down.


class FeedRow(Message, frozen=True, tag=1):
    """Committed outcomes of the entries seq_first … seq_last, concatenated (`codec`)."""

    seq_first: WireSeq
    seq_last: WireSeq
    ts_ns: I64
    rules: U32
    format: U32
    events: bytes


class FeedIdle(Message, frozen=True, tag=2):
    """Nothing new; sent every second of silence so that a dead link shows."""

    tip_seq: WireSeq


class FeedEnded(Message, frozen=True, tag=3):
    """The last frame before the core closes the feed."""

    refusal: U32
    text: str


FeedFrame = FeedRow | FeedIdle | FeedEnded
