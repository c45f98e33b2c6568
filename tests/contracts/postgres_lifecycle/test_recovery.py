"""A long recovery is waited for and shown, however long it takes."""

import os
from signal import SIGKILL

import pytest

from tests.contracts.postgres_lifecycle.conftest import StartHouse, wait_until

pytestmark = pytest.mark.slow

_WAL_BYTES = 500_000_000
_FILL = """
INSERT INTO ballast SELECT number, repeat(md5(number::text), 30)
FROM generate_series(1, 50_000) AS number
"""


def test_500_mb_of_wal_are_recovered(start_house: StartHouse) -> None:
    house = start_house()
    house.wait_started()
    house.ask("CREATE TABLE ballast (number int, filling text)", "owner")
    before = house.ask("SELECT pg_current_wal_lsn()::text", "superuser")
    written = f"SELECT pg_current_wal_lsn() - '{before}'::pg_lsn"
    batches = 0
    while house.ask(written, "superuser") < _WAL_BYTES:
        house.ask(_FILL, "owner")
        batches += 1
    first = house.postgres_pid
    assert first is not None
    os.kill(first, SIGKILL)
    wait_until(lambda: house.postgres_pid not in {None, first}, timeout_s=120)
    assert house.ask("SELECT count(*) FROM ballast", "owner") == batches * 50_000
    log = (house.places.log / "postgres.log").read_text()
    assert "redo done" in log
    assert house.stop() == 0
