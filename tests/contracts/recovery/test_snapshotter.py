"""The snapshotter as a process: a clean stop leaves a snapshot, and the core starts from it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bezant.core import reads
from tests.contracts.recovery.core_process import CoreProcess
from tests.fixtures_postgres import Database
from tests.sequencer.market import set_up

pytestmark = pytest.mark.slow


@pytest.fixture
def snapshotter(database: Database, tmp_path: Path) -> Iterator[CoreProcess]:
    made = CoreProcess(tmp_path, database.app_dsn, role="snapshotter")
    yield made
    made.close()


async def test_a_core_starts_from_what_the_snapshotter_left(
    core: CoreProcess, snapshotter: CoreProcess
) -> None:
    core.start()
    snapshotter.start()
    client = await core.client()
    await set_up(client)
    before = await client.query(reads.ReadDigest())
    await client.close()
    snapshotter.wait_for_line("snapshotter.ready")
    assert core.stop() == 0
    assert snapshotter.stop() == 0
    assert isinstance(before, reads.StateDigest)
    names = [path.name for path in core.places.snapshots.iterdir()]
    assert names == [f"00-{before.seq:016}.snapshot"]
    core.start()
    client = await core.client()
    assert await client.query(reads.ReadDigest()) == before
    await client.close()

    # The same with the object spoiled: it is passed over, genesis gives the same.
    assert core.stop() == 0
    (core.places.snapshots / names[0]).write_bytes(b"")
    core.start()
    client = await core.client()
    assert await client.query(reads.ReadDigest()) == before
    assert "is passed over" in core.log_file.read_text()
    await client.close()
    assert core.stop() == 0
