"""The core's only door in: sockets, strict decoding, one first-in first-out line a connection.

What is not the canonical encoding of a known command gets no further than here. Not for business
decisions: the engine refuses, the inbox turns away, this room only translates.
"""

import asyncio
from pathlib import Path
from typing import Final, cast

import msgspec
from msgspec import Raw

from bezant.core import codec
from bezant.core.codec import MalformedMessage
from bezant.core.commands import (
    AmendOrder,
    Command,
    PlaceList,
    PlaceOrder,
    Quarantined,
    ReplaceOrder,
    Tick,
)
from bezant.ingress.frames import (
    FRAME_SIZE_MAX,
    Answered,
    Query,
    Request,
    Submit,
    SubmitStatus,
    Submitted,
)
from bezant.kit import sockets
from bezant.kit.framing import FrameReader, FrameTooLarge, pack
from bezant.kit.log import get_logger
from bezant.sequencer import inbox as inboxes
from bezant.sequencer.inbox import Done, Inbox, Question, Settlement, TurnedAway

CONNECTIONS_MAX: Final = 1_000
REPLIES_SIZE_MAX: Final = 64 * 1_048_576  # A client that reads no replies is cut off above it.

_ENCODER: Final = msgspec.msgpack.Encoder()
_REQUESTS: Final = msgspec.msgpack.Decoder(Request)
_NEW_ORDERS: Final = (PlaceOrder, PlaceList, ReplaceOrder)
_SEQUENCERS_OWN: Final = (Tick, Quarantined)

_STATUS: Final = {
    TurnedAway.OVERLOADED: (
        SubmitStatus.OVERLOADED,
        "the core's inbox is too full: nothing was done, try again later",
    ),
    TurnedAway.EXPIRED: (
        SubmitStatus.EXPIRED,
        "valid_until_ns passed before the command got its place: nothing was done",
    ),
    TurnedAway.STOPPING: (
        SubmitStatus.STOPPING,
        "the core is going down: nothing was done, try again later",
    ),
}

log = get_logger(__name__)


class IngressServer:
    """Accepts connections and puts what they bring into the inbox."""

    def __init__(self, inbox: Inbox) -> None:
        self._inbox = inbox
        self._server: asyncio.Server | None = None
        self._connections: set[_Connection] = set()

    @property
    def connection_count(self) -> int:
        """How many clients are connected."""
        return len(self._connections)

    async def start(self, address: str | Path) -> None:
        """Open the door. Raises OSError, BadAddress."""
        self._server = await sockets.listen(
            lambda: _Connection(self._inbox, self._connections), sockets.parse_address(address)
        )

    async def close(self) -> None:
        """Close the door; replies that are written already still go out."""
        if self._server is not None:
            self._server.close()
        for connection in tuple(self._connections):
            connection.close()
        await asyncio.sleep(0)


