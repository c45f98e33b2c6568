"""One order's whole way: two users trade over HTTP and WebSocket, and the core may die."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
import websockets

from bezant.client import APIProblem, Exchange, ExchangeAway, Session
from tests.e2e.house import House
from tests.e2e.traders import balance, next_of, order, user

pytestmark = pytest.mark.timeout(300)


async def test_two_users_trade_and_the_core_may_die(house: House) -> None:
    async with Exchange(house.url) as exchange:
        alice = await user(exchange, house, "alice", USDT="1000")
        bob = await user(exchange, house, "bob", BTC="1")
        stream = house.url.replace("http", "ws")
        async with (
            websockets.connect(f"{stream}/ws/orderbook/BTCUSDT") as book,
            websockets.connect(f"{stream}/ws/trades/BTCUSDT") as tape,
        ):
            snapshot = await next_of(book, "orderbook_snapshot")
            assert snapshot["data"] == {"bids": [], "asks": []}
            resting = await bob.place_order(order("sell", "100.00", "0.5", "b1"))
            assert resting["status"] == "new"
            update = await next_of(book, "orderbook_update")
            assert update["data"]["asks"] == [["100.00", "0.50000"]]
            taken = await alice.place_order(order("buy", "101.00", "0.2", "a1"))
            assert taken["status"] == "filled"
            assert taken["fills"][0]["price"] == "100.00"
            trade = (await next_of(tape, "trades"))["data"]["trades"][0]
            assert (trade["price"], trade["quantity"], trade["side"]) == (
                "100.00",
                "0.20000",
                "buy",
            )
        # The taker pays 2,000 ppm of what it receives, the maker 1,000.
        assert await balance(alice, "BTC") == ("0.19960000000", "0.00000000000")
        assert await balance(alice, "USDT") == ("980.00000000", "0.00000000")
        assert await balance(bob, "USDT") == ("19.98000000", "0.00000000")
        assert await balance(bob, "BTC") == ("0.50000000000", "0.30000000000")

        old = house.kill("core")
        house.wait_restarted("core", old)
        house.wait_ready()
        again = await resolve(alice, order("buy", "101.00", "0.2", "a1"))
        assert again["id"] == taken["id"]
        assert again["status"] == "filled"
        assert await balance(alice, "USDT") == ("980.00000000", "0.00000000")
        canceled = await bob.cancel_order(resting["id"])
        assert (canceled["status"], canceled["filledQuantity"]) == ("canceled", "0.20000")
        assert await balance(bob, "BTC") == ("0.80000000000", "0.00000000000")
    audit = house.run("verify", "--json")
    assert audit.returncode == 0


async def resolve(session: Session, terms: dict[str, str]) -> dict[str, Any]:
    """Send the same order until the exchange is there again."""
    for _ in range(100):
        try:
            return await session.place_order(terms)
        except (APIProblem, ExchangeAway) as error:
            if isinstance(error, APIProblem) and error.status < 500:
                raise
            await asyncio.sleep(0.1)
    raise AssertionError("the exchange stayed away")


async def test_a_second_core_names_the_holder(house: House) -> None:
    second = house.run("core", check=False)
    assert second.returncode == 1
    assert "lease" in second.stderr


async def test_money_that_is_not_there_is_refused(house: House) -> None:
    async with Exchange(house.url) as exchange:
        carol = await user(exchange, house, "carol", USDT="10")
        with pytest.raises(APIProblem) as refused:
            await carol.place_order(order("buy", "100.00", "1"))
        assert refused.value.status == 400
        assert refused.value.code == "WALLET_001"
        assert refused.value.reason == "AVAILABLE_TOO_LOW"
        assert await balance(carol, "USDT") == ("10.00000000", "0.00000000")


def test_the_data_directory_has_nothing_of_others(house: House) -> None:
    assert (Path(house.data_dir) / "run" / "core.pid").exists()
    # Started by root, PostgreSQL's user passes through; nobody else looks or writes.
    assert house.data_dir.stat().st_mode & 0o006 == 0
