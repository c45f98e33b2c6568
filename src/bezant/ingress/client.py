"""The core's client: many commands in flight on one connection, reconnecting by itself.

What the caller learns is exact: an outcome, a refusal at the door (nothing done), or *unknown*.
Not for retrying: only the caller knows the client order id that resolves an unknown outcome.
"""

import asyncio
import contextlib
from collections.abc import Sequence
from pathlib import Path
from typing import Final, cast

import msgspec
from msgspec import Raw, Struct

from bezant.core import codec
from bezant.core.codec import Outcome
from bezant.core.commands import Command
from bezant.core.reads import Answer, Read
from bezant.ingress.frames import (
    BATCH_COMMANDS_MAX,
    FRAME_SIZE_MAX,
    REPLY_SIZE_MAX,
    Answered,
    Query,
    Reply,
    Submit,
    SubmitStatus,
    Submitted,
)
from bezant.kit import sockets
from bezant.kit.framing import FrameReader, FrameTooLarge, pack

IN_FLIGHT_MAX: Final = 10_000
BACKOFF_FIRST_S: Final = 0.05
BACKOFF_MAX_S: Final = 1.0

_ENCODER: Final = msgspec.msgpack.Encoder()
_REPLIES: Final = msgspec.msgpack.Decoder(Reply)
_ANSWERS: Final = msgspec.msgpack.Decoder(Answer)


class CoreError(Exception):
    """Why a request to the core brought no outcome; each case is a class of its own."""


class CoreUnavailable(CoreError):
    """There is no connection to the core: nothing was sent."""


class OutcomeUnknown(CoreError):
    """The request was sent and no answer came: it may or may not be done.

    Resolve it by the client order id, or by sending the very same command again (L3.1, L3.3).
    """


class Overloaded(CoreError):
    """The core's inbox is too full; nothing was done, try again later."""


class RequestExpired(CoreError):
    """`valid_until_ns` passed before the command got a seq; nothing was done."""


class MalformedRequest(CoreError):
    """The core does not accept these bytes as a command; nothing was done."""


class CoreStopping(CoreError):
    """The core is going down; nothing was done."""


_REFUSALS: Final[dict[int, type[CoreError]]] = {
    SubmitStatus.OVERLOADED: Overloaded,
    SubmitStatus.EXPIRED: RequestExpired,
    SubmitStatus.MALFORMED: MalformedRequest,
    SubmitStatus.STOPPING: CoreStopping,
}


class Submission(Struct, frozen=True):
    """What a batch of commands did: one outcome a command, committed at `ts_ns`."""

    ts_ns: int
    outcomes: tuple[Outcome, ...]


