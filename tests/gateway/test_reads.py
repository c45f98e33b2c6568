"""What anybody may read of markets, and what a user may read of their own money and trades."""

import pytest

from bezant.core.ids import AccountId, MarketId
from bezant.core.words import MarketStatus
from tests.gateway.exchange import Client, Exchange

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_the_catalogue_shows_grid_limits_and_fees(exchange: Exchange) -> None:
    assets = (await exchange.anybody.get("/api/market/assets")).json()["assets"]
    assert [(one["code"], one["scale"], one["displayScale"]) for one in assets] == [
        ("BTC", 11, 8),
        ("ETH", 10, 8),
        ("USDT", 8, 2),
    ]
    markets = (await exchange.anybody.get("/api/market/markets")).json()["markets"]
    assert [one["symbol"] for one in markets] == ["BTCUSDT", "ETHUSDT"]
    assert markets[0] == {
        "symbol": "BTCUSDT",
        "name": "BTC-USDT",
        "base": "BTC",
        "quote": "USDT",
        "status": "trading",
        "tickSize": "0.01",
        "lotSize": "0.0001",
        "priceScale": 2,
        "quantityScale": 4,
        "quoteScale": 8,
        "minQuantity": "0.0001",
        "maxQuantity": "1000000000.0000",
        "maxPrice": "100000000000.00",
        "minNotional": "5.00000000",
        "maxNotional": markets[0]["maxNotional"],
        "priceBand": "0",
        "maxOpenOrders": 1000,
        "maxStopOrders": 100,
        "maxIcebergs": 100,
        "maxIcebergParts": 100,
        "maxOrderLists": 100,
        "maxAmends": 1000,
        "minTrailingBips": 10,
        "maxTrailingBips": 2000,
        "makerFee": "0.0005",
        "takerFee": "0.001",
        "algorithm": "fifo",
    }


async def test_the_catalogue_follows_the_house(exchange: Exchange, alice: Client) -> None:
    eth = exchange.house.get_market("ETHUSDT")
    try:
        await exchange.desk.set_status(MarketId(eth.market), MarketStatus.HALTED)
        refused = await alice.place(symbol="ETHUSDT")
        assert (refused.status_code, refused.json()["code"]) == (409, "ORDER_007")
        markets = (await exchange.anybody.get("/api/market/markets")).json()["markets"]
        assert markets[1]["status"] == "halted"
        assert "ETHUSDT is halted" in (await alice.place(symbol="ethusdt")).json()["detail"]
    finally:
        await exchange.desk.set_status(MarketId(eth.market), MarketStatus.TRADING)


async def test_market_data_has_etags(exchange: Exchange) -> None:
    for path in ("/api/market/assets", "/api/market/markets", "/api/v1/orderbook/ETHUSDT"):
        first = await exchange.anybody.get(path)
        again = await exchange.anybody.request(
            "GET", path, headers={"If-None-Match": first.headers["etag"]}
        )
        assert (again.status_code, again.content) == (304, b""), path


async def test_the_book_shows_the_best_levels(
    exchange: Exchange, alice: Client, bob: Client
) -> None:
    for price, quantity in (("90.00", "1"), ("91.00", "2"), ("91.00", "3")):
        await alice.placed(price=price, quantity=quantity)
    await bob.placed(side="sell", price="95.50", quantity="0.5")
    last = await bob.placed(side="sell", price="95.00", quantity="0.25")

    book = (await exchange.anybody.get("/api/v1/orderbook/btcusdt", depth=10)).json()
    assert book["bids"] == [["91.00", "5.0000"], ["90.00", "1.0000"]]
    assert book["asks"] == [["95.00", "0.2500"], ["95.50", "0.5000"]]
    assert book["sequence"] == last["seq"]
    top = (await exchange.anybody.get("/api/v1/orderbook/BTCUSDT", depth=1)).json()
    assert (top["bids"], top["asks"]) == ([["91.00", "5.0000"]], [["95.00", "0.2500"]])
    for one in (alice, bob):
        await one.delete("/api/v1/orders")


@pytest.mark.parametrize("depth", ["0", "1001", "1000000000", "x", "-1", "1.5", ""])
async def test_a_depth_out_of_range_is_refused(exchange: Exchange, depth: str) -> None:
    reply = await exchange.anybody.get("/api/v1/orderbook/BTCUSDT", depth=depth)
    assert (reply.status_code, reply.json()["errors"][0]["field"]) == (400, "depth"), reply.text


