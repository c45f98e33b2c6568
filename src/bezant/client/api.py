"""An asynchronous client of the native REST API; documents come and go as JSON objects.

Amounts stay the decimal strings that the API speaks. Not for retrying on its own: an order whose
answer was lost is looked up by its client order id, and only the caller knows that.
"""

import time
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any, Final, Self

import httpx

Document = dict[str, Any]

TIMEOUT_S: Final = 15.0
REFRESH_BEFORE_S: Final = 60  # A session logs in again this long before its token ends.


class APIProblem(Exception):
    """The exchange refused a request, or could not do it (RFC 9457).

    `code` is the API's code such as ORDER_002, `reason` the core's name of the refusal or "".
    """

    def __init__(self, status: int, document: Mapping[str, Any], retry_after_s: int) -> None:
        self.status = status
        self.code = str(document.get("code", ""))
        self.reason = str(document.get("reason", ""))
        self.detail = str(document.get("detail", ""))
        self.errors: Sequence[Mapping[str, str]] = document.get("errors") or ()
        self.retry_after_s = retry_after_s
        super().__init__(f"{status} {self.code} {self.detail}")


class ExchangeAway(Exception):
    """No answer came: what was asked may or may not be done."""


class Exchange:
    """One exchange at a base URL; public reads, and sessions of its users."""

    def __init__(self, base_url: str, *, connections_max: int = 32) -> None:
        self.base_url = base_url.rstrip("/")
        limits = httpx.Limits(
            max_connections=connections_max, max_keepalive_connections=connections_max
        )
        self._http = httpx.AsyncClient(base_url=base_url, timeout=TIMEOUT_S, limits=limits)

    async def __aenter__(self) -> Self:
        """Open the connections as they are needed."""
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close all connections."""
        await self._http.aclose()

    async def request(
        self,
        method: str,
        path: str,
        *,
        json: object = None,
        params: Mapping[str, str | int] | None = None,
        token: str | None = None,
    ) -> Any:
        """Return the document that an endpoint answers.

        Raises APIProblem for any 4xx or 5xx, ExchangeAway where no answer came.
        """
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        try:
            response = await self._http.request(
                method, path, json=json, params=params, headers=headers
            )
        except httpx.HTTPError as error:
            raise ExchangeAway(f"{method} {path}: {error!r}") from error
        if response.is_success:
            return response.json() if response.content else None
        raise _problem(response)

    async def register(self, email: str, password: str) -> Document:
        """Create a user with one account."""
        document: Document = await self.request(
            "POST", "/api/auth/register", json={"email": email, "password": password}
        )
        return document

    async def log_in(self, email: str, password: str) -> "Session":
        """Return a session of a user."""
        session = Session(self, email, password)
        await session.renew()
        return session

    async def list_assets(self) -> list[Document]:
        """Return all assets."""
        assets: list[Document] = (await self.request("GET", "/api/market/assets"))["assets"]
        return assets

    async def list_markets(self) -> list[Document]:
        """Return all markets with grid, fees and status."""
        markets: list[Document] = (await self.request("GET", "/api/market/markets"))["markets"]
        return markets

    async def get_order_book(self, symbol: str, depth: int = 100) -> Document:
        """Return the best levels of a market."""
        path = f"/api/v1/orderbook/{symbol}"
        document: Document = await self.request("GET", path, params={"depth": depth})
        return document

    async def list_trades(self, symbol: str, limit: int = 100) -> list[Document]:
        """Return the newest public trades of a market."""
        params: dict[str, str | int] = {"symbol": symbol, "limit": limit}
        document = await self.request("GET", "/api/v1/trades", params=params)
        trades: list[Document] = document["trades"]
        return trades


class Session:
    """A logged-in user; renews its token before it ends."""

    def __init__(self, exchange: Exchange, email: str, password: str) -> None:
        self.exchange = exchange
        self._email = email
        self._password = password
        self._token = ""
        self._ends_at = 0.0

    async def renew(self) -> None:
        """Log in and keep the new token."""
        credentials = {"email": self._email, "password": self._password}
        document = await self.exchange.request("POST", "/api/auth/login", json=credentials)
        self._token = document["accessToken"]
        self._ends_at = time.monotonic() + document["expiresIn"]

    @property
    def is_due(self) -> bool:
        """Whether the token ends soon."""
        return time.monotonic() > self._ends_at - REFRESH_BEFORE_S

    async def get_token(self) -> str:
        """Return a token that lives a while yet. Raises APIProblem, ExchangeAway."""
        if self.is_due:
            await self.renew()
        return self._token

    async def request(
        self,
        method: str,
        path: str,
        *,
        json: object = None,
        params: Mapping[str, str | int] | None = None,
    ) -> Any:
        """Return what an endpoint answers this user. Raises APIProblem, ExchangeAway."""
        token = await self.get_token()
        return await self.exchange.request(method, path, json=json, params=params, token=token)

    async def place_order(self, order: Mapping[str, Any]) -> Document:
        """Place one order; the fields are those of `POST /api/v1/orders`."""
        document: Document = await self.request("POST", "/api/v1/orders", json=order)
        return document

    async def batch(self, operations: Sequence[Mapping[str, Any]]) -> list[Document]:
        """Do up to 100 operations on orders side by side; return a result for each."""
        body = {"operations": operations}
        document = await self.request("POST", "/api/v1/orders/batch", json=body)
        results: list[Document] = document["results"]
        return results

    async def amend_order(self, order_id: str, **changes: str) -> Document:
        """Give an open order another `quantity`, `price` or `newClientOrderId`."""
        path = f"/api/v1/orders/{order_id}"
        document: Document = await self.request("PATCH", path, json=changes)
        return document

    async def replace_order(self, order_id: str, order: Mapping[str, Any], **how: str) -> Document:
        """Cancel an order and place another in one; `how` are `mode` and `only`."""
        body = {"id": order_id, "order": order, **how}
        document: Document = await self.request("POST", "/api/v1/orders/replace", json=body)
        return document

    async def cancel_order(self, order_id: str, **how: str) -> Document:
        """Cancel one order by its id; `how` is `only`."""
        path = f"/api/v1/orders/{order_id}"
        document: Document = await self.request("DELETE", path, params=how)
        return document

    async def cancel_all(self, symbol: str | None = None) -> Document:
        """Cancel all of the user's orders, in one market or in all."""
        params = {} if symbol is None else {"symbol": symbol}
        document: Document = await self.request("DELETE", "/api/v1/orders", params=params)
        return document

    async def set_cancel_timer(self, timeout_ms: int, symbol: str | None = None) -> Document:
        """Let all orders be canceled after a while unless this is called again; 0 removes it."""
        body = {"timeoutMs": timeout_ms} | ({} if symbol is None else {"symbol": symbol})
        document: Document = await self.request("PUT", "/api/v1/cancel-timer", json=body)
        return document

    async def list_cancel_timers(self, min_seq: int = 0) -> list[Document]:
        """Return the timers that will act, from read models that hold `min_seq`."""
        params = {"minSeq": min_seq}
        timers: list[Document] = (await self.request("GET", "/api/v1/cancel-timer", params=params))[
            "timers"
        ]
        return timers

    async def get_settings(self) -> Document:
        """Return the settings of the user's account, exactly as the core has them now."""
        document: Document = await self.request("GET", "/api/v1/account/settings")
        return document

    async def set_self_trade_prevention(self, mode: str) -> Document:
        """Set the mode of orders that name none, from the next one on."""
        body = {"selfTradePrevention": mode}
        document: Document = await self.request("PATCH", "/api/v1/account/settings", json=body)
        return document

    async def place_order_list(self, order_list: Mapping[str, Any]) -> Document:
        """Place an order list; the fields are those of `POST /api/v1/order-lists`."""
        document: Document = await self.request("POST", "/api/v1/order-lists", json=order_list)
        return document

    async def get_order_list(self, list_id: str, min_seq: int = 0) -> Document:
        """Return an order list with its legs, from read models that hold `min_seq`."""
        path = f"/api/v1/order-lists/{list_id}"
        document: Document = await self.request("GET", path, params={"minSeq": min_seq})
        return document

    async def list_order_lists(self, **params: str | int) -> list[Document]:
        """Return the user's order lists; parameters are those of `GET /api/v1/order-lists`."""
        page = await self.request("GET", "/api/v1/order-lists", params=params)
        lists: list[Document] = page["lists"]
        return lists

    async def cancel_order_list(self, list_id: str) -> Document:
        """Cancel all open legs of a list."""
        document: Document = await self.request("DELETE", f"/api/v1/order-lists/{list_id}")
        return document

    async def list_orders(self, **params: str | int) -> list[Document]:
        """Return the user's orders; parameters are those of `GET /api/v1/orders`."""
        orders: list[Document] = (await self.request("GET", "/api/v1/orders", params=params))[
            "orders"
        ]
        return orders

    async def list_balances(self) -> list[Document]:
        """Return what the user has, exactly as the core has it now."""
        balances: list[Document] = (await self.request("GET", "/api/wallet/balances"))["balances"]
        return balances


def _problem(response: httpx.Response) -> APIProblem:
    try:
        document = response.json()
    except ValueError:
        document = {"detail": response.text[:200]}
    retry_after = response.headers.get("Retry-After", "0")
    return APIProblem(
        response.status_code,
        document if isinstance(document, dict) else {},
        int(retry_after) if retry_after.isdecimal() else 0,
    )
