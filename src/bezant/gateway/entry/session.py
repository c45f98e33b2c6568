"""One connection's session: requests in, worked on side by side, replies out as they are done.

At most `IN_FLIGHT_MAX` requests are worked on at once, and while a client does not take its replies
nothing more is read of it, so that no client lets memory grow.
"""

import asyncio
import time
from itertools import takewhile
from typing import Final

from bezant.accounts.models import Caller
from bezant.gateway.access import Charge
from bezant.gateway.entry.lane import Lane, Turn
from bezant.gateway.entry.messages import (
    BadMessage,
    Request,
    answered,
    decode_request,
    refused,
)
from bezant.gateway.entry.methods import Pulse, Standing, Visit, get_method
from bezant.gateway.metrics import GatewayMetrics
from bezant.gateway.native.faults import explain_error
from bezant.gateway.native.problems import Problem, Refusal, field_refusal
from bezant.gateway.native.times import time_text
from bezant.gateway.stream.connection import Connection
from bezant.gateway.stream.hub import StreamHub
from bezant.gateway.stream.outlet import Outlet
from bezant.gateway.strict_json import decode_part
from bezant.gateway.trail import new_trace_id
from bezant.kit.clock import NS_PER_S

IN_FLIGHT_MAX: Final = 1_000
METRIC: Final = "WS"  # What stands in the place of HTTP's method.
REPLIES_MAX: Final = 1_000  # That wait for the client before nothing more is read of it.


class Session:
    """What one client has asked and not yet been answered."""

    def __init__(
        self, connection: Connection, hub: StreamHub, caller: Caller, metrics: GatewayMetrics
    ) -> None:
        self.caller = caller
        self._metrics = metrics
        self._connection = connection
        self._hub = hub
        self._lane = Lane(hub.house.core)
        self._working: dict[str, asyncio.Task[None]] = {}
        # Room for what is refused at once and for all that is in flight.
        self._replies = Outlet(REPLIES_MAX + IN_FLIGHT_MAX + 1)

    async def read(self) -> None:
        """Take in requests for as long as the connection is there."""
        while True:
            text = await self._connection.receive_text()
            await self._replies.wait_below(REPLIES_MAX)
            self.take(text)

    async def write(self) -> None:
        """Send replies as they come. Raises Close where the client does not take them."""
        while True:
            await self._connection.send_all(await self._replies.take())

    def take(self, text: str | None) -> None:
        """Begin to work on a request, or refuse it; never waits."""
        try:
            request = decode_request(text)
            self._check_room(request.id)
        except BadMessage as bad:
            self._replies.put(refused(bad.request_id, bad.refusal))
            return
        work = self._work(request, self._lane.join())
        self._working[request.id] = asyncio.create_task(work)

    def put(self, text: str) -> None:
        """Queue a text for the client."""
        self._replies.put(text)

    def close(self) -> None:
        """Stop working: there is nobody to answer. What has entered the core is done."""
        for task in self._working.values():
            task.cancel()

    def renew(self, token: str) -> Standing:
        """Go on with a fresh token of the same account. Raises Refusal (AUTH_005)."""
        caller = self._hub.house.access.identify(token)
        if caller.account != self.caller.account:
            raise Refusal(
                Problem.TOKEN, "The token is another account's: open a connection for that one"
            )
        self.caller = caller
        return self.stand()

    def stand(self) -> Standing:
        """Return how the session stands."""
        return Standing(
            str(self.caller.account),
            time_text(self.caller.expires_at_s * NS_PER_S),
            len(self._working),
            IN_FLIGHT_MAX,
        )

    def pulse(self) -> Pulse:
        """Return how the house is."""
        return Pulse(self._hub.now_ms(), self._hub.seq, self._hub.house.core.is_connected)

    def _check_room(self, request_id: str) -> None:
        if request_id in self._working:
            said = "id is that of a request in flight: use another one, or wait for its reply"
            raise BadMessage(request_id, field_refusal(Problem.MALFORMED, "id", "duplicate", said))
        if len(self._working) >= IN_FLIGHT_MAX:
            said = f"{IN_FLIGHT_MAX} requests are in flight, which is the most: wait for replies"
            raise BadMessage(request_id, Refusal(Problem.IN_FLIGHT, said))

    async def _settle_before(self, request: Request) -> None:
        """Wait until all that came before a request on this connection are answered."""
        ids = takewhile(lambda one: one != request.id, self._working)
        earlier = [self._working[one] for one in ids]
        if earlier:
            await asyncio.wait(earlier)

    async def _work(self, request: Request, turn: Turn) -> None:
        """Do one request and queue its reply, whatever becomes of it."""
        charge: Charge | None = None
        began, name = time.perf_counter(), "none"
        try:
            method, name = get_method(request.method), request.method
            params = decode_part(method.params, request.params, name="params")
            access = self._hub.house.access
            charge = access.charge(self.caller, method.roles, orders=method.count_orders(params))
            if charge is not None:
                charge.check()
            if method.needs_answers(params):
                await self._settle_before(request)
            visit = Visit(self._hub.house.through(turn), self.caller, self)
            done = await method.run(visit, params)
            status = done.status
            text = answered(request, status, done.document, charge)
        except Exception as error:  # noqa: BLE001 - Each request is answered; faults are logged.
            trace_id = new_trace_id()
            refusal = explain_error(error, trace_id)
            status = refusal.problem.status
            text = refused(request.id, refusal, charge, trace_id=trace_id)
        finally:
            turn.leave()
            del self._working[request.id]
        self._metrics.observe(METRIC, name, status, time.perf_counter() - began)
        self._replies.put(text)
