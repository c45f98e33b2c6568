"""A whole exchange in one process: real core, journal, relay, projector and gateway on PostgreSQL.

Requests go into the app without a network; everything behind it is the real part.
"""

import asyncio
import contextlib
import itertools
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from bezant.accounts import signing_keys
from bezant.accounts.models import Role, User
from bezant.accounts.operations import enqueue_open_account
from bezant.apps import core, gateway, projector, worker
from bezant.apps.operator import Desk
from bezant.core.ids import AccountId
from bezant.gateway.entry import door
from bezant.gateway.feed import keep_fresh
from bezant.gateway.house import House
from bezant.gateway.native.app import make_app
from bezant.gateway.site import Site
from bezant.gateway.stream import private
from bezant.gateway.stream.hub import StreamHub
from bezant.kit.config import Settings
from bezant.kit.paths import DataDir
from bezant.marketdata.listing import DEFAULT_PARAMETERS, AssetSpec, MarketSpec

KEY_BITS = 2048  # A key of 4096 bits takes seconds to find.
PLENTY = {"BTC": "1000", "USDT": "100000000"}
_emails = itertools.count(1)

Document = dict[str, Any]


class Client:
    """A user's way in: requests that carry a token."""

    def __init__(self, http: httpx.AsyncClient, user: User | None, token: str | None) -> None:
        self._http = http
        self.user = user
        self.token = token

    async def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        headers = dict(options.pop("headers", {}))
        if self.token is not None:
            headers.setdefault("Authorization", f"Bearer {self.token}")
        return await self._http.request(method, path, headers=headers, **options)

    async def get(self, path: str, **params: Any) -> httpx.Response:
        return await self.request("GET", path, params=params)

    async def post(self, path: str, body: object, **options: Any) -> httpx.Response:
        return await self.send(path, json.dumps(body), **options)

    async def patch(self, path: str, body: object) -> httpx.Response:
        return await self.send(path, json.dumps(body), method="PATCH")

    async def put(self, path: str, body: object) -> httpx.Response:
        return await self.send(path, json.dumps(body), method="PUT")

    async def send(
        self, path: str, content: str | bytes, *, method: str = "POST", **options: Any
    ) -> httpx.Response:
        """Send a body as it is, said to be JSON unless the headers say otherwise."""
        headers = {"Content-Type": "application/json"} | options.pop("headers", {})
        return await self.request(method, path, content=content, headers=headers, **options)

    async def delete(self, path: str, **params: Any) -> httpx.Response:
        return await self.request("DELETE", path, params=params)

    async def place(self, **changes: Any) -> httpx.Response:
        """Place a limit order; `changes` replace its fields, None leaves one out."""
        body = {
            "symbol": "BTCUSDT",
            "side": "buy",
            "type": "limit",
            "quantity": "0.5",
            "price": "100.00",
        } | changes
        return await self.post(
            "/api/v1/orders", {name: value for name, value in body.items() if value is not None}
        )

    async def placed(self, **changes: Any) -> Document:
        """Place an order that must be accepted; return its document."""
        reply = await self.place(**changes)
        assert reply.status_code == 201, reply.text
        document: Document = reply.json()
        return document

    async def order(self, order_id: str, seq: int = 0) -> Document:
        """Return an order as the read models have it, once they hold `seq`."""
        reply = await self.get(f"/api/v1/orders/{order_id}", minSeq=seq)
        assert reply.status_code == 200, reply.text
        document: Document = reply.json()
        return document

    async def balance(self, asset: str) -> Document:
        document: Document = (await self.get(f"/api/wallet/balance/{asset}")).json()
        return document


