"""Orders over HTTP: placed, filled, read, listed, canceled, as the committed entry said."""

import pytest

from tests.gateway.exchange import Client, Exchange

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_resting_order_is_answered_as_it_stands(alice: Client) -> None:
    order = await alice.placed(price="50.00", quantity="0.5000", clientOrderId="rests")

    assert order == {
        "id": order["id"],
        "clientOrderId": "rests",
        "symbol": "BTCUSDT",
        "side": "buy",
        "type": "limit",
        "timeInForce": "GTC",
        "price": "50.00",
        "quantity": "0.5000",
        "filledQuantity": "0.0000",
        "status": "new",
        "postOnly": False,
        "selfTradePrevention": "default",
        "createdAt": order["createdAt"],
        "updatedAt": order["createdAt"],
        "seq": order["seq"],
        "fills": [],
    }
    balance = await alice.balance("USDT")
    assert (balance["hold"], balance["total"]) == ("25.00000000", "100000000.00000000")


async def test_a_trade_is_told_with_price_fee_and_role(alice: Client, bob: Client) -> None:
    await bob.placed(side="sell", price="110.00", quantity="0.2")
    await bob.placed(side="sell", price="111.00", quantity="0.2")

    order = await alice.placed(price="120.00", quantity="0.3")

    assert (order["status"], order["filledQuantity"]) == ("filled", "0.3000")
    assert order["averagePrice"] == "110.333333"
    assert [
        (fill["price"], fill["quantity"], fill["fee"], fill["feeAsset"], fill["role"])
        for fill in order["fills"]
    ] == [
        ("110.00", "0.2000", "0.00020000000", "BTC", "taker"),
        ("111.00", "0.1000", "0.00010000000", "BTC", "taker"),
    ]


async def test_a_market_order_by_quote_amount(alice: Client, bob: Client) -> None:
    await bob.placed(side="sell", price="100.00", quantity="0.7")

    order = await alice.placed(type="market", price=None, quantity=None, quoteQuantity="20")

    assert (order["status"], order["filledQuantity"], order["price"]) == ("filled", "0.2000", None)
    assert (order["quantity"], order["quoteQuantity"]) == (None, "20.00000000")


async def test_the_read_model_agrees_with_the_reply(alice: Client, bob: Client) -> None:
    maker = await bob.placed(side="sell", price="99.00", quantity="0.4", clientOrderId="ask")
    taker = await alice.placed(price="99.00", quantity="0.1", clientOrderId="bid")

    read = (await alice.get(f"/api/v1/orders/{taker['id']}", minSeq=taker["seq"])).json()
    became = {"seq": read["seq"], "selfTradePrevention": "expire_taker"}
    assert read == taker | became
    by_client_id = await alice.get("/api/v1/orders/by-client-id/bid", minSeq=taker["seq"])
    assert by_client_id.json()["id"] == taker["id"]
    made = (await bob.get(f"/api/v1/orders/{maker['id']}", minSeq=taker["seq"])).json()
    assert (made["status"], made["fills"][0]["role"]) == ("partially_filled", "maker")
    assert made["fills"][0]["fee"] == "0.00495000"


async def test_an_order_is_canceled_by_id_and_by_client_id(alice: Client) -> None:
    first = await alice.placed(price="40.00", quantity="1")
    second = await alice.placed(price="41.00", quantity="1", clientOrderId="second")

    canceled = await alice.delete(f"/api/v1/orders/{first['id']}")
    assert canceled.status_code == 200, canceled.text
    expected = {name: value for name, value in first.items() if name != "fills"}
    assert canceled.json() == expected | {
        "status": "canceled",
        "reason": "user",
        "selfTradePrevention": "expire_taker",
        "updatedAt": canceled.json()["updatedAt"],
        "seq": canceled.json()["seq"],
    }
    by_client_id = await alice.delete("/api/v1/orders/by-client-id/second")
    assert (by_client_id.json()["id"], by_client_id.json()["status"]) == (second["id"], "canceled")
    assert (await alice.balance("USDT"))["hold"] == "0.00000000"


