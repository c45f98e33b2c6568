"""The part of an asyncpg connection or pool that queries use, and the bound of a page."""

from typing import Final, Protocol

from asyncpg import Record

PAGE_MAX: Final = 1_000


class Reader(Protocol):
    """Runs a SELECT: an asyncpg connection or pool."""

    async def fetch(self, query: str, *args: object) -> list[Record]:
        """Return all rows."""

    async def fetchrow(self, query: str, *args: object) -> Record | None:
        """Return one row or None."""


def check_limit(limit: int) -> int:
    """Return the limit of a page. Raises ValueError outside 1 … PAGE_MAX."""
    if not 1 <= limit <= PAGE_MAX:
        raise ValueError(f"limit must be 1 to {PAGE_MAX}, got {limit}")
    return limit
