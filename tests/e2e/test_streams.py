"""The native WebSocket, as a client sees it: snapshots, changes, private events, and the rules."""

import asyncio
import json
import os
import signal
from typing import Any

import pytest
import websockets
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Origin

from bezant.client import Exchange, Session
from tests.e2e.house import House
from tests.e2e.traders import next_of, order, user

pytestmark = pytest.mark.timeout(120)


def url(house: House, path: str) -> str:
    return house.url.replace("http", "ws") + path


async def closed_with(socket: Any) -> tuple[int, str]:
    async with asyncio.timeout(20):
        with pytest.raises(ConnectionClosed) as closed:
            while True:
                await socket.recv()
    frame = closed.value.rcvd
    assert frame is not None
    return frame.code, frame.reason


async def private(house: House, session: Session, **more: Any) -> tuple[Any, dict[str, Any]]:
    socket = await websockets.connect(url(house, "/ws/orders"))
    await socket.send(json.dumps({"type": "auth", "token": session._token, **more}))
    return socket, await next_of(socket, "authenticated")


async def test_a_book_is_a_snapshot_and_its_changes(house: House) -> None:
    async with Exchange(house.url) as exchange:
        dan = await user(exchange, house, "dan", USDT="1000")
        async with websockets.connect(url(house, "/ws/orderbook/BTCUSDT")) as socket:
            snapshot = await next_of(socket, "orderbook_snapshot")
            book = {"bids": dict(snapshot["data"]["bids"]), "asks": dict(snapshot["data"]["asks"])}
            placed = [await dan.place_order(order("buy", f"{n}.00", "0.1")) for n in (50, 51, 50)]
            await dan.cancel_order(placed[1]["id"])
            sequence = snapshot["sequence"]
            rest = await exchange.get_order_book("BTCUSDT")
            while sequence < rest["sequence"]:
                update = await next_of(socket, "orderbook_update")
                assert update["prevSequence"] == sequence
                sequence = update["sequence"]
                for side in ("bids", "asks"):
                    for price, quantity in update["data"][side]:
                        book[side][price] = quantity
                        if float(quantity) == 0:
                            del book[side][price]
            assert book == {"bids": dict(rest["bids"]), "asks": dict(rest["asks"])}
            assert book["bids"]["50.00"] == "0.20000"
            assert "51.00" not in book["bids"]
        await dan.cancel_all("BTCUSDT")


async def test_a_private_stream_tells_orders_fills_and_balances(house: House) -> None:
    async with Exchange(house.url) as exchange:
        erin = await user(exchange, house, "erin", BTC="1")
        frank = await user(exchange, house, "frank", USDT="1000")
        socket, greeting = await private(house, erin)
        assert greeting["data"]["orders"] == []
        assert greeting["data"]["balances"][0]["available"] == "1.00000000000"
        placed = await erin.place_order(order("sell", "70.00", "0.5", "e1"))
        told = await next_of(socket, "order")
        assert told["data"]["id"] == placed["id"]
        assert told["data"]["status"] == "new"
        assert (told["prevSequence"], told["prevIndex"]) == (
            greeting["sequence"],
            greeting["index"],
        )
        held = await next_of(socket, "balance")
        assert held["data"]["hold"] == "0.50000000000"
        await frank.place_order(order("buy", "70.00", "0.2"))
        fill = await next_of(socket, "fill")
        assert (fill["data"]["role"], fill["data"]["quantity"]) == ("maker", "0.20000")
        assert (await next_of(socket, "order"))["data"]["status"] == "partially_filled"
        last = await next_of(socket, "balance")
        last = await next_of(socket, "balance") if last["data"]["asset"] == "BTC" else last
        await socket.close()
        await erin.cancel_order(placed["id"])
        place = {"sequence": last["sequence"], "index": last["index"]}
        socket, greeting = await private(house, erin, resumeFrom=place)
        assert greeting["data"]["resumed"] is True
        missed = await next_of(socket, "order")
        assert missed["data"]["status"] == "canceled"
        assert (missed["prevSequence"], missed["prevIndex"]) == (place["sequence"], place["index"])
        await socket.close()