async def test_a_trade_is_seen_everywhere(exchange: Exchange, alice: Client, bob: Client) -> None:
    ask = await bob.placed(side="sell", price="60.00", quantity="0.5")
    bid = await alice.placed(price="60.00", quantity="0.2")
    seq = bid["seq"]

    own = (await alice.get("/api/v1/fills", minSeq=seq)).json()["fills"][0]
    assert (own["orderId"], own["side"], own["role"]) == (bid["id"], "buy", "taker")
    assert own["fee"] == "0.00020000000"
    made = (await bob.get("/api/v1/fills", orderId=ask["id"])).json()["fills"]
    assert [(fill["side"], fill["role"], fill["fee"]) for fill in made] == [
        ("sell", "maker", "0.00600000")
    ]
    trade = (await exchange.anybody.get("/api/v1/trades", symbol="BTCUSDT")).json()["trades"][0]
    assert (trade["price"], trade["quantity"], trade["quoteQuantity"], trade["side"]) == (
        "60.00",
        "0.2000",
        "12.00000000",
        "buy",
    )
    assert trade["id"] == own["tradeId"]
    candles = (await exchange.anybody.get("/api/market/candles/BTCUSDT", interval="1m")).json()
    assert candles["candles"][-1]["close"] == "60.00"
    tickers = (await exchange.anybody.get("/api/market/tickers")).json()["tickers"]
    ticker = next(one for one in tickers if one["symbol"] == "BTCUSDT")
    assert ticker["last"] == "60.00"
    await bob.delete("/api/v1/orders")


async def test_the_wallet_adds_up(exchange: Exchange, bob: Client) -> None:
    carol = await exchange.user(funds={"USDT": "100.5"})
    await bob.placed(side="sell", price="20.00", quantity="1")
    taken = await carol.placed(price="20.00", quantity="1")
    resting = await carol.placed(price="10.00", quantity="2")

    reply = (await carol.get("/api/wallet/balances")).json()
    assert reply["seq"] >= resting["seq"]
    assert reply["balances"] == [
        {"asset": "BTC", "available": "0.99900000000", "hold": "0.00000000000",
         "total": "0.99900000000"},
        {"asset": "USDT", "available": "60.50000000", "hold": "20.00000000",
         "total": "80.50000000"},
    ]  # fmt: skip
    lines = (await carol.get("/api/wallet/ledger", minSeq=resting["seq"])).json()["lines"]
    told = [(line["asset"], line["kind"], line["amount"], line["balance"]) for line in lines]
    assert sorted(told) == [
        ("BTC", "trade", "0.99900000000", "0.99900000000"),
        ("USDT", "deposit", "100.50000000", "100.50000000"),
        ("USDT", "trade", "-20.00000000", "80.50000000"),
    ]
    assert {line.get("orderId") for line in lines} == {taken["id"], None}
    none_yet = await carol.balance("ETH")
    assert (none_yet["total"], none_yet["asset"]) == ("0.0000000000", "ETH")
    unknown = await carol.get("/api/wallet/balance/XYZ")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "WALLET_004")


async def test_the_ledger_comes_in_pages(exchange: Exchange) -> None:
    carol = await exchange.user(funds={})
    assert carol.user is not None
    for amount in ("1", "2", "3"):
        await exchange.desk.credit(AccountId(carol.user.account), {"USDT": amount})
    seq = (await carol.get("/api/wallet/balances")).json()["seq"]
    first = (await carol.get("/api/wallet/ledger", limit=2, asset="usdt", minSeq=seq)).json()
    assert [line["balance"] for line in first["lines"]] == ["6.00000000", "3.00000000"]
    rest = (await carol.get("/api/wallet/ledger", limit=2, cursor=first["nextCursor"])).json()
    assert [line["balance"] for line in rest["lines"]] == ["1.00000000"]
    assert rest["nextCursor"] is None
    wrong = await carol.get("/api/wallet/ledger", cursor="nonsense")
    assert wrong.json()["errors"][0]["field"] == "cursor"


async def test_a_read_waits_for_its_seq_and_gives_up(exchange: Exchange, alice: Client) -> None:
    reply = await alice.get("/api/v1/orders", minSeq=10**12)
    assert (reply.status_code, reply.json()["code"]) == (503, "SYSTEM_004")
    assert reply.headers["retry-after"] == "1"


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/api/v1/orders?limit=0", "limit"),
        ("/api/v1/orders?limit=1000000000", "limit"),
        ("/api/v1/orders?limit=1&limit=2", "limit"),
        ("/api/v1/orders?status=gone", "status"),
        ("/api/v1/orders?minSeq=-1", "minSeq"),
        ("/api/v1/orders?min_seq=1", "min_seq"),
        ("/api/v1/orders?user=2", "user"),
        ("/api/v1/trades", "symbol"),
        ("/api/v1/trades?symbol=BTCUSDT&before=x", "before"),
        ("/api/market/candles/BTCUSDT?interval=7m", "interval"),
        ("/api/market/candles/BTCUSDT?from=x", "from"),
        ("/api/market/candles/BTCUSDT?to=99999999999999999", "to"),
    ],
)
async def test_parameters_are_as_strict_as_bodies(alice: Client, path: str, field: str) -> None:
    reply = await alice.request("GET", path)
    assert (reply.status_code, reply.json()["code"]) == (400, "VALIDATION_001"), reply.text
    assert reply.json()["errors"][0]["field"] == field, reply.text
