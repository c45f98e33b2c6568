"""Statistics: a row a market with its grid, status, last trade and volume since the beginning."""

from typing import Any, ClassVar, Final

from msgspec import Struct
from msgspec.structs import astuple

from bezant.core.events import (
    AuctionExtended,
    Event,
    MarketCreated,
    MarketStatusChanged,
    TradeExecuted,
)
from bezant.core.postings import Grids, Posting
from bezant.core.words import MarketStatus, StatusCause
from bezant.projections.fold import At

_INSERT: Final = """
INSERT INTO market_states (market, base, quote, lot_units, tick_lot_units, status, cause, until_ns,
                           last_price, last_trade_no, last_trade_ns, volume, quote_volume)
VALUES ($1, $2, $3, $4, $5, $6, $7, 0, 0, 0, 0, 0, 0)
"""
_UPDATE: Final = """
UPDATE market_states m SET
    last_price = coalesce(u.last_price, m.last_price),
    last_trade_no = coalesce(u.last_trade_no, m.last_trade_no),
    last_trade_ns = coalesce(u.last_trade_ns, m.last_trade_ns),
    volume = m.volume + u.volume, quote_volume = m.quote_volume + u.quote_volume,
    status = coalesce(u.status, m.status), cause = coalesce(u.cause, m.cause),
    until_ns = coalesce(u.until_ns, m.until_ns)
FROM unnest($1::integer[], $2::bigint[], $3::bigint[], $4::bigint[], $5::numeric[], $6::numeric[],
            $7::smallint[], $8::smallint[], $9::bigint[])
     AS u (market, last_price, last_trade_no, last_trade_ns, volume, quote_volume, status, cause,
           until_ns)
WHERE m.market = u.market
"""


class _Market(Struct):
    """What a batch changes in a market's row, in the order of _UPDATE; None is no change."""

    market: int
    last_price: int | None = None
    last_trade_no: int | None = None
    last_trade_ns: int | None = None
    volume: int = 0
    quote_volume: int = 0
    status: int | None = None
    cause: int | None = None
    until_ns: int | None = None


class StatisticsFold:
    """The markets that a batch makes or touches."""

    events: ClassVar[tuple[type[Event], ...]] = (
        TradeExecuted,
        MarketCreated,
        MarketStatusChanged,
        AuctionExtended,
    )

    def __init__(self, grids: Grids) -> None:
        self._grids = grids
        self._created: list[MarketCreated] = []
        self._touched: dict[int, _Market] = {}

    def fold(self, at: At, event: Event, moved: tuple[Posting, ...]) -> None:
        """Take in a trade, a new market or a new status."""
        del moved
        match event:
            case TradeExecuted():
                market = self._reach(event.market)
                market.last_price = event.price
                market.last_trade_no = event.trade_no
                market.last_trade_ns = at.ts_ns
                market.volume += event.qty
                terms = self._grids[event.market]
                market.quote_volume += event.price * event.qty * terms.tick_lot_units
            case MarketCreated():
                self._created.append(event)
            case MarketStatusChanged():
                market = self._reach(event.market)
                market.status = event.status
                market.cause = event.cause
                market.until_ns = event.until_ns
            case AuctionExtended():
                self._reach(event.market).until_ns = event.until_ns
            case _:
                pass

    async def write(self, connection: Any) -> None:
        """Make the new markets' rows, then change what was touched."""
        for created in self._created:  # A handful in the life of a house.
            await connection.execute(
                _INSERT,
                created.market,
                created.base,
                created.quote,
                created.lot_units,
                created.tick_lot_units,
                MarketStatus.PRE_OPEN,
                StatusCause.OPERATOR,
            )
        if self._touched:
            rows = [astuple(market) for market in self._touched.values()]
            await connection.execute(_UPDATE, *zip(*rows, strict=True))

    def _reach(self, market: int) -> _Market:
        found = self._touched.get(market)
        if found is None:
            found = self._touched[market] = _Market(market)
        return found
