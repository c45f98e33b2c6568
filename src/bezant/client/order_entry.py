"""Order entry over one WebSocket: many requests in flight, each awaited by its id.

Commands enter the house in the order of the calls. Not for retrying on its own: a request whose
reply was lost may be done, and is resolved by sending it again with its `clientOrderId`.
"""

import asyncio
import contextlib
import json
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any, Final, Self

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, ConnectionClosedError, WebSocketException

from bezant.client.api import APIProblem, Document, ExchangeAway, Session

PATH: Final = "/ws/api"
RENEW_PAUSE_S: Final = 10.0
FRAME_SIZE_MAX: Final = 16 * 1_048_576


class OrderEntry:
    """A session's connection for placing and canceling; use it with `async with`."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._socket: ClientConnection | None = None
        self._waiting: dict[str, asyncio.Future[Document]] = {}
        self._last_id = 0
        self._tasks: tuple[asyncio.Task[None], ...] = ()

    async def __aenter__(self) -> Self:
        """Connect and say who this is. Raises APIProblem, ExchangeAway."""
        address = self._session.exchange.base_url.replace("http", "ws", 1) + PATH
        try:
            self._socket = await connect(address, max_size=FRAME_SIZE_MAX, compression=None)
        except (OSError, WebSocketException) as error:
            raise ExchangeAway(f"{address}: {error!r}") from error
        self._tasks = (asyncio.create_task(self._listen(self._socket)),)
        try:
            await self._authenticate()
        except BaseException:
            await self.close()
            raise
        self._tasks += (asyncio.create_task(self._keep_renewed()),)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the connection."""
        await self.close()

    async def close(self) -> None:
        """Close the connection; what is in flight ends with ExchangeAway."""
        for task in self._tasks:
            task.cancel()
        if self._socket is not None:
            await self._socket.close()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def call(self, method: str, params: Mapping[str, Any] | None = None) -> Document:
        """Return what a method answers; `params` are those of the reference.

        Raises APIProblem where it was refused, ExchangeAway where no answer came: what was asked
        may or may not be done.
        """
        socket = self._socket
        if socket is None:
            raise ExchangeAway("not connected: use `async with`")
        self._last_id += 1
        request_id = str(self._last_id)
        answer: asyncio.Future[Document] = asyncio.get_running_loop().create_future()
        self._waiting[request_id] = answer
        try:
            await socket.send(
                json.dumps({"id": request_id, "method": method, "params": params or {}})
            )
            reply = await answer
        except ConnectionClosed as error:
            raise ExchangeAway(f"{method}: {error}") from error
        finally:
            self._waiting.pop(request_id, None)
        if "error" in reply:
            raise APIProblem(reply["status"], reply["error"], reply.get("retryAfter", 0))
        document: Document = reply["result"]
        return document

    async def place_order(self, order: Mapping[str, Any]) -> Document:
        """Place one order; the fields are those of `POST /api/v1/orders`."""
        return await self.call("order.place", order)

    async def cancel_order(self, order_id: str) -> Document:
        """Cancel one order by its id."""
        return await self.call("order.cancel", {"id": order_id})

    async def cancel_order_by_client_id(self, client_order_id: str) -> Document:
        """Cancel one order by its client order id."""
        return await self.call("order.cancel", {"clientOrderId": client_order_id})

    async def cancel_all(self, symbol: str | None = None) -> Document:
        """Cancel all open orders, of one market or of all."""
        return await self.call("order.cancelAll", {} if symbol is None else {"symbol": symbol})

    async def amend_order(self, order_id: str, **changes: str) -> Document:
        """Give an open order another `quantity`, `price` or `newClientOrderId`."""
        return await self.call("order.amend", {"id": order_id, **changes})

    async def replace_order(self, order_id: str, order: Mapping[str, Any], **how: str) -> Document:
        """Cancel an order and place another in one; `how` are `mode` and `only`."""
        return await self.call("order.replace", {"id": order_id, "order": order, **how})

    async def place_list(self, order_list: Mapping[str, Any]) -> Document:
        """Place an order list; the fields are those of `POST /api/v1/order-lists`."""
        return await self.call("orderList.place", order_list)

    async def cancel_list(self, list_id: str) -> Document:
        """Cancel a list with all of its open legs."""
        return await self.call("orderList.cancel", {"id": list_id})

    async def set_cancel_timer(self, timeout_ms: int, symbol: str | None = None) -> Document:
        """Set or renew the dead man's switch, or remove it with 0."""
        timer: dict[str, Any] = {"timeoutMs": timeout_ms}
        return await self.call(
            "cancelTimer.set", timer if symbol is None else timer | {"symbol": symbol}
        )

    async def batch(self, operations: Sequence[Mapping[str, Any]]) -> list[Document]:
        """Place and cancel up to 100 orders side by side; return a result for each."""
        results: list[Document] = (await self.call("batch", {"operations": operations}))["results"]
        return results

    async def get_status(self) -> Document:
        """Return how the session stands: whose it is, until when, how much is in flight."""
        return await self.call("session.status")

    async def _authenticate(self) -> None:
        token = await self._session.get_token()
        await self.call("session.auth", {"token": token})

    async def _listen(self, socket: ClientConnection) -> None:
        """Give each reply to who waits for it; at the end tell the rest that none will come."""
        lost: ConnectionClosed | None = None
        try:
            while True:
                reply = json.loads(await socket.recv())
                answer = self._waiting.get(reply["id"])
                if answer is not None and not answer.done():
                    answer.set_result(reply)
        except ConnectionClosed as closed:
            lost = closed
        finally:
            for answer in self._waiting.values():
                if not answer.done():
                    answer.set_exception(lost or ConnectionClosedError(None, None))

    async def _keep_renewed(self) -> None:
        """Show a fresh token before the one that the connection was opened with ends."""
        while True:
            await asyncio.sleep(RENEW_PAUSE_S)
            with contextlib.suppress(ExchangeAway, APIProblem):
                if self._session.is_due:
                    await self._authenticate()
