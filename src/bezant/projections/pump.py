"""The pump: events come in and are folded while the batch before them is being written.

Under a peak batches grow and the work a command costs shrinks; when the database is slower still,
reading stops until it has caught up, so memory is bounded.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Final

from bezant.core import codec
from bezant.egress.frames import FeedIdle, FeedRow
from bezant.journal.ports import Row
from bezant.projections.batch import Batch
from bezant.projections.projector import Projector

FOLD_SEQS_MAX: Final = 8_192

Written = Callable[[Batch], None]


class Pump:
    """Carries rows into a projector, two batches deep: one is written while one is folded."""

    def __init__(self, projector: Projector, written: Written) -> None:
        """`written` is told of each batch that was committed."""
        self._projector = projector
        self._written = written
        self._batch = projector.begin()
        self._has_work = asyncio.Event()
        self._has_room = asyncio.Event()
        self._has_room.set()

    async def run(self, source: AsyncIterator[FeedRow | FeedIdle | Row]) -> None:
        """Project until the source ends. Raises what folding, writing and the source raise."""
        folding = asyncio.create_task(self._fold_all(source))
        folding.add_done_callback(lambda _: self._has_work.set())
        try:
            while not (folding.done() and self._batch.count == 0):
                await self._has_work.wait()
                if folding.done():
                    folding.result()  # Raises before a batch with half a row in it is written.
                else:
                    self._has_work.clear()
                await self._write()
            folding.result()
        finally:
            folding.cancel()
            await asyncio.wait([folding])

    async def _fold_all(self, source: AsyncIterator[FeedRow | FeedIdle | Row]) -> None:
        async for item in source:
            if isinstance(item, FeedIdle):
                continue
            await self._has_room.wait()
            part = item if isinstance(item, FeedRow) else item.batch
            count = part.seq_last - part.seq_first + 1
            self._batch.fold(part.ts_ns, codec.decode_outcomes(part.events, count))
            self._has_work.set()
            if self._batch.count >= FOLD_SEQS_MAX:
                self._has_room.clear()

    async def _write(self) -> None:
        batch, self._batch = self._batch, self._projector.begin()
        self._has_room.set()
        if batch.count:
            await self._projector.write(batch)
            self._written(batch)
