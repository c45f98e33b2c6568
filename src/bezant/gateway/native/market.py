"""Market data: assets, markets, tickers, candles, order books. Public, with ETags."""

import hashlib
from typing import Annotated, Any, Final

import msgspec
from litestar import Response, get
from litestar.params import FromPath, QueryParameter

from bezant.core.ids import MarketId
from bezant.core.reads import Book, ReadBook
from bezant.gateway.house import House
from bezant.gateway.native.core_calls import query
from bezant.gateway.native.documents import (
    AssetList,
    CandleDocument,
    CandleList,
    MarketList,
    OrderBookDocument,
    TickerDocument,
    TickerList,
)
from bezant.gateway.native.endpoint import (
    Limit,
    NativeRequest,
    house_of,
    problems,
)
from bezant.gateway.native.problems import Problem, field_refusal
from bezant.gateway.native.render import render_asset, render_market
from bezant.kit.decimals import from_units
from bezant.marketdata.catalogue import Market
from bezant.marketdata.live_markets import BookSnapshot
from bezant.queries.candles import Candle, Interval, list_candles
from bezant.queries.tickers import Ticker, list_tickers

DEPTH_MAX: Final = 1_000
CANDLES_SIZE: Final = 500
TIME_MS_MAX: Final = 4_102_444_800_000  # The year 2100; later ones are slips.
_NS_PER_MS: Final = 1_000_000
_PERCENT_SCALE: Final = 2
_TAGS: Final = ["Market data"]
_PUBLIC: Final = (Problem.REQUEST_LIMIT, Problem.CORE_AWAY)
_INTERVALS: Final = ", ".join(Interval)


@get(
    "/api/market/assets",
    responses=problems(*_PUBLIC),
    tags=_TAGS,
    operation_id="listAssets",
    summary="List assets",
)
async def read_assets(request: NativeRequest) -> Response[AssetList]:
    """Return all assets."""
    house = house_of(request)
    house.access.admit(request.scope)
    assets = house.get_catalogue().list_assets()
    return with_etag(request, AssetList(tuple(render_asset(one) for one in assets)))


@get(
    "/api/market/markets",
    responses=problems(*_PUBLIC),
    tags=_TAGS,
    operation_id="listMarkets",
    summary="List markets",
)
async def read_markets(request: NativeRequest) -> Response[MarketList]:
    """Return all markets with their grid, limits, fees and status."""
    house = house_of(request)
    house.access.admit(request.scope)
    markets = house.get_catalogue().list_markets()
    return with_etag(request, MarketList(tuple(render_market(one) for one in markets)))


