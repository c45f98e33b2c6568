"""Whether the read models are what replay computes at their cursor (INV-12, INV-01).

Compares every row of every table with what the audit expects, in chunks, so that memory does not
grow with the journal.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from bezant.apps.verify_expected import Expected, Row
from bezant.journal.verifier import Verifier
from bezant.journal.verifier_findings import INV_01, INV_12

CHUNK_ROWS: Final = 5_000

ORDER_COLUMNS: Final = (
    "order_id", "account", "market", "client_id", "side", "type", "tif", "price", "qty",
    "quote_units", "trigger", "trigger_price", "trailing_bips", "post_only", "display", "stp",
    "expires_ns", "list_id", "status", "reason", "code", "filled", "prevented", "visible",
    "filled_quote", "hold", "created_ns", "updated_ns", "updated_seq",
)  # fmt: skip
LIST_COLUMNS: Final = (
    "list_id", "account", "market", "kind", "side", "client_id", "created_ns", "done_ns", "hold",
)  # fmt: skip
NAME_COLUMNS: Final = ("account", "order_id", "client_id")
SETTINGS_COLUMNS: Final = ("account", "stp")
TIMER_COLUMNS: Final = ("account", "market", "due_ns")
TRADE_COLUMNS: Final = (
    "seq", "idx", "market", "trade_no", "ts_ns", "price", "qty", "quote_units", "taker_side",
    "taker_order", "taker_account", "taker_fee", "maker_order", "maker_account", "maker_fee",
)  # fmt: skip
LINE_COLUMNS: Final = (
    "seq", "idx", "asset", "account", "ts_ns", "units", "balance", "fee", "kind", "market",
    "order_id", "trade_no", "source", "number", "transfer_id",
)  # fmt: skip
BALANCE_COLUMNS: Final = ("account", "asset", "available", "hold")
TRANSFER_COLUMNS: Final = (
    "source", "number", "seq", "idx", "ts_ns", "kind", "status", "from_account", "to_account",
    "asset", "units", "fee", "transfer_id", "done_seq", "done_ns",
)  # fmt: skip
CANDLE_COLUMNS: Final = (
    "market", "interval_s", "open_ms", "open", "high", "low", "close", "trade_count", "volume",
    "quote_volume",
)  # fmt: skip
MARKET_COLUMNS: Final = (
    "market", "base", "quote", "lot_units", "tick_lot_units", "status", "cause", "until_ns",
    "last_price", "last_trade_no", "last_trade_ns", "volume", "quote_volume",
)  # fmt: skip

_NOT_ZERO: Final = "WHERE available <> 0 OR hold <> 0"
_SUMS: Final = (
    (
        "balances",
        "SELECT asset, sum(available::numeric + hold) AS total FROM balances GROUP BY asset",
    ),
    ("ledger_lines", "SELECT asset, sum(units) AS total FROM ledger_lines GROUP BY asset"),
)


class ReadModels:
    """Compares tables with what is expected, while the audit goes on."""

    def __init__(self, connection: Any, verifier: Verifier, expected: Expected, seq: int) -> None:
        """`seq` is the projector's cursor: what comes after it must not be in any table.

        The audit stands where it begins: at genesis, or at a snapshot.
        """
        self._connection = connection
        self._verifier = verifier
        self._findings = verifier.findings
        self._expected = expected
        self._seq = seq
        self._compared_seq = verifier.seq
        self._is_whole = verifier.seq == 0

    async def follow(self) -> None:
        """Compare what has gathered; called between rows of the journal up to the cursor."""
        expected = self._expected
        if len(expected.orders) >= CHUNK_ROWS:
            await self._compare_orders()
        if len(expected.trades) + len(expected.lines) >= CHUNK_ROWS:
            await self._compare_seqs(self._verifier.seq)

    async def finish(self) -> None:
        """Compare the rest; the audit stands at the cursor now."""
        expected, orders = self._expected, self._verifier.orders
        expected.is_open = False
        expected.take_orders(orders.orders.values())
        await self._compare_orders()
        await self._compare_seqs(self._seq)
        await self._check_beyond()
        ledger = self._verifier.ledger
        balances = ((*key, free, ledger.hold[key]) for key, free in ledger.available.items())
        if self._is_whole:
            await self._compare_table("balances", BALANCE_COLUMNS, 2, balances)
        else:  # A snapshot does not tell of balances that are zero.
            found = await self._select("balances", BALANCE_COLUMNS, _NOT_ZERO)
            some = (row for row in balances if row[2] or row[3])
            self._compare("balances", BALANCE_COLUMNS, 2, some, found)
        await self._check_sums()

    async def finish_history(self) -> None:
        """Compare what only an audit from genesis can know: sums since the beginning."""
        expected = self._expected
        await self._compare_count("orders", expected.orders_count)
        await self._compare_table(
            "transfers",
            TRANSFER_COLUMNS,
            2,
            ((*key, *row) for key, row in expected.transfers.items()),
        )
        await self._compare_table(
            "candles", CANDLE_COLUMNS, 3, ((*key, *row) for key, row in expected.candles.items())
        )
        await self._compare_table("order_lists", LIST_COLUMNS, 1, expected.list_rows())
        await self._compare_table("order_clients", NAME_COLUMNS, 3, expected.names)
        await self._compare_table(
            "account_settings", SETTINGS_COLUMNS, 1, expected.settings.items()
        )
        timers = ((*key, due_ns) for key, due_ns in expected.timers.items())
        await self._compare_table("cancel_timers", TIMER_COLUMNS, 2, timers)
        await self._compare_table("market_states", MARKET_COLUMNS, 1, self._market_rows())

    async def _compare_orders(self) -> None:
        rows, self._expected.orders = self._expected.orders, {}
        self._expected.orders_count += len(rows)
        found = await self._select(
            "orders", ORDER_COLUMNS, "WHERE order_id = ANY($1::bigint[])", list(rows)
        )
        self._compare("orders", ORDER_COLUMNS, 1, rows.values(), found)

    async def _compare_seqs(self, upto: int) -> None:
        where = "WHERE seq > $1 AND seq <= $2"
        trades, self._expected.trades = self._expected.trades, []
        lines, self._expected.lines = self._expected.lines, []
        after, self._compared_seq = self._compared_seq, upto
        found = await self._select("trades", TRADE_COLUMNS, where, after, upto)
        self._compare("trades", TRADE_COLUMNS, 2, trades, found)
        found = await self._select("ledger_lines", LINE_COLUMNS, where, after, upto)
        self._compare("ledger_lines", LINE_COLUMNS, 4, lines, found)

    async def _check_beyond(self) -> None:
        for table, column in (("trades", "seq"), ("ledger_lines", "seq"), ("orders", "order_id")):
            limit = self._seq if column == "seq" else (self._seq + 1) * 64 - 1
            count = await self._connection.fetchval(
                f"SELECT count(*) FROM {table} WHERE {column} > $1",  # noqa: S608
                limit,
            )
            if count:
                text = f"{table}: {count} rows are of entries beyond the cursor {self._seq}"
                self._findings.add(INV_12, self._seq, text)

    async def _check_sums(self) -> None:
        for table, query in _SUMS:
            for row in await self._connection.fetch(query):
                if row["total"] != 0:
                    text = f"{table}: asset {row['asset']} sums to {row['total']}, not to zero"
                    self._findings.add(INV_01, self._seq, text)

    async def _compare_count(self, table: str, expected: int) -> None:
        count = await self._connection.fetchval(f"SELECT count(*) FROM {table}")  # noqa: S608
        if count != expected:
            text = f"{table}: {count} rows, replay makes {expected}"
            self._findings.add(INV_12, self._seq, text)

    async def _compare_table(
        self, table: str, columns: Sequence[str], key_size: int, rows: Iterable[Row]
    ) -> None:
        found = await self._select(table, columns, "")
        self._compare(table, columns, key_size, rows, found)

    async def _select(
        self, table: str, columns: Sequence[str], where: str, *arguments: object
    ) -> list[Any]:
        query = f"SELECT {', '.join(columns)} FROM {table} {where}"  # noqa: S608
        found: list[Any] = await self._connection.fetch(query, *arguments)
        return found

    def _compare(
        self,
        table: str,
        columns: Sequence[str],
        key_size: int,
        rows: Iterable[Row],
        found: Iterable[Any],
    ) -> None:
        """Find fault with each row that is missing, too many, or says something else."""
        wanted: dict[Row, Row] = {row[:key_size]: row for row in rows}
        for record in found:
            actual_row = tuple(record)
            key = actual_row[:key_size]
            expected_row = wanted.pop(key, None)
            if expected_row is None:
                self._fault(table, columns, key, "is there, and no event made it")
            elif expected_row != actual_row:
                for column, expected, actual in zip(columns, expected_row, actual_row, strict=True):
                    if expected != actual:
                        text = f"{column} is {actual}, replay gives {expected}"
                        self._fault(table, columns, key, text)
        for key in wanted:
            self._fault(table, columns, key, "is missing")

    def _market_rows(self) -> Iterable[Row]:
        for number, market in self._verifier.house.markets.items():
            sums = self._expected.markets[number]
            yield (
                number,
                market.base,
                market.quote,
                market.lot_units,
                market.tick_lot_units,
                market.status,
                market.cause,
                market.until_ns,
                market.last,
                market.trade_no,
                sums.last_ns,
                sums.volume,
                sums.quote_volume,
            )

    def _fault(self, table: str, columns: Sequence[str], key: Row, text: str) -> None:
        named = ", ".join(f"{column} {value}" for column, value in zip(columns, key, strict=False))
        self._findings.add(INV_12, self._seq, f"{table} ({named}): {text}")
