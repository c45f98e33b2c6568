"""A market's limits on what an account may have open, each named with its number."""

import pytest
import pytest_asyncio
from msgspec.structs import replace

from bezant.core.ids import MarketId
from bezant.core.units import Lots
from bezant.core.words import MarketStatus
from bezant.marketdata.listing import DEFAULT_PARAMETERS, AssetSpec, MarketSpec
from tests.gateway.exchange import Client, Document, Exchange

pytestmark = pytest.mark.asyncio(loop_scope="module")

TIGHT = replace(
    DEFAULT_PARAMETERS,
    band_bips=2_000,
    qty_min=Lots(10),
    open_orders_max=4,
    stop_orders_max=1,
    icebergs_max=1,
    lists_max=1,
    parts_max=3,
    amends_max=1,
)
ORDER = {"symbol": "SOLUSDT", "side": "buy", "type": "limit", "price": "9.00", "quantity": "1"}
STOP = ORDER | {"type": "stop_limit", "price": "11.00", "triggerPrice": "11.00"}
ICEBERG = ORDER | {"type": "iceberg", "displayQuantity": "0.5"}
LEG = {name: value for name, value in ORDER.items() if name != "symbol"}


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def tight(exchange: Exchange) -> Exchange:
    """The exchange with a market of narrow limits, whose last price is 10."""
    await exchange.desk.create_asset(AssetSpec(code="SOL", name="Solana", scale=8))
    spec = MarketSpec(
        base="SOL", quote="USDT", tick="0.01", lot="0.01", notional_min="5", parameters=TIGHT
    )
    await exchange.desk.create_market(spec)
    seller = await exchange.user(funds={"SOL": "10"})
    while (await seller.get("/api/v1/orderbook/SOLUSDT")).status_code != 200:
        pass
    await seller.placed(**ORDER | {"side": "sell", "price": "10.00"})
    buyer = await exchange.user()
    assert (await buyer.placed(**ORDER | {"price": "10.00"}))["status"] == "filled"
    return exchange


async def refused(user: Client, **changes: object) -> Document:
    reply = await user.place(**changes)
    assert reply.status_code == 400, reply.text
    document: Document = reply.json()
    return document


async def test_each_limit_is_named_with_its_number(tight: Exchange) -> None:
    user = await tight.user()
    await user.placed(**STOP)
    stops = await refused(user, **STOP)
    assert "SOLUSDT allows 1 open orders with a trigger an account" in stops["detail"]
    await user.placed(**ICEBERG)
    icebergs = await refused(user, **ICEBERG)
    assert "SOLUSDT allows 1 open iceberg orders an account" in icebergs["detail"]
    wanted = {"symbol": "SOLUSDT", "kind": "oto", "legs": [LEG, LEG | {"side": "sell"}]}
    assert (await user.post("/api/v1/order-lists", wanted)).status_code == 201
    lists = await user.post("/api/v1/order-lists", wanted)
    assert (lists.status_code, lists.json()["code"]) == (400, "ORDER_012")
    assert "SOLUSDT allows 4 open orders an account" in lists.json()["detail"]
    for order in (await user.get("/api/v1/orders", status="open")).json()["orders"]:
        if "listId" not in order:
            await user.delete(f"/api/v1/orders/{order['id']}")
    lists = await user.post("/api/v1/order-lists", wanted)
    assert "SOLUSDT allows 1 open order lists an account" in lists.json()["detail"]
    assert lists.json()["errors"][0]["field"] == "symbol"


async def test_an_iceberg_has_so_many_parts_and_no_small_ones(tight: Exchange) -> None:
    user = await tight.user()
    many = await refused(user, **ICEBERG | {"displayQuantity": "0.2"})
    assert many["errors"][0]["message"] == (
        "quantity 1.00 in parts of 0.20 makes more than the 3 parts that SOLUSDT allows: display "
        "more"
    )
    small = await refused(user, **ICEBERG | {"displayQuantity": "0.05"})
    assert "displayQuantity 0.05 is below the minimum quantity 0.10 of SOLUSDT" in small["detail"]


async def test_an_order_is_amended_so_often(tight: Exchange) -> None:
    user = await tight.user()
    order = await user.placed(**ORDER)
    assert (await user.patch(f"/api/v1/orders/{order['id']}", {"quantity": "0.9"})).is_success
    over = await user.patch(f"/api/v1/orders/{order['id']}", {"quantity": "0.8"})
    assert (over.json()["code"], over.json()["reason"]) == ("ORDER_016", "AMENDS_TOO_MANY")
    assert "changed 1 times, as often as SOLUSDT allows" in over.json()["detail"]


async def test_a_price_outside_the_band_is_told_with_the_last_price(tight: Exchange) -> None:
    user = await tight.user()
    far = await refused(user, **ORDER | {"price": "7.99"})
    assert (
        "price 7.99 is outside the price band of SOLUSDT, 20 % around the last price 10.00"
        in far["detail"]
    )
    legs = [LEG, LEG | {"side": "sell", "price": "12.01"}]
    wanted = {"symbol": "SOLUSDT", "kind": "oto", "legs": legs}
    reply = await user.post("/api/v1/order-lists", wanted)
    assert reply.json()["errors"][0]["field"] == "legs[1].price"


async def test_a_halted_market_changes_and_cancels_nothing(tight: Exchange) -> None:
    user = await tight.user()
    order = await user.placed(**ORDER)
    made = await user.post(
        "/api/v1/order-lists", {"symbol": "SOLUSDT", "kind": "oto", "legs": [LEG, LEG]}
    )
    path = f"/api/v1/orders/{order['id']}"
    market = MarketId(tight.house.get_market("SOLUSDT").market)
    await tight.desk.set_status(market, MarketStatus.HALTED)
    try:
        for reply in (
            await user.place(**ORDER),
            await user.patch(path, {"quantity": "0.9"}),
            await user.post("/api/v1/orders/replace", {"id": order["id"], "order": ORDER}),
            await user.delete(path),
            await user.delete(f"/api/v1/order-lists/{made.json()['id']}"),
        ):
            assert (reply.status_code, reply.json()["code"]) == (409, "ORDER_007"), reply.text
            assert "SOLUSDT is " in reply.json()["detail"]
        everything = await user.delete("/api/v1/orders")
        assert (everything.status_code, everything.json()["canceled"]) == (200, [])
    finally:
        await tight.desk.set_status(market, MarketStatus.TRADING)
    assert len((await user.delete("/api/v1/orders")).json()["canceled"]) == 3
