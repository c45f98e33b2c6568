"""The core is killed at random and at each named point, and nothing told is lost (F01, F02).

More rounds: `SEED=… N=… pytest tests/contracts/recovery`.
"""

import asyncio
import os
import random
import time
from typing import Self

import asyncpg
import pytest

from bezant.core import reads
from bezant.core.engine import Engine
from bezant.journal.ports import GENESIS_HASH, Tip
from bezant.journal.postgres import PostgresJournal
from bezant.journal.replay import replay
from bezant.journal.snapshot import SnapshotStore
from bezant.journal.snapshot_index import PostgresSnapshotIndex
from bezant.kit.failpoints import EXIT_STATUS
from tests.contracts.recovery.core_process import CoreProcess
from tests.contracts.recovery.history import History
from tests.fixtures_postgres import Database
from tests.sequencer.market import set_up

pytestmark = pytest.mark.slow

SEED = int(os.environ.get("SEED", "20261121"))
ROUNDS = int(os.environ.get("N", "4"))
NAMED_POINTS = (
    "core.after_apply",
    "core.mid_batch",
    "journal.before_append",
    "journal.append_sent",
    "journal.after_append",
    "core.before_reply",
)
GENESIS = Tip(0, GENESIS_HASH)


class Judge:
    """Reads the journal beside the core, and compares what all ways of replay give.

    It replays on the reference; the core runs on the native engine where that is built.
    """

    def __init__(self, database: Database, core: CoreProcess) -> None:
        self._dsn = database.app_dsn
        self._core = core

    async def __aenter__(self) -> Self:
        self.journal = await PostgresJournal.connect(self._dsn)
        index = PostgresSnapshotIndex(self.journal.readers)
        self._snapshots = SnapshotStore(self._core.places.snapshots, index)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.journal.close()

    async def save_snapshot(self) -> None:
        """Save one of where the journal is now, as the snapshotter does."""
        engine = Engine()
        tip = await replay(self.journal, engine, GENESIS)
        await self._snapshots.save(engine, tip, engine_name="python")

    async def check_digests(self, live: reads.StateDigest) -> None:
        """Genesis replay, snapshot and tail, and the live core give one digest (I8, INV-11)."""
        genesis = Engine()
        await replay(self.journal, genesis, GENESIS)
        restored, tip = await self._snapshots.restore_newest(Engine, self.journal, pytest.fail)
        assert tip.seq > 0
        await replay(self.journal, restored, tip)
        assert genesis.seq == restored.seq == live.seq
        assert genesis.digest() == restored.digest() == live.digest


async def live_digest(core: CoreProcess) -> reads.StateDigest:
    client = await core.client()
    answer = await client.query(reads.ReadDigest())
    await client.close()
    assert isinstance(answer, reads.StateDigest)
    return answer


async def work_until_dead(core: CoreProcess, history: History) -> None:
    client = await core.client()
    await history.resolve(client)
    await history.work(client)
    await client.close()


async def resolve(core: CoreProcess, history: History) -> None:
    client = await core.client()
    await history.resolve(client)
    await client.close()


async def test_random_kills(database: Database, core: CoreProcess) -> None:
    print(f"SEED={SEED} N={ROUNDS}")
    chance, history = random.Random(SEED), History(SEED)
    async with Judge(database, core) as judge:
        core.start()
        client = await core.client()
        await set_up(client)
        await client.close()
        for number in range(ROUNDS):
            working = asyncio.create_task(work_until_dead(core, history))
            await asyncio.sleep(1.0 + chance.random())
            core.kill()
            await working
            if number == ROUNDS // 2:
                await judge.save_snapshot()
            killed_at = time.monotonic()
            core.start()
            await resolve(core, history)
            assert time.monotonic() - killed_at < 20
            await history.check(judge.journal)
        await judge.check_digests(await live_digest(core))
        assert core.stop() == 0
    assert history.unknown_count > 0
    assert len(history.told) > 100 * ROUNDS


async def test_named_points(database: Database, core: CoreProcess) -> None:
    """F02: at each point a crash loses nothing told and repeats nothing done."""
    history = History(SEED)
    async with Judge(database, core) as judge:
        core.start()
        client = await core.client()
        await set_up(client)
        await client.close()
        assert core.stop() == 0
        for name in NAMED_POINTS:
            core.start(BEZANT_FAILPOINT=f"{name}:exit:60")
            await work_until_dead(core, history)  # Resolves first what the last crash left.
            assert core.wait() == EXIT_STATUS, name
        await judge.save_snapshot()
        core.start()
        await resolve(core, history)
        await history.check(judge.journal)
        await judge.check_digests(await live_digest(core))
        assert core.stop() == 0
    assert history.repeated_count > 0  # Some unknowns were done: the retry found them once.
    assert history.repeated_count < history.unknown_count  # And some were not.


async def test_a_database_that_breaks_off_ends_the_core_and_loses_nothing(
    database: Database, core: CoreProcess
) -> None:
    """F04, F15: the commit is unknown; the core ends with a line that says so."""
    history = History(SEED)
    async with Judge(database, core) as judge:
        core.start()
        client = await core.client()
        await set_up(client)
        await client.close()
        working = asyncio.create_task(work_until_dead(core, history))
        await asyncio.sleep(1)
        superuser = await asyncpg.connect(database.superuser_dsn)
        await superuser.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = $1 AND query LIKE '%INSERT INTO journal%' AND pid <> pg_backend_pid()",
            database.name,
        )
        await superuser.close()
        await working
        assert core.wait() == 1
        assert "no answer to the append of seq" in core.log_file.read_text()
        core.start()
        await resolve(core, history)
        await history.check(judge.journal)
        await judge.save_snapshot()
        await judge.check_digests(await live_digest(core))
