"""A core as a process on a database of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contracts.recovery.core_process import CoreProcess
from tests.fixtures_postgres import Database, remove_data_dir


@pytest.fixture
def core(database: Database, tmp_path: Path) -> Iterator[CoreProcess]:
    made = CoreProcess(tmp_path, database.app_dsn, BEZANT_LEASE_TTL_MS="500")
    yield made
    made.close()
    remove_data_dir(made.places)
