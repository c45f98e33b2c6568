"""The outbox: a row and the command that it causes, in one PostgreSQL transaction.

A relay submits the commands of a source in the order of their numbers (LAW L3.3) and writes the
outcome back; a repeat has no effect, so each step may run twice. Knows bytes, not commands.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import Final, Protocol

from asyncpg import Record
from msgspec import Struct

CHANNEL: Final = "outbox"  # PostgreSQL NOTIFY channel: something was enqueued.
POLL_S: Final = 0.02

_NEXT_NUMBER: Final = """
INSERT INTO outbox_source (source, last_number) VALUES ($1, 1)
ON CONFLICT (source) DO UPDATE SET last_number = outbox_source.last_number + 1
RETURNING last_number
"""
_INSERT: Final = "INSERT INTO command_outbox (source, number, command) VALUES ($1, $2, $3)"
_NOTIFY: Final = "SELECT pg_notify($1, $2)"
_OUTCOME: Final = (
    "SELECT submitted_seq, outcome FROM command_outbox WHERE source = $1 AND number = $2"
)
_PENDING: Final = """
SELECT number, command FROM command_outbox
WHERE source = $1 AND submitted_seq IS NULL ORDER BY number LIMIT $2
"""
_SOURCES: Final = (
    "SELECT DISTINCT source FROM command_outbox WHERE submitted_seq IS NULL ORDER BY 1"
)
_DONE: Final = """
UPDATE command_outbox SET submitted_seq = $3, outcome = $4
WHERE source = $1 AND number = $2 AND submitted_seq IS NULL
"""


class Connection(Protocol):
    """The part of an asyncpg connection or pool that the outbox uses."""

    async def execute(self, query: str, *args: object) -> str:
        """Run a statement."""

    async def fetch(self, query: str, *args: object) -> list[Record]:
        """Return all rows."""

    async def fetchrow(self, query: str, *args: object) -> Record | None:
        """Return one row or None."""

    async def fetchval(self, query: str, *args: object) -> object:
        """Return the first value of the first row."""


class OutboxTimeout(TimeoutError):
    """The command was enqueued and will be done, but not within the time that one would wait."""


class Pending(Struct, frozen=True):
    """A command that still has to be submitted."""

    number: int
    command: bytes


class Done(Struct, frozen=True):
    """What became of a command: the seq of its entry and its encoded outcome."""

    seq: int
    outcome: bytes


async def enqueue(conn: Connection, source: int, encode: Callable[[int], bytes]) -> int:
    """Take the source's next number, store `encode(number)`, and return the number.

    Must run inside the transaction that writes the row which the command is about: the lock on
    the source keeps numbers dense, since a rollback gives the number back.
    """
    number = await conn.fetchval(_NEXT_NUMBER, source)
    if not isinstance(number, int):
        raise TypeError(f"outbox_source.last_number of source {source} is not a number")
    await conn.execute(_INSERT, source, number, encode(number))
    await conn.execute(_NOTIFY, CHANNEL, str(source))
    return number


async def list_sources(conn: Connection) -> tuple[int, ...]:
    """Return the sources that have commands to submit."""
    return tuple(row["source"] for row in await conn.fetch(_SOURCES))


async def list_pending(
    conn: Connection, source: int, limit: int | None = None
) -> Sequence[Pending]:
    """Return the first commands of a source that have no outcome yet, by number; None: all."""
    rows = await conn.fetch(_PENDING, source, limit)
    return [Pending(row["number"], bytes(row["command"])) for row in rows]


async def mark_done(conn: Connection, source: int, number: int, done: Done) -> None:
    """Write down what became of a command; the first writer wins, later ones change nothing."""
    await conn.execute(_DONE, source, number, done.seq, done.outcome)


async def wait_done(conn: Connection, source: int, number: int, timeout_s: float) -> Done:
    """Return the outcome of an enqueued command. Raises OutboxTimeout."""
    deadline = asyncio.get_running_loop().time() + timeout_s
    while True:
        row = await conn.fetchrow(_OUTCOME, source, number)
        if row is not None and row["submitted_seq"] is not None:
            return Done(row["submitted_seq"], bytes(row["outcome"]))
        if asyncio.get_running_loop().time() > deadline:
            raise OutboxTimeout(
                f"command {number} of source {source} is stored and will be done, "
                f"but was not within {timeout_s} s: is `bezant worker` running?"
            )
        await asyncio.sleep(POLL_S)
