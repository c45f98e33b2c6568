"""What waits to be sent to one client: bounded, so that a slow reader never lets memory grow.

The feed puts, never waits; the client's own task takes. What happens at the bound is the stream's
affair: a book starts over from a snapshot, a tape or a private stream ends.
"""

import asyncio
from typing import Final

BOOK_FRAMES_MAX: Final = 256
TAPE_ITEMS_MAX: Final = 10_000
PRIVATE_FRAMES_MAX: Final = 4_096

# Close codes. Those from 4000 on are our own.
GOING_AWAY: Final = 1001
POLICY: Final = 1008
AGAIN: Final = 1012  # Service restart: come back and begin from a snapshot.
TOKEN: Final = 4401
IDLE: Final = 4408
TOO_SLOW: Final = 4413
TOO_MANY: Final = 4429


class Close(Exception):
    """The connection ends with this code and reason; codes from 4000 are ours."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class Outlet:
    """Texts for one client in order, at most `limit` of them."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._waiting: list[str] = []
        self._woken = asyncio.Event()
        self._taken = asyncio.Event()
        self._close: Close | None = None

    def put(self, text: str) -> bool:
        """Add a text; false, and nothing added, where the limit is reached."""
        if len(self._waiting) >= self._limit:
            return False
        self._waiting.append(text)
        self._woken.set()
        return True

    async def wait_below(self, count: int) -> None:
        """Wait until fewer than `count` texts wait."""
        while len(self._waiting) >= count:
            self._taken.clear()
            await self._taken.wait()

    def clear(self) -> None:
        """Drop what waits."""
        self._waiting.clear()

    def wake(self) -> None:
        """Let the client's task look again though there is nothing to take."""
        self._woken.set()

    def end(self, close: Close) -> None:
        """Let the client's task end with this close; what waits is dropped."""
        self._close = close
        self._woken.set()

    async def take(self) -> list[str]:
        """Wait for something and return all that waits, perhaps nothing. Raises Close."""
        await self._woken.wait()
        self._woken.clear()
        if self._close is not None:
            raise self._close
        taken, self._waiting = self._waiting, []
        self._taken.set()
        return taken
