"""Length-prefixed frames on a stream: a 4-byte big-endian length and so many bytes.

Not for what is inside a frame: that is `ingress.frames` and `egress.frames`.
"""

import struct
from typing import Final

_LENGTH: Final = struct.Struct(">I")
HEADER_SIZE: Final = _LENGTH.size


class FrameTooLarge(ValueError):
    """A frame says that it is longer than its reader accepts; the stream is of no use any more."""


def pack(message: bytes) -> bytes:
    """Return the frame around one message."""
    return _LENGTH.pack(len(message)) + message


def frame_size(header: bytes, size_max: int) -> int:
    """Return the length that a frame's header announces. Raises FrameTooLarge above `size_max`."""
    size: int = _LENGTH.unpack_from(header)[0]
    if size > size_max:
        raise FrameTooLarge(f"a frame of {size} bytes, at most {size_max} are accepted here")
    return size


class FrameReader:
    """Cuts a stream of bytes, as it comes, into frames."""

    def __init__(self, size_max: int) -> None:
        self._size_max = size_max
        self._buffer = bytearray()

    def feed(self, chunk: bytes) -> list[bytes]:
        """Take the next bytes of the stream, return the messages that they complete.

        Raises FrameTooLarge as soon as a header says so.
        """
        buffer = self._buffer
        buffer += chunk
        messages: list[bytes] = []
        start = 0
        while len(buffer) - start >= HEADER_SIZE:
            size: int = _LENGTH.unpack_from(buffer, start)[0]
            if size > self._size_max:
                raise FrameTooLarge(
                    f"a frame of {size} bytes, at most {self._size_max} are accepted here"
                )
            end = start + HEADER_SIZE + size
            if len(buffer) < end:
                break
            messages.append(bytes(buffer[start + HEADER_SIZE : end]))
            start = end
        del buffer[:start]
        return messages
