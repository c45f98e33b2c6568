"""The feed's socket: each consumer says where it stands and gets all from there on.

A slow consumer waits in its own connection; what is buffered for it has a limit. Not for requests:
those come in through ingress.
"""

import asyncio
import contextlib
from pathlib import Path
from typing import Final

import msgspec

from bezant.core.ids import Seq
from bezant.egress.feed import Feed, FeedEnd
from bezant.egress.frames import FeedEnded, FeedIdle, Subscribe
from bezant.journal.ports import JournalCorrupt
from bezant.kit import sockets
from bezant.kit.framing import HEADER_SIZE, FrameTooLarge, frame_size, pack
from bezant.kit.log import get_logger

IDLE_S: Final = 1.0
SUBSCRIBE_TIMEOUT_S: Final = 5.0
SUBSCRIBE_SIZE_MAX: Final = 1_024
WRITE_BUFFER_MAX: Final = 1_048_576
CLOSE_TIMEOUT_S: Final = 1.0

_ENCODER: Final = msgspec.msgpack.Encoder()
_SUBSCRIBES: Final = msgspec.msgpack.Decoder(Subscribe)

# How a connection may end that is the consumer's doing or the network's.
_BAD_LINKS: Final = (
    OSError,
    EOFError,
    TimeoutError,
    FrameTooLarge,
    msgspec.DecodeError,
    UnicodeDecodeError,
)

log = get_logger(__name__)


class FeedServer:
    """Serves one `Feed` to any number of consumers."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        self._server: asyncio.Server | None = None
        self._consumers: set[asyncio.Task[None]] = set()

    async def start(self, address: str | Path) -> None:
        """Open the door. Raises OSError, BadAddress."""
        self._server = await sockets.listen(self._make_protocol, sockets.parse_address(address))

    async def close(self) -> None:
        """Close the door and tell the consumers; the feed ends for them."""
        if self._server is not None:
            self._server.close()
        self._feed.close()
        if self._consumers:
            await asyncio.wait(self._consumers, timeout=CLOSE_TIMEOUT_S)
        for consumer in self._consumers:
            consumer.cancel()

    def _make_protocol(self) -> asyncio.StreamReaderProtocol:
        reader = asyncio.StreamReader(limit=SUBSCRIBE_SIZE_MAX)
        return asyncio.StreamReaderProtocol(reader, self._on_connected)

    def _on_connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        serving = asyncio.create_task(self._serve(reader, writer))
        self._consumers.add(serving)
        serving.add_done_callback(self._consumers.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        transport = writer.transport
        transport.set_write_buffer_limits(high=WRITE_BUFFER_MAX)
        try:
            subscribe = await _read_subscribe(reader)
            log.info("feed.joined", consumer=subscribe.consumer, from_seq=subscribe.from_seq)
            await self._send(subscribe, writer)
        except _BAD_LINKS as error:
            log.info("feed.left", reason=repr(error))
        except JournalCorrupt as error:
            log.error("feed.journal_corrupt", reason=str(error))  # noqa: TRY400 - It says all.
        finally:
            transport.abort()

    async def _send(self, subscribe: Subscribe, writer: asyncio.StreamWriter) -> None:
        """Send until the consumer or the feed ends."""
        try:
            rows = self._feed.follow(subscribe.from_seq, idle_s=IDLE_S)
            async with contextlib.aclosing(rows):
                async for frame in rows:
                    writer.write(self._idle() if frame is None else frame.packed)
                    await writer.drain()
        except FeedEnd as end:
            writer.write(pack(_ENCODER.encode(FeedEnded(end.refusal, str(end)))))
            writer.close()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(CLOSE_TIMEOUT_S):
                    await writer.wait_closed()

    def _idle(self) -> bytes:
        return pack(_ENCODER.encode(FeedIdle(Seq(self._feed.tip_seq))))


async def _read_subscribe(reader: asyncio.StreamReader) -> Subscribe:
    """Return the consumer's only frame. Raises what a bad stream raises."""
    async with asyncio.timeout(SUBSCRIBE_TIMEOUT_S):
        header = await reader.readexactly(HEADER_SIZE)
        body = await reader.readexactly(frame_size(header, SUBSCRIBE_SIZE_MAX))
    return _SUBSCRIBES.decode(body)
