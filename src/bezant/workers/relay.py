"""The outbox relay: submits stored commands to the core, in order by source, until each is done.

Every step may run twice: the core answers a number that it knows with `CommandRepeated` (L3.3), and
an outcome is written down once. A relay that dies between the two finds the first outcome in the
journal.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Final, Protocol

import structlog

from bezant.core.codec import Outcome, decode_command, decode_outcomes, encode
from bezant.core.commands import Command
from bezant.core.events import CommandRefused, CommandRepeated, Event
from bezant.core.refusals import RefusalCode
from bezant.ingress.client import (
    CoreStopping,
    CoreUnavailable,
    OutcomeUnknown,
    Overloaded,
    Submission,
)
from bezant.journal.ports import Row
from bezant.kit import outbox
from bezant.kit.outbox import Connection, Done, Pending

BATCH_MAX: Final = 100
RETRY_S: Final = 0.2
POLL_S: Final = 1.0

_FIRST_SEQ: Final = """
SELECT coalesce(max(submitted_seq), 0) FROM command_outbox WHERE source = $1 AND number < $2
"""

_NOT_JUDGED: Final = (RefusalCode.CATCHING_UP, RefusalCode.NUMBER_GAP)

log = structlog.get_logger()


class Core(Protocol):
    """The part of the core's client that the relay uses."""

    async def submit(self, commands: Sequence[Command]) -> Submission:
        """Put commands in order, side by side, and return their outcomes."""


class JournalReader(Protocol):
    """The part of the journal that the relay uses."""

    def read(self, from_seq: int, to_seq: int | None = None) -> AsyncIterator[Row]:
        """Yield rows from a seq on."""


class FirstOutcomeMissing(Exception):
    """The core says that a command was done, but the journal does not hold it."""


class Relay:
    """Moves commands from the outbox to the core."""

    def __init__(self, conn: Connection, core: Core, journal: JournalReader) -> None:
        self._conn = conn
        self._core = core
        self._journal = journal
        self._woken = asyncio.Event()

    def wake(self) -> None:
        """Look again at once: something was enqueued."""
        self._woken.set()

    async def run(self) -> None:
        """Relay until canceled."""
        while True:
            try:
                moved = await self.run_once()
            except (CoreUnavailable, CoreStopping, Overloaded, OutcomeUnknown) as error:
                log.info("relay.retry", reason=str(error))
                await asyncio.sleep(RETRY_S)
                continue
            if not moved:
                await self._pause()

    async def run_once(self) -> int:
        """Submit up to one batch of each source; return how many commands got their outcome."""
        moved = 0
        for source in await outbox.list_sources(self._conn):
            moved += await self._relay(source)
        return moved

    async def _relay(self, source: int) -> int:
        pending = await outbox.list_pending(self._conn, source, BATCH_MAX)
        if not pending:
            return 0
        submission = await self._core.submit([decode_command(one.command) for one in pending])
        for one, outcome in zip(pending, submission.outcomes, strict=True):
            done = await self._done(source, one, outcome)
            if done is None:
                return 0  # A refusal that moved no mark: the same number is submitted again.
            await outbox.mark_done(self._conn, source, one.number, done)
        return len(pending)

    async def _done(self, source: int, one: Pending, outcome: Outcome) -> Done | None:
        """Return what to write down, or None where the core could not judge the command yet."""
        event = _event_of(outcome, source, one.number)
        if isinstance(event, CommandRepeated):
            outcome = await self._first_outcome(source, one.number)
        elif event is None or _is_not_judged(event):
            log.warning("relay.not_judged", source=source, number=one.number, code=outcome.code)
            await asyncio.sleep(RETRY_S)
            return None
        return Done(outcome.seq, encode(outcome))

    async def _first_outcome(self, source: int, number: int) -> Outcome:
        """Find in the journal what a command did whose answer was lost."""
        after = await self._conn.fetchval(_FIRST_SEQ, source, number)
        async for row in self._journal.read(int(str(after)) + 1):
            batch = row.batch
            for outcome in decode_outcomes(batch.events, batch.seq_last - batch.seq_first + 1):
                event = _event_of(outcome, source, number)
                if not (
                    event is None or isinstance(event, CommandRepeated) or _is_not_judged(event)
                ):
                    return outcome
        raise FirstOutcomeMissing(f"source {source} number {number}: not in the journal")

    async def _pause(self) -> None:
        try:
            await asyncio.wait_for(self._woken.wait(), POLL_S)
        except TimeoutError:
            return
        self._woken.clear()


def _event_of(outcome: Outcome, source: int, number: int) -> Event | None:
    """Return the event that the command of this source and number caused, not those of time."""
    for event in outcome.events:
        if (getattr(event, "source", 0), getattr(event, "number", 0)) == (source, number):
            return event
    return None


def _is_not_judged(event: Event) -> bool:
    """Answer whether the refusal left the source's mark where it was (L3.3)."""
    return isinstance(event, CommandRefused) and event.code in _NOT_JUDGED
