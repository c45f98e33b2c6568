"""`/ws/api`: the way in for machines that place orders over one WebSocket."""

import asyncio
from typing import Final

from litestar import websocket

from bezant.accounts.models import Caller
from bezant.gateway.entry.messages import BadMessage, Request, answered, decode_request, refused
from bezant.gateway.entry.methods import AuthParams
from bezant.gateway.entry.session import Session
from bezant.gateway.native.problems import Problem, Refusal
from bezant.gateway.stream.connection import Connection, Socket, accept, run, watch_token
from bezant.gateway.stream.hub import StreamHub
from bezant.gateway.stream.outlet import POLICY, TOKEN, Close
from bezant.gateway.stream.private import AUTH_TIMEOUT_S
from bezant.gateway.stream.public import hub_of
from bezant.gateway.stream.tickets import TicketRefused
from bezant.gateway.strict_json import decode_part

STRANGER_MESSAGES_MAX: Final = 20
AUTH: Final = "session.auth"
_BAD_TOKEN: Final = "the token is not valid: log in and connect again"  # noqa: S105 - A sentence.


@websocket("/ws/api")
async def enter_orders(socket: Socket) -> None:
    """Answer requests until one side has enough."""
    if not await accept(socket):
        return
    hub = hub_of(socket)
    connection = Connection(socket)
    try:
        caller, first = await _authenticate(socket, connection, hub)
        with hub.count(socket, caller):
            session = Session(connection, hub, caller, socket.app.state.metrics)
            if first is not None:
                session.put(answered(first, 200, session.stand()))
            try:
                await run(
                    socket,
                    session.read(),
                    session.write(),
                    connection.watch(),
                    watch_token(hub.house.clock, lambda: session.caller),
                )
            finally:
                session.close()
    except Close as close:
        await socket.close(close.code, close.reason)


async def _authenticate(
    socket: Socket, connection: Connection, hub: StreamHub
) -> tuple[Caller, Request | None]:
    """Return who this is, by ticket or by the request that is to be answered. Raises Close."""
    ticket = socket.query_params.get("ticket")
    try:
        if ticket is not None:
            return hub.tickets.redeem(ticket), None
        async with asyncio.timeout(AUTH_TIMEOUT_S):
            return await _meet(connection, hub)
    except TicketRefused:
        raise Close(TOKEN, _BAD_TOKEN) from None
    except TimeoutError:
        raise Close(TOKEN, "no token came within 10 s") from None


async def _meet(connection: Connection, hub: StreamHub) -> tuple[Caller, Request]:
    """Answer a stranger until it shows a token. Raises Close where it shows a bad one."""
    for _ in range(STRANGER_MESSAGES_MAX):
        try:
            request, token = _decode_auth(await connection.receive_text())
        except BadMessage as bad:
            await connection.send(refused(bad.request_id, bad.refusal))
            continue
        try:
            return hub.house.access.identify(token), request
        except Refusal as refusal:
            await connection.send(refused(request.id, refusal))
            raise Close(TOKEN, _BAD_TOKEN) from None
    raise Close(POLICY, f"{STRANGER_MESSAGES_MAX} messages and no {AUTH} among them")


def _decode_auth(text: str | None) -> tuple[Request, str]:
    """Return a request that shows a token, and that token. Raises BadMessage."""
    request = decode_request(text)
    if request.method != AUTH:
        refusal = Refusal(Problem.TOKEN, f"Say who you are first: method {AUTH}")
        raise BadMessage(request.id, refusal)
    try:
        return request, decode_part(AuthParams, request.params, name="params").token
    except Refusal as refusal:
        raise BadMessage(request.id, refusal) from None


HANDLERS: Final = (enter_orders,)
