"""`bezant verify` on a database: clean as it was written, and loud about whatever was changed."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import asyncpg
import pytest
import zstandard

from bezant.apps.verify import Report, verify
from bezant.core.engine import Engine
from bezant.journal.ports import Row, Tip
from bezant.journal.postgres import PostgresJournal
from bezant.journal.snapshot import SnapshotStore
from bezant.journal.snapshot_index import PostgresSnapshotIndex
from bezant.kit.config import Settings
from bezant.kit.operator_error import OperatorError
from bezant.projections.projector import Projector
from bezant.projections.pump import Pump
from tests.fixtures_postgres import Database
from tests.verify.journals import Maker, flow

SNAPSHOT_ROW = 40


class Exchange:
    """A journal in a database, projected up to some row, with a snapshot."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.database = database
        self.settings = Settings(data_dir=folder, database_url=database.app_dsn)
        self.folder = folder

    async def write(self, maker: Maker, *, snapshot_row: int = SNAPSHOT_ROW) -> None:
        """Write the rows of a flow as a core would have, and save a snapshot on the way."""
        pack = zstandard.ZstdCompressor(level=1).compress
        records = [
            (
                row.shard, row.batch.seq_first, row.batch.seq_last, row.batch.ts_ns, row.epoch,
                row.batch.rules, row.batch.format, pack(row.batch.entries),
                pack(row.batch.events), row.prev_hash, row.hash,
            )
            for row in maker.rows
        ]  # fmt: skip
        tip = maker.rows[-1]
        connection = await asyncpg.connect(self.database.superuser_dsn)
        await connection.copy_records_to_table("journal", records=records)
        await connection.execute(
            "UPDATE lease SET epoch = $1, tip_seq = $2, tip_hash = $3",
            tip.epoch,
            tip.batch.seq_last,
            tip.hash,
        )
        await connection.close()
        await self._save_snapshot(maker.rows[: snapshot_row + 1])

    async def _save_snapshot(self, rows: Sequence[Row]) -> None:
        (self.folder / "snapshots").mkdir(exist_ok=True)
        engine = Engine()
        for row in rows:
            engine.apply(row.batch.ts_ns, row.batch.seq_first, row.batch.entries)
        pool = await asyncpg.create_pool(self.database.app_dsn, min_size=1, max_size=1)
        store = SnapshotStore(self.folder / "snapshots", PostgresSnapshotIndex(pool))
        await store.save(engine, Tip(engine.seq, rows[-1].hash), engine_name="python")
        await pool.close()

    async def project(self, to_seq: int | None = None) -> None:
        """Project the journal, up to some seq."""
        journal = await PostgresJournal.connect(self.database.app_dsn)
        projector = await Projector.connect(self.database.app_dsn)
        await projector.open()
        rows = journal.read(projector.seq + 1, to_seq)
        await Pump(projector, lambda _batch: None).run(rows)
        projector.terminate()
        await journal.close()

    async def verify(self, *, from_snapshot: bool = False) -> Report:
        return await verify(
            self.settings, from_snapshot=from_snapshot, progress=lambda _seq, _tip: None
        )

    async def tamper(self, *statements: str) -> None:
        """Change rows by hand, as a superuser could."""
        connection = await asyncpg.connect(self.database.superuser_dsn)
        try:
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.close()


@pytest.fixture(scope="module")
def maker() -> Maker:
    return flow(seed=5, steps=100)


@pytest.fixture
async def exchange(database: Database, tmp_path: Path, maker: Maker) -> Exchange:
    exchange = Exchange(database, tmp_path)
    await exchange.write(maker)
    return exchange


def broken(report: Report) -> list[str]:
    return [one.id for one in report.invariants if one.holds is False]


def texts(report: Report, invariant: str) -> str:
    return "\n".join(
        f.text for one in report.invariants if one.id == invariant for f in one.findings
    )


def note(report: Report, invariant: str) -> str:
    return next(one.note for one in report.invariants if one.id == invariant)


async def test_what_was_written_is_clean(exchange: Exchange, maker: Maker) -> None:
    await exchange.project()
    report = await exchange.verify()
    assert [(one.id, one.findings) for one in report.invariants if one.holds is False] == []
    assert report.ok
    assert report.seq == report.read_models_seq == maker.seq
    assert report.state_digest == maker.engine.digest().hex()
    assert report.chain_head == maker.rows[-1].hash.hex()
    assert {one.id for one in report.invariants if one.holds is None} == {"INV-13", "INV-14"}
    assert all(one.users + one.house + one.custody == 0 for one in report.sums)


async def test_an_audit_from_a_snapshot_is_clean_too(exchange: Exchange, maker: Maker) -> None:
    await exchange.project()
    report = await exchange.verify(from_snapshot=True)
    assert [(one.id, one.findings) for one in report.invariants if one.holds is False] == []
    assert report.from_seq == maker.rows[SNAPSHOT_ROW].batch.seq_last
    assert report.state_digest == maker.engine.digest().hex()


