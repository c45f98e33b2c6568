"""Decoding is total and exact: any bytes are a message, written in one way only, or malformed."""

import contextlib
from typing import get_args

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from bezant.core import codec
from bezant.core.codec import Entry, MalformedMessage, Outcome
from bezant.core.commands import Command, Message
from bezant.core.events import CommandRefused, Event
from bezant.core.ids import Seq
from bezant.core.units import from_wide, wide
from tests.properties.messages import messages

COMMANDS = st.one_of([messages(kind) for kind in get_args(Command)])
EVENTS = st.one_of([messages(kind) for kind in get_args(Event)])
SEQS = st.integers(0, 2**53 - 1).map(Seq)


@given(COMMANDS)
def test_a_command_is_read_as_it_was_written(command: Message) -> None:
    raw = codec.encode(command)
    assert codec.decode_command(raw) == command
    assert codec.encode(codec.decode_command(raw)) == raw


@given(st.binary(max_size=200))
def test_any_bytes_are_a_canonical_command_or_malformed(raw: bytes) -> None:
    with contextlib.suppress(MalformedMessage):
        assert codec.encode(codec.decode_command(raw)) == raw


@given(COMMANDS, st.data())
def test_a_changed_byte_is_another_command_or_malformed(
    command: Message, data: st.DataObject
) -> None:
    raw = bytearray(codec.encode(command))
    place = data.draw(st.integers(0, len(raw) - 1))
    raw[place] ^= data.draw(st.integers(1, 255))
    with contextlib.suppress(MalformedMessage):
        read = codec.decode_command(bytes(raw))
        assert codec.encode(read) == bytes(raw)
        assert read != command


@given(COMMANDS, st.integers(1, 20))
def test_a_command_cut_short_or_lengthened_is_malformed(command: Message, count: int) -> None:
    raw = codec.encode(command)
    for wrong in (raw[:-count], raw + b"\xc0" * count):
        try:
            codec.decode_command(wrong)
        except MalformedMessage:
            continue
        raise AssertionError(f"{wrong.hex()} was read")


@given(COMMANDS)
def test_a_longer_form_of_the_same_content_is_malformed(command: Message) -> None:
    values = msgspec.msgpack.decode(codec.encode(command))
    longer = b"\xdc" + len(values).to_bytes(2, "big")
    longer += b"".join(msgspec.msgpack.encode(value) for value in values)
    try:
        codec.decode_command(longer)
    except MalformedMessage:
        return
    raise AssertionError("a 16-bit array header was read where 4 bits do")


@given(COMMANDS)
def test_an_extra_field_is_malformed(command: Message) -> None:
    values = msgspec.msgpack.decode(codec.encode(command))
    try:
        codec.decode_command(msgspec.msgpack.encode([*values, None]))
    except MalformedMessage:
        return
    raise AssertionError("an extra field was read")


@given(st.lists(st.tuples(SEQS, COMMANDS), max_size=5))
def test_entries_are_read_in_a_row(pairs: list[tuple[Seq, Message]]) -> None:
    raw = b"".join(codec.encode_entry(seq, codec.encode(command)) for seq, command in pairs)
    entries = codec.decode_entries(raw, len(pairs))
    assert [(entry.seq, entry.command) for entry in entries] == pairs
    assert [bytes(part) for part in codec.split(raw, len(pairs))] == [
        codec.encode(Entry(seq, command))  # type: ignore[arg-type]
        for seq, command in pairs
    ]


@given(st.lists(st.tuples(SEQS, st.lists(EVENTS, max_size=4)), max_size=4))
def test_outcomes_are_read_in_a_row(pairs: list[tuple[Seq, list[Event]]]) -> None:
    outcomes = [codec.outcome(seq, events) for seq, events in pairs]
    raw = codec.encode_outcomes(outcomes)
    assert list(codec.decode_outcomes(raw, len(outcomes))) == outcomes
    for one in outcomes:
        refused = [event.code for event in one.events if isinstance(event, CommandRefused)]
        assert one.code == (refused[0] if refused else 0)


@given(st.binary(max_size=100), st.integers(0, 5))
def test_any_bytes_are_outcomes_and_entries_or_malformed(raw: bytes, count: int) -> None:
    with contextlib.suppress(MalformedMessage):
        assert all(isinstance(one, Outcome) for one in codec.decode_outcomes(raw, count))
    with contextlib.suppress(MalformedMessage):
        assert all(isinstance(one, Entry) for one in codec.decode_entries(raw, count))
    with contextlib.suppress(MalformedMessage):
        codec.split(raw, count)


@given(COMMANDS, COMMANDS)
def test_equal_content_has_equal_hashes(one: Message, other: Message) -> None:
    first, second = codec.encode(one), codec.encode(other)
    assert (codec.content_hash(first) == codec.content_hash(second)) == (first == second)


def test_the_content_hash_is_fnv_1a() -> None:
    """Published values of the 64-bit FNV-1a hash."""
    assert codec.content_hash(b"") == 0xCBF29CE484222325
    assert codec.content_hash(b"a") == 0xAF63DC4C8601EC8C
    assert codec.content_hash(b"foobar") == 0x85944171F73967E8


@given(st.integers(-(2**127), 2**127 - 1))
def test_wide_integers_are_read_as_they_were_written(number: int) -> None:
    assert len(wide(number)) == 16
    assert from_wide(wide(number)) == number
