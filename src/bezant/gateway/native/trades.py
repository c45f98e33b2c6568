"""Trades: everybody's of a market, and one's own fills."""

from typing import Annotated, Final

from litestar import get
from litestar.params import QueryParameter

from bezant.gateway.native.documents import FillPage, TradePage
from bezant.gateway.native.endpoint import (
    PAGE_SIZE,
    PRIVATE,
    READ,
    SIGNED_IN,
    Cursor,
    Limit,
    MinSeq,
    NativeRequest,
    Symbol,
    catch_up,
    house_of,
    problems,
)
from bezant.gateway.native.names import to_order_id
from bezant.gateway.native.problems import Problem, field_refusal
from bezant.gateway.native.render import render_fill, render_trade
from bezant.gateway.native.wallet import parse_place
from bezant.queries.trades import list_account_trades, list_market_trades

_TAGS: Final = ["Trades"]
_DIGITS_MAX: Final = 16


@get(
    "/api/v1/trades",
    responses=problems(*READ, Problem.MARKET, Problem.REQUEST_LIMIT),
    tags=_TAGS,
    operation_id="listTrades",
    summary="List a market's trades",
)
async def read_trades(
    request: NativeRequest,
    symbol: Annotated[str, QueryParameter(description="A market's symbol.")],
    limit: Limit = PAGE_SIZE,
    before: Annotated[str | None, QueryParameter(description="Only trades before this id.")] = None,
) -> TradePage:
    """Return a market's trades, newest first; public."""
    house = house_of(request)
    house.access.admit(request.scope)
    market = house.get_market(symbol)
    trades = await list_market_trades(
        house.pool, market.market, before=_parse_before(before), limit=limit
    )
    return TradePage(
        tuple(render_trade(one, market) for one in trades),
        str(trades[-1].trade_no) if len(trades) == limit else None,
    )


@get(
    "/api/v1/fills",
    responses=problems(*PRIVATE, *READ, Problem.MARKET, Problem.ORDER_UNKNOWN),
    security=SIGNED_IN,
    tags=_TAGS,
    operation_id="listFills",
    summary="List your fills",
)
async def read_fills(
    request: NativeRequest,
    symbol: Symbol = None,
    order_id: Annotated[
        str | None, QueryParameter(name="orderId", description="Only of this order.")
    ] = None,
    limit: Limit = PAGE_SIZE,
    cursor: Cursor = None,
    min_seq: MinSeq = None,
) -> FillPage:
    """Return your fills, newest first, from the read models."""
    house = house_of(request)
    caller = house.access.authorize(request.scope)
    market = house.get_market(symbol).market if symbol is not None else None
    wanted = to_order_id(order_id, "orderId") if order_id is not None else None
    before = parse_place(cursor)
    seq = await catch_up(house, min_seq)
    fills = await list_account_trades(
        house.pool, caller.account, market=market, order_id=wanted, before=before, limit=limit
    )
    catalogue = house.get_catalogue()
    return FillPage(
        tuple(render_fill(one, catalogue.markets[one.market], catalogue) for one in fills),
        str(fills[-1].place) if len(fills) == limit else None,
        seq,
    )


def _parse_before(text: str | None) -> int | None:
    if text is None:
        return None
    if not text.isascii() or not text.isdecimal() or len(text) > _DIGITS_MAX:
        raise field_refusal(
            Problem.MALFORMED, "before", "id", "before is not a trade id: send one of this market"
        )
    return int(text)
