"""Dead man's switches as they stand at the projector's cursor."""

from typing import Final

from msgspec import Struct

from bezant.queries.reader import Reader

_LIST: Final = """
SELECT market, due_ns FROM cancel_timers WHERE account = $1 AND due_ns <> 0 ORDER BY market
"""


class CancelTimer(Struct, frozen=True):
    """When the orders of a market (0: of all) will be canceled, in ns."""

    market: int
    due_ns: int


async def list_cancel_timers(conn: Reader, account: int) -> tuple[CancelTimer, ...]:
    """Return an account's timers, that of all markets first: at most one a market."""
    return tuple(CancelTimer(*row) for row in await conn.fetch(_LIST, account))
