"""Open orders changed: amended in place, or replaced by another in one entry."""

import asyncio
from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any

import pytest
import pytest_asyncio

from tests.gateway.exchange import Client, Exchange

pytestmark = pytest.mark.asyncio(loop_scope="module")

NEW = {"symbol": "BTCUSDT", "side": "buy", "type": "limit", "quantity": "1", "price": "21.00"}


@pytest_asyncio.fixture(loop_scope="module")
async def carol(exchange: Exchange) -> AsyncIterator[Client]:
    """A user whose orders are gone after the test."""
    user = await exchange.user()
    yield user
    await user.delete("/api/v1/orders")


async def amend(user: Client, order: dict[str, Any], **fields: Any) -> dict[str, Any]:
    reply = await user.patch(f"/api/v1/orders/{order['id']}", fields)
    assert reply.status_code == 200, reply.text
    amended: dict[str, Any] = reply.json()
    return amended


async def test_less_keeps_the_place_and_more_loses_it(carol: Client, bob: Client) -> None:
    first = await carol.placed(side="sell", price="70.00", quantity="1")
    rival = await bob.placed(side="sell", price="70.00", quantity="1")

    less = await amend(carol, first, quantity="0.6")
    assert (less["keptPriority"], less["quantity"], less["status"]) == (True, "0.6000", "new")
    assert less["createdAt"] == first["createdAt"]
    assert (await carol.balance("BTC"))["hold"] == "0.60000000000"
    more = await amend(carol, first, quantity="0.8")
    assert (more["keptPriority"], more["quantity"], more["fills"]) == (False, "0.8000", [])

    taker = await bob.placed(price="70.00", quantity="0.5", selfTradePrevention="none")
    assert (await bob.order(rival["id"], taker["seq"]))["filledQuantity"] == "0.5000"
    assert (await carol.order(first["id"], taker["seq"]))["quantity"] == "0.8000"
    await bob.delete("/api/v1/orders")


async def test_another_price_may_trade_at_once(carol: Client, bob: Client) -> None:
    await bob.placed(side="sell", price="71.00", quantity="0.4")
    order = await carol.placed(price="69.00", quantity="1")
    moved = await amend(carol, order, price="71.00")
    assert (moved["status"], moved["filledQuantity"], moved["averagePrice"]) == (
        "partially_filled", "0.4000", "71.000000",
    )  # fmt: skip
    assert [(fill["quantity"], fill["role"]) for fill in moved["fills"]] == [("0.4000", "taker")]
    read = await carol.order(order["id"], moved["seq"])
    assert read["price"] == "71.00"
    assert read | {"keptPriority": False} == moved


async def test_both_client_ids_name_it_afterwards(carol: Client) -> None:
    order = await carol.placed(price="20.00", clientOrderId="before")
    reply = await carol.patch(
        "/api/v1/orders/by-client-id/before", {"newClientOrderId": "after", "quantity": "0.4"}
    )
    assert (reply.status_code, reply.json()["clientOrderId"]) == (200, "after"), reply.text
    for name in ("before", "after"):
        path = f"/api/v1/orders/by-client-id/{name}"
        found = await carol.get(path, minSeq=reply.json()["seq"])
        assert (found.json()["id"], found.json()["clientOrderId"]) == (order["id"], "after")
    again = await carol.patch(
        "/api/v1/orders/by-client-id/before", {"newClientOrderId": "after", "quantity": "0.4"}
    )
    assert (again.status_code, again.json()["reason"]) == (400, "NO_CHANGE")


@pytest.mark.parametrize(
    ("fields", "code", "field", "words"),
    [
        ({}, "VALIDATION_001", "quantity", "nothing to change"),
        ({"quantity": "0.5"}, "ORDER_016", None, "change one of them"),
        ({"quantity": "0.1"}, "ORDER_016", "quantity", "0.1000 is not above what is filled"),
        ({"quantity": "0.00001"}, "ORDER_005", "quantity", "lot size 0.0001"),
        ({"quantity": "0"}, "ORDER_005", "quantity", "above 0"),
        ({"price": "20.005"}, "ORDER_002", "price", "tick size 0.01"),
        ({"price": "0"}, "ORDER_002", "price", "above 0"),
        ({"price": 20}, "VALIDATION_001", "price", "string in quotes"),
        ({"quantity": "0.2", "price": "1.00"}, "ORDER_006", "quantity", "minimum notional"),
        ({"newClientOrderId": ""}, "VALIDATION_001", "newClientOrderId", "1 to 36 bytes"),
        ({"newClientOrderId": "other"}, "ORDER_008", "newClientOrderId", "use a new one"),
        ({"clientOrderId": "other"}, "VALIDATION_001", "clientOrderId", "leave it out"),
        ({"quantity": "99999999"}, "WALLET_001", "quantity", "USDT is too low"),
    ],
)
async def test_an_amend_that_cannot_be_says_why(
    carol: Client, bob: Client, fields: dict[str, Any], code: str, field: str | None, words: str
) -> None:
    await carol.placed(price="19.00", clientOrderId="other")
    order = await carol.placed(price="60.00", quantity="0.5")
    await bob.placed(side="sell", price="60.00", quantity="0.1")
    reply = await carol.patch(f"/api/v1/orders/{order['id']}", fields)
    problem = reply.json()
    assert problem["code"] == code, problem
    assert words in problem["detail"], problem
    assert [one["field"] for one in problem.get("errors", [])] == ([field] if field else [])