class CoreClient:
    """One connection to the core's ingress, kept up for as long as the client is started.

    `address` is a Unix path or `tcp://host:port`. Commands keep the order of the calls.
    """

    def __init__(self, address: str | Path, *, in_flight_max: int = IN_FLIGHT_MAX) -> None:
        self._address = sockets.parse_address(address)
        self._in_flight_max = in_flight_max
        self._link: _Link | None = None
        self._connected = asyncio.Event()
        self._keeper: asyncio.Task[None] | None = None

    @property
    def is_connected(self) -> bool:
        """Whether a request could be sent now."""
        return self._link is not None

    async def start(self) -> None:
        """Begin to connect; does not wait for the core (see `wait_connected`)."""
        if self._keeper is None:
            self._keeper = asyncio.create_task(self._keep_connected())
            await asyncio.sleep(0)

    async def wait_connected(self, timeout_s: float) -> None:
        """Wait for a connection. Raises CoreUnavailable after `timeout_s`."""
        try:
            async with asyncio.timeout(timeout_s):
                await self._connected.wait()
        except TimeoutError as error:
            raise CoreUnavailable(f"no core answers at {self._address}") from error

    async def close(self) -> None:
        """Close the connection; what is in flight ends as unknown."""
        keeper, self._keeper = self._keeper, None
        if keeper is not None:
            keeper.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await keeper

    async def submit(
        self, commands: Sequence[Command], *, valid_until_ns: int = 0, timeout_s: float = 10
    ) -> Submission:
        """Submit 1 to 100 commands that stay adjacent; return their outcomes once committed.

        Raises CoreUnavailable, Overloaded, RequestExpired, MalformedRequest, CoreStopping (nothing
        was done) or OutcomeUnknown.
        """
        encoded = [codec.encode(command) for command in commands]
        return await self.submit_encoded(
            encoded, valid_until_ns=valid_until_ns, timeout_s=timeout_s
        )

    async def submit_encoded(
        self, commands: Sequence[bytes], *, valid_until_ns: int = 0, timeout_s: float = 10
    ) -> Submission:
        """Submit commands that are canonical bytes already; else as `submit`."""
        if not 1 <= len(commands) <= BATCH_COMMANDS_MAX:
            raise MalformedRequest(
                f"a batch has 1 to {BATCH_COMMANDS_MAX} commands, not {len(commands)}: split it"
            )
        raws = [Raw(command) for command in commands]
        link = self._get_link()
        request_id = link.next_id()
        frame = _ENCODER.encode(Submit(request_id, valid_until_ns, raws))
        try:
            reply = await link.ask(request_id, frame, timeout_s)
        except TimeoutError as error:
            raise OutcomeUnknown(f"no answer within {timeout_s} s") from error
        except ConnectionError as error:
            raise OutcomeUnknown("the connection to the core was lost") from error
        if not isinstance(reply, Submitted):
            raise OutcomeUnknown("the core answered a submit as if it were a query")
        _check_done(reply)
        outcomes = codec.decode_outcomes(b"".join(reply.outcomes), len(reply.outcomes))
        return Submission(reply.ts_ns, outcomes)

    async def query(self, read: Read, timeout_s: float = 5) -> Answer:
        """Ask an exact read of the core, answered at one committed seq.

        Raises CoreUnavailable (also without an answer in time: a read has no effect), Overloaded,
        MalformedRequest, CoreStopping.
        """
        link = self._get_link()
        request_id = link.next_id()
        frame = _ENCODER.encode(Query(request_id, Raw(codec.encode(read))))
        try:
            reply = await link.ask(request_id, frame, timeout_s)
        except TimeoutError as error:
            raise CoreUnavailable(f"no answer within {timeout_s} s") from error
        except ConnectionError as error:
            raise CoreUnavailable("the connection to the core was lost") from error
        if isinstance(reply, Answered):
            answer: Answer = _ANSWERS.decode(reply.answer)
            return answer
        _check_done(reply)
        raise CoreUnavailable("the core answered a query as if it were a submit")

    def _get_link(self) -> "_Link":
        if self._link is None:
            raise CoreUnavailable(f"no connection to the core at {self._address}")
        if self._link.in_flight >= self._in_flight_max:
            raise Overloaded(f"{self._in_flight_max} requests are in flight already")
        return self._link

    async def _keep_connected(self) -> None:
        """Connect, wait for the end, connect again, later each time while it fails."""
        backoff_s = BACKOFF_FIRST_S
        while True:
            link = _Link()
            try:
                await sockets.connect(lambda link=link: link, self._address)  # type: ignore[misc]
            except OSError:
                await asyncio.sleep(backoff_s)
                backoff_s = min(2 * backoff_s, BACKOFF_MAX_S)
                continue
            backoff_s = BACKOFF_FIRST_S
            self._link = link
            self._connected.set()
            try:
                await link.ended.wait()
            finally:
                self._link = None
                self._connected.clear()
                link.abort()
            await asyncio.sleep(backoff_s)


class _Link(asyncio.Protocol):
    """One connection: frames out, replies matched by request id."""

    def __init__(self) -> None:
        self.ended = asyncio.Event()
        self._transport: asyncio.Transport | None = None
        self._reader = FrameReader(REPLY_SIZE_MAX)
        self._waiting: dict[int, asyncio.Future[Reply]] = {}
        self._outgoing: list[bytes] = []
        self._last_id = 0

    @property
    def in_flight(self) -> int:
        return len(self._waiting)

    def next_id(self) -> int:
        self._last_id += 1
        return self._last_id

    async def ask(self, request_id: int, message: bytes, timeout_s: float) -> Reply:
        """Send a request and wait for its reply. Raises TimeoutError, ConnectionError."""
        if len(message) > FRAME_SIZE_MAX:
            raise MalformedRequest(
                f"the request has {len(message)} bytes, at most {FRAME_SIZE_MAX}: split it"
            )
        loop = asyncio.get_running_loop()
        reply: asyncio.Future[Reply] = loop.create_future()
        self._waiting[request_id] = reply
        if not self._outgoing:
            loop.call_soon(self._flush)  # Requests of one turn of the loop leave together.
        self._outgoing.append(pack(message))
        timer = loop.call_later(timeout_s, _time_out, reply)
        try:
            return await reply
        finally:
            timer.cancel()
            self._waiting.pop(request_id, None)

    def abort(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        try:
            for message in self._reader.feed(data):
                reply = _REPLIES.decode(message)
                waiting = self._waiting.get(reply.request_id)
                if waiting is not None and not waiting.done():
                    waiting.set_result(reply)
        except (FrameTooLarge, msgspec.DecodeError, UnicodeDecodeError):
            self.abort()  # Whatever this is, it is not our core: all in flight is unknown.

    def connection_lost(self, _: Exception | None) -> None:
        self.ended.set()
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(ConnectionResetError("lost"))
        self._waiting.clear()

    def _flush(self) -> None:
        outgoing, self._outgoing = self._outgoing, []
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(b"".join(outgoing))


def _time_out(reply: asyncio.Future[Reply]) -> None:
    if not reply.done():
        reply.set_exception(TimeoutError())


def _check_done(reply: Submitted) -> None:
    """Raise what a refusal at the door says."""
    if reply.status == SubmitStatus.DONE:
        return
    refusal = _REFUSALS.get(reply.status)
    if refusal is None:
        raise OutcomeUnknown(f"the core answered with the unknown status {reply.status}")
    raise refusal(reply.text)
