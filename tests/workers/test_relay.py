"""The outbox relay: in order, once, and through every cut between its steps."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

import asyncpg
import pytest

from bezant.core import codec
from bezant.core.codec import Outcome
from bezant.core.commands import Command, CreateAsset
from bezant.core.events import AssetCreated, CommandRefused, CommandRepeated, Event
from bezant.core.ids import AssetId, Number, Seq, Source
from bezant.core.refusals import RefusalCode
from bezant.core.units import Units
from bezant.core.words import Part
from bezant.ingress.client import OutcomeUnknown, Submission
from bezant.journal.ports import Batch, Row
from bezant.kit import outbox
from bezant.workers.relay import FirstOutcomeMissing, Relay
from tests.fixtures_postgres import Database

SOURCE = Source(1)


def create(number: int) -> CreateAsset:
    return CreateAsset(
        SOURCE, Number(number), AssetId(number), scale=8, issued_max=Units(10**9), enabled=True
    )


class Core:
    """Answers as the core does: a mark of one source, and a journal to read from."""

    def __init__(self) -> None:
        self.mark = 0
        self.seq = 0
        self.rows: list[Row] = []
        self.lose_answer = False

    async def submit(self, commands: Sequence[Command]) -> Submission:
        outcomes = tuple(self._judge(command) for command in commands)
        events = codec.encode_outcomes(outcomes)
        batch = Batch(outcomes[0].seq, outcomes[-1].seq, 1, 1, codec.FORMAT, b"", events)
        self.rows.append(Row(0, 1, batch, b"", b""))
        if self.lose_answer:
            self.lose_answer = False
            raise OutcomeUnknown("lost")
        return Submission(1, outcomes)

    async def read(self, from_seq: int, to_seq: int | None = None) -> AsyncIterator[Row]:
        for row in self.rows:
            if row.batch.seq_last >= from_seq:
                yield row

    def _judge(self, command: Command) -> Outcome:
        assert isinstance(command, CreateAsset)
        self.seq += 1
        event: Event
        if command.number <= self.mark:
            event = CommandRepeated(command.number, SOURCE, command.number)
        elif command.number > self.mark + 1:
            event = CommandRefused(
                RefusalCode.NUMBER_GAP, Part.WHOLE, SOURCE, command.number, b"", b""
            )
        else:
            self.mark = command.number
            event = AssetCreated(
                SOURCE, command.number, command.asset, 8, command.issued_max, enabled=True
            )
        return codec.outcome(Seq(self.seq), [event])


@pytest.fixture
async def conn(database: Database) -> AsyncIterator[Any]:
    connection = await asyncpg.connect(database.app_dsn)
    yield connection
    await connection.close()


async def enqueue(conn: Any, count: int) -> None:
    for _ in range(count):
        async with conn.transaction():
            await outbox.enqueue(conn, SOURCE, lambda number: codec.encode(create(number)))


async def outcomes(conn: Any, count: int) -> list[Outcome]:
    done = [await outbox.wait_done(conn, SOURCE, number + 1, 1) for number in range(count)]
    return [codec.decode_outcomes(one.outcome, 1)[0] for one in done]


async def test_commands_are_done_in_order(conn: Any) -> None:
    core = Core()
    await enqueue(conn, 250)
    relay = Relay(conn, core, core)
    assert [await relay.run_once() for _ in range(4)] == [100, 100, 50, 0]
    assert [outcome.seq for outcome in await outcomes(conn, 250)] == list(range(1, 251))


async def test_a_lost_answer_is_found_in_the_journal(conn: Any) -> None:
    core = Core()
    await enqueue(conn, 3)
    core.lose_answer = True
    with pytest.raises(OutcomeUnknown):
        await Relay(conn, core, core).run_once()
    assert await Relay(conn, core, core).run_once() == 3
    found = await outcomes(conn, 3)
    assert [outcome.seq for outcome in found] == [1, 2, 3]
    assert all(isinstance(outcome.events[0], AssetCreated) for outcome in found)


async def test_a_gap_is_not_taken_for_an_outcome(conn: Any) -> None:
    core = Core()
    await enqueue(conn, 2)
    async with conn.transaction():
        await outbox.mark_done(conn, SOURCE, 1, outbox.Done(1, b""))
    assert await Relay(conn, core, core).run_once() == 0
    with pytest.raises(outbox.OutboxTimeout, match="command 2 of source 1"):
        await outbox.wait_done(conn, SOURCE, 2, 0.01)


async def test_a_repeat_without_a_first_outcome_is_told(conn: Any) -> None:
    core = Core()
    core.mark = 1
    await enqueue(conn, 1)
    with pytest.raises(FirstOutcomeMissing, match="source 1 number 1"):
        await Relay(conn, core, core).run_once()


async def test_a_rollback_leaves_no_gap(conn: Any) -> None:
    transaction = conn.transaction()
    await transaction.start()
    await outbox.enqueue(conn, SOURCE, lambda number: codec.encode(create(number)))
    await transaction.rollback()
    await enqueue(conn, 1)
    pending = await outbox.list_pending(conn, SOURCE, 10)
    assert [one.number for one in pending] == [1]
