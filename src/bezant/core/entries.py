"""A batch's bytes taken apart: entries with their commands' canonical bytes. Not for strictness.

What is journaled was decoded strictly before (`codec.decode_command`).
"""

from typing import Final

from msgspec import DecodeError, Raw, Struct
from msgspec.msgpack import Decoder, Encoder

from bezant.core.codec import MalformedMessage, array_header
from bezant.core.commands import Command
from bezant.core.ids import Seq

SHORT_SEQ_SIZE: Final = 3  # Bytes of an encoded seq below 65,536.


class RawEntry(Struct, array_like=True, frozen=True):
    """An entry whose command is still encoded."""

    seq: Seq
    command: Raw


_ENCODER: Final = Encoder()
_COMMANDS: Final = Decoder(Command)
_ENTRIES: Final = Decoder(tuple[RawEntry, ...])
_MESSAGES: Final = Decoder(tuple[Raw, ...])


def split_entries(raw: bytes, seq_first: Seq) -> tuple[RawEntry, ...]:
    """Return the entries concatenated in `raw`, however many they are.

    How often the head of an entry with a seq like the first occurs tells the count in most cases;
    where it does not, the count is searched. Raises MalformedMessage.
    """
    if not raw:
        return ()
    seq = _ENCODER.encode(seq_first)
    head = b"\x92" + (seq[:-2] if len(seq) > SHORT_SEQ_SIZE else seq[:1])
    try:
        return _ENTRIES.decode(array_header(max(1, raw.count(head))) + raw)
    except DecodeError:
        count = _count(raw)
    try:
        return _ENTRIES.decode(array_header(count) + raw)
    except DecodeError as error:
        raise MalformedMessage(str(error)) from error


def decode_journaled(raw: Raw) -> Command:
    """Return the command of an entry. Raises MalformedMessage for an unknown tag or shape."""
    try:
        command: Command = _COMMANDS.decode(raw)
    except (DecodeError, UnicodeDecodeError) as error:
        raise MalformedMessage(str(error)) from error
    return command


def _count(raw: bytes) -> int:
    """Return how many messages are concatenated in `raw`, by doubling and halving."""
    low, high = 0, 1  # At least `low` are there; `high` is tried, then known to be too many.
    while _has(raw, high):
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) >> 1
        low, high = (middle, high) if _has(raw, middle) else (low, middle)
    return low


def _has(raw: bytes, count: int) -> bool:
    """Return whether `raw` holds at least this many messages; what else is wrong shows later."""
    if count > len(raw):
        return False
    try:
        _MESSAGES.decode(array_header(count) + raw)
    except DecodeError as error:
        return "truncated" not in str(error)  # Else bytes are left over behind the last one.
    return True
