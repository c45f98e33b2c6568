"""The outermost layer of HTTP: trace ids, sizes, headers, counting.

A pure ASGI layer around the app, so that not even a request that matches no route goes without.
A body without a stated length is counted where it is read (Litestar's `request_max_body_size`), a
slow one is cut off by the server (`server`). Not for authentication, which is an endpoint's own
second part (`access`).
"""

import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final

import msgspec

from bezant.gateway.metrics import GatewayMetrics
from bezant.gateway.native.problems import MEDIA_TYPE, Problem, Refusal
from bezant.gateway.trail import Trail, begin_trail

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
ASGIApp = Callable[[Any, Any, Any], Awaitable[None]]

BODY_SIZE_MAX: Final = 1_048_576
METHODS: Final = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE"})

_SECURITY_HEADERS: Final = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
    (
        b"content-security-policy",
        (
            b"default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
            b"img-src 'self' data:; font-src 'self'; connect-src 'self' ws: wss:; "
            b"object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
        ),
    ),
)
_NO_STORE: Final = (b"cache-control", b"no-store")


class Gate:
    """Wraps an ASGI app. Answers by itself only what must not reach it."""

    def __init__(self, app: ASGIApp, metrics: GatewayMetrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection's scope."""
        if scope["type"] == "http":
            await self._handle(scope, receive, send)
            return
        if scope["type"] == "websocket":
            begin_trail(scope)
        await self._app(scope, receive, send)

    async def _handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = time.perf_counter()
        trail = begin_trail(scope)
        status = 500

        async def send_on(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = _headers(message, trail)
            await send(message)

        refusal = _check(scope)
        if refusal is not None:
            await _answer(refusal, trail, send_on)
        else:
            await self._app(scope, receive, send_on)
        route = scope.get("path_template") or "none"
        seconds = time.perf_counter() - started
        self._metrics.observe(scope["method"], route, status, seconds)


def _check(scope: Scope) -> Refusal | None:
    """Return why a request is refused by its head alone."""
    if scope["method"] not in METHODS:
        return Refusal(Problem.METHOD, headers={"Allow": ", ".join(sorted(METHODS))})
    for name, value in scope["headers"]:
        if name == b"content-length" and _is_too_long(value):
            return Refusal(Problem.TOO_LARGE, headers={"Connection": "close"})
        if name == b"content-encoding" and value.strip().lower() != b"identity":
            return Refusal(Problem.MEDIA_TYPE, headers={"Connection": "close"})
    return None


def _is_too_long(value: bytes) -> bool:
    return len(value) > len(str(BODY_SIZE_MAX)) or int(value) > BODY_SIZE_MAX


def _headers(message: Message, trail: Trail) -> list[tuple[bytes, bytes]]:
    headers = [
        *message.get("headers", ()),
        (b"x-trace-id", trail.trace_id.encode()),
        *trail.headers,
        *_SECURITY_HEADERS,
    ]
    if trail.is_private:
        headers.append(_NO_STORE)
    return headers


async def _answer(refusal: Refusal, trail: Trail, send: Send) -> None:
    body = msgspec.json.encode(refusal.document(trail.trace_id))
    headers = [
        (b"content-type", MEDIA_TYPE.encode()),
        (b"content-length", str(len(body)).encode()),
        *((name.lower().encode(), value.encode()) for name, value in refusal.headers.items()),
    ]
    status = refusal.problem.status
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
