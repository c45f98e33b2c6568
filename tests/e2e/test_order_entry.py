"""Order entry as a bot uses it: the Python client, a killed core, and what a server refuses."""

import asyncio
import json
from typing import Any

import pytest
import websockets
from websockets.exceptions import ConnectionClosed

from bezant.client import APIProblem, Exchange, ExchangeAway, OrderEntry, Session
from tests.e2e.house import House
from tests.e2e.traders import order, user

pytestmark = pytest.mark.timeout(180)

UNKNOWN = {503, 504}


async def test_a_bot_places_and_cancels(house: House) -> None:
    async with Exchange(house.url) as exchange:
        heidi = await user(exchange, house, "heidi", USDT="1000")
        async with OrderEntry(heidi) as entry:
            placed = await entry.place_order(order("buy", "40.00", "0.1", "h1"))
            assert placed["status"] == "new"
            assert (await entry.cancel_order(placed["id"]))["status"] == "canceled"
            await entry.place_order(order("buy", "40.00", "0.1", "h2"))
            assert (await entry.cancel_order_by_client_id("h2"))["status"] == "canceled"
            batch = await entry.batch(
                [{"op": "place", **order("buy", "41.00", "0.1")}, {"op": "cancel", "id": "1"}]
            )
            assert [result["ok"] for result in batch] == [True, False]
            assert len((await entry.cancel_all("BTCUSDT"))["canceled"]) == 1
            assert (await entry.get_status())["inFlight"] == 1
            with pytest.raises(APIProblem) as refused:
                await entry.place_order(order("buy", "40.001", "0.1"))
            assert (refused.value.status, refused.value.code) == (400, "ORDER_002")
        with pytest.raises(ExchangeAway):
            await entry.cancel_all()


async def test_a_bot_changes_orders_and_places_lists(house: House) -> None:
    async with Exchange(house.url) as exchange:
        nina = await user(exchange, house, "nina", USDT="1000")
        async with OrderEntry(nina) as entry:
            placed = await entry.place_order(order("buy", "30.00", "0.2"))
            assert (await entry.amend_order(placed["id"], quantity="0.1"))["keptPriority"] is True
            replaced = await entry.replace_order(placed["id"], order("buy", "29.00", "0.1"))
            assert replaced["place"]["order"]["price"] == "29.00"
            legs = [
                {"side": "buy", "type": "limit", "quantity": "0.1", "price": "28.00"},
                {"side": "sell", "type": "limit", "quantity": "0.1", "price": "80.00"},
            ]
            made = await entry.place_list({"symbol": "BTCUSDT", "kind": "oto", "legs": legs})
            assert (await entry.cancel_list(made["id"]))["status"] == "done"
            assert (await entry.set_cancel_timer(60_000, "BTCUSDT"))["dueAt"]
            assert (await entry.set_cancel_timer(0, "BTCUSDT"))["dueAt"] is None
            assert len((await entry.cancel_all())["canceled"]) == 1


async def test_orders_in_flight_keep_their_order(house: House) -> None:
    async with Exchange(house.url) as exchange:
        ivan = await user(exchange, house, "ivan", USDT="100000")
        async with OrderEntry(ivan) as entry:
            placed = await asyncio.gather(
                *(entry.place_order(order("buy", "1.00", "0.1")) for _ in range(1_000))
            )
            assert [one["seq"] for one in placed] == sorted({one["seq"] for one in placed})
            assert len((await entry.cancel_all("BTCUSDT"))["canceled"]) == 1_000


async def test_more_than_the_window_is_refused_by_name(house: House) -> None:
    async with Exchange(house.url) as exchange:
        judy = await user(exchange, house, "judy", USDT="100000")
        async with OrderEntry(judy) as entry:
            told = await asyncio.gather(
                *(entry.place_order(order("buy", "1.00", "0.1")) for _ in range(4_000)),
                return_exceptions=True,
            )
            placed = [one for one in told if isinstance(one, dict)]
            refused = [one for one in told if isinstance(one, APIProblem)]
            assert len(placed) + len(refused) == 4_000
            assert placed
            # A market allows so many open orders an account; what came too fast is the rest.
            assert "LIMIT_004" in {one.code for one in refused} <= {"LIMIT_004", "ORDER_012"}
            assert len((await entry.cancel_all())["canceled"]) == len(placed)


async def test_a_killed_core_leaves_no_order_in_doubt(house: House) -> None:
    async with Exchange(house.url) as exchange:
        mallory = await user(exchange, house, "mallory", USDT="100000")
        async with OrderEntry(mallory) as entry:
            bodies = [order("buy", "1.00", "0.1", f"k{number}") for number in range(400)]
            sending = asyncio.create_task(_send(entry, bodies))
            await asyncio.sleep(0.1)
            old = house.kill("core")
            told = await sending
            assert set(told) <= {200, *UNKNOWN}
            house.wait_restarted("core", old)
            for _ in range(100):
                told = await _send(entry, bodies)
                if set(told) == {200}:
                    break
                await asyncio.sleep(0.3)
            assert set(told) == {200}, house.log()
            canceled = (await entry.cancel_all())["canceled"]
            assert len(canceled) == len(set(canceled)) == 400
        await _stays_known(mallory, bodies[0])


async def test_a_frame_that_is_too_large_ends_the_connection(house: House) -> None:
    async with websockets.connect(house.url.replace("http", "ws") + "/ws/api") as socket:
        await socket.send(json.dumps({"id": "1", "method": "ping", "params": "x" * 70_000}))
        with pytest.raises(ConnectionClosed) as closed:
            await socket.recv()
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1009


async def _send(entry: OrderEntry, bodies: list[dict[str, Any]]) -> list[int]:
    """Place orders side by side; return each one's status, 200 for an order."""

    async def one(body: dict[str, Any]) -> int:
        try:
            await entry.place_order(body)
        except APIProblem as problem:
            return problem.status
        return 200

    return await asyncio.gather(*(one(body) for body in bodies))


async def _stays_known(session: Session, body: dict[str, Any]) -> None:
    """The same order over HTTP is the same order, though it has ended by now."""
    again = await session.place_order(body)
    assert again["clientOrderId"] == body["clientOrderId"]
    assert again["status"] == "new"
