"""The right to write: taking it from one who has gone, and keeping it through a long replay.

A lease's time is the database's clock. Fencing comes first: whoever takes the lease ends the epoch
before, so that nothing of it can be written any more, and only then reads the tip.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Final

from bezant.journal.ports import Journal, LeaseHeld, Tenure
from bezant.sequencer.faults import Deposed

MARGIN_S: Final = 0.1
RENEWALS_PER_LIFE: Final = 3


async def take_lease(journal: Journal, holder: str) -> Tenure:
    """Take the lease; if it is held, wait once for the end of its life and see who lives.

    A holder that lives has renewed it by then: LeaseHeld says who it is. One that was killed has
    not, so a restart needs no hand.
    """
    try:
        return await journal.open(holder)
    except LeaseHeld as held:
        await asyncio.sleep(held.expires_in_ms / 1000 + MARGIN_S)
    return await journal.open(holder)


@contextlib.asynccontextmanager
async def kept(journal: Journal, tenure: Tenure, *, ttl_ms: int) -> AsyncIterator[None]:
    """Renew the lease in the background while the block runs. Raises Deposed at its end if lost."""
    renewal = asyncio.create_task(_renew(journal, tenure, ttl_ms))
    try:
        yield
    finally:
        renewal.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await renewal


async def _renew(journal: Journal, tenure: Tenure, ttl_ms: int) -> None:
    while True:
        if not await journal.renew(tenure):
            raise Deposed(f"epoch {tenure.epoch} has ended: another core took over meanwhile")
        await asyncio.sleep(ttl_ms / 1000 / RENEWALS_PER_LIFE)
