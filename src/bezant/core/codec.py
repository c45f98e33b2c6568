"""The canonical bytes of commands, entries and events; strict at the door.

MessagePack with shortest integers and no extra fields. A client's bytes are never kept: what is
journaled is our own encoding, and bytes that differ from it are refused as malformed.
"""

from collections.abc import Iterable, Sequence
from typing import Final, TypeVar

import msgspec
from msgspec import Raw

from bezant.core.commands import Command, Message
from bezant.core.events import CommandRefused, Event
from bezant.core.ids import U32, Seq, WireSeq

T = TypeVar("T")

FORMAT: Final = 1  # Version of these bytes, in every journal row.
FNV_OFFSET: Final = 0xCBF29CE484222325
FNV_PRIME: Final = 0x100000001B3
FNV_MASK: Final = 0xFFFFFFFFFFFFFFFF


class MalformedMessage(ValueError):
    """Bytes that are not the canonical encoding of a known message."""


class Entry(Message, frozen=True):
    """One line of the journal: a command with its place in the order."""

    seq: WireSeq
    command: Command


class Outcome(Message, frozen=True):
    """What an entry did: the code of its first refusal (else 0) and its events in order."""

    seq: WireSeq
    code: U32
    events: tuple[Event, ...]


_ENCODER: Final = msgspec.msgpack.Encoder()
_COMMANDS: Final = msgspec.msgpack.Decoder(Command)
_ENTRY_LIST: Final = msgspec.msgpack.Decoder(tuple[Entry, ...])
_OUTCOME_LIST: Final = msgspec.msgpack.Decoder(tuple[Outcome, ...])
_RAW_LIST: Final = msgspec.msgpack.Decoder(list[Raw])


def encode(message: Message) -> bytes:
    """Return the canonical bytes of a message."""
    return _ENCODER.encode(message)


def decode_command(raw: bytes | Raw) -> Command:
    """Return the command in `raw`, decoded strictly.

    Raises MalformedMessage if tag, arity, range, length or UTF-8 is wrong, or if `raw` is not
    byte for byte what `encode` writes.
    """
    try:
        command: Command = _COMMANDS.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise MalformedMessage(str(error)) from error
    if _ENCODER.encode(command) != bytes(raw):
        raise MalformedMessage("not the canonical encoding: extra fields or longer forms")
    return command


def encode_entry(seq: Seq, command: bytes) -> bytes:
    """Return the entry `[seq, command]` around a command's canonical bytes."""
    return b"\x92" + _ENCODER.encode(seq) + command


def outcome(seq: Seq, events: Sequence[Event]) -> Outcome:
    """Return the outcome of an entry; its code is that of the first `CommandRefused`, else 0."""
    for event in events:
        if isinstance(event, CommandRefused):
            return Outcome(seq, event.code, tuple(events))
    return Outcome(seq, 0, tuple(events))


def encode_outcomes(outcomes: Iterable[Outcome]) -> bytes:
    """Return the concatenation of outcomes, as a journal row keeps them."""
    return b"".join(map(_ENCODER.encode, outcomes))


def decode_entries(raw: bytes, count: int) -> tuple[Entry, ...]:
    """Return the `count` entries that are concatenated in `raw`."""
    return _decode(_ENTRY_LIST, raw, count)


def decode_outcomes(raw: bytes, count: int) -> tuple[Outcome, ...]:
    """Return the `count` outcomes that are concatenated in `raw`."""
    return _decode(_OUTCOME_LIST, raw, count)


def split(raw: bytes, count: int) -> list[Raw]:
    """Return the `count` messages concatenated in `raw`, each still encoded."""
    return _decode(_RAW_LIST, raw, count)


def content_hash(raw: bytes) -> int:
    """Return the 64-bit FNV-1a of a command's canonical bytes (L3.1; http://www.isthe.com/chongo)."""
    digest = FNV_OFFSET
    for byte in raw:
        digest = ((digest ^ byte) * FNV_PRIME) & FNV_MASK
    return digest


def array_header(count: int) -> bytes:
    """Return the MessagePack header that makes a concatenation of messages an array."""
    return b"\xdd" + count.to_bytes(4, "big")


def _decode(decoder: msgspec.msgpack.Decoder[T], raw: bytes, count: int) -> T:
    """Decode a concatenation by giving it the array header that it lacks."""
    try:
        return decoder.decode(array_header(count) + raw)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise MalformedMessage(str(error)) from error
