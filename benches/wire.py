"""A client for benches that costs little: HTTP/1.1 with keep-alive, one request in flight.

Not for anything else: it trusts the server's framing and knows only Content-Length.
"""

import asyncio
from typing import Final

HEADER_END: Final = b"\r\n\r\n"
LENGTH: Final = b"content-length:"


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

    async def request(self, raw: bytes) -> tuple[int, bytes]:
        """Send one request; return status and body."""
        assert self._reader is not None
        assert self._writer is not None
        self._writer.write(raw)
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
