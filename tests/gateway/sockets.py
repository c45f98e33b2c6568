"""A WebSocket into the app without a network: what is said goes in, what is heard is JSON."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from typing import Any

HEAR_TIMEOUT_S = 20.0

Document = dict[str, Any]


class Closed(Exception):
    """The app closed the connection."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(f"{code} {reason}")
        self.code = code
        self.reason = reason


class Socket:
    """One connection, as an ASGI server would drive it."""

    def __init__(self) -> None:
        self.inward: asyncio.Queue[Document] = asyncio.Queue()
        self.outward: asyncio.Queue[Document] = asyncio.Queue()
        self.may_send = asyncio.Event()
        self.may_send.set()

    async def run(self, app: Any, path: str) -> None:
        path, _, query = path.partition("?")
        scope = {
            "type": "websocket",
            "path": path,
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "headers": [],
            "subprotocols": [],
            "client": ("127.0.0.1", 1),
            "state": {},
            "extensions": {},
        }
        await app(scope, self.inward.get, self.send)

    async def send(self, message: Document) -> None:
        await self.may_send.wait()
        self.outward.put_nowait(message)

    def say(self, *messages: object) -> None:
        """Send JSON, text as it is, or bytes, all in one go."""
        for message in messages:
            if isinstance(message, bytes):
                self.inward.put_nowait({"type": "websocket.receive", "bytes": message})
            else:
                text = message if isinstance(message, str) else json.dumps(message)
                self.inward.put_nowait({"type": "websocket.receive", "text": text})

    async def hear(self) -> Document:
        """Return the next reply. Raises Closed."""
        async with asyncio.timeout(HEAR_TIMEOUT_S):
            message = await self.outward.get()
        if message["type"] == "websocket.close":
            raise Closed(message["code"], message["reason"])
        heard: Document = json.loads(message["text"])
        return heard

    async def ask(self, message: object) -> Document:
        """Send one thing and return the next reply."""
        self.say(message)
        return await self.hear()

    async def hear_all(self, count: int) -> dict[str, Document]:
        """Return so many replies by id."""
        replies = [await self.hear() for _ in range(count)]
        return {reply["id"]: reply for reply in replies}


@contextlib.asynccontextmanager
async def connect(app: Any, path: str) -> AsyncIterator[Socket]:
    """Open a connection; hang up at the end."""
    socket = Socket()
    running = asyncio.create_task(socket.run(app, path))
    socket.inward.put_nowait({"type": "websocket.connect"})
    assert (await socket.outward.get())["type"] == "websocket.accept"
    try:
        yield socket
    finally:
        socket.inward.put_nowait({"type": "websocket.disconnect", "code": 1000})
        socket.may_send.set()
        await running


@contextlib.asynccontextmanager
async def log_on(app: Any, token: str) -> AsyncIterator[Socket]:
    """Open order entry for whom a token speaks."""
    async with connect(app, "/ws/api") as socket:
        reply = await socket.ask(
            {"id": "auth", "method": "session.auth", "params": {"token": token}}
        )
        assert reply["status"] == 200, reply
        yield socket
