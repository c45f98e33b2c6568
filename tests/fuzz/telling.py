"""Where two encodings differ, in words: the first event, or the first place of a snapshot."""

from typing import Any

import msgspec

from bezant.core import codec, images
from bezant.core.codec import MalformedMessage

_IMAGES = msgspec.msgpack.Decoder(images.StateImage)


def tell_outcomes(ours: bytes, theirs: bytes, seq_first: int) -> str:
    """Return the first of some concatenated outcomes that is not the same."""
    pairs = zip(_raw_outcomes(ours), _raw_outcomes(theirs), strict=False)
    for index, (one, other) in enumerate(pairs):
        if one != other:
            return f"outcome of seq {seq_first + index}: {_outcome(one)} is not {_outcome(other)}"
    return f"outcomes from seq {seq_first}: {ours.hex()} is not {theirs.hex()}"


def tell_snapshots(ours: bytes, theirs: bytes) -> str:
    """Return the first place at which two snapshots differ."""
    try:
        one, other = _IMAGES.decode(ours), _IMAGES.decode(theirs)
    except msgspec.DecodeError as error:
        return f"one cannot be read: {error}"
    return _first_difference("state", one, other) or "only the bytes differ"


def _raw_outcomes(raw: bytes) -> list[bytes]:
    """Return as many messages as stand there."""
    count = 0
    try:
        while count < len(raw):
            codec.split(raw, count + 1)
            count += 1
    except MalformedMessage:
        pass
    return [bytes(one) for one in codec.split(raw, count)]


def _outcome(raw: bytes) -> str:
    try:
        (outcome,) = codec.decode_outcomes(raw, 1)
    except MalformedMessage as error:
        return f"{raw.hex()} ({error})"
    return str(outcome)


def _first_difference(path: str, one: Any, other: Any) -> str:
    if one == other:
        return ""
    if isinstance(one, msgspec.Struct) and type(one) is type(other):
        for name in one.__struct_fields__:
            found = _first_difference(f"{path}.{name}", getattr(one, name), getattr(other, name))
            if found:
                return found
    if isinstance(one, tuple) and isinstance(other, tuple):
        for index, (left, right) in enumerate(zip(one, other, strict=False)):
            if left != right:
                return _first_difference(f"{path}[{index}]", left, right)
    return f"{path}: {one!r} is not {other!r}"
