"""The ordered feed inside the core: a ring of recent rows, and the journal for all before it.

A consumer is only a cursor: however slow it is, it costs the core nothing (no queue of its own).
Live tail and catch-up look alike. Not for sockets: that is `server`.
"""

import asyncio
import bisect
from collections import deque
from collections.abc import AsyncGenerator
from typing import Final

import msgspec
from msgspec import Struct

from bezant.core import codec
from bezant.core.ids import Seq
from bezant.egress.frames import FeedRefusal, FeedRow
from bezant.journal.ports import Batch, Journal, Row
from bezant.kit.framing import HEADER_SIZE, pack

RING_ROWS_MAX: Final = 16_384
RING_SIZE_MAX: Final = 64 * 1_048_576

_ENCODER: Final = msgspec.msgpack.Encoder()
_ROWS: Final = msgspec.msgpack.Decoder(FeedRow)


class FeedEnd(Exception):
    """The feed cannot serve a cursor: AHEAD of the journal, ARCHIVED, or the core is STOPPING."""

    def __init__(self, refusal: FeedRefusal, text: str) -> None:
        super().__init__(text)
        self.refusal = refusal


class Frame(Struct, frozen=True):
    """A row of the feed, packed once for all consumers."""

    seq_first: int
    seq_last: int
    packed: bytes


class Feed:
    """Committed rows in order, from any seq on. One of it in a core."""

    def __init__(
        self,
        journal: Journal,
        tip_seq: int,
        *,
        rows_max: int = RING_ROWS_MAX,
        size_max: int = RING_SIZE_MAX,
    ) -> None:
        self._journal = journal
        self._tip_seq = tip_seq
        self._rows_max = rows_max
        self._size_max = size_max
        self._ring: deque[Frame] = deque()
        self._ring_size = 0
        self._ring_seq = tip_seq + 1  # The first seq that the ring can serve.
        self._news = asyncio.Event()
        self._is_closed = False

    @property
    def tip_seq(self) -> int:
        """The last seq published."""
        return self._tip_seq

    def publish(self, row: Row) -> None:
        """Take in a row right after its commit, never before (INV-08)."""
        frame = _frame(_row(row.batch))
        self._ring.append(frame)
        self._ring_size += len(frame.packed)
        self._tip_seq = frame.seq_last
        while len(self._ring) > self._rows_max or self._ring_size > self._size_max:
            dropped = self._ring.popleft()
            self._ring_size -= len(dropped.packed)
            self._ring_seq = dropped.seq_last + 1
        self._wake_all()

    def close(self) -> None:
        """End all cursors: the core is going down."""
        self._is_closed = True
        self._wake_all()

    async def follow(self, from_seq: int, *, idle_s: float) -> AsyncGenerator[Frame | None, None]:
        """Yield the frames from `from_seq` on, the first cut to it; None after `idle_s` of silence.

        Raises FeedEnd.
        """
        if from_seq > self._tip_seq + 1:
            raise FeedEnd(
                FeedRefusal.AHEAD,
                f"seq {from_seq} was asked for, the journal ends at {self._tip_seq}: the cursor "
                "belongs to another journal, rebuild what follows it",
            )
        next_seq = max(from_seq, 1)
        while not self._is_closed:
            if next_seq > self._tip_seq:
                if not await self._wait_for_news(idle_s):
                    yield None
            elif next_seq >= self._ring_seq:
                frame = self._find(next_seq)
                yield frame
                next_seq = frame.seq_last + 1
            else:
                async for frame in self._read(next_seq):
                    yield frame
                    next_seq = frame.seq_last + 1
        raise FeedEnd(FeedRefusal.STOPPING, "the core is going down")

    async def _read(self, next_seq: int) -> AsyncGenerator[Frame, None]:
        """Yield frames from the journal up to where the ring begins or the feed ends."""
        async for row in self._journal.read(next_seq, self._tip_seq):
            if row.batch.seq_first > next_seq:
                raise FeedEnd(
                    FeedRefusal.ARCHIVED,
                    f"seq {next_seq} was asked for, the journal begins at {row.batch.seq_first}: "
                    "older rows are in the archive",
                )
            frame = _frame(_trim(_row(row.batch), next_seq))
            yield frame
            next_seq = frame.seq_last + 1
            if next_seq >= self._ring_seq or self._is_closed:
                return

    def _find(self, seq: int) -> Frame:
        """Return the frame of the ring that begins at `seq`, cut to it if it begins before."""
        frame = self._ring[-1]
        if frame.seq_first > seq:  # Not at the tail, where most consumers are.
            frame = self._ring[bisect.bisect_left(self._ring, seq, key=_last_seq)]
        if frame.seq_first == seq:
            return frame
        return _frame(_trim(_ROWS.decode(frame.packed[HEADER_SIZE:]), seq))

    async def _wait_for_news(self, idle_s: float) -> bool:
        """Wait for the next row or the end; false if `idle_s` passed without."""
        try:
            async with asyncio.timeout(idle_s):
                await self._news.wait()
        except TimeoutError:
            return False
        return True

    def _wake_all(self) -> None:
        """Wake all who wait now, and let the next ones wait for the next news."""
        self._news.set()
        self._news = asyncio.Event()


def _row(batch: Batch) -> FeedRow:
    return FeedRow(
        seq_first=Seq(batch.seq_first),
        seq_last=Seq(batch.seq_last),
        ts_ns=batch.ts_ns,
        rules=batch.rules,
        format=batch.format,
        events=batch.events,
    )


def _trim(row: FeedRow, from_seq: int) -> FeedRow:
    """Return the row without what is before `from_seq`."""
    if row.seq_first >= from_seq:
        return row
    outcomes = codec.split(row.events, row.seq_last - row.seq_first + 1)
    kept = outcomes[from_seq - row.seq_first :]
    return msgspec.structs.replace(
        row, seq_first=Seq(from_seq), events=b"".join(bytes(one) for one in kept)
    )


def _frame(row: FeedRow) -> Frame:
    return Frame(row.seq_first, row.seq_last, pack(_ENCODER.encode(row)))


def _last_seq(frame: Frame) -> int:
    return frame.seq_last
