"""Queries go by index on tables that are large, whatever page they ask for."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import asyncpg
import pytest

from bezant.queries.candles import Interval, list_candles
from bezant.queries.cursor import get_cursor
from bezant.queries.ledger import list_balances, list_holds, list_ledger_lines
from bezant.queries.order_lists import (
    find_order_list_by_client_id,
    get_order_list,
    list_order_lists,
)
from bezant.queries.orders import find_order_by_client_id, get_order, list_orders
from bezant.queries.places import Place
from bezant.queries.tickers import list_tickers
from bezant.queries.trades import list_account_trades, list_market_trades
from tests.fixtures_postgres import Database

ROWS = 20_000
ACCOUNTS = 200
MARKETS = 8
PARTITION = 10_000_000

_FILL = (
    # Half of the rows lie in the second partition.
    f"SELECT projections_partitions_ahead({PARTITION})",
    f"""
    INSERT INTO orders
    SELECT 64 * (n + (n % 2) * {PARTITION}), 1000 + n % {ACCOUNTS}, 100, 10, 0, 0, 0, 0, 0, 0, 0, 0,
           CASE WHEN n % 50 = 0 THEN 5 ELSE 0 END, n, n, n, n % {MARKETS}, 0, 0, 0, 0, 0, 0,
           CASE WHEN n % 50 = 0 THEN 1 ELSE 3 END, 1, false, 'c' || n, 0
    FROM generate_series(1, {ROWS}) n
    """,
    f"""
    INSERT INTO order_lists
    SELECT 64 * n, 1000 + n % {ACCOUNTS}, 0, n, CASE WHEN n % 50 > 0 THEN n END, n % {MARKETS}, 1,
           0, CASE WHEN n % 2 = 0 THEN 'l' || n ELSE '' END
    FROM generate_series(1, {ROWS}) n
    """,
    f"""
    INSERT INTO order_clients
    SELECT 1000 + n % {ACCOUNTS}, 64 * n, 'old' || n FROM generate_series(1, {ROWS}) n
    """,
    f"""
    INSERT INTO trades
    SELECT n, n + (n % 2) * {PARTITION}, n, 100, 1, 100, 64 * n, 1000 + n % {ACCOUNTS}, 64 * n - 64,
           1000 + (n + 1) % {ACCOUNTS}, 0, 0, n % {MARKETS}, 0, 0
    FROM generate_series(1, {ROWS}) n
    """,
    f"""
    INSERT INTO ledger_lines
    SELECT 1000 + n % {ACCOUNTS}, n + (n % 2) * {PARTITION}, n, 1, n, 0, NULL, NULL, NULL, n, 2,
           NULL, n % 12, 0, 1
    FROM generate_series(1, {ROWS}) n
    """,
    f"""
    INSERT INTO balances
    SELECT 1000 + a, 5, 5, asset FROM generate_series(0, {ACCOUNTS - 1}) a,
           generate_series(0, 11) asset
    """,
    f"""
    INSERT INTO candles
    SELECT n * 60000::bigint, 1, 1, 1, 1, 1, m, 60, 1, 1
    FROM generate_series(1, 3000) n, generate_series(0, {MARKETS - 1}) m
    """,
    f"""
    INSERT INTO market_states
    SELECT 1, 1, 0, 0, 0, 0, m, 0, 1, 1, 0, 0, 0 FROM generate_series(0, {MARKETS - 1}) m
    """,
    "ANALYZE",
)


class Explaining:
    """A reader that also asks how each query would be run."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self.scanned: list[str] = []

    async def fetch(self, query: str, *args: object) -> list[asyncpg.Record]:
        await self._explain(query, args)
        rows: list[asyncpg.Record] = await self._connection.fetch(query, *args)
        return rows

    async def fetchrow(self, query: str, *args: object) -> asyncpg.Record | None:
        await self._explain(query, args)
        row: asyncpg.Record | None = await self._connection.fetchrow(query, *args)
        return row

    async def _explain(self, query: str, args: tuple[object, ...]) -> None:
        text = await self._connection.fetchval(f"EXPLAIN (FORMAT JSON) {query}", *args)
        self._walk(json.loads(text)[0]["Plan"])

    def _walk(self, plan: dict[str, Any]) -> None:
        if plan["Node Type"] == "Seq Scan":
            self.scanned.append(plan["Relation Name"])
        for part in plan.get("Plans", ()):
            self._walk(part)


