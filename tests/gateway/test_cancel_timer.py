"""The dead man's switch: set, renewed, removed, and what it does when nobody renews it."""

import asyncio
from datetime import datetime
from typing import Any

import pytest

from tests.gateway.exchange import Client, Exchange

pytestmark = pytest.mark.asyncio(loop_scope="module")

PATH = "/api/v1/cancel-timer"


async def test_it_cancels_all_orders_when_it_is_due(alice: Client) -> None:
    order = await alice.placed(price="10.00")
    reply = await alice.put(PATH, {"timeoutMs": 1000})
    assert reply.status_code == 200, reply.text
    timer = reply.json()
    assert (timer["symbol"], timer["timeoutMs"]) == (None, 1000)
    placed_at = datetime.fromisoformat(order["createdAt"])
    assert (datetime.fromisoformat(timer["dueAt"]) - placed_at).total_seconds() >= 1

    shown = await alice.order(order["id"], timer["seq"])
    for _ in range(100):
        if shown["status"] != "new":
            break
        await asyncio.sleep(0.05)
        shown = await alice.order(order["id"])
    assert (shown["status"], shown["reason"]) == ("canceled", "timer")
    assert shown["updatedAt"] >= timer["dueAt"]


async def test_it_is_set_for_one_market_and_removed(alice: Client) -> None:
    order = await alice.placed(price="10.00")
    other = await alice.put(PATH, {"timeoutMs": 1000, "symbol": "ethusdt"})
    assert other.json()["symbol"] == "ETHUSDT"
    await alice.put(PATH, {"timeoutMs": 1000, "symbol": "BTCUSDT"})
    removed = await alice.put(PATH, {"timeoutMs": 0, "symbol": "BTCUSDT"})
    assert (removed.status_code, removed.json()["dueAt"]) == (200, None)
    await asyncio.sleep(1.5)
    assert (await alice.order(order["id"]))["status"] == "new"


async def test_timers_are_listed_until_they_act_or_are_removed(
    exchange: Exchange, alice: Client, bob: Client
) -> None:
    assert (await alice.get(PATH)).json()["timers"] == []
    one = (await alice.put(PATH, {"timeoutMs": 60_000, "symbol": "ETHUSDT"})).json()
    every = (await alice.put(PATH, {"timeoutMs": 30_000})).json()
    reply = await alice.get(PATH, minSeq=every["seq"])
    assert reply.status_code == 200, reply.text
    assert reply.json()["seq"] >= every["seq"]
    assert reply.json()["timers"] == [
        {"symbol": None, "dueAt": every["dueAt"]},
        {"symbol": "ETHUSDT", "dueAt": one["dueAt"]},
    ]
    assert (await bob.get(PATH)).json()["timers"] == []

    again = (await alice.put(PATH, {"timeoutMs": 1_000})).json()
    gone = (await alice.put(PATH, {"timeoutMs": 0, "symbol": "ETHUSDT"})).json()
    left = (await alice.get(PATH, minSeq=gone["seq"])).json()["timers"]
    assert left == [{"symbol": None, "dueAt": again["dueAt"]}]
    for _ in range(100):
        if not left:
            break
        await asyncio.sleep(0.05)
        left = (await alice.get(PATH)).json()["timers"]
    assert left == []
    assert (await exchange.anybody.get(PATH)).status_code == 401


@pytest.mark.parametrize(
    ("params", "field"), [({"minSeq": "soon"}, "minSeq"), ({"symbol": "BTCUSDT"}, "symbol")]
)
async def test_a_list_of_timers_takes_only_min_seq(
    alice: Client, params: dict[str, str], field: str
) -> None:
    problem = (await alice.get(PATH, **params)).json()
    assert (problem["code"], problem["errors"][0]["field"]) == ("VALIDATION_001", field)


@pytest.mark.parametrize(
    ("body", "code", "field", "words"),
    [
        ({"timeoutMs": 999}, "ORDER_020", "timeoutMs", "use 1000 to 86400000, or 0 to remove"),
        ({"timeoutMs": 86_400_001}, "ORDER_020", "timeoutMs", "86400001 is out of range"),
        ({"timeoutMs": -1}, "VALIDATION_001", "timeoutMs", "must be at least 0"),
        ({"timeoutMs": "1000"}, "VALIDATION_001", "timeoutMs", "must be a whole number"),
        ({}, "VALIDATION_001", "timeoutMs", "is missing"),
        ({"timeoutMs": 1000, "symbol": "XY"}, "ORDER_001", "symbol", "no market"),
        (
            {"timeoutMs": 1000, "symbol": None},
            "VALIDATION_001",
            "symbol",
            "must be a string, not null",
        ),
        ({"timeoutMs": 1000, "validUntil": "2020-01-01T00:00:00Z"}, "ORDER_019", None, "arrived"),
    ],
)
async def test_a_timer_that_cannot_be_says_why(
    alice: Client, body: dict[str, Any], code: str, field: str | None, words: str
) -> None:
    problem = (await alice.put(PATH, body)).json()
    assert problem["code"] == code, problem
    assert [one["field"] for one in problem.get("errors", [])] == ([field] if field else [])
    assert words in problem["detail"], problem
