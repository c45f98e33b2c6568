"""How far the read models are, and waiting for them, so that a read after a write sees it."""

import asyncio
from typing import Final

from msgspec import Struct

from bezant.queries.reader import Reader

CONSUMER: Final = "projector"
_POLL_FIRST_S: Final = 0.001
_POLL_MAX_S: Final = 0.02

_CURSOR: Final = """
SELECT seq, tip_seq, ts_ns, (extract(epoch FROM updated_at) * 1000)::bigint AS updated_ms
FROM cursor WHERE consumer = $1 AND shard = $2
"""


class Cursor(Struct, frozen=True):
    """Where the projector is: everything up to `seq` is in the read models.

    `tip_seq` is how far the feed was known to reach then, `ts_ns` the time of the entry `seq`.
    """

    seq: int
    tip_seq: int
    ts_ns: int
    updated_ms: int

    @property
    def lag(self) -> int:
        """How many seqs the projector knew of and had not written."""
        return max(self.tip_seq - self.seq, 0)


async def get_cursor(conn: Reader, *, shard: int = 0) -> Cursor:
    """Return the projector's cursor; all zero before it ran for the first time."""
    row = await conn.fetchrow(_CURSOR, CONSUMER, shard)
    return Cursor(0, 0, 0, 0) if row is None else Cursor(**row)


async def projected_seq(conn: Reader, *, shard: int = 0) -> int:
    """Return the last seq whose effects are in the read models; 0 before the first."""
    return (await get_cursor(conn, shard=shard)).seq


async def wait_for_seq(conn: Reader, seq: int, timeout_s: float = 1.0, *, shard: int = 0) -> bool:
    """Wait until the read models hold the entry `seq`; false if they do not in time.

    Give it a pool rather than a connection: between its looks it keeps nothing.
    """
    loop = asyncio.get_running_loop()
    deadline = loop.time() + timeout_s
    pause_s = _POLL_FIRST_S
    while await projected_seq(conn, shard=shard) < seq:
        left_s = deadline - loop.time()
        if left_s <= 0:
            return False
        await asyncio.sleep(min(pause_s, left_s))
        pause_s = min(pause_s * 2, _POLL_MAX_S)
    return True
