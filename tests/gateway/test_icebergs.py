"""What an open iceberg shows now: in the reply, in reads, in lists of orders and on the stream."""

from typing import Any

import pytest

from tests.gateway.exchange import Client, Exchange
from tests.gateway.sockets import connect

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def shown_by_reads(user: Client, order_id: str, seq: int) -> list[Any]:
    """Return what the single read and the page of open orders say."""
    single = await user.order(order_id, seq)
    page = (await user.get("/api/v1/orders", status="open", minSeq=seq)).json()["orders"]
    listed = [order for order in page if order["id"] == order_id]
    return [order.get("visibleQuantity") for order in (single, *listed)]


async def test_every_way_to_look_at_it_says_the_same(
    exchange: Exchange, alice: Client, bob: Client
) -> None:
    order = await alice.placed(
        side="sell", type="iceberg", price="140.00", quantity="1", displayQuantity="0.3"
    )
    assert (order["displayQuantity"], order["visibleQuantity"]) == ("0.3000", "0.3000")
    async with connect(exchange.app, "/ws/orders") as socket:
        begun = (await socket.ask({"type": "auth", "token": alice.token}))["data"]["orders"]
        assert [one["visibleQuantity"] for one in begun] == ["0.3000"]
        for quantity, left in (("0.1", "0.2000"), ("0.4", "0.1000"), ("0.1", "0.3000")):
            taken = await bob.placed(side="buy", price="140.00", quantity=quantity)
            frame = await socket.hear()
            while frame["type"] != "order":
                frame = await socket.hear()
            assert frame["data"]["visibleQuantity"] == left
            assert await shown_by_reads(alice, order["id"], taken["seq"]) == [left, left]
            while frame["type"] != "balance" or frame["data"]["asset"] != "USDT":
                frame = await socket.hear()

    amended = (await alice.patch(f"/api/v1/orders/{order['id']}", {"quantity": "0.8"})).json()
    assert (amended["keptPriority"], amended["visibleQuantity"]) == (True, "0.2000")
    assert await shown_by_reads(alice, order["id"], amended["seq"]) == ["0.2000", "0.2000"]
    ended = (await alice.delete(f"/api/v1/orders/{order['id']}")).json()
    assert "visibleQuantity" not in ended
    assert await shown_by_reads(alice, order["id"], ended["seq"]) == [None]


async def test_one_that_waits_shows_nothing_and_others_do_not_say(
    exchange: Exchange, alice: Client
) -> None:
    await exchange.trade("100.00")
    waiting = await alice.placed(
        side="sell",
        type="stop_limit",
        price="90.00",
        triggerPrice="95.00",
        quantity="1",
        displayQuantity="0.2",
    )
    assert (waiting["status"], waiting["visibleQuantity"]) == ("pending_trigger", "0.0000")
    assert await shown_by_reads(alice, waiting["id"], waiting["seq"]) == ["0.0000", "0.0000"]
    plain = await alice.placed(price="10.00")
    assert "visibleQuantity" not in plain
    assert await shown_by_reads(alice, plain["id"], plain["seq"]) == [None, None]


async def test_a_repeat_says_what_the_first_reply_said(alice: Client, bob: Client) -> None:
    terms = {
        "side": "sell",
        "type": "iceberg",
        "price": "150.00",
        "quantity": "1",
        "displayQuantity": "0.3",
        "clientOrderId": "berg",
    }
    first = await alice.place(**terms)
    await bob.placed(side="buy", price="150.00", quantity="0.1")
    again = await alice.place(**terms)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.content == first.content
    assert again.json()["visibleQuantity"] == "0.3000"
