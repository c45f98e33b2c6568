"""The feed's client: committed outcomes in order, from any seq on, without gap or repeat.

Not for keeping a cursor: the consumer stores how far it came with what it made of it.
"""

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Final

import msgspec

from bezant.core import codec
from bezant.core.codec import Outcome
from bezant.core.ids import Seq
from bezant.egress.frames import (
    FeedEnded,
    FeedFrame,
    FeedIdle,
    FeedRefusal,
    FeedRow,
    Subscribe,
)
from bezant.kit import sockets
from bezant.kit.framing import HEADER_SIZE, FrameTooLarge, frame_size, pack

FEED_FRAME_SIZE_MAX: Final = 64 * 1_048_576
SILENCE_MAX_S: Final = 5.0  # The core speaks every second; longer silence is a dead link.
BACKOFF_FIRST_S: Final = 0.05
BACKOFF_MAX_S: Final = 1.0

_ENCODER: Final = msgspec.msgpack.Encoder()
_FRAMES: Final = msgspec.msgpack.Decoder(FeedFrame)


class FeedGap(Exception):
    """The feed left something out or repeated it; the consumer must start from its cursor again."""


class FeedRefused(Exception):
    """The core will not serve this cursor: AHEAD (another journal's) or ARCHIVED (too old)."""

    def __init__(self, refusal: FeedRefusal, text: str) -> None:
        super().__init__(text)
        self.refusal = refusal


class _LinkLost(Exception):
    """The connection ended; the feed goes on with a new one."""


def decode(row: FeedRow) -> tuple[Outcome, ...]:
    """Return the outcomes of a row, one for each seq of it."""
    return codec.decode_outcomes(row.events, row.seq_last - row.seq_first + 1)


async def follow(
    address: str | Path, consumer: str, from_seq: int
) -> AsyncGenerator[FeedRow | FeedIdle, None]:
    """Yield the rows from `from_seq` on, and an idle frame each second of silence; for ever.

    Reconnects with back-off when the core is away. A row begins exactly where the one before it
    ended. Raises FeedRefused (AHEAD, ARCHIVED) and FeedGap.
    """
    where = sockets.parse_address(address)
    next_seq = from_seq
    backoff_s = BACKOFF_FIRST_S
    while True:
        try:
            async with contextlib.aclosing(_listen(where, consumer, next_seq)) as frames:
                async for frame in frames:
                    backoff_s = BACKOFF_FIRST_S
                    if isinstance(frame, FeedRow):
                        if frame.seq_first != next_seq or frame.seq_last < next_seq:
                            raise FeedGap(
                                f"expected seq {next_seq}, the feed brought "
                                f"{frame.seq_first} to {frame.seq_last}"
                            )
                        next_seq = frame.seq_last + 1
                    yield frame
        except _LinkLost:
            await asyncio.sleep(backoff_s)
            backoff_s = min(2 * backoff_s, BACKOFF_MAX_S)


async def _listen(
    address: sockets.Address, consumer: str, from_seq: int
) -> AsyncGenerator[FeedRow | FeedIdle, None]:
    """Yield the frames of one connection. Raises _LinkLost at its end, and FeedRefused."""
    try:
        reader, writer = await _open(address)
    except OSError as error:
        raise _LinkLost from error
    try:
        writer.write(pack(_ENCODER.encode(Subscribe(consumer, Seq(from_seq)))))
        while True:
            async with asyncio.timeout(SILENCE_MAX_S):
                header = await reader.readexactly(HEADER_SIZE)
                body = await reader.readexactly(frame_size(header, FEED_FRAME_SIZE_MAX))
            frame = _FRAMES.decode(body)
            if isinstance(frame, FeedEnded):
                if frame.refusal == FeedRefusal.STOPPING:
                    raise _LinkLost
                raise FeedRefused(FeedRefusal(frame.refusal), frame.text)
            yield frame
    except (
        OSError,
        EOFError,
        TimeoutError,
        FrameTooLarge,
        msgspec.DecodeError,
        UnicodeDecodeError,
    ) as error:
        raise _LinkLost from error
    finally:
        writer.transport.abort()


async def _open(address: sockets.Address) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    if isinstance(address, sockets.UnixAddress):
        return await asyncio.open_unix_connection(address.path)
    return await asyncio.open_connection(address.host, address.port)
