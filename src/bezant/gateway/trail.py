"""What one request carries with it from the gate to its answer: trace id, caller, headers.

Kept in the ASGI scope, so that every layer finds the same one.
"""

import itertools
import secrets
from typing import Any, Final

from bezant.accounts.models import Caller

_KEY: Final = "bezant.trail"
# One process' requests: random once, then counted. A trace id names a request, it guards nothing.
_PROCESS: Final = secrets.token_hex(8)
_COUNT: Final = itertools.count(1)


def new_trace_id() -> str:
    """Return an id that no other request of any gateway has."""
    return f"{_PROCESS}{next(_COUNT):08x}"


class Trail:
    """One request's own facts; `headers` go out with the answer whatever it is."""

    __slots__ = ("address", "caller", "headers", "is_private", "route", "trace_id")

    def __init__(self, address: str) -> None:
        self.trace_id = new_trace_id()
        self.address = address
        self.caller: Caller | None = None
        self.headers: list[tuple[bytes, bytes]] = []
        self.route = ""
        self.is_private = False


def begin_trail(scope: Any) -> Trail:
    """Return a new trail, put into the scope."""
    client = scope.get("client")
    trail = Trail(client[0] if client else "local")
    scope[_KEY] = trail
    return trail


def trail_of(scope: Any) -> Trail:
    """Return the trail of a request that came through the gate."""
    trail: Trail = scope[_KEY]
    return trail
