"""All order types and lists on a running exchange: what was told, shown and projected is one."""

from typing import Any

import pytest

from bezant.client import APIProblem, Exchange, Session
from tests.e2e.house import House
from tests.e2e.traders import balance, order, user

pytestmark = pytest.mark.timeout(300)


async def test_each_type_lives_its_life_and_the_books_add_up(house: House) -> None:
    async with Exchange(house.url) as exchange:
        dan = await user(exchange, house, "dan", USDT="100000", BTC="10")
        erin = await user(exchange, house, "erin", USDT="100000", BTC="10")
        await trade_at(erin, dan, "200.00")

        stop = await dan.place_order(terms("sell", "stop", triggerPrice="190.00"))
        trail = await dan.place_order(terms("buy", "trailing_stop", trailingBips=500))
        berg = await dan.place_order(
            terms("sell", "iceberg", price="210.00", displayQuantity="0.02")
        )
        pair = await dan.place_order_list(
            {
                "symbol": "BTCUSDT",
                "kind": "oco",
                "legs": [
                    leg("sell", "limit_maker", price="220.00"),
                    leg("sell", "stop_limit", price="185.00", triggerPrice="186.00"),
                ],
            }
        )
        assert [one["status"] for one in (stop, trail, berg)] == [
            "pending_trigger", "pending_trigger", "new",
        ]  # fmt: skip
        await erin.place_order(order("buy", "189.00", "0.1"))
        last = await trade_at(erin, erin, "190.00")
        woken = await dan.request("GET", f"/api/v1/orders/{stop['id']}", params={"minSeq": last})
        assert (woken["status"], woken["averagePrice"]) == ("filled", "189.000000")

        less = await dan.amend_order(berg["id"], quantity="0.08")
        assert (less["keptPriority"], less["quantity"]) == (True, "0.08000")
        replaced = await dan.replace_order(
            berg["id"], terms("sell", "limit", price="211.00"), mode="stop_on_failure"
        )
        assert replaced["cancel"]["order"]["id"] == berg["id"]
        with pytest.raises(APIProblem) as refused:
            await dan.replace_order(berg["id"], terms("sell", "limit", price="212.00"))
        assert (refused.value.code, refused.value.reason) == ("ORDER_003", "ORDER_UNKNOWN")

        timer = await dan.set_cancel_timer(60_000)
        assert timer["dueAt"] is not None
        (running,) = await dan.list_cancel_timers(timer["seq"])
        assert running == {"symbol": None, "dueAt": timer["dueAt"]}
        removed = await dan.set_cancel_timer(0)
        assert removed["dueAt"] is None
        assert await dan.list_cancel_timers(removed["seq"]) == []

        await dan.set_self_trade_prevention("decrement")
        assert (await dan.get_settings())["selfTradePrevention"] == "decrement"
        low = await dan.place_order(terms("buy", "limit", price="150.00"))
        shown = await dan.request(
            "GET", f"/api/v1/orders/{low['id']}", params={"minSeq": low["seq"]}
        )
        modes = (low["selfTradePrevention"], shown["selfTradePrevention"])
        assert modes == ("default", "decrement")

        audit = house.run("verify", "--json")
        assert audit.returncode == 0
        before = await everything(dan, last)
        house.run("projections", "rebuild")
        assert await everything(dan, last) == before

        ended = await dan.cancel_order_list(pair["id"])
        assert [one["status"] for one in ended["legs"]] == ["canceled", "canceled"]
        await dan.cancel_all()
        await erin.cancel_all()
        assert (await balance(dan, "BTC"))[1] == "0.00000000000"
    assert house.run("verify", "--json").returncode == 0


def terms(side: str, kind: str, **fields: object) -> dict[str, Any]:
    return {"symbol": "BTCUSDT", **leg(side, kind, **fields)}


def leg(side: str, kind: str, **fields: object) -> dict[str, Any]:
    return {"side": side, "type": kind, "quantity": "0.1", **fields}


async def trade_at(seller: Session, buyer: Session, price: str) -> int:
    """Make a price the last one; return the seq."""
    mode = {"selfTradePrevention": "none", "timeInForce": "IOC"}
    await seller.place_order(order("sell", price, "0.05"))
    done = await buyer.place_order(order("buy", price, "0.05") | mode)
    assert done["status"] == "filled"
    seq: int = done["seq"]
    return seq


async def everything(session: Session, seq: int) -> list[Any]:
    """Return all that the read models say of a user's orders and lists."""
    orders = await session.list_orders(status="all", minSeq=seq)
    return [orders, await session.list_order_lists(status="all")]
