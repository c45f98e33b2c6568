"""After any kill the next start works by itself, and nothing is left running behind it."""

import asyncio
import os
import subprocess
import time
from pathlib import Path
from signal import SIGKILL, SIGSTOP

import psutil
import pytest

from bezant.kit.db import DatabaseError
from bezant.kit.paths import DataDir
from bezant.kit.postgres import EmbeddedPostgres
from tests.contracts.postgres_lifecycle.conftest import House, StartHouse, servers_of, wait_until
from tests.fixtures_postgres import remove_data_dir

pytestmark = pytest.mark.slow


def test_a_killed_postmaster_is_started_again(start_house: StartHouse) -> None:
    house = start_house()
    house.wait_started()
    house.ask("INSERT INTO cursor VALUES ('test', 0, 7)")
    first = house.postgres_pid
    assert first is not None
    os.kill(first, SIGKILL)
    wait_until(lambda: house.postgres_pid not in {None, first})
    assert house.ask("SELECT seq FROM cursor") == 7
    assert house.stop() == 0
    assert servers_of(house.places) == []


def test_a_killed_back_end_costs_no_restart_of_ours(start_house: StartHouse) -> None:
    house = start_house()
    house.wait_started()
    first = house.postgres_pid
    next(process for process in servers_of(house.places) if process.pid != first).kill()
    time.sleep(0.3)
    wait_until(lambda: _answers(house))
    assert house.postgres_pid == first


def _answers(house: House) -> bool:
    try:
        return bool(house.ask("SELECT true"))
    except DatabaseError:
        return False


def test_nothing_outlives_a_killed_supervisor(start_house: StartHouse) -> None:
    house = start_house()
    house.wait_started()
    assert servers_of(house.places)
    house.kill()
    wait_until(lambda: servers_of(house.places) == [])
    again = start_house()
    again.wait_started()
    assert again.ask("SELECT 1") == 1


def test_a_start_right_after_the_kill_waits_for_the_old_server(start_house: StartHouse) -> None:
    for _ in range(3):
        house = start_house()
        house.wait_started()
        house.kill()
    last = start_house()
    last.wait_started()
    assert last.ask("SELECT 1") == 1
    assert last.stop() == 0


def test_supervisor_and_postmaster_killed_together(start_house: StartHouse) -> None:
    house = start_house()
    house.wait_started()
    assert house.postgres_pid is not None
    house.process.send_signal(SIGSTOP)  # It shall not see the death of its child.
    os.kill(house.postgres_pid, SIGKILL)
    house.kill()
    again = start_house()
    again.wait_started()
    assert again.ask("SELECT 1") == 1


def test_a_left_over_server_of_ours_is_adopted(folder: Path) -> None:
    places = DataDir(folder / "adopted")
    reports: list[str] = []

    async def run() -> None:
        first = EmbeddedPostgres(places, outlives_us=True)
        await first.start()
        second = EmbeddedPostgres(places, report=reports.append)
        await second.start()
        assert second.pid == first.pid
        await second.stop()
        assert not first.is_running()

    try:
        asyncio.run(run())
    finally:
        remove_data_dir(places)
    assert reports == [r for r in reports if "adopting" in r] != []


def _put_pid_files_of(house: House, pid: int, *, like: dict[Path, str]) -> None:
    """Write back the pid files that a stopped server had, with another pid in them."""
    owner = (house.places.pg / "cluster").stat().st_uid
    for path, text in like.items():
        _first, *others = text.splitlines()
        path.write_text("\n".join([str(pid), *others]) + "\n")
        os.chown(path, owner, -1)


def _stop_and_keep_pid_files(house: House) -> tuple[dict[Path, str], int]:
    """Stop the house; return the pid files its server had, and the server's user."""
    user = psutil.Process(house.postgres_pid).uids().real
    sockets = house.places.socket_folder(user)
    paths = (house.places.pg / "cluster/postmaster.pid", sockets / ".s.PGSQL.5432.lock")
    texts = {path: path.read_text() for path in paths}
    house.stop()
    sockets.mkdir(mode=0o700)
    os.chown(sockets, user, -1)
    return texts, user


def test_an_alien_pid_in_the_pid_files_is_not_taken_for_a_server(start_house: StartHouse) -> None:
    house = start_house()
    house.wait_started()
    texts, user = _stop_and_keep_pid_files(house)
    as_server = None if user == os.geteuid() else user
    with subprocess.Popen(["/bin/sleep", "600"], user=as_server) as alien:
        _put_pid_files_of(house, alien.pid, like=texts)
        again = start_house()
        again.wait_started()
        assert again.postgres_pid != alien.pid
        assert again.ask("SELECT 1") == 1
        assert again.stop() == 0
        assert alien.poll() is None
        alien.kill()


def test_a_dead_server_that_nobody_reaps_is_no_rival(start_house: StartHouse) -> None:
    house = start_house()
    house.wait_started()
    texts, user = _stop_and_keep_pid_files(house)
    as_server = None if user == os.geteuid() else user
    with subprocess.Popen(["/bin/true"], user=as_server) as dead:
        wait_until(lambda: psutil.Process(dead.pid).status() == psutil.STATUS_ZOMBIE)
        _put_pid_files_of(house, dead.pid, like=texts)
        again = start_house()
        again.wait_started()
        assert again.ask("SELECT 1") == 1


def test_a_broken_off_initdb_is_done_again(start_house: StartHouse, folder: Path) -> None:
    pg = folder / "half" / "pg"
    (pg / "cluster.new").mkdir(parents=True)
    (pg / "cluster.new" / "PG_VERSION").write_text("18\n")
    (pg / "initdb.password").write_text("old")
    house = start_house("half")
    house.wait_started()
    assert not (pg / "cluster.new").exists()
    assert not (pg / "initdb.password").exists()
