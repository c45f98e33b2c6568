"""The projector's hand on the database: who may write, from which seq, and whole batches at a time.

One projector is active a shard: it keeps an advisory lock while it lives, and each batch moves the
cursor by compare-and-set in the batch's own transaction, so that even two of them could not write
one entry twice (INV-12). Its commits need not reach the disk at once: rows and cursor are lost or
kept together, and the journal has what was lost.
"""

import asyncio
from typing import Any, Final, Self

import asyncpg

from bezant.projections.batch import Batch
from bezant.projections.known import Known

CONSUMER: Final = "projector"
CHANNEL: Final = "projected"  # PostgreSQL NOTIFY channel: the payload is the new cursor.
RESET_CHANNEL: Final = "projections_reset"
PARTITION_CHECK_SEQS: Final = 1_000_000
TABLES: Final = (
    "orders", "order_lists", "order_clients", "trades", "ledger_lines", "balances", "transfers",
    "candles", "market_states", "account_settings", "cancel_timers",
)  # fmt: skip

_LOCK: Final = 0x70726F6A  # "proj"; the shard is the lock's second number.
# Each statement touches a few rows by key; a plan that reads a whole table is never right here,
# also not while the table is small, since prepared plans stay.
_SESSION: Final = {
    "application_name": "bezant projector",
    "synchronous_commit": "off",
    "enable_seqscan": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
    "jit": "off",
}
_TRY_LOCK: Final = "SELECT pg_try_advisory_lock($1, $2)"
_FIRST_CURSOR: Final = """
INSERT INTO cursor (consumer, shard, seq) VALUES ($1, $2, 0) ON CONFLICT DO NOTHING
"""
_CURSOR: Final = "SELECT seq FROM cursor WHERE consumer = $1 AND shard = $2"
_MOVE: Final = """
UPDATE cursor SET seq = $4::bigint, ts_ns = $5, updated_at = clock_timestamp(),
    tip_seq = greatest($4::bigint, (SELECT tip_seq FROM lease WHERE shard = $2))
WHERE consumer = $1 AND shard = $2 AND seq = $3
RETURNING tip_seq, pg_notify($6, $4::bigint::text)
"""
_RESET: Final = """
UPDATE cursor SET seq = 0, ts_ns = 0, updated_at = clock_timestamp()
WHERE consumer = $1 AND shard = $2
"""
_TRUNCATE: Final = f"TRUNCATE {', '.join(TABLES)}"
_PARTITIONS: Final = "SELECT projections_partitions_ahead($1)"


class ProjectorActive(Exception):
    """Another projector of this shard lives."""


class CursorMoved(Exception):
    """The cursor is not where this projector left it; it must end and begin anew from there."""


class Projector:
    """One connection that writes read models. Made by `connect`; `open` before the first write."""

    def __init__(self, connection: Any, *, shard: int) -> None:
        self._connection = connection
        self._shard = shard
        self._ended: asyncio.Future[Exception] = asyncio.get_running_loop().create_future()
        self.seq = 0
        self.tip_seq = 0
        self.known = Known()

    @classmethod
    async def connect(cls, dsn: str, *, shard: int = 0) -> Self:
        """Connect. Raises what the driver raises."""
        return cls(await asyncpg.connect(dsn, server_settings=_SESSION), shard=shard)

    def terminate(self) -> None:
        """Cut the connection, so that another projector can take over at once."""
        self._connection.terminate()

    async def watch(self) -> None:
        """Wait until this projector may not go on, also while it has nothing to do, and say why.

        Raises CursorMoved after a `reset`, ConnectionError when the database cut the connection,
        and the lock with it.
        """
        raise await self._ended

    async def open(self) -> int:
        """Become the active projector and return the seq that was projected last.

        Raises ProjectorActive.
        """
        if not await self._connection.fetchval(_TRY_LOCK, _LOCK, self._shard):
            raise ProjectorActive(
                f"another projector of shard {self._shard} is active; this one can only stand by"
            )
        self._connection.add_termination_listener(
            lambda _connection: self._end(ConnectionError("the database closed the connection"))
        )
        await self._connection.add_listener(
            RESET_CHANNEL,
            lambda *_notice: self._end(CursorMoved("the read models are being rebuilt")),
        )
        await self._connection.execute(_FIRST_CURSOR, CONSUMER, self._shard)
        self.seq = await self._connection.fetchval(_CURSOR, CONSUMER, self._shard)
        await self._connection.execute(_PARTITIONS, self.seq)
        await self.known.load(self._connection)
        return self.seq

    def begin(self) -> Batch:
        """Return an empty batch; what it learns this projector knows from then on."""
        return Batch(self.known)

    async def write(self, batch: Batch) -> None:
        """Write a batch and move the cursor, all or nothing. Raises CursorMoved.

        After any error this projector is of no use any more: its process ends.
        """
        step = PARTITION_CHECK_SEQS
        if self.seq // step != batch.seq_last // step:
            await self._connection.execute(_PARTITIONS, batch.seq_last)
        async with self._connection.transaction():
            moved = await self._connection.fetchrow(
                _MOVE, CONSUMER, self._shard, self.seq, batch.seq_last, batch.ts_ns, CHANNEL
            )
            if moved is None:
                raise CursorMoved(
                    f"the cursor is not at seq {self.seq} any more: a rebuild or another "
                    "projector moved it"
                )
            for fold in batch.folds:
                await fold.write(self._connection)
        self.seq = batch.seq_last
        self.tip_seq = moved["tip_seq"]

    def _end(self, error: Exception) -> None:
        if not self._ended.done():
            self._ended.set_result(error)


async def reset(connection: Any, *, shard: int = 0) -> None:
    """Empty the read models and put the cursor to the beginning, in one transaction.

    A projector that runs meanwhile finds its cursor moved, ends, and projects from genesis when it
    is started again.
    """
    async with connection.transaction():
        await connection.execute(_RESET, CONSUMER, shard)
        await connection.execute(f"NOTIFY {RESET_CHANNEL}")
        await connection.execute(_TRUNCATE)
