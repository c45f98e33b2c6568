"""Orders as they stand at the projector's cursor: one, by client id, or in pages, newest first."""

import enum
from collections.abc import Sequence
from typing import Final

from asyncpg import Record
from msgspec import Struct

from bezant.core.words import DoneReason
from bezant.queries.reader import Reader, check_limit

_COLUMNS: Final = """
order_id, account, market, client_id, side, type, tif, price, qty, quote_units, trigger,
trigger_price, trailing_bips, post_only, display, stp, expires_ns, list_id, status, reason, code,
filled, prevented, visible, filled_quote, hold, created_ns, updated_ns, updated_seq
"""
_GET: Final = f"SELECT {_COLUMNS} FROM orders WHERE order_id = $1 AND account = $2"  # noqa: S608
_FIND_BY_CLIENT_ID: Final = f"""
SELECT {_COLUMNS} FROM orders
WHERE order_id = greatest(
    (SELECT order_id FROM orders WHERE account = $1 AND client_id = $2 AND client_id <> ''
     ORDER BY order_id DESC LIMIT 1),
    (SELECT order_id FROM order_clients WHERE account = $1 AND client_id = $2
     ORDER BY order_id DESC LIMIT 1)
)
"""  # noqa: S608
_LIST: Final = f"""
SELECT {_COLUMNS} FROM orders
WHERE account = $1 AND order_id < $2 AND ($3::integer IS NULL OR market = $3)
ORDER BY order_id DESC LIMIT $4
"""  # noqa: S608
_LIST_OPEN: Final = f"""
SELECT {_COLUMNS} FROM orders
WHERE account = $1 AND status < 2 AND order_id < $2 AND ($3::integer IS NULL OR market = $3)
ORDER BY order_id DESC LIMIT $4
"""  # noqa: S608
_LIST_CLOSED: Final = f"""
SELECT {_COLUMNS} FROM orders
WHERE account = $1 AND status >= 2 AND order_id < $2 AND ($3::integer IS NULL OR market = $3)
ORDER BY order_id DESC LIMIT $4
"""  # noqa: S608
_LIST_BY_ID: Final = f"""
SELECT {_COLUMNS} FROM orders WHERE account = $1 AND order_id = ANY($2::bigint[]) ORDER BY order_id
"""  # noqa: S608
_NO_ORDER_YET: Final = 2**53


class OrderStatus(enum.StrEnum):
    """The states of SPEC as the API says them (L14.2)."""

    PENDING_TRIGGER = "pending_trigger"
    NEW = "new"
    PARTIALLY_FILLED = "partially_filled"
    FILLED = "filled"
    CANCELED = "canceled"
    EXPIRED = "expired"
    REJECTED = "rejected"


class Order(Struct, frozen=True):
    """An order with what became of it.

    Prices in ticks, quantities in lots, `quote_units`, `filled_quote` and `hold` in units, times in
    ns. `visible` is what an open iceberg shows, 0 of any other order. `filled_quote` is the sum of
    price × lots × U over its trades. `code` is the refusal where the reason is REFUSED.
    `updated_seq` is the last entry that changed it.
    """

    order_id: int
    account: int
    market: int
    client_id: str
    side: int
    type: int
    tif: int
    price: int
    qty: int
    quote_units: int
    trigger: int
    trigger_price: int
    trailing_bips: int
    post_only: bool
    display: int
    stp: int
    expires_ns: int
    list_id: int
    status: OrderStatus
    reason: DoneReason
    code: int
    filled: int
    prevented: int
    visible: int
    filled_quote: int
    hold: int
    created_ns: int
    updated_ns: int
    updated_seq: int

    @property
    def is_open(self) -> bool:
        """Whether the order may still trade."""
        return self.status in OPEN_STATUSES


OPEN_STATUSES: Final = (
    OrderStatus.PENDING_TRIGGER,
    OrderStatus.NEW,
    OrderStatus.PARTIALLY_FILLED,
)


async def get_order(conn: Reader, account: int, order_id: int) -> Order | None:
    """Return an order of the account, or None if it has none of that id (yet)."""
    row = await conn.fetchrow(_GET, order_id, account)
    return None if row is None else _order(row)


async def find_order_by_client_id(conn: Reader, account: int, client_id: str) -> Order | None:
    """Return the account's newest order that has, or before an amend had, that client id."""
    row = await conn.fetchrow(_FIND_BY_CLIENT_ID, account, client_id)
    return None if row is None else _order(row)


async def list_orders(
    conn: Reader,
    account: int,
    *,
    market: int | None = None,
    is_open: bool | None = None,
    after: int | None = None,
    limit: int = 100,
) -> tuple[Order, ...]:
    """Return a page of the account's orders, newest first.

    `after` is the id of the last order of the page before. Raises ValueError if limit is not
    1 … 1,000.
    """
    query = _LIST if is_open is None else _LIST_OPEN if is_open else _LIST_CLOSED
    before_id = _NO_ORDER_YET if after is None else after
    rows = await conn.fetch(query, account, before_id, market, check_limit(limit))
    return tuple(_order(row) for row in rows)


async def list_orders_by_id(
    conn: Reader, account: int, order_ids: Sequence[int]
) -> tuple[Order, ...]:
    """Return those of the account's orders that have these ids, by id."""
    rows = await conn.fetch(_LIST_BY_ID, account, list(order_ids))
    return tuple(_order(row) for row in rows)


def _order(row: Record) -> Order:
    fields = dict(row)
    fields["status"] = _status(fields["status"], fields["reason"], fields["filled"])
    fields["reason"] = DoneReason(fields["reason"])
    fields["filled_quote"] = int(fields["filled_quote"])
    return Order(**fields)


def _status(status: int, reason: int, filled: int) -> OrderStatus:
    """Return the state in words; the table's numbers are those of `projections.orders`."""
    match status:
        case 0:
            return OrderStatus.PENDING_TRIGGER
        case 1:
            return OrderStatus.PARTIALLY_FILLED if filled else OrderStatus.NEW
        case 2:
            return OrderStatus.FILLED
        case 3:
            return OrderStatus.CANCELED
        case _ if reason == DoneReason.REFUSED:
            return OrderStatus.REJECTED
        case _:
            return OrderStatus.EXPIRED
