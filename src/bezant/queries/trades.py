"""Trades of a market, and the fills of an account, newest first."""

from typing import Final

from msgspec import Struct

from bezant.queries.places import Place
from bezant.queries.reader import Reader, check_limit

_LATEST: Final = 2**63 - 1
_PART_MAX: Final = 2**31 - 1

_MARKET: Final = """
SELECT market, trade_no, seq, idx AS index, ts_ns, price, qty, quote_units, taker_side
FROM trades WHERE market = $1 AND trade_no < $2 ORDER BY trade_no DESC LIMIT $3
"""
_TAKEN: Final = """
SELECT market, trade_no, seq, idx, 0 AS part, ts_ns, price, qty, quote_units, taker_fee AS fee,
       taker_order AS order_id, taker_side AS side
FROM trades
"""
_MADE: Final = """
SELECT market, trade_no, seq, idx, 1 AS part, ts_ns, price, qty, quote_units, maker_fee AS fee,
       maker_order AS order_id, 1 - taker_side AS side
FROM trades
"""
_PAGE: Final = """
AND (seq, idx) <= ($2, $3) AND (seq, idx, {part}) < ($2, $3, $4)
AND ($5::integer IS NULL OR market = $5)
ORDER BY seq DESC, idx DESC LIMIT $6
"""
_FILLS: Final = """
WITH fills AS (({taken}) UNION ALL ({made}))
SELECT fills.*, s.base, s.quote FROM fills JOIN market_states s USING (market)
ORDER BY seq DESC, idx DESC, part DESC LIMIT $6
"""
_OF_ACCOUNT: Final = _FILLS.format(
    taken=_TAKEN + "WHERE taker_account = $1" + _PAGE.format(part=0),
    made=_MADE + "WHERE maker_account = $1" + _PAGE.format(part=1),
)
_OF_ORDER: Final = _FILLS.format(
    taken=_TAKEN + "WHERE taker_order = $7 AND taker_account = $1" + _PAGE.format(part=0),
    made=_MADE + "WHERE maker_order = $7 AND maker_account = $1" + _PAGE.format(part=1),
)


class Trade(Struct, frozen=True):
    """A trade as everybody may see it; `index` is its event's place in the entry `seq`."""

    market: int
    trade_no: int
    seq: int
    index: int
    ts_ns: int
    price: int
    qty: int
    quote_units: int
    taker_side: int


class Fill(Struct, frozen=True):
    """An account's share of a trade.

    `fee` is in units of `fee_asset`; a negative fee is a rebate (L1.4), paid in the asset that the
    taker received.
    """

    place: Place
    market: int
    trade_no: int
    order_id: int
    side: int
    ts_ns: int
    price: int
    qty: int
    quote_units: int
    fee: int
    fee_asset: int
    is_maker: bool


async def list_market_trades(
    conn: Reader, market: int, *, before: int | None = None, limit: int = 100
) -> tuple[Trade, ...]:
    """Return a page of a market's trades, newest first; `before` is the last one's trade_no."""
    last = _LATEST if before is None else before
    rows = await conn.fetch(_MARKET, market, last, check_limit(limit))
    return tuple(Trade(**row) for row in rows)


async def list_account_trades(
    conn: Reader,
    account: int,
    *,
    market: int | None = None,
    order_id: int | None = None,
    before: Place | None = None,
    limit: int = 100,
) -> tuple[Fill, ...]:
    """Return a page of the account's fills, newest first; `before` is the last one's place.

    One's own trade with oneself is two fills. Raises ValueError if limit is not 1 … 1,000.
    """
    end = before if before is not None else Place(_LATEST, 0, _PART_MAX)
    arguments = (account, end.seq, end.index, end.part, market, check_limit(limit))
    if order_id is None:
        rows = await conn.fetch(_OF_ACCOUNT, *arguments)
    else:
        rows = await conn.fetch(_OF_ORDER, *arguments, order_id)
    return tuple(
        Fill(
            place=Place(row["seq"], row["idx"], row["part"]),
            market=row["market"],
            trade_no=row["trade_no"],
            order_id=row["order_id"],
            side=row["side"],
            ts_ns=row["ts_ns"],
            price=row["price"],
            qty=row["qty"],
            quote_units=row["quote_units"],
            fee=row["fee"],
            fee_asset=_fee_asset(row["side"], row["fee"], row["base"], row["quote"]),
            is_maker=row["part"] == 1,
        )
        for row in rows
    )


def _fee_asset(side: int, fee: int, base: int, quote: int) -> int:
    """Return what the fee is in: what this side received, a rebate in what the other did."""
    received_base = side == 0
    return base if received_base == (fee >= 0) else quote
