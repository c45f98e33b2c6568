"""Batches: executed in order, side by side, each operation with its own result."""

import pytest

from tests.gateway.exchange import Client

pytestmark = pytest.mark.asyncio(loop_scope="module")


ORDER = {
    "symbol": "BTCUSDT",
    "side": "buy",
    "type": "limit",
    "quantity": "1",
    "price": "10.00",
}


def place(**changes: object) -> dict[str, object]:
    return {"op": "place"} | ORDER | changes


async def test_operations_are_done_in_order_side_by_side(alice: Client) -> None:
    resting = await alice.placed(price="12.00", quantity="1")
    reply = await alice.post(
        "/api/v1/orders/batch",
        {
            "operations": [
                place(clientOrderId="first"),
                {"op": "cancel", "id": resting["id"]},
                {"op": "cancel", "clientOrderId": "first"},
                place(price="10.005"),
                {"op": "cancel", "id": "999"},
                place(clientOrderId="last"),
            ]
        },
    )
    assert reply.status_code == 200, reply.text
    results = reply.json()["results"]
    assert [result["ok"] for result in results] == [True, True, True, False, False, True]
    placed, canceled, canceled_too, off_tick, unknown, last = results
    assert [one["order"]["seq"] for one in (placed, canceled, canceled_too, last)] == [
        placed["order"]["seq"] + step for step in (0, 1, 2, 4)
    ]
    assert reply.json()["seq"] == last["order"]["seq"]
    assert (canceled["order"]["id"], canceled["order"]["status"]) == (resting["id"], "canceled")
    assert canceled_too["order"]["id"] == placed["order"]["id"]
    assert canceled_too["order"]["createdAt"] == placed["order"]["createdAt"]
    assert off_tick["error"]["code"] == "ORDER_002"
    assert "traceId" not in off_tick["error"]
    assert unknown["error"]["code"] == "ORDER_003"


async def test_a_batch_repeats_as_one_order_does(alice: Client) -> None:
    body = {"operations": [place(clientOrderId=f"b{n}") for n in range(3)]}
    first = (await alice.post("/api/v1/orders/batch", body)).json()
    again = (await alice.post("/api/v1/orders/batch", body)).json()
    assert again["results"] == first["results"]


async def test_what_makes_orders_repeats_in_a_batch_too(alice: Client) -> None:
    legs = [ORDER, ORDER | {"side": "sell", "price": "900.00"}]
    legs = [{name: leg[name] for name in leg if name != "symbol"} for leg in legs]
    pair = {"symbol": "BTCUSDT", "kind": "oto", "legs": legs}
    new = ORDER | {"price": "9.00"}
    body = {
        "operations": [
            place(clientOrderId="r0"),
            {"op": "replace", "clientOrderId": "r0", "order": new | {"clientOrderId": "r1"}},
            {
                "op": "replace",
                "id": "64",
                "mode": "allow_failure",
                "order": new | {"clientOrderId": "r2"},
            },
            {"op": "place_list", "listClientOrderId": "r3"} | pair,
        ]
    }
    first = (await alice.post("/api/v1/orders/batch", body)).json()
    assert [one["ok"] for one in first["results"]] == [True] * 4
    await alice.delete("/api/v1/orders")
    again = (await alice.post("/api/v1/orders/batch", body)).json()
    assert again["results"] == first["results"]
    assert (await alice.get("/api/v1/orders", status="open", minSeq=again["seq"])).json()[
        "orders"
    ] == []


async def test_a_hundred_fit_and_one_more_does_not(alice: Client) -> None:
    full = await alice.post("/api/v1/orders/batch", {"operations": [place()] * 100})
    assert [result["ok"] for result in full.json()["results"]] == [True] * 100
    over = await alice.post("/api/v1/orders/batch", {"operations": [place()] * 101})
    assert (over.status_code, over.json()["code"]) == (400, "VALIDATION_001")
    assert over.json()["errors"][0]["field"] == "operations"
    empty = await alice.post("/api/v1/orders/batch", {"operations": []})
    assert empty.status_code == 400


