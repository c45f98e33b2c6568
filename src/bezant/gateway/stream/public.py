"""`/ws/orderbook/{symbol}` and `/ws/trades/{symbol}`: public streams of one market."""

import asyncio
from typing import Any, Final

from litestar import websocket
from litestar.connection import ASGIConnection

from bezant.gateway.native.problems import Refusal
from bezant.gateway.stream.connection import Connection, Socket, accept, run
from bezant.gateway.stream.frames import Frame, encode
from bezant.gateway.stream.hub import BookReader, StreamHub, TapeReader
from bezant.gateway.stream.outlet import AGAIN, POLICY, TAPE_ITEMS_MAX, Close
from bezant.marketdata.catalogue import Market

DEPTH: Final = 100
DEPTH_MAX: Final = 5_000
READY_TIMEOUT_S: Final = 10.0
READY_PAUSE_S: Final = 0.05
TAPE_PAUSE_S: Final = 0.1  # At most ten frames a second a client (SPEC §9.3).


@websocket("/ws/orderbook/{symbol:str}")
async def stream_book(socket: Socket, symbol: str) -> None:
    """Send a snapshot of the book, then every change of it."""
    if not await accept(socket):
        return
    hub = hub_of(socket)
    connection = Connection(socket)
    try:
        market, depth = _market(socket, symbol), _depth(socket)
        with hub.count(socket):
            reader = BookReader(market.market, depth)
            hub.join_book(reader)
            try:
                await run(
                    socket,
                    _send_book(connection, hub, reader),
                    answer_pings(connection, hub),
                    connection.watch(),
                )
            finally:
                hub.leave_book(reader)
    except Close as close:
        await socket.close(close.code, close.reason)


@websocket("/ws/trades/{symbol:str}")
async def stream_trades(socket: Socket, symbol: str) -> None:
    """Send every trade of the market, bundled to at most ten frames a second."""
    if not await accept(socket):
        return
    hub = hub_of(socket)
    connection = Connection(socket)
    try:
        market = _market(socket, symbol)
        with hub.count(socket):
            reader = TapeReader(market.market, TAPE_ITEMS_MAX)
            hub.join_tape(reader)
            try:
                await run(
                    socket,
                    _send_trades(connection, hub, reader, market),
                    answer_pings(connection, hub),
                    connection.watch(),
                )
            finally:
                hub.leave_tape(reader)
    except Close as close:
        await socket.close(close.code, close.reason)


async def answer_pings(connection: Connection, hub: StreamHub) -> None:
    """Answer each ping with the time and how far the feed has come. Raises Close."""
    async for message in connection.listen():
        if message.type != "ping":
            raise Close(POLICY, f"type {message.type[:20]!r} is not known here: send ping")
        await connection.send(encode(Frame("pong", hub.now_ms(), hub.seq, hub.pulse())))


def hub_of(socket: ASGIConnection[Any, Any, Any, Any]) -> StreamHub:
    """Return the gateway's hub."""
    hub = socket.app.state.house.live
    if not isinstance(hub, StreamHub):
        raise Close(AGAIN, "this gateway has no streams")
    return hub


async def _send_book(connection: Connection, hub: StreamHub, reader: BookReader) -> None:
    while True:
        frames = await reader.outlet.take()
        if reader.is_stale:
            await _begin_book(connection, hub, reader)
            continue
        await connection.send_all(frames)


async def _begin_book(connection: Connection, hub: StreamHub, reader: BookReader) -> None:
    """Send the snapshot that a reader begins from, as soon as there is one. Raises Close."""
    for _ in range(int(READY_TIMEOUT_S / READY_PAUSE_S)):
        frame = hub.snapshot(reader)
        if frame is not None:
            reader.begin()  # At once: the next update is the first after this snapshot.
            await connection.send(frame)
            return
        await asyncio.sleep(READY_PAUSE_S)
    raise Close(AGAIN, "the book is not there yet: connect again")


async def _send_trades(
    connection: Connection, hub: StreamHub, reader: TapeReader, market: Market
) -> None:
    previous = hub.seq
    while True:
        await reader.outlet.take()
        trades, reader.trades = reader.trades, []
        if not trades:
            continue
        sequence, newest = trades[-1][0], trades[-1][1]
        await connection.send(
            encode(
                Frame(
                    "trades",
                    newest.time,
                    sequence,
                    {"trades": [item for _, item in trades]},
                    market.code,
                    prev_sequence=previous,
                )
            )
        )
        previous = sequence
        await asyncio.sleep(TAPE_PAUSE_S)


def _market(socket: Socket, symbol: str) -> Market:
    try:
        return hub_of(socket).house.get_market(symbol)
    except Refusal as refusal:
        code = POLICY if refusal.problem.status < 500 else AGAIN  # noqa: PLR2004
        raise Close(code, refusal.detail[:120]) from None


def _depth(socket: Socket) -> int:
    text = socket.query_params.get("depth", str(DEPTH))
    if not text.isascii() or not text.isdecimal() or not 1 <= int(text[:6]) <= DEPTH_MAX:
        raise Close(POLICY, f"depth must be 1 to {DEPTH_MAX}")
    return int(text)


HANDLERS: Final = (stream_book, stream_trades)
