"""The last 24 hours of each market."""

from typing import Final

from msgspec import Struct

from bezant.queries.reader import Reader

_DAY_MS: Final = 86_400_000
_HOUR_MS: Final = 3_600_000
_MINUTE_MS: Final = 60_000

_NOW_MS: Final = "SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now_ms"
# Whole hours in the middle, minutes at the beginning: at most 84 rows a market. $1 is the first
# minute, $2 the first whole hour.
_LIST: Final = """
SELECT s.market, s.last_price, s.last_trade_no, s.last_trade_ns, d.*
FROM market_states s LEFT JOIN LATERAL (
    SELECT (array_agg(open ORDER BY open_ms))[1] AS open, max(high) AS high, min(low) AS low,
           coalesce(sum(c.volume), 0) AS volume, coalesce(sum(c.quote_volume), 0) AS quote_volume,
           coalesce(sum(trade_count), 0)::bigint AS trade_count
    FROM (
        SELECT * FROM candles
        WHERE market = s.market AND interval_s = 60 AND open_ms >= $1 AND open_ms < $2
        UNION ALL
        SELECT * FROM candles WHERE market = s.market AND interval_s = 3600 AND open_ms >= $2
    ) c
) d ON true
ORDER BY s.market
"""


class Ticker(Struct, frozen=True):
    """A market's last 24 hours, to the minute: prices in ticks, volume in lots, turnover in units.

    `open`, `high` and `low` are None if nothing traded in that time, `last` if nothing ever did.
    """

    market: int
    open: int | None
    high: int | None
    low: int | None
    last: int | None
    last_trade_no: int
    last_trade_ns: int
    volume: int
    quote_volume: int
    trade_count: int


async def list_tickers(conn: Reader, *, now_ms: int | None = None) -> tuple[Ticker, ...]:
    """Return the ticker of each market by id; `now_ms` is the database's time unless given."""
    if now_ms is None:
        row = await conn.fetchrow(_NOW_MS)
        now_ms = 0 if row is None else int(row["now_ms"])
    first_minute_ms = _ceil(now_ms - _DAY_MS, _MINUTE_MS)
    first_hour_ms = _ceil(first_minute_ms, _HOUR_MS)
    rows = await conn.fetch(_LIST, first_minute_ms, first_hour_ms)
    return tuple(
        Ticker(
            market=row["market"],
            open=row["open"],
            high=row["high"],
            low=row["low"],
            last=row["last_price"] or None,
            last_trade_no=row["last_trade_no"],
            last_trade_ns=row["last_trade_ns"],
            volume=int(row["volume"]),
            quote_volume=int(row["quote_volume"]),
            trade_count=row["trade_count"],
        )
        for row in rows
    )


def _ceil(ms: int, length_ms: int) -> int:
    return -(-ms // length_ms) * length_ms
