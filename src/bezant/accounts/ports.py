"""What accounts need of the world, as Protocols, so that tests can bring their own."""

from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol


class Connection(Protocol):
    """The part of an asyncpg connection that accounts use."""

    async def execute(self, query: str, *args: object) -> str:
        """Run a statement."""

    async def fetch(self, query: str, *args: object) -> list[Any]:
        """Return all rows."""

    async def fetchrow(self, query: str, *args: object) -> Any:
        """Return one row or None."""

    async def fetchval(self, query: str, *args: object) -> object:
        """Return the first value of the first row."""

    def transaction(self) -> AbstractAsyncContextManager[Any]:
        """Return a transaction to enter."""


class Pool(Protocol):
    """The part of an asyncpg pool that accounts use."""

    def acquire(self) -> AbstractAsyncContextManager[Connection]:
        """Return a connection to enter."""

    async def fetchrow(self, query: str, *args: object) -> Any:
        """Return one row or None."""

    async def execute(self, query: str, *args: object) -> str:
        """Run a statement."""
