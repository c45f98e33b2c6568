"""Order lists as they stand at the projector's cursor, and their legs, which are orders."""

from typing import Final

from asyncpg import Record
from msgspec import Struct
from msgspec.structs import replace

from bezant.core.ids import SHARD_COUNT_MAX
from bezant.core.words import ListKind
from bezant.queries.orders import Order, list_orders_by_id
from bezant.queries.reader import Reader, check_limit

LEGS_MAX: Final = 3

_COLUMNS: Final = "list_id, account, market, kind, side, client_id, hold, created_ns, done_ns"
_GET: Final = f"SELECT {_COLUMNS} FROM order_lists WHERE list_id = $1 AND account = $2"  # noqa: S608
_FIND_BY_CLIENT_ID: Final = f"""
SELECT {_COLUMNS} FROM order_lists
WHERE account = $1 AND client_id = $2 AND client_id <> '' ORDER BY list_id DESC LIMIT 1
"""  # noqa: S608
_LIST: Final = f"""
SELECT {_COLUMNS} FROM order_lists
WHERE account = $1 AND list_id < $2 AND ($3::integer IS NULL OR market = $3)
ORDER BY list_id DESC LIMIT $4
"""  # noqa: S608
_LIST_OPEN: Final = f"""
SELECT {_COLUMNS} FROM order_lists
WHERE account = $1 AND done_ns IS NULL AND list_id < $2 AND ($3::integer IS NULL OR market = $3)
ORDER BY list_id DESC LIMIT $4
"""  # noqa: S608
_LIST_CLOSED: Final = f"""
SELECT {_COLUMNS} FROM order_lists
WHERE account = $1 AND done_ns IS NOT NULL AND list_id < $2
      AND ($3::integer IS NULL OR market = $3)
ORDER BY list_id DESC LIMIT $4
"""  # noqa: S608
_NO_LIST_YET: Final = 2**53


class OrderList(Struct, frozen=True):
    """An order list with its legs in their order.

    `hold` is in units: what the legs hold together; times in ns, `done_ns` None while a leg is
    open.
    """

    list_id: int
    account: int
    market: int
    kind: ListKind
    side: int
    client_id: str
    hold: int
    created_ns: int
    done_ns: int | None
    legs: tuple[Order, ...]

    def with_leg(self, leg: Order) -> "OrderList":
        """Return the list with one of its legs as it is now; ids of legs are in their order."""
        legs = {one.order_id: one for one in self.legs} | {leg.order_id: leg}
        return replace(self, legs=tuple(legs[order_id] for order_id in sorted(legs)))


async def get_order_list(conn: Reader, account: int, list_id: int) -> OrderList | None:
    """Return a list of the account, or None if it has none of that id (yet)."""
    row = await conn.fetchrow(_GET, list_id, account)
    return None if row is None else (await _with_legs(conn, account, [row]))[0]


async def find_order_list_by_client_id(
    conn: Reader, account: int, client_id: str
) -> OrderList | None:
    """Return the account's newest list that has that client id."""
    row = await conn.fetchrow(_FIND_BY_CLIENT_ID, account, client_id)
    return None if row is None else (await _with_legs(conn, account, [row]))[0]


async def list_order_lists(
    conn: Reader,
    account: int,
    *,
    market: int | None = None,
    is_open: bool | None = None,
    after: int | None = None,
    limit: int = 100,
) -> tuple[OrderList, ...]:
    """Return a page of the account's lists, newest first.

    `after` is the id of the last list of the page before. Raises ValueError if limit is not
    1 … 1,000.
    """
    query = _LIST if is_open is None else _LIST_OPEN if is_open else _LIST_CLOSED
    before_id = _NO_LIST_YET if after is None else after
    rows = await conn.fetch(query, account, before_id, market, check_limit(limit))
    return await _with_legs(conn, account, rows)


async def _with_legs(conn: Reader, account: int, rows: list[Record]) -> tuple[OrderList, ...]:
    """Join lists with their legs, whose ids follow from the list's (LAW L10.2, L15.1)."""
    ids = [row["list_id"] + leg * SHARD_COUNT_MAX for row in rows for leg in range(LEGS_MAX)]
    legs: dict[int, list[Order]] = {row["list_id"]: [] for row in rows}
    for order in await list_orders_by_id(conn, account, ids):
        if order.list_id in legs:
            legs[order.list_id].append(order)
    return tuple(
        OrderList(**(dict(row) | {"kind": ListKind(row["kind"])}), legs=tuple(legs[row["list_id"]]))
        for row in rows
    )