@dataclass
class Exchange:
    """What a test needs of the house."""

    settings: Settings
    house: House
    http: httpx.AsyncClient
    desk: Desk
    app: Any
    hub: StreamHub

    async def user(
        self,
        *,
        role: Role = Role.USER,
        tier: int = 0,
        funds: dict[str, str] | None = None,
        is_open: bool = True,
    ) -> Client:
        """Return a new user who is logged in and has `funds`, plenty unless said.

        Without `is_open` the core has not heard of the account yet.
        """
        email = f"user{next(_emails)}@example.com"
        async with self.house.pool.acquire() as conn, conn.transaction():
            user_id = await conn.fetchval(
                "INSERT INTO users (email, password_hash, role, tier) VALUES ($1, '', $2, $3) "
                "RETURNING id",
                email,
                role.value,
                tier,
            )
            account = await conn.fetchval(
                "INSERT INTO accounts (user_id) VALUES ($1) RETURNING id", user_id
            )
            number = await enqueue_open_account(conn, account) if is_open else None
        if number is not None:
            await self.desk.check_done([number])
        amounts = (PLENTY if is_open else {}) if funds is None else funds
        if amounts:
            await self.desk.credit(AccountId(account), amounts)
        user = User(user_id, account, email, role, tier, 0)
        return Client(self.http, user, self.house.tokens.issue(user))

    async def trade(self, price: str, *, symbol: str = "BTCUSDT", quantity: str = "0.1") -> int:
        """Let two strangers trade at a price, so that it is the last one; return the seq."""
        terms = {"symbol": symbol, "price": price, "quantity": quantity}
        maker, taker = await self.user(), await self.user()
        await maker.placed(side="sell", **terms)
        done = await taker.placed(side="buy", timeInForce="IOC", **terms)
        assert (done["status"], done["averagePrice"]) == ("filled", f"{price}0000"), done
        seq: int = done["seq"]
        return seq

    @property
    def anybody(self) -> Client:
        """A client without a token."""
        return Client(self.http, None, None)


@contextlib.asynccontextmanager
async def open_exchange(settings: Settings) -> AsyncIterator[Exchange]:
    """Start everything and list one market; stop everything at the end."""
    places = DataDir.of(settings)
    places.prepare()
    signing_keys.load_or_create(places.keys, KEY_BITS)
    roles = [
        asyncio.create_task(work)
        for work in (core.work(settings), projector.work(settings), worker.work(settings))
    ]
    try:
        async with Desk(settings) as desk, gateway.make_house(settings) as house:
            await list_markets(desk)
            hub = house.live = StreamHub(house, is_limited=False)
            feed = asyncio.create_task(keep_fresh(house, places.egress_socket, [hub]))
            streams = (*private.HANDLERS, *door.HANDLERS)
            app = make_app(house, Site(None), version="test", streams=streams)
            transport = httpx.ASGITransport(app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
                exchange = Exchange(settings, house, http, desk, app, hub)
                await wait_ready(http)
                yield exchange
            feed.cancel()
    finally:
        for task in reversed(roles):
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task


async def list_markets(desk: Desk) -> None:
    """List BTC, ETH and USDT and two markets with a band, a smallest notional and fees."""
    await desk.create_asset(AssetSpec(code="BTC", name="Bitcoin", scale=11, display_scale=8))
    await desk.create_asset(AssetSpec(code="ETH", name="Ether", scale=10, display_scale=8))
    await desk.create_asset(AssetSpec(code="USDT", name="Tether", scale=8, display_scale=2))
    for base in ("BTC", "ETH"):
        await desk.create_market(
            MarketSpec(
                base=base,
                quote="USDT",
                tick="0.01",
                lot="0.0001",
                notional_min="5",
                maker_ppm=500,
                taker_ppm=1_000,
                parameters=DEFAULT_PARAMETERS,
            )
        )


async def wait_ready(http: httpx.AsyncClient) -> None:
    for _ in range(200):
        if (await http.get("/health/ready")).status_code == 200:
            return
        await asyncio.sleep(0.05)
    raise AssertionError((await http.get("/health")).text)


def make_settings(folder: Path, dsn: str, **changes: Any) -> Settings:
    """Return the settings of an exchange on an existing database."""
    return Settings(data_dir=folder, database_url=dsn, **({"limits": "off"} | changes))