@pytest.mark.parametrize(
    ("operation", "field"),
    [
        ({"op": "cancel"}, "id"),
        ({"op": "cancel", "id": "1", "clientOrderId": "x"}, "clientOrderId"),
        ({"op": "amend", "quantity": "1"}, "id"),
        ({"op": "amend", "id": "64"}, "quantity"),
        ({"op": "replace", "order": ORDER}, "id"),
    ],
)
async def test_an_operation_names_one_order(
    alice: Client, operation: dict[str, str], field: str
) -> None:
    reply = await alice.post("/api/v1/orders/batch", {"operations": [operation]})
    assert reply.json()["results"][0]["error"]["errors"][0]["field"] == field


@pytest.mark.parametrize(
    ("operation", "field"),
    [
        (place(extra="1"), "operations[0].extra"),
        ({"op": "merge"}, "operations[0].op"),
        (place(quantity=1), "operations[0].quantity"),
        ({"symbol": "BTCUSDT"}, "operations[0].op"),
    ],
)
async def test_a_body_that_is_not_a_batch_is_refused_whole(
    alice: Client, operation: dict[str, object], field: str
) -> None:
    reply = await alice.post("/api/v1/orders/batch", {"operations": [operation]})
    assert (reply.status_code, reply.json()["code"]) == (400, "VALIDATION_001"), reply.text
    assert reply.json()["errors"][0]["field"] == field


async def test_a_batch_may_expire(alice: Client) -> None:
    body = {"operations": [place()], "validUntil": "2020-01-01T00:00:00Z"}
    reply = await alice.post("/api/v1/orders/batch", body)
    assert (reply.status_code, reply.json()["code"]) == (400, "ORDER_019")


async def test_operations_of_all_kinds_follow_each_other(alice: Client) -> None:
    reply = await alice.post(
        "/api/v1/orders/batch",
        {
            "operations": [
                place(clientOrderId="k1", price="11.00", quantity="4"),
                {"op": "amend", "clientOrderId": "k1", "quantity": "3"},
                {"op": "amend", "clientOrderId": "k1", "price": "11.005"},
                {
                    "op": "replace",
                    "clientOrderId": "k1",
                    "order": ORDER | {"price": "12.00", "clientOrderId": "k2"},
                },
                {"op": "amend", "clientOrderId": "k2", "newClientOrderId": "k3"},
                {"op": "cancel", "clientOrderId": "k3", "only": "partially_filled"},
                place(clientOrderId="k4"),
                {"op": "cancel_all", "symbol": "BTCUSDT"},
            ]
        },
    )
    results = reply.json()["results"]
    placed, amended, off_tick, replaced, renamed, restricted, last, canceled = results
    assert [one["ok"] for one in results] == [True, True, False, True, True, False, True, True]
    assert amended["order"]["id"] == placed["order"]["id"]
    assert (amended["order"]["quantity"], amended["order"]["keptPriority"]) == ("3.0000", True)
    assert off_tick["error"]["errors"][0]["field"] == "price"
    assert replaced["replaced"]["cancel"]["order"]["id"] == placed["order"]["id"]
    new = replaced["replaced"]["place"]["order"]
    assert (renamed["order"]["id"], renamed["order"]["clientOrderId"]) == (new["id"], "k3")
    assert renamed["order"]["price"] == "12.00"
    assert restricted["error"]["reason"] == "CANCEL_RESTRICTED"
    assert canceled["canceled"]["canceled"] == [new["id"], last["order"]["id"]]


async def test_an_amend_in_a_batch_counts_what_was_filled(alice: Client, bob: Client) -> None:
    resting = await alice.placed(price="14.00", quantity="3", clientOrderId="part")
    await bob.placed(side="sell", price="14.00", quantity="1")
    operation = {"op": "amend", "id": resting["id"], "quantity": "2"}
    reply = await alice.post("/api/v1/orders/batch", {"operations": [operation]})
    order = reply.json()["results"][0]["order"]
    assert (order["status"], order["filledQuantity"]) == ("partially_filled", "1.0000")
    await alice.delete(f"/api/v1/orders/{resting['id']}")
