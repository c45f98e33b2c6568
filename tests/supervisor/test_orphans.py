"""Roles of a killed supervisor are stopped; roles that people started by hand are not."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bezant.apps.supervisor import check_port_free, main
from bezant.apps.supervisor_orphans import stop_orphans
from bezant.apps.supervisor_role import RoleSpec
from bezant.kit.config import Settings
from bezant.kit.operator_error import OperatorError
from bezant.kit.paths import DataDir
from bezant.kit.pidfile import pid_path, write_pid

_DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"
_SPEC = RoleSpec("core", stop_patience_s=0.3)


@pytest.fixture
def places(tmp_path: Path) -> DataDir:
    places = DataDir(tmp_path / "data")
    places.run.mkdir(parents=True)
    (tmp_path / "fake/bezant").mkdir(parents=True)
    (tmp_path / "fake/bezant/__main__.py").write_text(_DEAF)
    return places


class Roles:
    """Processes that look like `bezant ROLE --data-dir DIR`."""

    def __init__(self, places: DataDir) -> None:
        self._places = places
        self._started: list[subprocess.Popen[bytes]] = []

    def start(self, name: str, *, by: int | None, root: Path | None = None) -> int:
        variables = {} if by is None else {"BEZANT_SUPERVISOR_PID": str(by)}
        process = subprocess.Popen(
            [sys.executable, "-m", "bezant", name, "--data-dir", str(root or self._places.root)],
            cwd=self._places.root.parent / "fake",
            env={**os.environ, **variables, "PYTHONPATH": ""},
        )
        self._started.append(process)
        return process.pid

    def is_alive(self, pid: int) -> bool:
        return next(p for p in self._started if p.pid == pid).poll() is None

    def end(self) -> None:
        for process in self._started:
            process.kill()
            process.wait()


@pytest.fixture
def roles(places: DataDir) -> Iterator[Roles]:
    roles = Roles(places)
    yield roles
    roles.end()


def test_an_orphan_is_found_by_its_pid_file_and_stopped(places: DataDir, roles: Roles) -> None:
    pid = roles.start("core", by=2**22 - 1)
    write_pid(pid_path(places.run, "core"), pid)
    assert stop_orphans(places, [_SPEC]) == ("core",)
    assert not roles.is_alive(pid)
    assert not pid_path(places.run, "core").exists()


def test_an_orphan_without_a_pid_file_is_found_too(places: DataDir, roles: Roles) -> None:
    pid = roles.start("core", by=2**22 - 1)
    assert stop_orphans(places, [_SPEC]) == ("core",)
    assert not roles.is_alive(pid)


def test_others_are_left_alone(places: DataDir, roles: Roles, tmp_path: Path) -> None:
    by_hand = roles.start("core", by=None)
    elsewhere = roles.start("core", by=2**22 - 1, root=tmp_path / "other")
    another = roles.start("gateway", by=2**22 - 1)
    write_pid(pid_path(places.run, "core"), os.getpid())
    assert stop_orphans(places, [_SPEC]) == ()
    assert all(map(roles.is_alive, (by_hand, elsewhere, another)))


def test_a_port_in_use_is_named_with_the_way_out() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(OperatorError, match=rf"127\.0\.0\.1:{port} .*--port"):
            check_port_free("127.0.0.1", port)


def test_production_has_no_demo(tmp_path: Path) -> None:
    settings = Settings(env="production", data_dir=tmp_path / "none")
    with pytest.raises(OperatorError, match=r"--demo .* refused in production"):
        main(settings, demo=True)
    assert not (tmp_path / "none").exists()


def test_production_does_not_start_on_a_demo(tmp_path: Path) -> None:
    (tmp_path / "demo.json").write_text("{}")
    settings = Settings(env="production", data_dir=tmp_path)
    with pytest.raises(OperatorError, match=r"demo.json says that this is a demo"):
        main(settings, demo=False)
