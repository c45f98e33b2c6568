"""Pointers to snapshots in PostgreSQL (table `snapshot`)."""

from typing import Final

import asyncpg

from bezant.journal.snapshot import SnapshotHeader, SnapshotPointer

_ADD: Final = """
INSERT INTO snapshot (shard, seq, rules, format, engine, digest, object)
VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING
"""
_REMOVE: Final = "DELETE FROM snapshot WHERE shard = $1 AND seq = $2"
_LIST: Final = "SELECT seq, digest, object FROM snapshot WHERE shard = $1 ORDER BY seq DESC"


class PostgresSnapshotIndex:
    """The rows of one shard."""

    def __init__(self, pool: asyncpg.Pool, *, shard: int = 0) -> None:
        self._pool = pool
        self._shard = shard

    async def add(self, header: SnapshotHeader, name: str) -> None:
        """Point at an object that is durable."""
        await self._pool.execute(
            _ADD,
            self._shard,
            header.seq,
            header.rules,
            header.format,
            header.engine,
            header.digest,
            name,
        )

    async def remove(self, pointer: SnapshotPointer) -> None:
        """Point at it no more."""
        await self._pool.execute(_REMOVE, self._shard, pointer.seq)

    async def list_newest_first(self) -> tuple[SnapshotPointer, ...]:
        """Return all pointers of this shard."""
        rows = await self._pool.fetch(_LIST, self._shard)
        return tuple(SnapshotPointer(row["seq"], row["digest"], row["object"]) for row in rows)
