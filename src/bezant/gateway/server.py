"""The HTTP server: uvicorn on our own loop, with bounds on heads, idle links and frames.

Not for TLS, which a proxy in front ends; headers that a proxy would set are not believed.
"""

import asyncio
import contextlib
import socket
from collections.abc import Iterator
from typing import Any, Final, cast

import msgspec
import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from bezant.gateway.native.problems import MEDIA_TYPE, Problem, Refusal
from bezant.gateway.trail import new_trace_id
from bezant.kit.operator_error import OperatorError

HEAD_TIMEOUT_S: Final = 10.0
BODY_TIMEOUT_S: Final = 30.0
HEAD_SIZE_MAX: Final = 32_768
HEADERS_MAX: Final = 100
KEEP_ALIVE_S: Final = 75
SHUTDOWN_S: Final = 5
CONNECTIONS_MAX: Final = 10_000
FRAME_SIZE_MAX: Final = 65_536  # Of what a WebSocket client sends.


class HeadTooLarge(Exception):
    """A request's head is larger than any honest one."""


class AddressInUse(OperatorError):
    """The gateway cannot listen; the text says where and why."""


class BoundedHTTP(HttpToolsProtocol):
    """uvicorn's protocol, which gives a head ten seconds and 32 KiB, a body thirty."""

    _timer: asyncio.TimerHandle | None = None
    _head_size = 0

    def connection_made(self, transport: Any) -> None:
        """Begin to count the time of the first head."""
        super().connection_made(transport)
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop counting."""
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take bytes; those of a new head start its time."""
        if self._timer is None and self._is_answered():
            self._await_head()
        super().data_received(data)

    def on_message_begin(self) -> None:
        """Begin a request."""
        self._head_size = 0
        super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        """Take a part of the request's target."""
        self._grow(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header."""
        self._grow(len(name) + len(value))
        if len(self.headers) >= HEADERS_MAX:
            raise HeadTooLarge
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """The head is whole: now the body's time runs."""
        self._stop_waiting()
        self._timer = self.loop.call_later(BODY_TIMEOUT_S, self._cut_off)
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """The body is whole: the client has no time left to use up."""
        self._stop_waiting()
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        """Answer bytes that are not HTTP with a problem document, and hang up."""
        self._hang_up(Refusal(Problem.MALFORMED, msg))

    def _cut_off(self) -> None:
        """Answer a body that does not come; if the answer has begun already, just hang up."""
        if self.cycle.response_started:
            self.transport.close()
        else:
            self._hang_up(Refusal(Problem.SLOW))

    def _hang_up(self, refusal: Refusal) -> None:
        trace_id = new_trace_id()
        body = msgspec.json.encode(refusal.document(trace_id))
        head = (
            f"HTTP/1.1 {refusal.problem.status} Refused\r\ncontent-type: {MEDIA_TYPE}\r\n"
            f"content-length: {len(body)}\r\nx-trace-id: {trace_id}\r\nconnection: close\r\n\r\n"
        )
        self.transport.write(head.encode() + body)
        self.transport.close()

    def _is_answered(self) -> bool:
        cycle: RequestResponseCycle | None = self.cycle
        return cycle is not None and cycle.response_complete

    def _grow(self, size: int) -> None:
        self._head_size += size
        if self._head_size > HEAD_SIZE_MAX:
            raise HeadTooLarge

    def _await_head(self) -> None:
        self._timer = self.loop.call_later(HEAD_TIMEOUT_S, self.transport.close)

    def _stop_waiting(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


class Bundle:
    """A connection that sends what is written in one turn of the loop in one piece."""

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport = transport
        self._loop = loop
        self._waiting: list[bytes] = []

    def write(self, data: bytes) -> None:
        """Send bytes at the end of this turn."""
        if not self._waiting:
            self._loop.call_soon(self._flush)
        self._waiting.append(data)

    def close(self) -> None:
        """Send what waits and hang up."""
        self._flush()
        self._transport.close()

    def __getattr__(self, name: str) -> Any:
        """Leave everything else to the transport itself."""
        return getattr(self._transport, name)

    def _flush(self) -> None:
        waiting, self._waiting = self._waiting, []
        if waiting and not self._transport.is_closing():
            self._transport.write(b"".join(waiting))


class BundledWebSocket(WebSocketsSansIOProtocol):
    """uvicorn's protocol, whose many small frames cost one call of the system together."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        bundle = Bundle(cast("asyncio.Transport", transport), self.loop)
        super().connection_made(cast("asyncio.Transport", bundle))


class _Server(uvicorn.Server):
    """uvicorn's server without its hand on our signals."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def serve(app: Any, host: str, port: int) -> None:
    """Serve until canceled, then finish what is being answered. Raises AddressInUse."""
    listener = _listen(host, port)
    server = _Server(
        uvicorn.Config(
            app,
            loop="none",
            http=BoundedHTTP,
            ws=BundledWebSocket,
            ws_max_size=FRAME_SIZE_MAX,
            ws_ping_interval=30.0,
            ws_ping_timeout=30.0,
            ws_per_message_deflate=False,
            lifespan="on",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            limit_concurrency=CONNECTIONS_MAX,
            timeout_keep_alive=KEEP_ALIVE_S,
            timeout_graceful_shutdown=SHUTDOWN_S,
        )
    )
    running = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        await asyncio.shield(running)
    except asyncio.CancelledError:
        server.should_exit = True
        await running
        raise


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise AddressInUse(
            f"the gateway cannot listen on {host}:{port} ({error.strerror}): stop what does, or "
            "choose another one with --port or BEZANT_PORT"
        ) from error
    listener.setblocking(False)
    return listener
