"""A load of orders by several users, and the history of what each of them was told.

The history is Jepsen's: an operation is invoked and then ok (an answer), fail (a definite refusal)
or info (nobody knows). The checker trusts the history and nothing of the product.
"""

import asyncio
import enum
import time
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

from bezant.client import APIProblem, Exchange, ExchangeAway, Session

PRICES: Final = (9_950, 10_050)  # In hundredths: a narrow book, so that much of it trades.
PAUSE_S: Final = 0.05
CANCEL_PERCENT: Final = 40


class Told(enum.Enum):
    """What a user knows of an operation."""

    OK = "ok"
    FAIL = "fail"
    INFO = "info"


@dataclass
class Operation:
    """One order or cancel of a user."""

    user: int
    client_id: str
    is_cancel: bool
    invoked_ns: int
    told: Told = Told.INFO
    answer: dict[str, Any] = field(default_factory=dict)


class History:
    """All operations of all users, in the order of their invocation."""

    def __init__(self) -> None:
        self.operations: list[Operation] = []

    def invoke(self, user: int, client_id: str, *, is_cancel: bool) -> Operation:
        """Note that an operation begins."""
        operation = Operation(user, client_id, is_cancel, time.monotonic_ns())
        self.operations.append(operation)
        return operation

    def count(self, told: Told) -> int:
        """Return how many operations ended so."""
        return sum(1 for operation in self.operations if operation.told is told)


class User:
    """Places and cancels orders until told to stop."""

    def __init__(self, number: int, session: Session, history: History, chance: Random) -> None:
        self._number = number
        self._session = session
        self._history = history
        self._chance = chance
        self._placed: list[str] = []
        self._next = 0

    async def run(self, stop: asyncio.Event) -> None:
        """Go on until `stop` is set."""
        while not stop.is_set():
            if self._placed and self._chance.randint(1, 100) <= CANCEL_PERCENT:
                told = await self._cancel(self._chance.choice(self._placed))
            else:
                told = await self._place()
            if told is Told.INFO:
                await asyncio.sleep(PAUSE_S)

    async def _place(self) -> Told:
        client_id = f"u{self._number}-{self._next}"
        self._next += 1
        operation = self._history.invoke(self._number, client_id, is_cancel=False)
        self._placed.append(client_id)
        cents = self._chance.randint(*PRICES)
        body = {
            "symbol": "BTCUSDT",
            "side": self._chance.choice(("buy", "sell")),
            "type": "limit",
            "price": f"{cents // 100}.{cents % 100:02}",
            "quantity": f"0.{self._chance.randint(1, 99):04}",
            "clientOrderId": client_id,
        }
        return await self._do(operation, "POST", "/api/v1/orders", body)

    async def _cancel(self, client_id: str) -> Told:
        operation = self._history.invoke(self._number, client_id, is_cancel=True)
        path = f"/api/v1/orders/by-client-id/{client_id}"
        return await self._do(operation, "DELETE", path, None)

    async def _do(self, operation: Operation, method: str, path: str, body: object) -> Told:
        try:
            operation.answer = await self._session.request(method, path, json=body)
            operation.told = Told.OK
        except APIProblem as problem:
            operation.told = Told.FAIL if problem.status < 500 else Told.INFO
            operation.answer = {"code": problem.code, "status": problem.status}
        except ExchangeAway:
            operation.told = Told.INFO
        return operation.told


async def log_in_when_there(exchange: Exchange, email: str, password: str) -> Session:
    """Return a session as soon as the exchange gives one."""
    while True:
        try:
            return await exchange.log_in(email, password)
        except (APIProblem, ExchangeAway):
            await asyncio.sleep(PAUSE_S)