async def test_a_private_stream_tells_lists_with_their_legs(house: House) -> None:
    async with Exchange(house.url) as exchange:
        oscar = await user(exchange, house, "oscar", USDT="1000", BTC="1")
        peggy = await user(exchange, house, "peggy", USDT="1000", BTC="1")
        socket, greeting = await private(house, oscar)
        assert greeting["data"]["lists"] == []
        legs = [
            {"side": "buy", "type": "limit", "quantity": "0.1", "price": "60.00"},
            {"side": "sell", "type": "limit", "quantity": "0.1", "price": "90.00"},
        ]
        body = {"symbol": "BTCUSDT", "kind": "oto", "legs": legs}
        placed = await oscar.request("POST", "/api/v1/order-lists", json=body)
        told = (await next_of(socket, "list"))["data"]
        assert told["id"] == placed["id"]
        assert [leg["status"] for leg in told["legs"]] == ["new", "pending_trigger"]
        await peggy.place_order(order("sell", "60.00", "0.1"))
        told = (await next_of(socket, "list"))["data"]
        assert (told["status"], [leg["status"] for leg in told["legs"]]) == (
            "open",
            ["filled", "new"],
        )
        await socket.close()
        # Another gateway would not remember the leg that has ended: nor does this one by then.
        house.wait_restarted("gateway", house.kill("gateway"))
        house.wait_ready()
        socket, greeting = await private(house, oscar)
        (known,) = greeting["data"]["lists"]
        assert [leg["status"] for leg in known["legs"]] == ["filled", "new"]
        (still_open,) = greeting["data"]["orders"]
        assert known["legs"][1] | {"seq": 0} == still_open | {"seq": 0}
        await oscar.cancel_all("BTCUSDT")
        told = (await next_of(socket, "list"))["data"]
        assert (told["status"], told["legs"][1]["status"]) == ("done", "canceled")
        await socket.close()


async def test_open_lists_are_told_without_read_models(house: House) -> None:
    async with Exchange(house.url) as exchange:
        rupert = await user(exchange, house, "rupert", USDT="1000")
        projector = house.pid("projector")
        os.kill(projector, signal.SIGSTOP)
        try:
            legs = [
                {"side": "buy", "type": "limit", "quantity": "0.1", "price": "61.00"},
                {"side": "sell", "type": "limit", "quantity": "0.1", "price": "91.00"},
            ]
            body = {"symbol": "BTCUSDT", "kind": "oto", "legs": legs, "listClientOrderId": "l1"}
            placed = await rupert.request("POST", "/api/v1/order-lists", json=body)
            socket, greeting = await private(house, rupert)
            (known,) = greeting["data"]["lists"]
            assert (known["id"], known["listClientOrderId"], known["kind"]) == (
                placed["id"],
                "l1",
                "oto",
            )
            assert [leg["status"] for leg in known["legs"]] == ["new", "pending_trigger"]
            await socket.close()
        finally:
            os.kill(projector, signal.SIGCONT)
        await rupert.cancel_all("BTCUSDT")


async def test_a_ticket_opens_one_stream(house: House) -> None:
    async with Exchange(house.url) as exchange:
        grace = await user(exchange, house, "grace")
        ticket = (await grace.request("POST", "/api/auth/ws-ticket"))["ticket"]
        path = url(house, f"/ws/orders?ticket={ticket}")
        async with websockets.connect(path) as socket:
            assert (await next_of(socket, "authenticated"))["data"]["resumed"] is False
        async with websockets.connect(path) as socket:
            assert (await closed_with(socket))[0] == 4401


@pytest.mark.parametrize(
    ("path", "said", "code"),
    [
        ("/ws/orderbook/NOPE", None, 1008),
        ("/ws/orderbook/BTCUSDT?depth=0", None, 1008),
        ("/ws/orderbook/BTCUSDT", "{", 1008),
        ("/ws/orderbook/BTCUSDT", '{"type": "subscribe"}', 1008),
        ("/ws/trades/BTCUSDT", '{"type": "ping", "more": 1}', 1008),
        ("/ws/orders", '{"type": "auth", "token": "forged"}', 4401),
        ("/ws/orders", '{"type": "ping"}', 1008),
    ],
)
async def test_what_is_not_understood_ends_the_stream(
    house: House, path: str, said: str | None, code: int
) -> None:
    async with websockets.connect(url(house, path)) as socket:
        if said is not None:
            await socket.send(said)
        assert (await closed_with(socket))[0] == code


async def test_a_page_of_another_site_is_refused(house: House) -> None:
    with pytest.raises(InvalidStatus) as refused:
        await websockets.connect(
            url(house, "/ws/trades/BTCUSDT"), origin=Origin("https://evil.example")
        )
    assert refused.value.response.status_code == 403


async def test_a_ping_tells_how_far_the_feed_is(house: House) -> None:
    async with websockets.connect(url(house, "/ws/trades/BTCUSDT")) as socket:
        await socket.send('{"type": "ping"}')
        pong = await next_of(socket, "pong")
        assert pong["data"] == {"live": True}
        assert pong["sequence"] > 0


async def test_a_client_that_says_too_much_is_ended(house: House) -> None:
    async with websockets.connect(url(house, "/ws/trades/BTCUSDT")) as socket:
        for _ in range(50):
            await socket.send('{"type": "ping"}')
        assert (await closed_with(socket))[0] == 1008