async def test_what_is_not_open_cannot_be_amended(carol: Client, bob: Client) -> None:
    order = await carol.placed(price="20.00")
    path = f"/api/v1/orders/{order['id']}"
    strangers = await bob.patch(path, {"quantity": "0.1"})
    assert (strangers.status_code, strangers.json()["code"]) == (404, "ORDER_003")
    await carol.delete(path)
    ended = await carol.patch(path, {"quantity": "0.1"})
    assert (ended.status_code, ended.json()["code"]) == (400, "ORDER_004")
    assert "cannot be changed" in ended.json()["detail"]
    unknown = await carol.patch("/api/v1/orders/by-client-id/nobody", {"quantity": "0.1"})
    assert unknown.json()["errors"][0]["field"] == "clientOrderId"


async def test_a_stop_may_shrink_and_no_more(exchange: Exchange, carol: Client) -> None:
    await exchange.trade("50.00")
    stop = await carol.placed(type="stop_limit", price="60.00", triggerPrice="60.00", quantity="1")
    less = await amend(carol, stop, quantity="0.5")
    assert (less["status"], less["quantity"]) == ("pending_trigger", "0.5000")
    reply = await carol.patch(f"/api/v1/orders/{stop['id']}", {"price": "61.00"})
    assert reply.json()["reason"] == "AMEND_NOT_ALLOWED"


async def test_only_restricts_a_cancel(carol: Client, bob: Client) -> None:
    order = await carol.placed(price="61.00", quantity="1")
    path = f"/api/v1/orders/{order['id']}"
    whole = await carol.delete(path, only="partially_filled")
    assert (whole.status_code, whole.json()["code"]) == (400, "ORDER_017")
    assert whole.json()["errors"][0]["field"] == "only"
    assert "only is partially_filled" in whole.json()["detail"]
    await bob.placed(side="sell", price="61.00", quantity="0.1")
    assert (await carol.delete(path, only="new")).json()["code"] == "ORDER_017"
    assert (await carol.delete(path, only="partially_filled")).json()["status"] == "canceled"


async def test_a_replacement_tells_both_parts(carol: Client) -> None:
    old = await carol.placed(price="20.00", clientOrderId="old")
    body = {"clientOrderId": "old", "order": NEW | {"clientOrderId": "new"}}
    reply = await carol.post("/api/v1/orders/replace", body)
    assert reply.status_code == 201, reply.text
    document = reply.json()
    assert document["cancel"] == {
        "ok": True,
        "order": {
            "id": old["id"], "symbol": "BTCUSDT", "filledQuantity": "0.0000",
            "status": "canceled", "reason": "replaced",
        },
    }  # fmt: skip
    assert document["place"]["ok"] is True
    assert document["place"]["order"]["price"] == "21.00"
    assert document["place"]["order"]["seq"] == document["seq"]
    ended = await carol.order(old["id"], document["seq"])
    assert (ended["status"], ended["reason"]) == ("canceled", "replaced")

    await carol.delete("/api/v1/orders/by-client-id/new")
    again = await carol.post("/api/v1/orders/replace", body)
    assert (again.status_code, again.content) == (200, reply.content)
    other = await carol.post("/api/v1/orders/replace", body | {"mode": "allow_failure"})
    assert (other.status_code, other.json()["code"]) == (409, "ORDER_008")
    assert other.json()["errors"][0]["field"] == "order.clientOrderId"


async def test_stop_on_failure_places_nothing(carol: Client) -> None:
    body = {"id": "640", "order": NEW | {"clientOrderId": "s1"}, "mode": "stop_on_failure"}
    reply = await carol.post("/api/v1/orders/replace", body)
    assert (reply.status_code, reply.json()["code"]) == (404, "ORDER_003")
    assert reply.json()["errors"][0]["field"] == "id"
    assert (await carol.get("/api/v1/orders", status="open")).json()["orders"] == []


