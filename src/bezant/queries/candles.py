"""Candles of all intervals, from the stored ones of 1 and 15 minutes, an hour and a day.

Only intervals with a trade have a candle; who draws them fills the gaps with the last close.
"""

import enum
from datetime import UTC, datetime
from typing import Final

from asyncpg import Record
from msgspec import Struct

from bezant.queries.reader import Reader, check_limit

_MINUTE_S: Final = 60
_QUARTER_S: Final = 900
_HOUR_S: Final = 3_600
_DAY_S: Final = 86_400
_MONDAY_MS: Final = 4 * _DAY_S * 1_000  # 1970-01-05; weeks begin on Mondays.


class Interval(enum.StrEnum):
    """How long a candle is, in the API's words."""

    M1 = "1m"
    M3 = "3m"
    M5 = "5m"
    M15 = "15m"
    M30 = "30m"
    H1 = "1h"
    H2 = "2h"
    H4 = "4h"
    H6 = "6h"
    H8 = "8h"
    H12 = "12h"
    D1 = "1d"
    D3 = "3d"
    W1 = "1w"
    MO1 = "1M"


_LENGTH_S: Final = {
    Interval.M1: _MINUTE_S,
    Interval.M3: 3 * _MINUTE_S,
    Interval.M5: 5 * _MINUTE_S,
    Interval.M15: 15 * _MINUTE_S,
    Interval.M30: 30 * _MINUTE_S,
    Interval.H1: _HOUR_S,
    Interval.H2: 2 * _HOUR_S,
    Interval.H4: 4 * _HOUR_S,
    Interval.H6: 6 * _HOUR_S,
    Interval.H8: 8 * _HOUR_S,
    Interval.H12: 12 * _HOUR_S,
    Interval.D1: _DAY_S,
    Interval.D3: 3 * _DAY_S,
    Interval.W1: 7 * _DAY_S,
    Interval.MO1: 31 * _DAY_S,  # The longest month.
}

# $1 market, $2 stored interval, $3 … $4 when it opens, $5 limit.
_LIST: Final = """
SELECT opened AS open_ms, (array_agg(open ORDER BY open_ms))[1] AS open, max(high) AS high,
       min(low) AS low, (array_agg(close ORDER BY open_ms DESC))[1] AS close,
       sum(volume) AS volume, sum(quote_volume) AS quote_volume,
       sum(trade_count)::bigint AS trade_count
FROM (
    SELECT {bucket} AS opened, * FROM candles
    WHERE market = $1 AND interval_s = $2 AND open_ms >= $3 AND open_ms < $4
) stored
GROUP BY opened ORDER BY opened {order} LIMIT $5
"""
_FIXED: Final = "open_ms - (open_ms - {origin_ms}) % {length_ms}"
_MONTHLY: Final = """
(extract(epoch FROM date_trunc('month', to_timestamp(open_ms / 1000) AT TIME ZONE 'UTC'))
 * 1000)::bigint
"""
_NEWEST: Final = """
SELECT open_ms FROM candles WHERE market = $1 AND interval_s = $2 ORDER BY open_ms DESC LIMIT 1
"""


class Candle(Struct, frozen=True):
    """Prices in ticks, `volume` in lots, `quote_volume` in units of the quote."""

    open_ms: int
    open: int
    high: int
    low: int
    close: int
    volume: int
    quote_volume: int
    trade_count: int


async def list_candles(
    conn: Reader,
    market: int,
    interval: Interval,
    *,
    from_ms: int | None = None,
    to_ms: int | None = None,
    limit: int = 500,
) -> tuple[Candle, ...]:
    """Return the candles that open at `from_ms` … `to_ms`, oldest first, whole ones only.

    They are those of the first `limit` intervals where `from_ms` is given, else of the last ones
    up to `to_ms` or to the newest trade. Raises ValueError if limit is not 1 … 1,000.
    """
    check_limit(limit)
    if from_ms is None and to_ms is None:
        newest = await conn.fetchrow(_NEWEST, market, _stored_s(interval))
        if newest is None:
            return ()
        to_ms = int(newest["open_ms"])
    start_ms, end_ms = _span(interval, from_ms, to_ms, limit)
    rows = await conn.fetch(
        _query(interval, is_oldest_first=from_ms is not None),
        market,
        _stored_s(interval),
        start_ms,
        end_ms,
        limit,
    )
    candles = [_candle(row) for row in rows]
    return tuple(candles if from_ms is not None else reversed(candles))


def open_of(ms: int, interval: Interval) -> int:
    """Return when the candle that holds the moment `ms` opens, both in ms since 1970, UTC."""
    if interval is Interval.MO1:
        day = datetime.fromtimestamp(ms // 1_000, UTC)
        return int(datetime(day.year, day.month, 1, tzinfo=UTC).timestamp()) * 1_000
    return ms - (ms - _origin_ms(interval)) % (_LENGTH_S[interval] * 1_000)


def _span(
    interval: Interval, from_ms: int | None, to_ms: int | None, limit: int
) -> tuple[int, int]:
    """Return from when to before when the stored candles of at most `limit` intervals open."""
    length_ms = _LENGTH_S[interval] * 1_000
    span_ms = (limit - 1) * length_ms
    if from_ms is not None:
        opened_ms = open_of(from_ms, interval)
        start_ms = opened_ms if opened_ms == from_ms else open_of(opened_ms + length_ms, interval)
        last_ms = start_ms + span_ms if to_ms is None else min(to_ms, start_ms + span_ms)
    else:
        last_ms = to_ms or 0
        start_ms = open_of(max(last_ms - span_ms, 0), interval)
    return start_ms, open_of(open_of(last_ms, interval) + length_ms, interval)


def _origin_ms(interval: Interval) -> int:
    return _MONDAY_MS if interval is Interval.W1 else 0


def _stored_s(interval: Interval) -> int:
    """Return the longest stored interval that the candle is a whole number of."""
    length_s = _LENGTH_S[interval]
    return next(s for s in (_DAY_S, _HOUR_S, _QUARTER_S, _MINUTE_S) if length_s >= s)


def _query(interval: Interval, *, is_oldest_first: bool) -> str:
    fixed = _FIXED.format(origin_ms=_origin_ms(interval), length_ms=_LENGTH_S[interval] * 1_000)
    return _LIST.format(
        bucket=_MONTHLY if interval is Interval.MO1 else fixed,
        order="ASC" if is_oldest_first else "DESC",
    )


def _candle(row: Record) -> Candle:
    sums = {"volume": int(row["volume"]), "quote_volume": int(row["quote_volume"])}
    return Candle(**dict(row) | sums)
