"""Money as rows: balances, the ledger lines that make them up, and what holds part of them."""

import enum
from typing import Final

from asyncpg import Record
from msgspec import Struct

from bezant.queries.places import Place
from bezant.queries.reader import Reader, check_limit

_LATEST: Final = 2**63 - 1
_PART_MAX: Final = 2**31 - 1

_BALANCES: Final = "SELECT asset, available, hold FROM balances WHERE account = $1 ORDER BY asset"
# The primary key begins with (account, asset), so each asset of the account gives its newest lines.
_LINES: Final = """
SELECT l.account, l.asset, l.seq, l.idx, l.ts_ns, l.units, l.balance, l.fee, l.kind, l.market,
       l.order_id, l.trade_no, l.source, l.number, l.transfer_id
FROM balances b CROSS JOIN LATERAL (
    SELECT * FROM ledger_lines
    WHERE account = $1 AND asset = b.asset
      AND (seq, idx) <= ($2, $3) AND (seq, idx, asset) < ($2, $3, $4)
    ORDER BY seq DESC, idx DESC LIMIT $5
) l
WHERE b.account = $1 AND ($6::integer IS NULL OR b.asset = $6)
ORDER BY l.seq DESC, l.idx DESC, l.asset DESC LIMIT $5
"""
_HOLDS: Final = """
SELECT o.order_id, NULL::bigint AS list_id, NULL::bigint AS transfer_id, o.hold AS units,
       CASE o.side WHEN 0 THEN s.quote ELSE s.base END AS asset
FROM orders o JOIN market_states s USING (market)
WHERE o.account = $1 AND o.status < 2 AND o.hold > 0
UNION ALL
SELECT NULL, l.list_id, NULL, l.hold, CASE leg.side WHEN 0 THEN s.quote ELSE s.base END
FROM order_lists l JOIN market_states s USING (market)
CROSS JOIN LATERAL (
    SELECT side FROM orders
    WHERE order_id BETWEEN l.list_id AND l.list_id + 63 AND list_id = l.list_id AND status < 2
    ORDER BY order_id LIMIT 1
) leg
WHERE l.account = $1 AND l.done_ns IS NULL AND l.hold > 0
UNION ALL
SELECT NULL, NULL, transfer_id, units + fee, asset FROM transfers
WHERE from_account = $1 AND status = 1
ORDER BY asset, order_id, list_id, transfer_id
"""


class LineKind(enum.IntEnum):
    """Why a balance changed; the numbers are those of the table, 1 … 5 LAW's transfer reasons."""

    TRADE = 0
    DEPOSIT = 1
    INTERNAL = 2
    REVERSAL = 3
    ADJUSTMENT = 4
    CUSTODY = 5
    WITHDRAWAL = 6


class Balance(Struct, frozen=True):
    """What an account has of an asset, in units; available + hold is the balance."""

    asset: int
    available: int
    hold: int


class LedgerLine(Struct, frozen=True):
    """One change of a balance, with its cause.

    `units` came (negative: went), `balance` is what there was after it, `fee` the part of `units`
    that was paid as a fee (negative: got as a rebate). The cause is the event at `place`: a trade
    of `order_id`, or a transfer by `source` and `number`.
    """

    place: Place
    account: int
    asset: int
    ts_ns: int
    units: int
    balance: int
    fee: int
    kind: LineKind
    market: int | None
    order_id: int | None
    trade_no: int | None
    source: int | None
    number: int | None
    transfer_id: int | None


class Hold(Struct, frozen=True):
    """What keeps part of a balance: an open order, an order list or a pending withdrawal."""

    asset: int
    units: int
    order_id: int | None
    list_id: int | None
    transfer_id: int | None


async def list_balances(conn: Reader, account: int) -> tuple[Balance, ...]:
    """Return the balances of an account by asset, those that ever were anything."""
    return tuple(Balance(**row) for row in await conn.fetch(_BALANCES, account))


async def list_ledger_lines(
    conn: Reader,
    account: int,
    *,
    asset: int | None = None,
    before: Place | None = None,
    limit: int = 100,
) -> tuple[LedgerLine, ...]:
    """Return a page of the account's ledger lines, newest first; `before` is the last one's place.

    Raises ValueError if limit is not 1 … 1,000.
    """
    end = before if before is not None else Place(_LATEST, 0, _PART_MAX)
    rows = await conn.fetch(
        _LINES, account, end.seq, end.index, end.part, check_limit(limit), asset
    )
    return tuple(_line(row) for row in rows)


async def list_holds(conn: Reader, account: int) -> tuple[Hold, ...]:
    """Return what holds money of the account: its sums are the account's hold (INV-03)."""
    return tuple(Hold(**row) for row in await conn.fetch(_HOLDS, account))


def _line(row: Record) -> LedgerLine:
    fields = dict(row)
    place = Place(fields.pop("seq"), fields.pop("idx"), fields["asset"])
    fields["kind"] = LineKind(fields["kind"])
    return LedgerLine(place=place, **fields)
