"""Partitions of the journal, made ahead of its tip by the owner; the core cannot make its own."""

from typing import Any, Final

PARTITION_SEQS: Final = 10_000_000
PARTITIONS_AHEAD: Final = 4

_LOCK: Final = 0x6A6F75726E616C  # "journal": one maker at a time.


def partition_name(seq: int) -> str:
    """Return the name of the partition that holds rows whose first seq is `seq`."""
    return f"journal_p{seq // PARTITION_SEQS:06d}"


async def make_partitions_ahead(connection: Any, *, ahead: int = PARTITIONS_AHEAD) -> int:
    """Make the partition of the highest tip and `ahead` more; return how many were made.

    `connection` is asyncpg's, logged in as the owner. At 30,000 commands a second a partition
    lasts over five minutes, so ask every minute or so.
    """
    made = 0
    async with connection.transaction():
        await connection.execute("SELECT pg_advisory_xact_lock($1)", _LOCK)
        tip: int = await connection.fetchval("SELECT coalesce(max(tip_seq), 0) FROM lease")
        first = tip - tip % PARTITION_SEQS
        for start in range(first, first + (ahead + 1) * PARTITION_SEQS, PARTITION_SEQS):
            name = partition_name(start)
            if await connection.fetchval("SELECT to_regclass($1)", f"public.{name}") is None:
                # Attaching lets writers and readers go on; PARTITION OF would make appends wait
                # behind the longest reader.
                await connection.execute(f"CREATE TABLE {name} (LIKE journal INCLUDING ALL)")
                await connection.execute(
                    f"ALTER TABLE journal ATTACH PARTITION {name} "
                    f"FOR VALUES FROM ({start}) TO ({start + PARTITION_SEQS})"
                )
                made += 1
    return made
