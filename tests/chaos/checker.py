"""What must hold of a history after the faults: I5, I6 and I14 of the reliability page.

Imports nothing of the product but its public client.
"""

import asyncio
from collections import Counter
from typing import Any, Final

from bezant.client import APIProblem, ExchangeAway, Session
from tests.chaos.load import History, Operation, Told

RESOLVE_TIMEOUT_S: Final = 30.0
PAGE: Final = 1_000


async def check_history(history: History, sessions: dict[int, Session]) -> list[str]:
    """Return what is wrong, in sentences; nothing if all promises were kept."""
    wrong: list[str] = []
    for number, session in sessions.items():
        orders = await list_all_orders(session, await core_seq(session))
        by_client_id = {order["clientOrderId"]: order for order in orders}
        counts = Counter(order["clientOrderId"] for order in orders)
        wrong += [f"{name} stands {count} times" for name, count in counts.items() if count > 1]
        mine = [operation for operation in history.operations if operation.user == number]
        wrong += [line for one in mine if (line := _check(one, by_client_id))]
        wrong += await _resolve_all(session, mine, by_client_id)
    return wrong


def _check(operation: Operation, orders: dict[str, dict[str, Any]]) -> str:
    """Return what is wrong with one definite operation."""
    order = orders.get(operation.client_id)
    if operation.told is Told.OK and order is None:
        return f"{operation.client_id} was acknowledged and is not there"
    if operation.told is Told.OK and order is not None and order["id"] != operation.answer["id"]:
        return f"{operation.client_id} has another id than was acknowledged"
    if operation.told is Told.OK and operation.is_cancel and order is not None:
        if order["status"] != "canceled":
            return f"cancel of {operation.client_id} was acknowledged; it is {order['status']}"
        return ""
    if operation.told is Told.FAIL and not operation.is_cancel and order is not None:
        return f"{operation.client_id} was refused ({operation.answer}) and is there"
    return ""


async def _resolve_all(
    session: Session, operations: list[Operation], orders: dict[str, dict[str, Any]]
) -> list[str]:
    """Look up each unknown place by its client order id: the answer must agree with the list."""
    wrong = []
    for operation in operations:
        if operation.told is not Told.INFO or operation.is_cancel:
            continue
        found = await resolve(session, operation.client_id)
        if (found is None) != (operation.client_id not in orders):
            wrong.append(f"{operation.client_id}: the look-up and the list disagree")
    return wrong


async def resolve(session: Session, client_id: str) -> dict[str, Any] | None:
    """Return the order with a client order id, or None if there never was one."""
    async with asyncio.timeout(RESOLVE_TIMEOUT_S):
        while True:
            try:
                order: dict[str, Any] = await session.request(
                    "GET", f"/api/v1/orders/by-client-id/{client_id}"
                )
            except APIProblem as problem:
                if problem.status == 404:
                    return None
                await asyncio.sleep(0.1)
            except ExchangeAway:
                await asyncio.sleep(0.1)
            else:
                return order


async def core_seq(session: Session) -> int:
    """Return how far the core is: exact reads carry its seq."""
    document = await _patiently(session, "/api/wallet/balances", {})
    return int(document["seq"])


async def list_all_orders(session: Session, min_seq: int) -> list[dict[str, Any]]:
    """Return every order of a user, page by page, from a read model that holds `min_seq`."""
    orders: list[dict[str, Any]] = []
    params: dict[str, str | int] = {"status": "all", "limit": PAGE, "minSeq": min_seq}
    while True:
        page = await _patiently(session, "/api/v1/orders", params)
        orders += page["orders"]
        if not page["nextCursor"]:
            return orders
        params["cursor"] = page["nextCursor"]


async def _patiently(session: Session, path: str, params: dict[str, str | int]) -> dict[str, Any]:
    """Return a document; wait while something is still behind or away."""
    async with asyncio.timeout(RESOLVE_TIMEOUT_S):
        while True:
            try:
                document: dict[str, Any] = await session.request("GET", path, params=params)
            except APIProblem as problem:
                if problem.status < 500:
                    raise
                await asyncio.sleep(0.1)
            except ExchangeAway:
                await asyncio.sleep(0.1)
            else:
                return document
