"""PostgreSQL starts as root and as an ordinary user, and touches nothing outside its folder."""

import stat
from pathlib import Path

import psutil
import pytest

from bezant.kit.postgres.binaries import wheel_binaries
from tests.contracts.postgres_lifecycle.conftest import StartHouse, servers_of
from tests.contracts.postgres_lifecycle.users import Somebody, ourselves

pytestmark = pytest.mark.slow


def _modes(*paths: Path) -> dict[Path, tuple[int, int, int]]:
    found = {path: path.stat() for path in paths}
    return {path: (s.st_mode, s.st_uid, s.st_gid) for path, s in found.items()}


def _outside(folder: Path) -> tuple[Path, ...]:
    wheel = wheel_binaries().installation
    return (folder, *folder.parents, Path.home(), wheel, *wheel.parents)


def test_root_runs_it_under_an_unprivileged_user(
    start_house: StartHouse, root_user: Somebody, folder: Path
) -> None:
    before = _modes(*_outside(folder))
    house = start_house(who=root_user)
    house.wait_started()
    servers = servers_of(house.places)
    assert servers
    assert all(process.uids().real != 0 for process in servers)
    assert all(process.uids().effective != 0 for process in servers)
    assert house.ask("SELECT current_user::text") == "bezant_app"
    program = Path(psutil.Process(house.postgres_pid).exe())
    assert program.is_relative_to(house.places.pg)
    assert house.stop() == 0
    assert servers_of(house.places) == []
    assert _modes(*_outside(folder)) == before


def test_an_ordinary_user_runs_it_alone(
    start_house: StartHouse, ordinary_user: Somebody, folder: Path
) -> None:
    before = _modes(*_outside(folder))
    house = start_house(who=ordinary_user)
    house.wait_started()
    assert {process.uids().real for process in servers_of(house.places)} == {ordinary_user.uid}
    assert house.stop() == 0
    assert _modes(*_outside(folder)) == before


@pytest.mark.parametrize("kind", ["root", "ordinary"])
def test_only_its_owner_can_reach_it(
    start_house: StartHouse, ordinary_user: Somebody, request: pytest.FixtureRequest, kind: str
) -> None:
    who = request.getfixturevalue("root_user") if kind == "root" else ordinary_user
    house = start_house(who=who)
    house.wait_started()
    postgres = psutil.Process(house.postgres_pid)
    for password in house.places.pg.glob("*.password"):
        assert stat.S_IMODE(password.stat().st_mode) == 0o600
        assert password.stat().st_uid == who.uid
    for uid in {who.uid, postgres.uids().real}:
        sockets = house.places.socket_folder(uid)
        assert stat.S_IMODE(sockets.stat().st_mode) == 0o700
        assert sockets.stat().st_uid == uid
    assert [c for c in postgres.net_connections() if c.status == psutil.CONN_LISTEN] == []
    methods = house.ask(
        "SELECT string_agg(DISTINCT auth_method, ',') FROM pg_hba_file_rules", "superuser"
    )
    assert methods == "scram-sha-256"


def test_root_and_an_ordinary_user_do_not_hinder_each_other(
    start_house: StartHouse, root_user: Somebody, ordinary_user: Somebody
) -> None:
    for name, who in (("one", root_user), ("two", ordinary_user), ("three", root_user)):
        house = start_house(name, who)
        house.wait_started()
        assert house.ask("SELECT 1") == 1
        assert house.stop() == 0


def test_root_may_start_an_ordinary_users_exchange_and_give_it_back(
    start_house: StartHouse, root_user: Somebody, ordinary_user: Somebody
) -> None:
    for who in (ordinary_user, root_user, ordinary_user):
        house = start_house("shared", who)
        house.wait_started()
        assert {process.uids().real for process in servers_of(house.places)} == {ordinary_user.uid}
        assert house.stop() == 0
        owners = {path.lstat().st_uid for path in house.places.root.rglob("*")}
        assert owners == {ordinary_user.uid}


def test_an_ordinary_user_is_told_that_the_folder_is_roots(
    start_house: StartHouse, root_user: Somebody, ordinary_user: Somebody
) -> None:
    house = start_house("roots", root_user)
    house.wait_started()
    house.stop()
    said = start_house("roots", ordinary_user).wait_refused()
    assert "belongs to user 0" in said
    assert "--data-dir" in said


def test_a_folder_that_the_server_cannot_enter_is_named_and_left_closed(
    start_house: StartHouse, root_user: Somebody, folder: Path
) -> None:
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    said = start_house("closed/data", root_user).wait_refused()
    assert f"may not enter {closed}" in said
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700


def test_an_empty_folder_that_root_made_for_itself_is_opened_just_enough(
    start_house: StartHouse, root_user: Somebody, folder: Path
) -> None:
    (folder / "private").mkdir(mode=0o700)
    house = start_house("private", root_user)
    house.wait_started()
    assert stat.S_IMODE((folder / "private").stat().st_mode) == 0o711
    assert stat.S_IMODE(house.places.keys.stat().st_mode) == 0o700


def test_a_shells_variables_do_not_lead_it_astray(
    start_house: StartHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    who = ourselves()
    misled = {**who.environment, "PGDATA": "/nowhere", "PGOPTIONS": "-c fsync=off"}
    monkeypatch.setattr(Somebody, "environment", misled)
    house = start_house(who=who)
    house.wait_started()
    environment = psutil.Process(house.postgres_pid).environ()
    assert not [name for name in environment if name.startswith("PGO")]
    assert house.ask("SHOW fsync") == "on"
