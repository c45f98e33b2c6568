"""One WebSocket: what every stream's connection has, whatever it carries.

Two tasks: one sends what the stream gives, one reads what the client says. A client may only ping
(and, on private streams, say who it is); anything else, or too much of it, ends the connection.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Mapping
from typing import Any, Final

import msgspec
from litestar import WebSocket
from litestar.exceptions import WebSocketDisconnect, WebSocketException

from bezant.accounts.models import Caller
from bezant.gateway.stream.outlet import IDLE, POLICY, TOKEN, TOO_SLOW, Close
from bezant.kit.clock import NS_PER_S, Clock

IDLE_S: Final = 300.0
SEND_TIMEOUT_S: Final = 30.0
TEXT_SIZE_MAX: Final = 8_192
MESSAGES_PER_S_MAX: Final = 20

Socket = WebSocket[Any, Any, Any]


class Message(msgspec.Struct, forbid_unknown_fields=True):
    """What a client says: `ping`, or `auth` with a token."""

    type: str
    token: str | None = None
    resumeFrom: "Resume | None" = None  # noqa: N815 - The name on the wire.


class Resume(msgspec.Struct, forbid_unknown_fields=True):
    """The place of the last frame that a client has."""

    sequence: int
    index: int = 0


_MESSAGES: Final = msgspec.json.Decoder(Message)


class Connection:
    """A WebSocket with its time of last use."""

    def __init__(self, socket: Socket) -> None:
        self._socket = socket
        self._used_at = asyncio.get_running_loop().time()

    async def send(self, text: str) -> None:
        """Send a text. Raises Close where the client does not take it in time."""
        await self.send_all((text,))

    async def send_all(self, texts: Iterable[str]) -> None:
        """Send texts one after the other, in the time of one. Raises Close as `send`."""
        try:
            async with asyncio.timeout(SEND_TIMEOUT_S):
                for text in texts:
                    await self._socket.send({"type": "websocket.send", "bytes": None, "text": text})
        except TimeoutError:
            raise Close(TOO_SLOW, "too slow: a frame was not taken in 30 s") from None
        self._use()

    async def receive_text(self) -> str | None:
        """Return the next text, or None for bytes. Raises WebSocketDisconnect."""
        event: Mapping[str, Any] = await self._socket.receive()
        if event["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(detail="disconnect event", code=event["code"])
        self._use()
        return event.get("text")

    async def receive(self) -> Message:
        """Return the next thing that the client says. Raises Close, WebSocketDisconnect."""
        text = await self.receive_text() or ""
        if len(text) > TEXT_SIZE_MAX:
            raise Close(POLICY, f"a message has at most {TEXT_SIZE_MAX} characters")
        try:
            return _MESSAGES.decode(text)
        except (msgspec.DecodeError, UnicodeError, RecursionError):
            raise Close(POLICY, "not understood: see the page on the native WebSocket") from None

    async def listen(self) -> AsyncIterator[Message]:
        """Yield what the client says, not faster than it may. Raises Close."""
        loop = asyncio.get_running_loop()
        second, said = loop.time(), 0
        while True:
            message = await self.receive()
            if loop.time() - second >= 1:
                second, said = loop.time(), 0
            said += 1
            if said > MESSAGES_PER_S_MAX:
                raise Close(POLICY, f"at most {MESSAGES_PER_S_MAX} messages a second")
            yield message

    async def watch(self) -> None:
        """End a connection on which nothing was said for five minutes. Raises Close."""
        loop = asyncio.get_running_loop()
        while True:
            left = self._used_at + IDLE_S - loop.time()
            if left <= 0:
                raise Close(IDLE, "idle for 5 minutes")
            await asyncio.sleep(left)

    def _use(self) -> None:
        self._used_at = asyncio.get_running_loop().time()


async def watch_token(clock: Clock, caller_of: Callable[[], Caller]) -> None:
    """End a connection when the newest token that it was given ends. Raises Close."""
    while True:
        left_ns = caller_of().expires_at_s * NS_PER_S - clock.now_ns()
        if left_ns <= 0:
            raise Close(TOKEN, "the token has ended: log in and connect again")
        await asyncio.sleep(max(left_ns // NS_PER_S, 1))


async def accept(socket: Socket) -> bool:
    """Accept a connection, unless a page of another site opened it; answer whether it is open.

    A browser always says its page's origin; other clients need not.
    """
    origin = socket.headers.get("origin")
    if origin is not None and origin.partition("://")[2] != socket.headers.get("host"):
        await socket.close(POLICY, "another site's page")  # Before accepting: status 403.
        return False
    await socket.accept()
    return True


async def run(socket: Socket, *works: Coroutine[Any, Any, None]) -> None:
    """Run the tasks of a connection until one ends it; then close it with that one's reason."""
    tasks = [asyncio.create_task(work) for work in works]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    except Close as close:
        await _close(socket, close)
    except (WebSocketDisconnect, WebSocketException):
        return
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _close(socket: Socket, close: Close) -> None:
    try:
        async with asyncio.timeout(SEND_TIMEOUT_S):
            await socket.close(close.code, close.reason)
    except (TimeoutError, WebSocketException, RuntimeError):
        return  # The client was faster.