async def test_allow_failure_places_all_the_same(carol: Client) -> None:
    body = {
        "id": "640", "order": NEW | {"clientOrderId": "a1"}, "mode": "allow_failure",
    }  # fmt: skip
    reply = await carol.post("/api/v1/orders/replace", body)
    assert reply.status_code == 201
    document = reply.json()
    assert document["cancel"]["error"]["reason"] == "ORDER_UNKNOWN"
    assert (document["cancel"]["ok"], document["place"]["ok"]) == (False, True)
    again = await carol.post("/api/v1/orders/replace", body)
    assert (again.status_code, again.content) == (200, reply.content)


@pytest.mark.parametrize("mode", ["stop_on_failure", "allow_failure"])
async def test_a_new_order_that_funds_refuse_leaves_the_old_canceled(
    exchange: Exchange, mode: str
) -> None:
    poor = await exchange.user(funds={"USDT": "30"})
    old = await poor.placed(price="20.00", quantity="1")
    body = {"id": old["id"], "mode": mode, "order": NEW | {"price": "31.00"}}
    reply = await poor.post("/api/v1/orders/replace", body)
    assert reply.status_code == 200
    document = reply.json()
    assert document["cancel"]["order"]["id"] == old["id"]
    assert document["place"]["error"]["code"] == "WALLET_001"
    assert document["place"]["error"]["errors"][0]["field"] == "order.quantity"
    assert (await poor.order(old["id"], document["seq"]))["reason"] == "replaced"


async def test_both_parts_refused_did_nothing(exchange: Exchange) -> None:
    poor = await exchange.user(funds={"USDT": "30"})
    body = {"id": "640", "mode": "allow_failure", "order": NEW | {"price": "31.00"}}
    reply = await poor.post("/api/v1/orders/replace", body)
    assert (reply.status_code, reply.json()["code"]) == (400, "WALLET_001")


@pytest.mark.parametrize(
    ("fields", "code", "field"),
    [
        ({"order": NEW | {"price": "0"}}, "ORDER_002", "order.price"),
        ({"order": NEW | {"price": "21.005"}}, "ORDER_002", "order.price"),
        ({"order": NEW | {"symbol": "XY"}}, "ORDER_001", "order.symbol"),
        ({"order": NEW | {"extra": 1}}, "VALIDATION_001", "order.extra"),
        ({"order": NEW, "only": "partially_filled"}, "ORDER_017", "only"),
        ({"order": NEW, "only": "some"}, "VALIDATION_001", "only"),
        ({"order": NEW, "clientOrderId": "x"}, "VALIDATION_001", "clientOrderId"),
        ({"order": NEW | {"symbol": "ETHUSDT"}}, "ORDER_003", "id"),
        ({}, "VALIDATION_001", "order"),
    ],
)
async def test_a_refused_replacement_cancels_nothing(
    carol: Client, fields: dict[str, Any], code: str, field: str
) -> None:
    old = await carol.placed(price="20.00")
    reply = await carol.post("/api/v1/orders/replace", {"id": old["id"]} | fields)
    problem = reply.json()
    assert (problem["code"], problem["errors"][0]["field"]) == (code, field), problem
    assert (await carol.delete(f"/api/v1/orders/{old['id']}")).status_code == 200


async def test_changes_may_expire(carol: Client) -> None:
    old = await carol.placed(price="20.00")
    late = {"validUntil": "2020-01-01T00:00:00Z"}
    reply = await carol.patch(f"/api/v1/orders/{old['id']}", {"quantity": "0.3"} | late)
    assert reply.json()["code"] == "ORDER_019"
    reply = await carol.post("/api/v1/orders/replace", {"id": old["id"], "order": NEW} | late)
    assert reply.json()["code"] == "ORDER_019"


async def test_an_amend_tells_what_was_filled_before_it_and_no_more(
    exchange: Exchange, carol: Client
) -> None:
    order = await carol.placed(side="sell", price="130.00", quantity="1")
    takers = [await exchange.user() for _ in range(4)]
    path = f"/api/v1/orders/{order['id']}"
    replies = await asyncio.gather(
        *(
            taker.place(price="130.00", quantity="0.05", timeInForce="IOC")
            if turn % 3
            else carol.patch(path, {"quantity": f"{1 - turn / 1000:.4f}"})
            for turn in range(24)
            for taker in takers[turn % 4 : turn % 4 + 1]
        )
    )
    documents = [reply.json() for reply in replies if reply.is_success]
    takes = [one for one in documents if one["id"] != order["id"]]
    amends = [one for one in documents if one["id"] == order["id"]]
    assert (len(takes), len(amends) >= 1) == (16, True)
    for amended in amends:
        before = [one["filledQuantity"] for one in takes if one["seq"] < amended["seq"]]
        assert Decimal(amended["filledQuantity"]) == sum(map(Decimal, before))
