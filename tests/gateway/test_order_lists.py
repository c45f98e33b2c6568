"""Order lists: placed whole, their legs at work in turn, shown together, canceled together."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from tests.gateway.exchange import Client, Document, Exchange

pytestmark = pytest.mark.asyncio(loop_scope="module")

PATH = "/api/v1/order-lists"
TARGET = {"side": "sell", "type": "limit_maker", "quantity": "0.5", "price": "110.00"}
STOP = {
    "side": "sell", "type": "stop_limit", "quantity": "0.5", "price": "94.00",
    "triggerPrice": "95.00",
}  # fmt: skip
ENTRY = {"side": "buy", "type": "limit", "quantity": "0.5", "price": "90.00"}


@pytest_asyncio.fixture(loop_scope="module")
async def carol(exchange: Exchange) -> AsyncIterator[Client]:
    """A user whose orders are gone after the test; the last price is 100 before it."""
    user = await exchange.user()
    await exchange.trade("100.00")
    yield user
    await user.delete("/api/v1/orders")


def body(kind: str, *legs: dict[str, Any], **fields: Any) -> Document:
    return {"symbol": "BTCUSDT", "kind": kind, "legs": list(legs)} | fields


async def placed(user: Client, kind: str, *legs: dict[str, Any], **fields: Any) -> Document:
    reply = await user.post(PATH, body(kind, *legs, **fields))
    assert reply.status_code == 201, reply.text
    document: Document = reply.json()
    return document


async def read(user: Client, list_id: str, seq: int) -> Document:
    reply = await user.get(f"{PATH}/{list_id}", minSeq=seq)
    assert reply.status_code == 200, reply.text
    document: Document = reply.json()
    return document


def states(document: Document) -> list[tuple[str, str | None]]:
    return [(leg["status"], leg.get("reason")) for leg in document["legs"]]


async def test_an_oco_holds_once_and_its_stop_ends_the_target(
    exchange: Exchange, carol: Client
) -> None:
    document = await placed(carol, "oco", TARGET, STOP, listClientOrderId="pair")
    assert document | {"legs": []} == {
        "id": document["legs"][0]["id"],
        "listClientOrderId": "pair",
        "symbol": "BTCUSDT",
        "kind": "oco",
        "status": "open",
        "legs": [],
        "createdAt": document["createdAt"],
        "seq": document["seq"],
    }
    assert states(document) == [("new", None), ("pending_trigger", None)]
    assert {leg["listId"] for leg in document["legs"]} == {document["id"]}
    assert [leg["type"] for leg in document["legs"]] == ["limit_maker", "stop_limit"]
    assert (await carol.balance("BTC"))["hold"] == "0.50000000000"

    bidder = await exchange.user()
    await bidder.placed(side="buy", price="94.00", quantity="1")
    seq = await exchange.trade("95.00")
    done = await read(carol, document["id"], seq)
    assert (done["status"], states(done)) == ("done", [("expired", "list"), ("filled", None)])
    assert done["doneAt"] >= done["createdAt"]
    assert (await carol.order(document["legs"][0]["id"], seq))["listId"] == document["id"]
    await bidder.delete("/api/v1/orders")


async def test_an_oto_waits_for_its_first_leg(exchange: Exchange, carol: Client) -> None:
    second = {"side": "sell", "type": "limit", "quantity": "0.4", "price": "120.00"}
    document = await placed(carol, "oto", ENTRY, second)
    assert states(document) == [("new", None), ("pending_trigger", None)]
    assert (await carol.balance("BTC"))["hold"] == "0.00000000000"

    seller = await exchange.user()
    sold = await seller.placed(side="sell", price="90.00", quantity="0.5")
    working = await read(carol, document["id"], sold["seq"])
    assert (working["status"], states(working)) == ("open", [("filled", None), ("new", None)])
    assert (await carol.balance("BTC"))["hold"] == "0.40000000000"


async def test_an_otoco_puts_a_pair_to_work(exchange: Exchange, carol: Client) -> None:
    legs = (
        ENTRY,
        TARGET | {"quantity": "0.4"},
        STOP | {"quantity": "0.4", "triggerPrice": "85.00"},
    )
    document = await placed(carol, "otoco", *legs)
    assert [status for status, _ in states(document)] == ["new", *["pending_trigger"] * 2]

    seller = await exchange.user()
    sold = await seller.placed(side="sell", price="90.00", quantity="0.5")
    working = await read(carol, document["id"], sold["seq"])
    assert [status for status, _ in states(working)] == ["filled", "new", "pending_trigger"]

    buyer = await exchange.user()
    bought = await buyer.placed(side="buy", price="110.00", quantity="0.4")
    done = await read(carol, document["id"], bought["seq"])
    assert states(done) == [("filled", None), ("filled", None), ("expired", "list")]
    assert done["status"] == "done"


async def test_a_list_may_be_over_at_once(exchange: Exchange, carol: Client) -> None:
    seller = await exchange.user()
    await seller.placed(side="sell", price="99.00", quantity="0.5")
    fast = ENTRY | {"price": "99.00", "timeInForce": "IOC"}
    second = {"side": "sell", "type": "market", "quantity": "0.4"}
    document = await placed(carol, "oto", fast, second)
    assert states(document) == [("filled", None), ("expired", "liquidity")]
    assert (document["status"], "doneAt" in document) == ("done", True)
    assert [fill["price"] for fill in document["legs"][0]["fills"]] == ["99.00"]


async def test_a_leg_that_is_refused_in_its_turn_says_why(
    exchange: Exchange, carol: Client
) -> None:
    poor = await exchange.user(funds={"USDT": "100"})
    second = {"side": "sell", "type": "limit", "quantity": "0.9", "price": "120.00"}
    document = await placed(poor, "oto", ENTRY | {"price": "91.00"}, second)
    sold = await carol.placed(side="sell", price="91.00", quantity="0.5")
    done = await read(poor, document["id"], sold["seq"])
    assert states(done) == [("filled", None), ("rejected", "refused")]
    assert done["legs"][1]["rejection"] == "AVAILABLE_TOO_LOW"


@pytest.mark.parametrize("by", ["id", "by-client-id"])
async def test_a_list_is_canceled_whole(carol: Client, by: str) -> None:
    name = f"whole-{by}"
    document = await placed(carol, "oco", TARGET, STOP, listClientOrderId=name)
    path = f"{PATH}/{document['id']}" if by == "id" else f"{PATH}/by-client-id/{name}"
    reply = await carol.delete(path)
    assert reply.status_code == 200, reply.text
    ended = reply.json()
    assert (ended["status"], states(ended)) == (
        "done", [("canceled", "user"), ("canceled", "list")],
    )  # fmt: skip
    shown = await read(carol, document["id"], ended["seq"])
    assert shown["legs"] == ended["legs"]
    assert (await carol.balance("BTC"))["hold"] == "0.00000000000"
    again = await carol.delete(path)
    assert (again.status_code, again.json()["code"]) == (400, "ORDER_004")
    assert "GET /api/v1/order-lists/{id}" in again.json()["detail"]


async def test_a_list_whose_first_leg_is_filled_is_canceled_too(
    exchange: Exchange, carol: Client
) -> None:
    second = {"side": "sell", "type": "limit", "quantity": "0.4", "price": "121.00"}
    document = await placed(carol, "oto", ENTRY | {"price": "92.00"}, second)
    seller = await exchange.user()
    await seller.placed(side="sell", price="92.00", quantity="0.5")
    ended = (await carol.delete(f"{PATH}/{document['id']}")).json()
    assert states(ended) == [("filled", None), ("canceled", "user")]
    assert ended["legs"][0]["averagePrice"] == "92.000000"


async def test_canceling_a_leg_cancels_the_list(carol: Client) -> None:
    document = await placed(carol, "oco", TARGET, STOP)
    leg = (await carol.delete(f"/api/v1/orders/{document['legs'][1]['id']}")).json()
    assert (leg["status"], leg["listId"]) == ("canceled", document["id"])
    shown = await read(carol, document["id"], leg["seq"])
    assert states(shown) == [("canceled", "list"), ("canceled", "user")]


async def test_a_pair_shrinks_together(carol: Client) -> None:
    document = await placed(carol, "oco", TARGET, STOP)
    reply = await carol.patch(f"/api/v1/orders/{document['legs'][0]['id']}", {"quantity": "0.3"})
    assert reply.json()["quantity"] == "0.3000"
    shown = await read(carol, document["id"], reply.json()["seq"])
    assert [leg["quantity"] for leg in shown["legs"]] == ["0.3000", "0.3000"]


async def test_lists_come_in_pages(carol: Client) -> None:
    made = [await placed(carol, "oto", ENTRY, STOP) for _ in range(3)]
    ended = (await carol.delete(f"{PATH}/{made[1]['id']}")).json()
    first = (await carol.get(PATH, limit=2, minSeq=ended["seq"])).json()
    assert [one["id"] for one in first["lists"]] == [made[2]["id"], made[1]["id"]]
    rest = (await carol.get(PATH, limit=2, cursor=first["nextCursor"])).json()
    assert ([one["id"] for one in rest["lists"]], rest["nextCursor"]) == ([made[0]["id"]], None)
    still_open = (await carol.get(PATH, status="open", symbol="btcusdt")).json()
    assert [one["id"] for one in still_open["lists"]] == [made[2]["id"], made[0]["id"]]
    closed = (await carol.get(PATH, status="closed")).json()
    assert [one["id"] for one in closed["lists"]] == [made[1]["id"]]
    assert (await carol.get(PATH, symbol="ETHUSDT")).json()["lists"] == []


async def test_a_strangers_list_is_not_there(carol: Client, bob: Client) -> None:
    document = await placed(carol, "oco", TARGET, STOP, listClientOrderId="mine")
    for path in (f"{PATH}/{document['id']}", f"{PATH}/by-client-id/mine", f"{PATH}/1", f"{PATH}/x"):
        for method in ("GET", "DELETE"):
            reply = await bob.request(method, path)
            assert (reply.status_code, reply.json()["code"]) == (404, "ORDER_021"), reply.text
    found = await carol.get(f"{PATH}/by-client-id/mine", minSeq=document["seq"])
    assert found.json()["id"] == document["id"]


async def test_a_repeat_answers_the_first_reply_byte_for_byte(carol: Client) -> None:
    legs = (TARGET | {"clientOrderId": "leg-1"}, STOP | {"clientOrderId": "leg-2"})
    wanted = body("oco", *legs, listClientOrderId="once")
    first = await carol.post(PATH, wanted)
    await carol.delete(f"{PATH}/{first.json()['id']}")
    again = await carol.post(PATH, wanted)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.content == first.content
    other = await carol.post(PATH, body("oco", *legs, listClientOrderId="twice"))
    assert (other.status_code, other.json()["code"]) == (409, "ORDER_008")
    assert "twice, leg-1, leg-2" in other.json()["detail"]
    by_leg = await carol.get("/api/v1/orders/by-client-id/leg-2", minSeq=first.json()["seq"])
    assert by_leg.json()["id"] == first.json()["legs"][1]["id"]


async def test_a_batch_places_lists_and_changes_their_legs(carol: Client) -> None:
    operations = [
        {"op": "place_list"} | body("oco", TARGET | {"clientOrderId": "b-1"}, STOP),
        {"op": "amend", "clientOrderId": "b-1", "quantity": "0.2"},
        {"op": "cancel", "clientOrderId": "b-1"},
        {"op": "place_list"} | body("oco", STOP, TARGET),
    ]
    reply = await carol.post("/api/v1/orders/batch", {"operations": operations})
    made, amended, canceled, refused = reply.json()["results"]
    assert made["list"]["legs"][0]["id"] == amended["order"]["id"] == canceled["order"]["id"]
    assert (amended["order"]["quantity"], canceled["order"]["status"]) == ("0.2000", "canceled")
    assert refused["error"]["errors"][0]["field"] == "legs[0].type"


@pytest.mark.parametrize(
    ("wanted", "code", "field", "words"),
    [
        (body("oco", TARGET), "VALIDATION_001", "legs", "at least 2 items"),
        (body("ocot", TARGET, STOP), "VALIDATION_001", "kind", "use one of oco, oto, otoco"),
        (body("oco", TARGET, STOP | {"symbol": "X"}), "VALIDATION_001", "legs[1].symbol", "leave"),
        (body("oco", TARGET, STOP | {"side": "s"}), "VALIDATION_001", "legs[1].side", "buy, sell"),
        (body("oco", TARGET, STOP, symbol="XY"), "ORDER_001", "symbol", "no market"),
        (
            body("oco", TARGET, STOP | {"price": "94.005"}),
            "ORDER_002", "legs[1].price", "tick size",
        ),
        (
            body("oco", TARGET, STOP, listClientOrderId=""),
            "VALIDATION_001", "listClientOrderId", "1 to 36 bytes",
        ),
        (body("oco", STOP, TARGET), "ORDER_009", "legs[0].type", "limit_maker, take_profit or"),
        (body("oco", TARGET, TARGET), "ORDER_009", "legs[1].type", "must be a stop, stop_limit or"),
        (body("oco", TARGET, STOP, STOP), "ORDER_009", "legs", "oco list has 2 legs, not 3"),
        (body("otoco", TARGET, STOP), "ORDER_009", "legs", "otoco list has 3 legs, not 2"),
        (
            body("oco", TARGET, STOP | {"quantity": "0.4"}),
            "ORDER_009", "legs[1].quantity", "same quantity",
        ),
        (
            body("oco", TARGET, STOP | {"side": "buy", "triggerPrice": "120.00"}),
            "ORDER_009", "legs[1].side", "same side",
        ),
        (body("oto", STOP, TARGET), "ORDER_009", "legs[0].type", "without a trigger"),
        (
            body("oto", ENTRY, {"side": "buy", "type": "market", "quoteQuantity": "5"}),
            "ORDER_009", "legs[1].quoteQuantity", "not quoteQuantity",
        ),
        (
            body("oco", TARGET | {"clientOrderId": "x"}, STOP, listClientOrderId="x"),
            "ORDER_009", "legs", "must all differ",
        ),
        (
            body("oco", TARGET, STOP | {"timeInForce": "GTD"}),
            "ORDER_009", "legs[1].expiresAt", "expiresAt is missing",
        ),
        (body("oco", TARGET | {"price": "0"}, STOP), "ORDER_002", "legs[0].price", "above 0"),
        (
            body("oco", *(one | {"quantity": "0.0001"} for one in (TARGET, STOP))),
            "ORDER_006", "legs[0].quantity", "minimum notional",
        ),
        (
            body("oto", ENTRY, STOP | {"displayQuantity": "0.5"}),
            "ORDER_015", "legs[1].displayQuantity", "must be below quantity 0.5000",
        ),
        (
            body("oto", ENTRY, STOP | {"displayQuantity": "0.0001"}),
            "ORDER_015", "legs[1].displayQuantity", "100 parts",
        ),
        (
            body("oto", ENTRY, STOP | {"trailingBips": 5}),
            "ORDER_014", "legs[1].trailingBips", "use 10 to 2000",
        ),
        (
            body("oco", TARGET, STOP | {"triggerPrice": "100.00"}),
            "ORDER_014", "legs[1].triggerPrice", "below the last price 100.00",
        ),
        (
            body("oco", TARGET | {"price": "99.00"}, STOP),
            "ORDER_014", "legs[0].price",
            "legs[0].price must be above the last price 100.00, legs[1].triggerPrice below it",
        ),
        (
            body("otoco", ENTRY, TARGET | {"price": "94.00"}, STOP),
            "ORDER_014", "legs[1].price", "legs[1].price must be above legs[2].triggerPrice",
        ),
        (
            body("oco", *(one | {"quantity": "2000"} for one in (TARGET, STOP))),
            "WALLET_001", "legs[0].quantity", "BTC is too low",
        ),
        (
            body("oco", TARGET, STOP, validUntil="2020-01-01T00:00:00Z"),
            "ORDER_019", None, "arrived",
        ),
    ],
)  # fmt: skip
async def test_a_list_that_cannot_be_says_which_leg_and_why(
    carol: Client, wanted: Document, code: str, field: str | None, words: str
) -> None:
    problem = (await carol.post(PATH, wanted)).json()
    assert problem["code"] == code, problem
    assert [one["field"] for one in problem.get("errors", [])] == ([field] if field else [])
    assert words in problem["detail"], problem


async def test_a_post_only_target_that_would_take_is_refused(
    exchange: Exchange, carol: Client
) -> None:
    bidder = await exchange.user()
    await bidder.placed(side="buy", price="99.50", quantity="0.1")
    await exchange.trade("99.90")
    reply = await carol.post(PATH, body("oto", TARGET | {"price": "99.00"}, STOP))
    assert (reply.json()["code"], reply.json()["errors"][0]["field"]) == (
        "ORDER_011", "legs[0].price",
    )  # fmt: skip
    await bidder.delete("/api/v1/orders")
