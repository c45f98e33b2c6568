"""Clients for benches that cost little: HTTP/1.1 with keep-alive, and text frames of a WebSocket.

Not for anything else: they trust the server's framing and know only what ours says.
"""

import asyncio
import struct
from collections.abc import Sequence
from typing import Final

HEADER_END: Final = b"\r\n\r\n"
LENGTH: Final = b"content-length:"
SWITCHING: Final = 101
TEXT: Final = 0x81  # A whole text in one frame.
MASKED: Final = 0x80
LENGTH_16: Final = 126
LENGTH_64: Final = 127


class Connection:
    """One connection to the gateway."""

    def __init__(self, host: str, port: int) -> None:
        self._host = host
        self._port = port
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def open(self) -> None:
        """Connect."""
        self._reader, self._writer = await asyncio.open_connection(self._host, self._port)

    def close(self) -> None:
        """Hang up."""
        if self._writer is not None:
            self._writer.close()

    def write(self, raw: bytes) -> None:
        """Send bytes."""
        assert self._writer is not None
        self._writer.write(raw)

    async def read(self, size: int) -> bytes:
        """Return so many bytes."""
        assert self._reader is not None
        return await self._reader.readexactly(size)

    async def request(self, raw: bytes) -> tuple[int, bytes]:
        """Send one request; return status and body."""
        self.write(raw)
        assert self._reader is not None
        head = await self._reader.readuntil(HEADER_END)
        length = _length(head.lower())
        body = await self._reader.readexactly(length) if length else b""
        return int(head[9:12]), body


def post(path: str, body: bytes, *, token: str, host: str) -> bytes:
    """Return the bytes of a POST with a JSON body."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode("ascii") + body


def _length(head: bytes) -> int:
    at = head.find(LENGTH)
    if at < 0:
        return 0
    end = head.index(b"\r\n", at)
    return int(head[at + len(LENGTH) : end])


class Frames:
    """A WebSocket that says and hears text frames in bulk; its masking key is zero."""

    def __init__(self, host: str, port: int) -> None:
        self._link = Connection(host, port)
        self._host = f"{host}:{port}"

    async def open(self, path: str) -> None:
        """Connect and shake hands."""
        await self._link.open()
        head = (
            f"GET {path} HTTP/1.1\r\nHost: {self._host}\r\nUpgrade: websocket\r\n"
            "Connection: Upgrade\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
            "Sec-WebSocket-Version: 13\r\n\r\n"
        )
        status, _ = await self._link.request(head.encode("ascii"))
        assert status == SWITCHING, status

    def close(self) -> None:
        """Hang up."""
        self._link.close()

    def send(self, texts: Sequence[bytes]) -> None:
        """Send texts in one go."""
        self._link.write(b"".join([_frame(text) for text in texts]))

    async def receive(self) -> bytes:
        """Return the next text; a ping of the server goes unanswered."""
        while True:
            first, second = await self._link.read(2)
            length = second
            if second == LENGTH_16:
                length = int.from_bytes(await self._link.read(2), "big")
            elif second == LENGTH_64:
                length = int.from_bytes(await self._link.read(8), "big")
            body = await self._link.read(length)
            if first == TEXT:
                return body


def _frame(text: bytes) -> bytes:
    size = len(text)
    if size < LENGTH_16:
        return struct.pack(">BBI", TEXT, MASKED | size, 0) + text
    return struct.pack(">BBHI", TEXT, MASKED | LENGTH_16, size, 0) + text