@get(
    "/api/market/tickers",
    responses=problems(*_PUBLIC, Problem.DATABASE_AWAY),
    tags=_TAGS,
    operation_id="listTickers",
    summary="List tickers",
)
async def read_tickers(request: NativeRequest) -> Response[TickerList]:
    """Return the last 24 hours of each market."""
    house = house_of(request)
    house.access.admit(request.scope)
    markets = house.get_catalogue().markets
    tickers = await list_tickers(house.pool, now_ms=house.clock.now_ns() // _NS_PER_MS)
    return with_etag(
        request,
        TickerList(
            tuple(_ticker(one, markets[one.market]) for one in tickers if one.market in markets)
        ),
    )


@get(
    "/api/market/candles/{symbol:str}",
    responses=problems(*_PUBLIC, Problem.MALFORMED, Problem.MARKET, Problem.DATABASE_AWAY),
    tags=_TAGS,
    operation_id="listCandles",
    summary="List candles",
)
async def read_candles(
    symbol: FromPath[str],
    request: NativeRequest,
    interval: Annotated[str, QueryParameter(description=f"One of {_INTERVALS}.")] = "1m",
    limit: Limit = CANDLES_SIZE,
    from_ms: Annotated[
        int | None,
        QueryParameter(name="from", ge=0, le=TIME_MS_MAX, description="Not opened before, in ms."),
    ] = None,
    to_ms: Annotated[
        int | None,
        QueryParameter(name="to", ge=0, le=TIME_MS_MAX, description="Not opened after, in ms."),
    ] = None,
) -> Response[CandleList]:
    """Return candles, oldest first; times are milliseconds since 1970, UTC."""
    house = house_of(request)
    house.access.admit(request.scope)
    market = house.get_market(symbol)
    wanted = _parse_interval(interval)
    candles = await list_candles(
        house.pool, market.market, wanted, from_ms=from_ms, to_ms=to_ms, limit=limit
    )
    return with_etag(
        request,
        CandleList(market.code, interval, tuple(_candle(one, market) for one in candles)),
    )


@get(
    "/api/v1/orderbook/{symbol:str}",
    responses=problems(*_PUBLIC, Problem.MALFORMED, Problem.MARKET),
    tags=_TAGS,
    operation_id="getOrderBook",
    summary="Get an order book",
)
async def read_order_book(
    symbol: FromPath[str],
    request: NativeRequest,
    depth: Annotated[
        int, QueryParameter(ge=1, le=DEPTH_MAX, description="How many levels a side, 1 to 1000.")
    ] = 100,
) -> Response[OrderBookDocument]:
    """Return the best levels of a book, best first, as [price, quantity]."""
    house = house_of(request)
    house.access.admit(request.scope)
    market = house.get_market(symbol)
    book = await _read_book(house, market.market, depth)
    grid = market.grid
    document = OrderBookDocument(
        symbol=market.code,
        sequence=book.sequence,
        timestamp=book.ts_ns // _NS_PER_MS,
        bids=tuple((grid.price_text(price), grid.qty_text(lots)) for price, lots in book.bids),
        asks=tuple((grid.price_text(price), grid.qty_text(lots)) for price, lots in book.asks),
    )
    return with_etag(request, document, tag=f"{book.sequence}-{depth}")


def with_etag(request: NativeRequest, document: Any, *, tag: str = "") -> Response[Any]:
    """Return the document with an ETag, or 304 if the client has it already.

    `tag` names the version where there is one; else it is the hash of the bytes.
    """
    body = msgspec.json.encode(document)
    etag = f'"{tag or hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": etag, "Cache-Control": "no-cache"}
    if request.headers.get("if-none-match") == etag:
        return Response(b"", status_code=304, headers=headers, media_type="application/json")
    return Response(body, headers=headers, media_type="application/json")


async def _read_book(house: House, market: int, depth: int) -> BookSnapshot:
    """Return the book that this gateway keeps, else the core's own."""
    kept = house.live.book(market, depth) if house.live is not None else None
    if kept is not None:
        return kept
    book = await query(house, ReadBook(MarketId(market), depth), Book)
    return BookSnapshot(
        market,
        book.sequence,
        house.clock.now_ns(),
        tuple((level.price, level.visible) for level in book.bids),
        tuple((level.price, level.visible) for level in book.asks),
    )


def _parse_interval(text: str) -> Interval:
    try:
        return Interval(text)
    except ValueError:
        raise field_refusal(
            Problem.MALFORMED, "interval", "value", f"interval must be one of {_INTERVALS}"
        ) from None


def _candle(candle: Candle, market: Market) -> CandleDocument:
    grid = market.grid
    return CandleDocument(
        open_time=candle.open_ms,
        open=grid.price_text(candle.open),
        high=grid.price_text(candle.high),
        low=grid.price_text(candle.low),
        close=grid.price_text(candle.close),
        volume=grid.qty_text(candle.volume),
        quote_volume=grid.quote_text(candle.quote_volume),
        trades=candle.trade_count,
    )


def _ticker(ticker: Ticker, market: Market) -> TickerDocument:
    grid = market.grid

    def price(ticks: int | None) -> str | None:
        return None if ticks is None else grid.price_text(ticks)

    change = change_percent = None
    if ticker.open is not None and ticker.last is not None:
        change = grid.price_text(ticker.last - ticker.open)
        change_percent = _percent(ticker.last - ticker.open, ticker.open)
    return TickerDocument(
        symbol=market.code,
        open=price(ticker.open),
        high=price(ticker.high),
        low=price(ticker.low),
        last=price(ticker.last),
        change=change,
        change_percent=change_percent,
        volume=grid.qty_text(ticker.volume),
        quote_volume=grid.quote_text(ticker.quote_volume),
        trades=ticker.trade_count,
    )


def _percent(change: int, whole: int) -> str:
    """Return change / whole in percent with two decimals, rounded toward zero; for show."""
    hundredths = abs(change) * 100 * 10**_PERCENT_SCALE // whole
    return from_units(-hundredths if change < 0 else hundredths, _PERCENT_SCALE)
