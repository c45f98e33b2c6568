"""Dead man's switches by account and market (0: all): when each is due; 0 where it is gone."""

from typing import Any, ClassVar, Final

from bezant.core.events import AccountClosed, CancelTimerSet, Event, TimerFired
from bezant.core.postings import Posting
from bezant.projections.fold import At

_DROP: Final = """
UPDATE cancel_timers SET due_ns = 0 WHERE account = ANY($1::bigint[]) AND due_ns <> 0
"""
_WRITE: Final = """
INSERT INTO cancel_timers (account, market, due_ns)
SELECT * FROM unnest($1::bigint[], $2::integer[], $3::bigint[])
ON CONFLICT (account, market) DO UPDATE SET due_ns = excluded.due_ns
"""


class CancelTimersFold:
    """The timers that a batch sets, removes or lets act."""

    events: ClassVar[tuple[type[Event], ...]] = (CancelTimerSet, TimerFired, AccountClosed)

    def __init__(self) -> None:
        self._due_ns: dict[tuple[int, int], int] = {}
        self._closed: list[int] = []

    def fold(self, at: At, event: Event, moved: tuple[Posting, ...]) -> None:
        """Take in when a timer is due from now on; closing an account drops all of its own."""
        del at, moved
        match event:
            case CancelTimerSet():
                self._due_ns[event.account, event.market] = event.due_ns
            case TimerFired():
                self._due_ns[event.account, event.market] = 0
            case AccountClosed():
                self._closed.append(event.account)
                for key in self._due_ns:
                    if key[0] == event.account:
                        self._due_ns[key] = 0
            case _:
                pass

    async def write(self, connection: Any) -> None:
        """Drop the timers of closed accounts, then write a row a timer."""
        if self._closed:
            await connection.execute(_DROP, self._closed)
        if self._due_ns:
            rows = [(*key, due_ns) for key, due_ns in self._due_ns.items()]
            await connection.execute(_WRITE, *zip(*rows, strict=True))
