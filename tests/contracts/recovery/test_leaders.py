"""One leader: a second core says who leads, a standby takes over, a deposed leader is fenced."""

import asyncio
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from bezant.core.commands import OpenAccount
from bezant.core.ids import AccountId, Number, Source
from bezant.core.refusals import RefusalCode
from bezant.ingress.client import CoreClient, CoreError, OutcomeUnknown
from bezant.journal.postgres import PostgresJournal
from tests.contracts.recovery.core_process import CoreProcess
from tests.fixtures_postgres import Database, remove_data_dir

pytestmark = pytest.mark.slow


@pytest.fixture
def other(database: Database, tmp_path: Path) -> Iterator[CoreProcess]:
    """A core on another data directory and the same database."""
    (tmp_path / "other").mkdir()
    made = CoreProcess(tmp_path / "other", database.app_dsn, BEZANT_LEASE_TTL_MS="500")
    yield made
    made.close()
    remove_data_dir(made.places)


async def open_account(client: CoreClient, number: int) -> int:
    """Open an account; return the seq of its entry."""
    account = AccountId(1_000 + number)
    command = OpenAccount(Source(10), Number(number), account, 0, 0, False, False)
    return (await client.submit([command], timeout_s=3)).outcomes[0].seq


async def test_a_second_core_says_who_holds_the_lease(
    core: CoreProcess, other: CoreProcess
) -> None:
    core.start()
    client = await core.client()
    other.start()
    assert other.wait() == 1
    assert (
        f"the lease is held by {socket.gethostname()} pid {core.pid}" in other.log_file.read_text()
    )
    assert await open_account(client, 1) == 1
    await client.close()


async def test_a_clean_stop_gives_the_lease_back(core: CoreProcess) -> None:
    core.start(BEZANT_LEASE_TTL_MS="60000")
    await (await core.client()).close()
    assert core.stop() == 0
    core.start(BEZANT_LEASE_TTL_MS="60000")
    async with asyncio.timeout(10):
        await (await core.client()).close()


async def test_a_standby_takes_over_from_a_killed_leader(
    core: CoreProcess, other: CoreProcess
) -> None:
    core.start()
    client = await core.client()
    assert [await open_account(client, number) for number in (1, 2, 3)] == [1, 2, 3]
    other.start("--standby")
    other.wait_for_line("core.standby")
    await asyncio.sleep(1)
    assert await open_account(client, 4) == 4  # The leader still leads.
    core.kill()
    await client.close()
    async with asyncio.timeout(5):
        client = await other.client()
    assert await open_account(client, 5) == 5
    await client.close()
    assert other.stop() == 0


async def test_a_stopped_and_resumed_leader_is_fenced(
    core: CoreProcess, other: CoreProcess, database: Database
) -> None:
    """F16: it slept through its own deposition; what it still wants to write is refused."""
    core.start()
    old = await core.client()
    assert await open_account(old, 1) == 1
    core.signal(signal.SIGSTOP)
    other.start()
    new = await other.client()
    assert await open_account(new, 2) == 2
    core.signal(signal.SIGCONT)
    with pytest.raises(CoreError):
        await open_account(old, 3)
    assert core.wait() == 1
    assert "epoch 1 has ended" in core.log_file.read_text()
    assert await open_account(new, 3) == 3
    journal = await PostgresJournal.connect(database.app_dsn)
    rows = [row async for row in journal.read(1)]
    assert [(row.epoch, row.batch.seq_first) for row in rows] == [(1, 1), (2, 2), (2, 3)]
    await journal.close()
    await old.close()
    await new.close()


async def test_a_tampered_journal_refuses_to_start(core: CoreProcess, database: Database) -> None:
    core.start()
    client = await core.client()
    for number in (1, 2, 3):
        await open_account(client, number)
    await client.close()
    assert core.stop() == 0
    superuser = await asyncpg.connect(database.superuser_dsn)
    await superuser.execute("UPDATE journal SET ts_ns = ts_ns + 1 WHERE seq_first = 2")
    await superuser.close()
    core.start()
    assert core.wait() == 1
    assert "the journal row of seq 2 to 2 was changed" in core.log_file.read_text()


async def test_a_poisonous_command_crashes_the_core_once(core: CoreProcess) -> None:
    """F25: the second time an entry says that it is in quarantine (LAW L15.5)."""
    core.start(BEZANT_FAILPOINT="core.apply:error:2")
    client = await core.client()
    assert await open_account(client, 1) == 1
    with pytest.raises(OutcomeUnknown):
        await open_account(client, 2)
    await client.close()
    assert core.wait() == 1
    assert "is in quarantine" in core.log_file.read_text()
    core.start()
    client = await core.client()
    command = OpenAccount(Source(10), Number(2), AccountId(1_002), 0, 0, False, False)
    assert (await client.submit([command])).outcomes[0].code == RefusalCode.QUARANTINED
    assert await open_account(client, 3) == 3  # Its number was passed over: the source goes on.
    await client.close()
    assert core.stop() == 0


async def test_an_idle_core_whose_database_goes_away_ends_with_one_line(
    core: CoreProcess, database: Database
) -> None:
    core.start()
    await (await core.client()).close()
    superuser = await asyncpg.connect(database.superuser_dsn)
    await superuser.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = $1 AND usename = 'bezant_app'",
        database.name,
    )
    await superuser.close()
    assert core.wait() == 1
    assert "bezant: the database broke off: " in core.log_file.read_text()
    assert "Traceback" not in core.log_file.read_text()