class _Connection(asyncio.Protocol):
    """One client."""

    def __init__(self, inbox: Inbox, connections: "set[_Connection]") -> None:
        self._inbox = inbox
        self._connections = connections
        self._reader = FrameReader(FRAME_SIZE_MAX)
        self._transport: asyncio.Transport | None = None
        self._outgoing: list[bytes] = []

    def close(self) -> None:
        """Send what is there and hang up."""
        self._flush()
        if self._transport is not None:
            self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        if len(self._connections) >= CONNECTIONS_MAX:
            log.warning("ingress.connections_too_many", limit=CONNECTIONS_MAX)
            self._transport.abort()
            return
        self._connections.add(self)

    def connection_lost(self, _: Exception | None) -> None:
        self._connections.discard(self)
        self._transport = None

    def pause_writing(self) -> None:
        """Read no more from a client that does not read its replies."""
        if self._transport is not None:
            self._transport.pause_reading()

    def resume_writing(self) -> None:
        if self._transport is not None:
            self._transport.resume_reading()

    def data_received(self, data: bytes) -> None:
        try:
            for message in self._reader.feed(data):
                self._take(message)
        except (FrameTooLarge, msgspec.DecodeError, UnicodeDecodeError) as error:
            log.warning("ingress.stream_malformed", error=str(error))
            if self._transport is not None:
                self._transport.abort()

    def _take(self, message: bytes) -> None:
        try:
            request = _REQUESTS.decode(message)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            self._reply(_malformed(_request_id(message), str(error)))
            return
        if isinstance(request, Submit):
            self._submit(request)
        else:
            self._query(request)

    def _submit(self, submit: Submit) -> None:
        """Decode each command strictly and let them in together."""
        request_id = submit.request_id
        has_new_order = False
        try:
            for raw in submit.commands:
                command = codec.decode_command(raw)
                _check_not_own(command)
                _check_texts(command)
                has_new_order = has_new_order or isinstance(command, _NEW_ORDERS)
        except MalformedMessage as error:
            self._reply(_malformed(request_id, str(error)))
            return
        self._inbox.submit(
            inboxes.Request(
                commands=[bytes(raw) for raw in submit.commands],
                has_new_order=has_new_order,
                valid_until_ns=submit.valid_until_ns,
                settle=lambda settlement: self._reply(_submitted(request_id, settlement)),
            )
        )

    def _query(self, query: Query) -> None:
        request_id = query.request_id
        self._inbox.ask(
            Question(
                bytes(query.question),
                lambda answer: self._reply(_answered(request_id, answer)),
            )
        )

    def _reply(self, message: bytes) -> None:
        """Send a reply; those of one turn of the loop leave together."""
        if self._transport is None:
            return
        if not self._outgoing:
            asyncio.get_running_loop().call_soon(self._flush)
        self._outgoing.append(pack(message))

    def _flush(self) -> None:
        outgoing, self._outgoing = self._outgoing, []
        transport = self._transport
        if transport is None or transport.is_closing() or not outgoing:
            return
        transport.write(b"".join(outgoing))
        if transport.get_write_buffer_size() > REPLIES_SIZE_MAX:
            log.warning("ingress.client_does_not_read", limit=REPLIES_SIZE_MAX)
            transport.abort()


def _check_not_own(command: Command) -> None:
    if isinstance(command, _SEQUENCERS_OWN):
        raise MalformedMessage(f"{type(command).__name__} is made by the sequencer only")


def _check_texts(command: Command) -> None:
    """Stop a NUL in a client id: the core would take it, no table of the read models can."""
    match command:
        case PlaceOrder(order=order):
            texts: tuple[str, ...] = (order.client_id,)
        case PlaceList(list_client_id=client_id, legs=legs):
            texts = (client_id, *(leg.client_id for leg in legs))
        case ReplaceOrder(order=order):
            texts = (order.client_id,)
        case AmendOrder(new_client_id=client_id):
            texts = (client_id,)
        case _:
            return
    if any("\x00" in text for text in texts):
        raise MalformedMessage("a client id holds a NUL character: leave it out")


def _request_id(message: bytes) -> int:
    """Return the request id of a request that is malformed otherwise. Raises DecodeError."""
    fields = msgspec.msgpack.decode(message)
    if isinstance(fields, list) and len(fields) > 1 and isinstance(fields[1], int):
        return fields[1]
    raise msgspec.DecodeError("neither a request nor something that says which one it was meant")


def _malformed(request_id: int, text: str) -> bytes:
    return _ENCODER.encode(Submitted(request_id, SubmitStatus.MALFORMED, 0, [], text))


def _submitted(request_id: int, settlement: Settlement) -> bytes:
    if isinstance(settlement, Done):
        outcomes = [Raw(outcome) for outcome in settlement.outcomes]
        done = Submitted(request_id, SubmitStatus.DONE, settlement.ts_ns, outcomes, "")
        return _ENCODER.encode(done)
    status, text = _STATUS[settlement]
    return _ENCODER.encode(Submitted(request_id, status, 0, [], text))


def _answered(request_id: int, answer: bytes | TurnedAway | MalformedMessage) -> bytes:
    if isinstance(answer, bytes):
        return _ENCODER.encode(Answered(request_id, Raw(answer)))
    if isinstance(answer, MalformedMessage):
        return _malformed(request_id, str(answer))
    return _submitted(request_id, answer)
