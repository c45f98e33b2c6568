"""Tickets: a way into a private stream for clients that cannot send a first message.

A ticket is random, lives 30 seconds, is good once, and only at the gateway that gave it.
"""

import secrets
from typing import Final

from bezant.accounts.models import Caller
from bezant.kit.clock import NS_PER_S, Clock

LIFETIME_S: Final = 30
TICKET_BYTES: Final = 24
TICKETS_MAX: Final = 10_000


class TicketRefused(Exception):
    """The ticket was never given, was used, or is too old."""


class Tickets:
    """The tickets that are out, the oldest first."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._out: dict[str, tuple[int, Caller]] = {}

    def issue(self, caller: Caller) -> str:
        """Return a ticket for a caller."""
        self._forget_old()
        if len(self._out) >= TICKETS_MAX:
            del self._out[next(iter(self._out))]
        ticket = secrets.token_urlsafe(TICKET_BYTES)
        self._out[ticket] = (self._clock.monotonic_ns() + LIFETIME_S * NS_PER_S, caller)
        return ticket

    def redeem(self, ticket: str) -> Caller:
        """Return whom a ticket speaks for; it is good no more. Raises TicketRefused."""
        self._forget_old()
        found = self._out.pop(ticket, None)
        if found is None:
            raise TicketRefused
        return found[1]

    def _forget_old(self) -> None:
        now_ns = self._clock.monotonic_ns()
        while self._out:
            ticket, (ends_ns, _) = next(iter(self._out.items()))
            if ends_ns > now_ns:
                return
            del self._out[ticket]
