"""`/ws/orders`: one account's orders, fills and balances as they are committed."""

import asyncio
from typing import Final

from litestar import post, websocket

from bezant.accounts.models import Caller
from bezant.gateway.native.documents import TicketDocument
from bezant.gateway.native.endpoint import PRIVATE, SIGNED_IN, NativeRequest, house_of, problems
from bezant.gateway.native.problems import Refusal
from bezant.gateway.stream.connection import (
    Connection,
    Resume,
    Socket,
    accept,
    run,
    watch_token,
)
from bezant.gateway.stream.hub import StreamHub
from bezant.gateway.stream.outlet import AGAIN, POLICY, PRIVATE_FRAMES_MAX, TOKEN, Close, Outlet
from bezant.gateway.stream.public import answer_pings, hub_of
from bezant.gateway.stream.tickets import LIFETIME_S, TicketRefused

AUTH_TIMEOUT_S: Final = 10.0


@post(
    "/api/auth/ws-ticket",
    status_code=201,
    responses=problems(*PRIVATE),
    security=SIGNED_IN,
    tags=["Accounts"],
    operation_id="createWsTicket",
    summary="Get a ticket for the private stream",
)
async def create_ticket(request: NativeRequest) -> TicketDocument:
    """Return a ticket that opens the private stream once within 30 seconds."""
    caller = house_of(request).access.authorize(request.scope)
    return TicketDocument(hub_of(request).tickets.issue(caller), LIFETIME_S)


@websocket("/ws/orders")
async def stream_orders(socket: Socket) -> None:
    """Send an account's state, then each fill, order and balance as it changes."""
    if not await accept(socket):
        return
    hub = hub_of(socket)
    connection = Connection(socket)
    try:
        caller, resume = await _authenticate(socket, connection, hub)
        with hub.count(socket, caller):
            outlet = Outlet(PRIVATE_FRAMES_MAX)
            try:
                greeting = await _join(hub, caller, outlet, resume)
                await run(
                    socket,
                    _send(connection, outlet, greeting),
                    answer_pings(connection, hub),
                    connection.watch(),
                    watch_token(hub.house.clock, lambda: caller),
                )
            finally:
                hub.private.leave(caller.account, outlet)
    except Close as close:
        await socket.close(close.code, close.reason)


async def _authenticate(
    socket: Socket, connection: Connection, hub: StreamHub
) -> tuple[Caller, Resume | None]:
    """Return who this is, by ticket or first message, and where it left off. Raises Close."""
    ticket = socket.query_params.get("ticket")
    try:
        if ticket is not None:
            return hub.tickets.redeem(ticket), None
        async with asyncio.timeout(AUTH_TIMEOUT_S):
            message = await connection.receive()
        if message.type != "auth":
            raise Close(POLICY, 'say who you are first: {"type": "auth", "token": "…"}')
        return hub.house.access.identify(message.token), message.resumeFrom
    except (Refusal, TicketRefused):
        raise Close(TOKEN, "the token is not valid: log in and connect again") from None
    except TimeoutError:
        raise Close(TOKEN, "no token came within 10 s") from None


async def _join(hub: StreamHub, caller: Caller, outlet: Outlet, resume: Resume | None) -> list[str]:
    place = None if resume is None else (resume.sequence, resume.index)
    try:
        return await hub.private.join(caller.account, outlet, place)
    except (Refusal, TimeoutError):
        raise Close(AGAIN, "the exchange is catching up: connect again") from None


async def _send(connection: Connection, outlet: Outlet, greeting: list[str]) -> None:
    await connection.send_all(greeting)
    while True:
        await connection.send_all(await outlet.take())


HANDLERS: Final = (create_ticket, stream_orders)