async def test_a_projector_that_lags_is_judged_at_its_cursor(
    exchange: Exchange, maker: Maker
) -> None:
    report = await exchange.verify()
    assert report.ok
    assert note(report, "INV-12") == "at seq 0"
    middle = maker.rows[len(maker.rows) // 2].batch.seq_last
    await exchange.project(middle)
    report = await exchange.verify()
    assert report.ok
    assert note(report, "INV-12") == f"at seq {middle}"
    early = maker.rows[5].batch.seq_last
    await exchange.tamper(f"UPDATE cursor SET seq = {early}")
    assert "INV-12" in broken(await exchange.verify())
    report = await exchange.verify(from_snapshot=True)
    assert "not compared" in note(report, "INV-12")


TAMPERED = [
    ("INV-01", "UPDATE balances SET available = available + 1 WHERE account = 1000"),
    (
        "INV-12",
        "UPDATE balances SET available = available - 1, hold = hold + 1 WHERE account = 1000",
    ),
    ("INV-12", "DELETE FROM balances WHERE account = 1001"),
    ("INV-12", "UPDATE orders SET filled = filled - 1 WHERE filled > 0"),
    ("INV-12", "UPDATE orders SET client_id = 'x' WHERE client_id = ''"),
    ("INV-12", "DELETE FROM orders WHERE order_id = (SELECT min(order_id) FROM orders)"),
    (
        "INV-12",
        "UPDATE orders SET order_id = 7 WHERE order_id = (SELECT min(order_id) FROM orders)",
    ),
    ("INV-12", "DELETE FROM trades WHERE trade_no = 3"),
    ("INV-12", "UPDATE trades SET taker_fee = taker_fee + 1 WHERE trade_no = 3"),
    ("INV-12", "UPDATE trades SET seq = 9000000 WHERE trade_no = 3"),
    ("INV-12", "DELETE FROM ledger_lines WHERE trade_no = 2 AND account = 1"),
    ("INV-01", "DELETE FROM ledger_lines WHERE trade_no = 2 AND account >= 1000 AND asset = 1"),
    ("INV-12", "UPDATE ledger_lines SET balance = balance + 1 WHERE trade_no = 2 AND account = 1"),
    ("INV-12", "UPDATE transfers SET units = units + 1"),
    ("INV-12", "UPDATE candles SET high = high + 1 WHERE interval_s = 60"),
    ("INV-12", "DELETE FROM candles WHERE interval_s = 86400"),
    ("INV-12", "UPDATE market_states SET last_price = last_price + 1"),
    ("INV-08", "UPDATE cursor SET seq = 1000000000"),
    ("INV-08", "INSERT INTO cursor (consumer, shard, seq) VALUES ('mail', 0, 1000000000)"),
    ("INV-10", "UPDATE lease SET tip_seq = tip_seq - 1"),
    ("INV-10", "UPDATE lease SET epoch = 0"),
]


@pytest.mark.parametrize(("invariant", "statement"), TAMPERED)
async def test_a_row_that_was_changed_is_named(
    exchange: Exchange, invariant: str, statement: str
) -> None:
    await exchange.project()
    await exchange.tamper(statement)
    report = await exchange.verify()
    assert not report.ok
    assert invariant in broken(report)


async def test_the_journal_s_rows_are_looked_at_in_the_database(
    exchange: Exchange, maker: Maker
) -> None:
    await exchange.project()
    middle = maker.rows[60].batch.seq_first
    changed = f"""
        UPDATE journal SET entries = set_byte(entries, length(entries) - 5, 255)
        WHERE seq_first = {middle}
    """
    await exchange.tamper(changed)
    report = await exchange.verify()
    assert "INV-07" in broken(report)
    assert str(middle) in texts(report, "INV-07")


async def test_a_journal_row_that_is_gone_is_named(exchange: Exchange, maker: Maker) -> None:
    middle = maker.rows[60].batch.seq_first
    await exchange.tamper(f"DELETE FROM journal WHERE seq_first = {middle}")
    report = await exchange.verify()
    assert "INV-07" in broken(report)
    assert f"expected a row from seq {middle} on" in texts(report, "INV-07")


async def test_a_snapshot_that_lies_is_found(exchange: Exchange, maker: Maker) -> None:
    lie = hashlib.sha256(b"lie").hexdigest()
    await exchange.tamper(f"UPDATE snapshot SET digest = decode('{lie}', 'hex')")
    report = await exchange.verify()
    assert broken(report) == ["INV-11"]
    assert lie in texts(report, "INV-11")
    with pytest.raises(OperatorError, match="no good snapshot"):
        await exchange.verify(from_snapshot=True)


async def test_a_snapshot_s_file_that_is_gone_is_found(exchange: Exchange) -> None:
    for path in (exchange.folder / "snapshots").iterdir():
        path.unlink()
    report = await exchange.verify()
    assert broken(report) == ["INV-11"]
    assert "cannot be read" in texts(report, "INV-11")


async def test_an_empty_exchange_is_clean(database: Database, tmp_path: Path) -> None:
    exchange = Exchange(database, tmp_path)
    report = await exchange.verify()
    assert report.ok
    assert report.seq == 0
