"""The server on a socket: slow, oversized and smuggled requests are cut off (S45d, S45e)."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from bezant.gateway import server
from bezant.gateway.server import AddressInUse, serve

OK = b"HTTP/1.1 200"


async def app(scope: Any, receive: Any, send: Any) -> None:
    """Answer with what was read."""
    if scope["type"] == "lifespan":
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})
        return
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        size += len(message["body"])
        if not message.get("more_body"):
            break
    body = f"{scope['method']} {scope['path']} {size} {scope['client'][0]}".encode()
    headers = [(b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


@pytest_asyncio.fixture
async def port(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[int]:
    """A server whose patience is short; its port."""
    monkeypatch.setattr(server, "HEAD_TIMEOUT_S", 0.5)
    monkeypatch.setattr(server, "BODY_TIMEOUT_S", 0.5)
    number = _free_port()
    running = asyncio.create_task(serve(app, "127.0.0.1", number))
    for _ in range(100):
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", number)
        except OSError:
            await asyncio.sleep(0.02)
        else:
            writer.close()
            break
    yield number
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


async def exchange(port: int, *parts: bytes, pause_s: float = 0) -> bytes:
    """Send bytes, slowly if asked, and return all that comes back until the server hangs up."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for part in parts:
            writer.write(part)
            await asyncio.sleep(pause_s)
        async with asyncio.timeout(5):
            return await reader.read()
    except (ConnectionError, TimeoutError) as error:
        return f"<{type(error).__name__}>".encode()
    finally:
        writer.close()


async def test_a_request_is_answered(port: int) -> None:
    reply = await exchange(
        port, b"POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc"
    )
    assert reply.startswith(OK)
    assert reply.endswith(b"POST /a 3 127.0.0.1")
    assert b"server:" not in reply.lower()


async def test_half_a_head_is_not_waited_for(port: int) -> None:
    loop = asyncio.get_running_loop()
    started = loop.time()
    replies = await asyncio.gather(
        *(exchange(port, b"GET / HTTP/1.1\r\nHost: x\r\nX-") for _ in range(50)),
        exchange(port),
    )
    assert set(replies) == {b""}
    assert loop.time() - started < 3


async def test_a_dripping_head_is_cut_off(port: int) -> None:
    drops = [b"GET / HTTP/1.1\r\n", *(b"X-A: b\r\n" for _ in range(20))]
    assert not (await exchange(port, *drops, pause_s=0.05)).startswith(OK)


async def test_a_slow_body_is_told_so(port: int) -> None:
    reply = await exchange(port, b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc")
    head, _, body = reply.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 408")
    assert json.loads(body)["code"] == "VALIDATION_004"


@pytest.mark.parametrize(
    "head",
    [
        b"GET / HTTP/1.1\r\n" + b"".join(b"X-%d: y\r\n" % n for n in range(10_000)),
        b"GET / HTTP/1.1\r\nX: " + b"y" * 100_000 + b"\r\n",
        b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: x\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 4\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nX-A: b\r\n folded\r\n",
        b"GET / HTTP/9.9\r\nHost: x\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"nonsense\r\n",
    ],
    ids=lambda head: head[:40],
)
async def test_what_is_not_plain_http_is_hung_up_on(port: int, head: bytes) -> None:
    reply = await exchange(port, head + b"\r\nabc")
    assert not reply.startswith(OK), reply
    if reply and not reply.startswith(b"<"):
        assert reply.startswith(b"HTTP/1.1 400")
        assert json.loads(reply.partition(b"\r\n\r\n")[2])["code"] == "VALIDATION_001"


async def test_what_a_proxy_would_say_is_not_believed(port: int) -> None:
    reply = await exchange(
        port,
        b"GET /b HTTP/1.1\r\nHost: evil\r\nX-Forwarded-For: 1.2.3.4\r\nX-Forwarded-Proto: https\r\n"
        b"X-User-Id: 1\r\nConnection: close\r\n\r\n",
    )
    assert reply.endswith(b"GET /b 0 127.0.0.1")


async def test_a_port_that_is_taken_is_named(port: int) -> None:
    with pytest.raises(AddressInUse, match=f"127.0.0.1:{port}"):
        await serve(app, "127.0.0.1", port)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
        return number
