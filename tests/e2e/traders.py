"""Users of an exchange under test, and what they say and hear."""

import asyncio
import json
from itertools import count
from typing import Any

from bezant.client import Exchange, Session
from tests.e2e.house import House

PASSWORD = "correct horse battery"
_NUMBERS = count(1)


async def user(exchange: Exchange, house: House, name: str, **purse: str) -> Session:
    """Register somebody of this name, whom no other test of the same house has met."""
    email = f"{name}-{next(_NUMBERS)}@example.com"
    await exchange.register(email, PASSWORD)
    for asset, amount in purse.items():
        house.run("user", "credit", email, asset, amount)
    return await exchange.log_in(email, PASSWORD)


def order(side: str, price: str, quantity: str, client_id: str = "") -> dict[str, str]:
    terms = {
        "symbol": "BTCUSDT",
        "side": side,
        "type": "limit",
        "price": price,
        "quantity": quantity,
    }
    return {**terms, "clientOrderId": client_id} if client_id else terms


async def balance(session: Session, asset: str) -> tuple[str, str]:
    for row in await session.list_balances():
        if row["asset"] == asset:
            return row["available"], row["hold"]
    return "0", "0"


async def next_of(socket: Any, kind: str) -> dict[str, Any]:
    async with asyncio.timeout(20):
        while True:
            frame: dict[str, Any] = json.loads(await socket.recv())
            if frame["type"] == kind:
                return frame
