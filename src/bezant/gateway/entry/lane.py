"""The line of one connection: its commands enter the core in the order in which they were sent.

Requests are worked on side by side, and some ask the core before they command. Each takes a turn
when it comes in, and its command waits until all before it have entered or come to nothing.
"""

import asyncio
from collections import deque
from collections.abc import Sequence

from bezant.core.commands import Command
from bezant.core.reads import Answer, Read
from bezant.gateway.house import Core
from bezant.ingress.client import Submission


class Lane:
    """The turns of one connection, the first that may command at its head."""

    def __init__(self, core: Core) -> None:
        self.core = core
        self._turns: deque[Turn] = deque()

    def join(self) -> "Turn":
        """Return the turn of a request that has just come in."""
        turn = Turn(self)
        self._turns.append(turn)
        return turn

    def is_at_head(self, turn: "Turn") -> bool:
        """Whether all before this turn have entered or come to nothing."""
        return self._turns[0] is turn

    def move_on(self) -> None:
        """Let those go that are over, and wake the one that is next."""
        while self._turns and self._turns[0].is_over:
            self._turns.popleft()
        if self._turns:
            self._turns[0].wake()


class Turn:
    """One request's way to the core, in the place of the core itself."""

    __slots__ = ("_lane", "_woken", "is_over")

    def __init__(self, lane: Lane) -> None:
        self._lane = lane
        self._woken: asyncio.Future[None] | None = None
        self.is_over = False

    @property
    def is_connected(self) -> bool:
        """Whether a request could be sent now."""
        return self._lane.core.is_connected

    async def submit(
        self, commands: Sequence[Command], *, valid_until_ns: int = 0, timeout_s: float = 10
    ) -> Submission:
        """Submit commands once all before them on this connection were submitted."""
        if not self.is_over and not self._lane.is_at_head(self):
            self._woken = asyncio.get_running_loop().create_future()
            await self._woken
        # The client lines a command up before it waits for anything, so it is in its place before
        # the one that is woken here can run.
        self.leave()
        return await self._lane.core.submit(
            commands, valid_until_ns=valid_until_ns, timeout_s=timeout_s
        )

    async def query(self, read: Read, timeout_s: float = 5) -> Answer:
        """Ask an exact read; reads wait for nobody."""
        return await self._lane.core.query(read, timeout_s)

    def leave(self) -> None:
        """Let the next one command: this one has, or will not."""
        if not self.is_over:
            self.is_over = True
            self._lane.move_on()

    def wake(self) -> None:
        """Go on, if it waits."""
        if self._woken is not None and not self._woken.done():
            self._woken.set_result(None)
