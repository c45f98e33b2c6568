"""Orders that wait for a price, trail it, or show only a part: placed, awake, and how they end."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from tests.gateway.exchange import Client, Exchange

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module")
async def carol(exchange: Exchange) -> AsyncIterator[Client]:
    """A user whose orders are gone after the test; the last price is 100 before it."""
    user = await exchange.user()
    await exchange.trade("100.00")
    yield user
    await user.delete("/api/v1/orders")


def shown(order: dict[str, Any], *names: str) -> tuple[Any, ...]:
    return tuple(order.get(name) for name in names)


async def test_a_stop_waits_triggers_and_takes(exchange: Exchange, carol: Client) -> None:
    order = await carol.placed(
        side="sell", type="stop", price=None, quantity="0.2", triggerPrice="95.00"
    )
    assert shown(order, "type", "status", "triggerPrice", "price", "timeInForce") == (
        "stop", "pending_trigger", "95.00", None, "IOC",
    )  # fmt: skip
    assert (await carol.balance("BTC"))["hold"] == "0.20000000000"

    bidder = await exchange.user()
    await bidder.placed(side="buy", price="94.50", quantity="1")
    seq = await exchange.trade("95.00")

    after = await carol.order(order["id"], seq)
    assert shown(after, "type", "status", "filledQuantity", "averagePrice", "triggerPrice") == (
        "stop", "filled", "0.2000", "94.500000", "95.00",
    )  # fmt: skip
    assert [fill["price"] for fill in after["fills"]] == ["94.50"]
    await bidder.delete("/api/v1/orders")


async def test_a_stop_limit_rests_once_it_is_awake(exchange: Exchange, carol: Client) -> None:
    order = await carol.placed(
        type="stop_limit", price="104.00", quantity="0.2", triggerPrice="105.00"
    )
    assert shown(order, "type", "status", "price") == ("stop_limit", "pending_trigger", "104.00")
    seq = await exchange.trade("105.00")
    after = await carol.order(order["id"], seq)
    assert shown(after, "status", "type", "filledQuantity") == ("new", "stop_limit", "0.0000")
    canceled = (await carol.delete(f"/api/v1/orders/{order['id']}")).json()
    assert shown(canceled, "status", "reason", "type") == ("canceled", "user", "stop_limit")


async def test_take_profits_wake_on_the_other_side(exchange: Exchange, carol: Client) -> None:
    market = await carol.placed(
        side="buy", type="take_profit", price=None, quantity="0.2", triggerPrice="92.00"
    )
    limit = await carol.placed(
        side="sell", type="take_profit_limit", price="109.00", quantity="0.2", triggerPrice="108.00"
    )
    assert shown(market, "type", "status", "price") == ("take_profit", "pending_trigger", None)
    assert shown(limit, "type", "status") == ("take_profit_limit", "pending_trigger")

    seq = await exchange.trade("108.00")
    assert (await carol.order(limit["id"], seq))["status"] == "new"
    await carol.delete(f"/api/v1/orders/{limit['id']}")
    seq = await exchange.trade("92.00")
    expired = await carol.order(market["id"], seq)
    assert shown(expired, "status", "reason") == ("expired", "liquidity")


async def test_a_trailing_stop_follows_the_best_price(exchange: Exchange, carol: Client) -> None:
    terms = {"side": "sell", "type": "trailing_stop", "quantity": "0.2", "trailingBips": 1000}
    market = await carol.placed(price=None, **terms)
    limit = await carol.placed(price="90.00", **terms)
    active = await carol.placed(price=None, triggerPrice="80.00", **terms)
    assert shown(market, "type", "trailingBips", "price", "status", "triggerPrice") == (
        "trailing_stop", 1000, None, "pending_trigger", None,
    )  # fmt: skip
    assert shown(limit, "type", "price", "timeInForce") == ("trailing_stop", "90.00", "GTC")
    assert shown(active, "triggerPrice") == ("80.00",)

    await exchange.trade("109.00")
    seq = await exchange.trade("99.00")
    assert (await carol.order(market["id"], seq))["status"] == "pending_trigger"
    seq = await exchange.trade("98.00")
    assert shown(await carol.order(market["id"], seq), "status", "reason") == (
        "expired", "liquidity",
    )  # fmt: skip
    assert (await carol.order(limit["id"], seq))["status"] == "new"
    assert (await carol.order(active["id"], seq))["status"] == "pending_trigger"


async def test_a_take_profit_may_trail_too(carol: Client) -> None:
    order = await carol.placed(
        side="sell", type="take_profit", price=None, triggerPrice="120.00", trailingBips=100
    )
    assert shown(order, "type", "triggerPrice", "trailingBips") == ("take_profit", "120.00", 100)


@pytest.mark.parametrize("word", ["iceberg", "limit", "ICEBERG"])
async def test_an_iceberg_shows_a_part(exchange: Exchange, carol: Client, word: str) -> None:
    order = await carol.placed(
        side="sell", type=word, price="101.00", quantity="1", displayQuantity="0.3"
    )
    assert shown(order, "type", "displayQuantity", "status") == ("iceberg", "0.3000", "new")
    book: dict[str, Any] = {"sequence": 0}
    while book["sequence"] < order["seq"]:
        book = (await carol.get("/api/v1/orderbook/BTCUSDT")).json()
    assert book["asks"][0] == ["101.00", "0.3000"]

    taker = await exchange.user()
    done = await taker.placed(side="buy", price="101.00", quantity="1")
    assert [fill["quantity"] for fill in done["fills"]] == ["0.3000"] * 3 + ["0.1000"]
    after = await carol.order(order["id"], done["seq"])
    assert shown(after, "status", "displayQuantity") == ("filled", "0.3000")


async def test_a_pending_order_ends_with_its_time(exchange: Exchange, carol: Client) -> None:
    order = await carol.placed(
        type="stop_limit", price="130.00", triggerPrice="130.00", timeInForce="GTD",
        expiresAt="2099-01-01T00:00:00Z",
    )  # fmt: skip
    assert shown(order, "status", "expiresAt") == ("pending_trigger", "2099-01-01T00:00:00.000Z")
    listed = (await carol.get("/api/v1/orders", status="open", minSeq=order["seq"])).json()
    assert [one["id"] for one in listed["orders"]] == [order["id"]]
    assert listed["orders"][0]["triggerPrice"] == "130.00"


async def test_a_repeat_of_a_stop_answers_the_first_reply(carol: Client) -> None:
    terms = {
        "type": "trailing_stop", "price": None, "trailingBips": 100, "clientOrderId": "trail",
    }  # fmt: skip
    first = await carol.place(**terms)
    again = await carol.place(**terms)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.content == first.content


SELL_STOP = {"side": "sell", "type": "stop", "price": None}


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"type": "stop", "price": None}, "triggerPrice", "type stop needs it, in steps of"),
        ({"type": "stop_limit"}, "triggerPrice", "type stop_limit needs it"),
        ({"type": "take_profit_limit", "price": None}, "price", "needs it, in steps of 0.01"),
        ({"type": "trailing_stop", "price": None}, "trailingBips", "10 to 2000 hundredths"),
        ({"type": "iceberg"}, "displayQuantity", "type iceberg needs it"),
        (SELL_STOP | {"quantity": None, "triggerPrice": "90.00"}, "quantity", "is missing"),
        (SELL_STOP | {"triggerPrice": "90.005"}, "triggerPrice", "multiple of the tick size 0.01"),
        (SELL_STOP | {"triggerPrice": 90}, "triggerPrice", "string in quotes"),
        ({"type": "trailing_stop", "trailingBips": "100"}, "trailingBips", "a whole number"),
        ({"type": "trailing_stop", "trailingBips": 0}, "trailingBips", "must be at least 1"),
        ({"displayQuantity": "0.00001"}, "displayQuantity", "multiple of the lot size 0.0001"),
        ({"triggerPrice": "90.00"}, "triggerPrice", "use type stop_limit or take_profit_limit"),
        ({"trailingBips": 100}, "trailingBips", "use type trailing_stop"),
        (SELL_STOP | {"triggerPrice": "90.00", "price": "90.00"}, "price", "use type stop_limit"),
        (
            {"type": "take_profit", "triggerPrice": "90.00", "price": "90.00"},
            "price", "use type take_profit_limit",
        ),
        (SELL_STOP | {"triggerPrice": "90.00", "timeInForce": "GTC"}, "timeInForce", "always IOC"),
        (SELL_STOP | {"triggerPrice": "90.00", "postOnly": True}, "postOnly", "takes at once"),
        (
            SELL_STOP | {"triggerPrice": "90.00", "displayQuantity": "0.1"},
            "displayQuantity", "never rests",
        ),
        (
            {"type": "stop", "price": None, "triggerPrice": "120.00", "quoteQuantity": "50"},
            "quoteQuantity", "does not go with a trigger",
        ),
        ({"type": "stop_limit", "triggerPrice": "120.00", "postOnly": True}, "postOnly", "trigger"),
        (SELL_STOP | {"triggerPrice": "0"}, "triggerPrice", "above 0"),
        (
            {"type": "iceberg", "displayQuantity": "0.1", "timeInForce": "IOC"},
            "displayQuantity", "only with timeInForce GTC",
        ),
        (
            {"type": "iceberg", "displayQuantity": "0.5"},
            "displayQuantity", "0.5000 must be below quantity 0.5000",
        ),
        (
            {"type": "iceberg", "displayQuantity": "0.0001"},
            "displayQuantity", "more than the 100 parts that BTCUSDT allows",
        ),
        (
            {"type": "trailing_stop", "price": None, "trailingBips": 2001},
            "trailingBips", "2001 is outside the range of BTCUSDT: use 10 to 2000",
        ),
        (
            SELL_STOP | {"triggerPrice": "100.00"},
            "triggerPrice",
            "for a stop sell order on BTCUSDT it must be below the last price 100.00",
        ),
        (
            {"side": "sell", "type": "take_profit_limit", "triggerPrice": "99.00"},
            "triggerPrice", "for a take-profit sell order on BTCUSDT it must be above",
        ),
        (
            {"type": "stop", "price": None, "triggerPrice": "999999999999.00"},
            "triggerPrice", "above the maximum 100000000000.00 of BTCUSDT",
        ),
        (
            SELL_STOP | {"triggerPrice": "10.00", "quantity": "0.1"},
            "quantity", "triggerPrice × quantity is below the minimum notional 5.00000000 USDT",
        ),
        (
            {"price": "10.00", "quantity": "0.1"},
            "quantity", "price × quantity, 1.00000000 USDT, is below the minimum notional",
        ),
    ],
)  # fmt: skip
async def test_a_refusal_names_field_rule_and_way_out(
    carol: Client, changes: dict[str, Any], field: str, words: str
) -> None:
    reply = await carol.place(**changes)
    assert reply.status_code == 400, reply.text
    problem = reply.json()
    assert problem["errors"][0]["field"] == field, problem
    assert words in problem["detail"], problem


async def test_nothing_triggers_before_the_first_price(exchange: Exchange) -> None:
    dave = await exchange.user(funds={"ETH": "10"})
    reply = await dave.place(symbol="ETHUSDT", **SELL_STOP | {"triggerPrice": "90.00"})
    assert (reply.json()["code"], reply.json()["reason"]) == ("ORDER_014", "NO_LAST_PRICE")
    assert "ETHUSDT has no last price yet" in reply.json()["detail"]