async def test_what_has_ended_cannot_be_canceled(alice: Client, bob: Client) -> None:
    order = await alice.placed(price="40.00", quantity="1", clientOrderId="ended")
    await alice.delete(f"/api/v1/orders/{order['id']}")

    for path in (f"/api/v1/orders/{order['id']}", "/api/v1/orders/by-client-id/ended"):
        again = await alice.delete(path)
        assert (again.status_code, again.json()["code"]) == (400, "ORDER_004")
    for path in ("/api/v1/orders/123456", "/api/v1/orders/by-client-id/never", "/api/v1/orders/x"):
        unknown = await alice.delete(path)
        assert (unknown.status_code, unknown.json()["code"]) == (404, "ORDER_003")


async def test_all_orders_of_a_market_are_canceled_at_once(alice: Client) -> None:
    placed = [(await alice.placed(price=f"{price}.00"))["id"] for price in (30, 31, 32)]
    other = (await alice.placed(symbol="ETHUSDT", price="30.00"))["id"]

    reply = await alice.delete("/api/v1/orders", symbol="BTCUSDT")
    assert sorted(reply.json()["canceled"]) == sorted(placed)
    everything = await alice.delete("/api/v1/orders")
    assert everything.json()["canceled"] == [other]
    nothing = await alice.delete("/api/v1/orders")
    assert (nothing.status_code, nothing.json()["canceled"]) == (200, [])


async def test_orders_are_listed_in_pages(alice: Client) -> None:
    ids = [(await alice.placed(price=f"{price}.00"))["id"] for price in range(20, 25)]
    last = await alice.delete(f"/api/v1/orders/{ids[0]}")
    seq = last.json()["seq"]

    first = (await alice.get("/api/v1/orders", limit=2, minSeq=seq)).json()
    assert [order["id"] for order in first["orders"]] == ids[:2:-1]
    second = (await alice.get("/api/v1/orders", limit=3, cursor=first["nextCursor"])).json()
    assert [order["id"] for order in second["orders"]] == ids[2::-1]
    opened = (await alice.get("/api/v1/orders", status="open")).json()
    assert [order["id"] for order in opened["orders"]] == ids[:0:-1]
    closed = (await alice.get("/api/v1/orders", status="closed", symbol="btcusdt")).json()
    assert [order["id"] for order in closed["orders"]] == ids[:1]
    assert (await alice.get("/api/v1/orders", symbol="ETHUSDT")).json()["orders"] == []


async def test_post_only_and_fill_or_kill_end_as_the_law_says(alice: Client, bob: Client) -> None:
    await bob.placed(side="sell", price="95.00", quantity="0.1")

    taking = await alice.place(type="limit_maker", price="95.00")
    assert (taking.status_code, taking.json()["reason"]) == (400, "POST_ONLY_WOULD_TAKE")
    resting = await alice.placed(type="LIMIT_MAKER", price="94.00")
    assert (resting["type"], resting["postOnly"], resting["status"]) == (
        "limit_maker",
        True,
        "new",
    )
    killed = await alice.placed(price="95.00", quantity="5", timeInForce="fok")
    assert (killed["status"], killed["reason"], killed["fills"]) == ("expired", "fok", [])


async def test_a_good_till_date_order_keeps_its_time(alice: Client) -> None:
    order = await alice.placed(
        price="10.00", timeInForce="GTD", expiresAt="2099-01-01T00:00:00.5+01:00"
    )
    assert order["expiresAt"] == "2098-12-31T23:00:00.500Z"

    past = await alice.place(timeInForce="GTD", expiresAt="2001-01-01T00:00:00Z")
    assert (past.status_code, past.json()["code"]) == (400, "ORDER_010")


async def test_a_market_that_does_not_trade_says_so(exchange: Exchange, alice: Client) -> None:
    unknown = await alice.place(symbol="NOPE")
    assert (unknown.status_code, unknown.json()["code"]) == (400, "ORDER_001")
