"""A journal in a database as a core would have written it, with what reads it."""

from collections.abc import Sequence
from pathlib import Path

import asyncpg
import zstandard

from bezant.apps.verify import Report, verify
from bezant.core.engine import Engine
from bezant.journal.ports import Row, Tip
from bezant.journal.postgres import PostgresJournal
from bezant.journal.snapshot import SnapshotStore
from bezant.journal.snapshot_index import PostgresSnapshotIndex
from bezant.kit.config import Settings
from bezant.projections.projector import Projector
from bezant.projections.pump import Pump
from tests.fixtures_postgres import Database
from tests.verify.journals import Maker

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
        await self.save_snapshot(maker.rows[: snapshot_row + 1])

    async def save_snapshot(self, rows: Sequence[Row]) -> None:
        """Save a snapshot of the state after these rows."""
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