@pytest.fixture
async def large(database: Database) -> AsyncIterator[Explaining]:
    """A reader of tables with many rows."""
    connection = await asyncpg.connect(database.owner_dsn)
    for statement in _FILL:
        await connection.execute(statement)
    yield Explaining(connection)
    await connection.close()


Query = Callable[[Explaining], Awaitable[Any]]

QUERIES: dict[str, Query] = {
    "one order": lambda conn: get_order(conn, 1_001, 64),
    "by client id": lambda conn: find_order_by_client_id(conn, 1_001, "c1"),
    "by a client id that is not there": lambda conn: find_order_by_client_id(conn, 1_001, "x"),
    "all orders": lambda conn: list_orders(conn, 1_001),
    "open orders": lambda conn: list_orders(conn, 1_050, is_open=True, market=2),
    "closed orders": lambda conn: list_orders(conn, 1_001, is_open=False, after=64_000),
    "one list": lambda conn: get_order_list(conn, 1_001, 64),
    "a list by client id": lambda conn: find_order_list_by_client_id(conn, 1_002, "l2"),
    "all lists": lambda conn: list_order_lists(conn, 1_001),
    "open lists": lambda conn: list_order_lists(conn, 1_050, is_open=True, market=2),
    "closed lists": lambda conn: list_order_lists(conn, 1_001, is_open=False, after=64_000),
    "a market's trades": lambda conn: list_market_trades(conn, 3, before=1_000),
    "fills": lambda conn: list_account_trades(conn, 1_001, before=Place(9_000, 0, 0)),
    "an order's fills": lambda conn: list_account_trades(conn, 1_001, order_id=64),
    "lines": lambda conn: list_ledger_lines(conn, 1_001, before=Place(9_000, 0, 3)),
    "lines of an asset": lambda conn: list_ledger_lines(conn, 1_001, asset=5),
    "balances": lambda conn: list_balances(conn, 1_001),
    "holds": lambda conn: list_holds(conn, 1_050),
    "candles": lambda conn: list_candles(conn, 3, Interval.M5, limit=10),
    "tickers": lambda conn: list_tickers(conn, now_ms=180_000_000),
    "cursor": get_cursor,
}
# A row a market, a row a consumer, no row here, and the partitions that are made ahead.
SMALL = {"market_states", "cursor", "transfers"} | {
    f"{table}_p000002" for table in ("orders", "trades", "ledger_lines")
}


async def test_no_query_reads_a_large_table_from_end_to_end(large: Explaining) -> None:
    slow = {}
    for name, query in QUERIES.items():
        large.scanned = []
        await query(large)
        if found := set(large.scanned) - SMALL:
            slow[name] = found
    assert slow == {}


async def test_queries_give_the_rows_they_are_asked_for(large: Explaining) -> None:
    orders = await list_orders(large, 1_001, limit=30)
    assert len(orders) == 30
    assert [one.order_id for one in orders] == sorted((o.order_id for o in orders), reverse=True)
    lists = await list_order_lists(large, 1_050, is_open=True)
    assert {(one.account, one.done_ns) for one in lists} == {(1_050, None)}
    assert [one.list_id for one in lists] == sorted((one.list_id for one in lists), reverse=True)
    fills = await list_account_trades(large, 1_001, limit=50)
    assert [one.place for one in fills] == sorted((one.place for one in fills), reverse=True)
    lines = await list_ledger_lines(large, 1_001, limit=20)
    assert [one.place for one in lines] == sorted((one.place for one in lines), reverse=True)
    assert {one.asset for one in await list_ledger_lines(large, 1_001, asset=5)} == {5}


@pytest.mark.parametrize(
    "text", ["", "1", "1.2", "1.2.3.4", "a.b.c", "-1.0.0", "1.2.99999999999999999"]
)
def test_a_place_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="three whole numbers"):
        Place.parse(text)


def test_a_place_is_read_as_it_was_written() -> None:
    place = Place(17, 2, 9)
    assert str(place) == "17.2.9"
    assert Place.parse("17.2.9") == place
