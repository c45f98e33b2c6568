"""Candles of 1 and 15 minutes, an hour and a day; the others are summed from these when read.

Four stored lengths cost four rows a market and batch, and no read sums more than 31 of them.
"""

from typing import Any, ClassVar, Final

from msgspec import Struct
from msgspec.structs import astuple

from bezant.core.events import Event, TradeExecuted
from bezant.core.postings import Grids, Posting
from bezant.projections.fold import At

STORED_S: Final = (60, 900, 3_600, 86_400)

_NS_PER_S: Final = 1_000_000_000
_MS_PER_S: Final = 1_000

_UPSERT: Final = """
INSERT INTO candles (market, interval_s, open_ms, open, high, low, close, trade_count, volume,
                     quote_volume)
SELECT * FROM unnest($1::integer[], $2::integer[], $3::bigint[], $4::bigint[], $5::bigint[],
                     $6::bigint[], $7::bigint[], $8::bigint[], $9::numeric[], $10::numeric[])
ON CONFLICT (market, interval_s, open_ms) DO UPDATE SET
    high = greatest(candles.high, excluded.high), low = least(candles.low, excluded.low),
    close = excluded.close, trade_count = candles.trade_count + excluded.trade_count,
    volume = candles.volume + excluded.volume,
    quote_volume = candles.quote_volume + excluded.quote_volume
"""


class _Candle(Struct):
    """What a batch adds to a candle, in the order of _UPSERT."""

    market: int
    interval_s: int
    open_ms: int
    open: int
    high: int
    low: int
    close: int
    trade_count: int = 0
    volume: int = 0
    quote_volume: int = 0


class CandlesFold:
    """The candles that a batch begins or goes on with."""

    events: ClassVar[tuple[type[Event], ...]] = (TradeExecuted,)

    def __init__(self, grids: Grids) -> None:
        self._grids = grids
        self._candles: dict[tuple[int, int, int], _Candle] = {}

    def fold(self, at: At, event: TradeExecuted, moved: tuple[Posting, ...]) -> None:
        """Add a trade to the candle of each stored length."""
        del moved
        price = int(event.price)
        notional = price * event.qty * self._grids[event.market].tick_lot_units
        second = at.ts_ns // _NS_PER_S
        for interval_s in STORED_S:
            open_s = second - second % interval_s
            key = (event.market, interval_s, open_s)
            candle = self._candles.get(key)
            if candle is None:
                candle = self._candles[key] = _Candle(
                    event.market, interval_s, open_s * _MS_PER_S, price, price, price, price
                )
            elif price > candle.high:
                candle.high = price
            elif price < candle.low:
                candle.low = price
            candle.close = price
            candle.trade_count += 1
            candle.volume += event.qty
            candle.quote_volume += notional

    async def write(self, connection: Any) -> None:
        """Begin the new candles and go on with the others, in one statement."""
        if self._candles:
            rows = [astuple(candle) for candle in self._candles.values()]
            await connection.execute(_UPSERT, *zip(*rows, strict=True))
