"""Looking into the journal: entries with their outcomes, its size, and replay to a digest."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, Final

import msgspec
from msgspec import Struct

from bezant.apps.database_session import reachable_database
from bezant.apps.engines import engine_maker
from bezant.core import codec
from bezant.core.commands import Message
from bezant.journal.ports import GENESIS_HASH, JournalCorrupt, Row, Tip
from bezant.journal.postgres import PostgresJournal
from bezant.journal.replay import apply_row
from bezant.kit import db
from bezant.kit.config import Settings
from bezant.kit.operator_error import OperatorError

FOLLOW_LOOK_S: Final = 0.5

_STATS: Final = """
SELECT count(*) AS rows, coalesce(min(seq_first), 0) AS seq_first,
       coalesce(max(seq_last), 0) AS seq_last, coalesce(min(ts_ns), 0) AS first_ns,
       coalesce(max(ts_ns), 0) AS last_ns, coalesce(max(epoch), 0) AS epoch,
       coalesce(sum(octet_length(entries)), 0)::bigint AS entries_size,
       coalesce(sum(octet_length(events)), 0)::bigint AS events_size
FROM journal WHERE shard = $1
"""

Progress = Callable[[int, int], None]


class NamedMessage(Struct, frozen=True):
    """A command or an event by name, its fields as they can be printed."""

    name: str
    fields: dict[str, Any]


class EntryView(Struct, frozen=True, rename="camel"):
    """A line of the journal with what came of it, and the row that it stands in."""

    seq: int
    ts_ns: int
    epoch: int
    rules: int
    row_first: int
    row_last: int
    row_hash: str
    command: NamedMessage
    code: int
    events: tuple[NamedMessage, ...]


class Stats(Struct, frozen=True, rename="camel"):
    """How large the journal is; sizes in bytes as stored (packed)."""

    rows: int
    seq_first: int
    seq_last: int
    first_ns: int
    last_ns: int
    epoch: int
    entries_size: int
    events_size: int


class Replayed(Struct, frozen=True, rename="camel"):
    """Where a replay ended."""

    seq: int
    ts_ns: int
    digest: str
    chain_head: str


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[PostgresJournal]:
    """Yield the journal for reading. Raises OperatorError, also for what is found corrupt."""
    async with reachable_database(settings, purpose="`bezant journal`") as dsn:
        journal = await PostgresJournal.connect(dsn, shard=settings.shard)
        try:
            yield journal
        except JournalCorrupt as error:
            raise OperatorError(f"{error}; `bezant verify` tells more") from error
        finally:
            await journal.close()


async def show(settings: Settings, seq: int) -> EntryView:
    """Return the entry `seq`. Raises OperatorError if there is none."""
    async with opened(settings) as journal:
        async for row in journal.read(seq, seq):
            for view in views(row):
                if view.seq == seq:
                    return view
        tip = await journal.tip()
    raise OperatorError(f"there is no entry {seq}: the journal holds seqs 1 to {tip.seq}")


async def tail(settings: Settings, count: int, *, follow: bool) -> AsyncIterator[EntryView]:
    """Yield the last `count` entries, then, if asked to follow, each new one for ever."""
    async with opened(settings) as journal:
        next_seq = max((await journal.tip()).seq - count, 0) + 1
        while True:
            async for row in journal.read(next_seq):
                for view in views(row):
                    if view.seq >= next_seq:
                        yield view
                        next_seq = view.seq + 1
            if not follow:
                return
            await asyncio.sleep(FOLLOW_LOOK_S)


async def read_stats(settings: Settings) -> Stats:
    """Return how large the journal is."""
    async with reachable_database(settings, purpose="`bezant journal stats`") as dsn:
        connection = await db.connect(dsn, command_timeout_s=None)
        try:
            return Stats(**await connection.fetchrow(_STATS, settings.shard))
        finally:
            await connection.close()


async def replay(settings: Settings, progress: Progress) -> Replayed:
    """Apply the whole journal to a new engine and return the digest of the state at its end.

    Each row is checked as a start would: hash, chain, and the very same outcomes.
    """
    async with opened(settings) as journal:
        engine = engine_maker(settings)()
        tip = await journal.tip()
        reached = Tip(0, GENESIS_HASH)
        async for row in journal.read(1, tip.seq):
            apply_row(engine, row)
            reached = Tip(row.batch.seq_last, row.hash)
            progress(reached.seq, tip.seq)
        return Replayed(engine.seq, engine.ts_ns, engine.digest().hex(), reached.hash.hex())


def views(row: Row) -> tuple[EntryView, ...]:
    """Return the entries of a row with their outcomes."""
    batch = row.batch
    count = batch.seq_last - batch.seq_first + 1
    return tuple(
        EntryView(
            seq=entry.seq,
            ts_ns=batch.ts_ns,
            epoch=row.epoch,
            rules=batch.rules,
            row_first=batch.seq_first,
            row_last=batch.seq_last,
            row_hash=row.hash.hex(),
            command=_message(entry.command),
            code=outcome.code,
            events=tuple(_message(event) for event in outcome.events),
        )
        for entry, outcome in zip(
            codec.decode_entries(batch.entries, count),
            codec.decode_outcomes(batch.events, count),
            strict=True,
        )
    )


def _message(message: Message) -> NamedMessage:
    fields = {name: _printable(getattr(message, name)) for name in message.__struct_fields__}
    return NamedMessage(type(message).__name__, fields)


def _printable(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, Struct):
        return {name: _printable(getattr(value, name)) for name in value.__struct_fields__}
    if isinstance(value, tuple):
        return [_printable(one) for one in value]
    return value


def to_json(value: Struct) -> str:
    """Return a struct as JSON."""
    return msgspec.json.encode(value).decode()
