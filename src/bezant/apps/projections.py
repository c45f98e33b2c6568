"""Rebuilding the read models from the journal, and how they stand. Works beside a running house."""

import asyncio
from collections.abc import Callable
from typing import Any, Final

from msgspec import Struct

from bezant.journal.postgres import PostgresJournal
from bezant.kit import db
from bezant.kit.config import Settings
from bezant.projections.projector import TABLES, Projector, ProjectorActive, reset
from bezant.projections.pump import Pump
from bezant.queries.cursor import get_cursor

LOOK_S: Final = 0.2

_TIP: Final = "SELECT tip_seq FROM lease WHERE shard = $1"
_SIZES: Final = """
SELECT sum(greatest(c.reltuples, 0))::bigint AS rows,
       sum(pg_total_relation_size(c.oid))::bigint AS size
FROM pg_partition_tree(to_regclass($1)) t JOIN pg_class c ON c.oid = t.relid
"""
_SIZE: Final = """
SELECT greatest(reltuples, 0)::bigint AS rows, pg_total_relation_size(oid) AS size
FROM pg_class WHERE oid = to_regclass($1)
"""

Progress = Callable[[int, int], None]


class TableStatus(Struct, frozen=True, rename="camel"):
    """A read model's table: about how many rows, and its size in bytes with indexes."""

    table: str
    rows: int
    size: int


class Status(Struct, frozen=True, rename="camel"):
    """Where the read models are: their cursor, the journal's tip, and what lies between."""

    seq: int
    tip_seq: int
    lag: int
    updated_ms: int
    tables: tuple[TableStatus, ...]


async def read_status(settings: Settings) -> Status:
    """Return how the read models stand now."""
    connection = await db.connect(db.database_dsn(settings))
    try:
        cursor = await get_cursor(connection, shard=settings.shard)
        tip: int = await connection.fetchval(_TIP, settings.shard) or 0
        tables = tuple([await _table_status(connection, table) for table in TABLES])
        return Status(cursor.seq, tip, max(tip - cursor.seq, 0), cursor.updated_ms, tables)
    finally:
        await connection.close()


async def rebuild(settings: Settings, progress: Progress) -> int:
    """Throw the read models away and project the journal again; return the seq that was reached.

    Readers see what is there already, and the lag. A projector that runs meanwhile makes room and
    stands by, or, started again before we have its place, does the work itself. `progress` is told
    the cursor and the tip.
    """
    dsn = db.database_dsn(settings)
    connection = await db.connect(dsn, command_timeout_s=None)
    projector = await Projector.connect(dsn, shard=settings.shard)
    try:
        await reset(connection, shard=settings.shard)
        while True:
            tip: int = await connection.fetchval(_TIP, settings.shard) or 0
            seq = (await get_cursor(connection, shard=settings.shard)).seq
            progress(seq, tip)
            if seq >= tip:
                return seq
            try:
                await projector.open()
            except ProjectorActive:
                await asyncio.sleep(LOOK_S)
                continue
            await _project(settings, projector, tip, progress)
    finally:
        projector.terminate()
        await connection.close()


async def _project(settings: Settings, projector: Projector, tip: int, progress: Progress) -> None:
    journal = await PostgresJournal.connect(db.database_dsn(settings), shard=settings.shard)
    try:
        pump = Pump(projector, lambda batch: progress(batch.seq_last, tip))
        await pump.run(journal.read(projector.seq + 1, tip))
    finally:
        await journal.close()


async def _table_status(connection: Any, table: str) -> TableStatus:
    row = await connection.fetchrow(_SIZES, f"public.{table}")
    if row["size"] is None:  # Not partitioned.
        row = await connection.fetchrow(_SIZE, f"public.{table}")
    return TableStatus(table, row["rows"], row["size"])
