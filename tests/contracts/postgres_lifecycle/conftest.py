"""Houses to start and kill, each in a folder that every user may pass through."""

import asyncio
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from bezant.kit.db import connect
from bezant.kit.paths import DataDir
from bezant.kit.pidfile import read_pid
from bezant.kit.postgres.passwords import RoleKind
from bezant.kit.postgres.server import embedded_dsn
from tests.contracts.postgres_lifecycle.users import (
    Somebody,
    ourselves,
    require_ordinary_user,
    require_root,
)
from tests.fixtures_postgres import make_reachable_folder, remove_data_dir

_HOUSE = Path(__file__).with_name("house.py")
_START_PATIENCE_S = 60.0
_PORT = 18_110


class House:
    """A supervisor in a process of its own, with PostgreSQL and no other role."""

    def __init__(self, root: Path, who: Somebody) -> None:
        self.places = DataDir(root)
        self.who = who
        self.process = subprocess.Popen(
            [who.python, str(_HOUSE), str(root), str(_PORT)],
            cwd="/",
            env=who.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            **who.process_options,
        )

    @property
    def postgres_pid(self) -> int | None:
        return read_pid(self.places.run / "postgres.pid")

    def wait_started(self) -> None:
        """Read what it says until everything runs; fail with that text if it ends before."""
        said = []
        assert self.process.stdout is not None
        for line in self.process.stdout:
            said.append(line)
            if "✓ roles" in line:
                return
        pytest.fail("the house did not start:\n" + "".join(said))

    def wait_refused(self) -> str:
        """Return what it said; fail unless it ended by itself with status 1."""
        said, _ = self.process.communicate(timeout=_START_PATIENCE_S)
        assert self.process.returncode == 1, said
        assert isinstance(said, str)
        return said

    def ask(self, query: str, role: RoleKind = "app") -> Any:
        """Return one value from the database."""

        async def run() -> Any:
            connection = await connect(embedded_dsn(self.places, role), command_timeout_s=None)
            try:
                return await connection.fetchval(query)
            finally:
                await connection.close()

        return asyncio.run(run())

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()

    def stop(self) -> int:
        """Stop it cleanly and return its status."""
        self.process.send_signal(signal.SIGTERM)
        self.process.communicate(timeout=_START_PATIENCE_S)
        return self.process.returncode


StartHouse = Callable[..., House]


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """A folder that everybody may enter and write to, as `/tmp` is."""
    made = make_reachable_folder("bezant-lifecycle-")
    made.chmod(0o1777)
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture
def root_user() -> Somebody:
    return require_root()


@pytest.fixture(scope="module")
def ordinary_user(folder: Path) -> Somebody:
    return require_ordinary_user(folder)


@pytest.fixture
def start_house(folder: Path, request: pytest.FixtureRequest) -> Iterator[StartHouse]:
    """Start houses under names in the folder; what still runs at the end is killed."""
    houses: list[House] = []

    def start(name: str = "", who: Somebody | None = None) -> House:
        house = House(folder / (name or request.node.name[:40]), who or ourselves())
        houses.append(house)
        return house

    yield start
    for house in houses:
        if house.process.poll() is None:
            house.stop()
        if house.process.stdout is not None:
            house.process.stdout.close()
    for house in houses:
        for process in servers_of(house.places):
            process.kill()
        remove_data_dir(house.places)


def servers_of(places: DataDir) -> list[psutil.Process]:
    """Return every process that works in the cluster, by looking at all processes ourselves."""
    cluster = str(places.pg / "cluster")
    found = []
    for process in psutil.process_iter():
        try:
            if str(Path(f"/proc/{process.pid}/cwd").readlink()) == cluster:
                found.append(process)
        except OSError:
            continue
    return found


def wait_until(happened: Callable[[], bool], timeout_s: float = 30.0) -> None:
    deadline = time.monotonic() + timeout_s
    while not happened():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)
