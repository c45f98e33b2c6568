"""A projector, the stream that it projects and a connection to read what came of it."""

from typing import Any

from bezant.core import codec
from bezant.projections.projector import Projector
from tests.projections.streams import Stream


class House:
    """What a test of a read model needs."""

    def __init__(self, projector: Projector, conn: Any) -> None:
        self.projector = projector
        self.conn = conn
        self.stream = Stream()

    async def project(self, *, batch_size: int = 10_000) -> None:
        """Project what the stream has beyond the cursor, in batches of `batch_size` entries."""
        rows = [row for row in self.stream.rows if row.seq_first > self.projector.seq]
        for start in range(0, len(rows), batch_size):
            batch = self.projector.begin()
            for row in rows[start : start + batch_size]:
                batch.fold(row.ts_ns, codec.decode_outcomes(row.events, 1))
            await self.projector.write(batch)

    async def rows(self, table: str, order: str) -> list[dict[str, Any]]:
        """Return all rows of a table."""
        return [
            dict(row) for row in await self.conn.fetch(f"SELECT * FROM {table} ORDER BY {order}")
        ]

    async def everything(self) -> dict[str, list[dict[str, Any]]]:
        """Return all rows of all read models."""
        keys = {
            "orders": "order_id", "trades": "seq, idx", "ledger_lines": "seq, idx, asset, account",
            "balances": "account, asset", "transfers": "source, number",
            "candles": "market, interval_s, open_ms", "market_states": "market",
            "account_settings": "account", "cancel_timers": "account, market",
            "order_lists": "list_id",
            "order_clients": "account, order_id, client_id",
        }  # fmt: skip
        return {table: await self.rows(table, key) for table, key in keys.items()}
