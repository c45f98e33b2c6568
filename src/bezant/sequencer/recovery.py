"""Recovery: from the journal to an engine that may go on writing. There is no other way to start.

The lease is taken first and the rest is read after, so that nothing can be written behind our back
(ARCHITECTURE §5). A standby reads ahead and takes the lease as soon as it falls free.
"""

import asyncio
from collections.abc import Callable
from typing import Final

from msgspec import Struct

from bezant.core.contract import EngineContract
from bezant.journal.ports import Journal, LeaseHeld, Tenure, Tip
from bezant.journal.replay import replay, replay_to_tip
from bezant.journal.snapshot import SnapshotStore
from bezant.sequencer import lease

STANDBY_POLL_S: Final = 0.1


class Recovered(Struct, frozen=True):
    """An engine that stands at the tip of its tenure."""

    engine: EngineContract
    tenure: Tenure


class Recovery:
    """Where state comes from: the journal, the snapshots and a maker of empty engines.

    `report` is told about snapshots that were passed over.
    """

    def __init__(
        self,
        journal: Journal,
        snapshots: SnapshotStore,
        make_engine: Callable[[], EngineContract],
        *,
        lease_ttl_ms: int,
        report: Callable[[str], None],
    ) -> None:
        self._journal = journal
        self._snapshots = snapshots
        self._make_engine = make_engine
        self._lease_ttl_ms = lease_ttl_ms
        self._report = report

    async def lead(self, holder: str) -> Recovered:
        """Take the lease, then restore and replay up to the tip.

        Raises LeaseHeld, JournalCorrupt, Deposed.
        """
        tenure = await lease.take_lease(self._journal, holder)
        async with lease.kept(self._journal, tenure, ttl_ms=self._lease_ttl_ms):
            engine, tip = await self._restore()
            await replay_to_tip(self._journal, engine, tip, tenure.tip)
        return Recovered(engine, tenure)

    async def stand_by(self, holder: str) -> Recovered:
        """Follow the journal until the lease falls free, then take it and replay the rest.

        Raises JournalCorrupt, Deposed.
        """
        engine, tip = await self._restore()
        while True:
            tip = await replay(self._journal, engine, tip)
            try:
                tenure = await self._journal.open(holder)
            except LeaseHeld:
                await asyncio.sleep(STANDBY_POLL_S)
                continue
            async with lease.kept(self._journal, tenure, ttl_ms=self._lease_ttl_ms):
                await replay_to_tip(self._journal, engine, tip, tenure.tip)
            return Recovered(engine, tenure)

    async def _restore(self) -> tuple[EngineContract, Tip]:
        return await self._snapshots.restore_newest(self._make_engine, self._journal, self._report)
