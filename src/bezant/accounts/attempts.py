"""Counted attempts: a budget per subject and window, kept in PostgreSQL through restarts.

An attempt is counted before it is judged, so a hundred in parallel get no more than one after the
other would. Not for the rate of ordinary requests, which each gateway keeps in memory.
"""

import hashlib
from typing import Final

from msgspec import Struct

from bezant.accounts.ports import Pool
from bezant.kit.clock import NS_PER_S, Clock

SWEEP_EVERY_S: Final = 600  # Windows that have ended are removed this often.

_TAKE: Final = """
INSERT INTO attempts AS kept (subject, count, ends_ns) VALUES ($1, 1, $2)
ON CONFLICT (subject) DO UPDATE SET
    count = CASE
        WHEN kept.ends_ns <= $3 THEN 1
        ELSE least(kept.count, 1000000) + 1 END,
    ends_ns = CASE
        WHEN kept.ends_ns <= $3 THEN $2
        WHEN kept.count = $4 THEN $5
        ELSE kept.ends_ns END
RETURNING count, ends_ns
"""
_GIVE_BACK: Final = "UPDATE attempts SET count = greatest(count - 1, 0) WHERE subject = $1"
_FORGET: Final = "DELETE FROM attempts WHERE subject = $1"
_SWEEP: Final = "DELETE FROM attempts WHERE ends_ns <= $1"


class Budget(Struct, frozen=True):
    """So many attempts in a window; the one too many lengthens the wait to `lock_s`."""

    name: str
    count_max: int
    window_s: int
    lock_s: int


class AttemptsUsedUp(Exception):
    """The budget is spent; `retry_after_s` says when there is a new one."""

    def __init__(self, retry_after_s: int) -> None:
        super().__init__(f"try again in {retry_after_s} s")
        self.retry_after_s = retry_after_s


class Attempts:
    """Counts attempts of subjects, such as a mailbox or an address of the net."""

    def __init__(self, pool: Pool, clock: Clock) -> None:
        self._pool = pool
        self._clock = clock
        self._sweep_at_ns = 0

    async def take(self, budget: Budget, subject: str) -> None:
        """Count one attempt. Raises AttemptsUsedUp if that was one too many."""
        now_ns = self._clock.now_ns()
        if now_ns >= self._sweep_at_ns:
            self._sweep_at_ns = now_ns + SWEEP_EVERY_S * NS_PER_S
            await self._pool.execute(_SWEEP, now_ns)
        row = await self._pool.fetchrow(
            _TAKE,
            _key(budget, subject),
            now_ns + budget.window_s * NS_PER_S,
            now_ns,
            budget.count_max,
            now_ns + budget.lock_s * NS_PER_S,
        )
        if row["count"] > budget.count_max:
            raise AttemptsUsedUp(max(1, -((now_ns - row["ends_ns"]) // NS_PER_S)))

    async def give_back(self, budget: Budget, subject: str) -> None:
        """Take one attempt off again: it was no failure."""
        await self._pool.execute(_GIVE_BACK, _key(budget, subject))

    async def forget(self, budget: Budget, subject: str) -> None:
        """Begin anew for a subject that has shown who it is."""
        await self._pool.execute(_FORGET, _key(budget, subject))


def _key(budget: Budget, subject: str) -> bytes:
    return hashlib.sha256(f"{budget.name}\0{subject}".encode()).digest()
