"""Batches: executed in order, side by side, each operation with its own result."""

import pytest

from tests.gateway.exchange import Client

pytestmark = pytest.mark.asyncio(loop_scope="module")


def place(**changes: object) -> dict[str, object]:
    order = {
        "op": "place",
        "symbol": "BTCUSDT",
        "side": "buy",
        "type": "limit",
        "quantity": "1",
        "price": "10.00",
    }
    return order | changes


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
    ],
)
async def test_a_cancel_names_one_order(
    alice: Client, operation: dict[str, str], field: str
) -> None:
    reply = await alice.post("/api/v1/orders/batch", {"operations": [operation]})
    assert reply.json()["results"][0]["error"]["errors"][0]["field"] == field


@pytest.mark.parametrize(
    ("operation", "field"),
    [
        (place(extra="1"), "operations[0].extra"),
        ({"op": "amend"}, "operations[0].op"),
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
