"""A role is started again when it ends, with growing patience, and stopped when asked."""

import asyncio
import os
import random
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from bezant.apps.supervisor_backoff import FIRST_S, LONGEST_S, STABLE_S, Backoff
from bezant.apps.supervisor_logs import last_words, open_log, shorten_logs
from bezant.apps.supervisor_role import RoleSpec, SupervisedRole
from bezant.kit.clock import SystemClock
from bezant.kit.paths import DataDir
from bezant.kit.pidfile import read_pid


@dataclass(frozen=True)
class Script(RoleSpec):
    """A role that is a line of Python."""

    code: str = ""

    def command(self, places: DataDir) -> tuple[str, ...]:
        return (sys.executable, "-c", self.code)


@pytest.fixture
def places(tmp_path: Path) -> DataDir:
    places = DataDir(tmp_path)
    places.run.mkdir()
    places.log.mkdir()
    return places


def _role(
    places: DataDir, code: str, notes: list[str], *, patience_s: float = 10.0
) -> SupervisedRole:
    up = asyncio.Event()
    up.set()
    return SupervisedRole(
        spec=Script("role", stop_patience_s=patience_s, code=code),
        places=places,
        environment={**os.environ, "BEZANT_FAILPOINT": "core.mid_batch"},
        clock=SystemClock(),
        may_run=up,
        note=notes.append,
    )


async def _until(happened: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not happened():  # noqa: ASYNC110 - There is no event to wait for.
            await asyncio.sleep(0.02)


async def test_it_is_started_again_and_its_last_words_are_told(places: DataDir) -> None:
    notes: list[str] = []
    role = _role(places, "import sys; print('no luck'); sys.exit(3)", notes)
    life = asyncio.create_task(role.keep_running())
    await _until(lambda: len(notes) >= 2)
    await role.stop()
    await life
    assert notes[0].startswith("role ended (status 3), again in 0.1 s: no luck")
    assert not (places.run / "role.pid").exists()


async def test_a_signal_is_told_by_its_name(places: DataDir) -> None:
    notes: list[str] = []
    role = _role(places, "import os; os.kill(os.getpid(), 9)", notes)
    life = asyncio.create_task(role.keep_running())
    await _until(lambda: bool(notes))
    await role.stop()
    await life
    assert "(SIGKILL)" in notes[0]


async def test_its_pid_is_noted_while_it_runs(places: DataDir) -> None:
    role = _role(places, "import time; print('up', flush=True); time.sleep(60)", [])
    life = asyncio.create_task(role.keep_running())
    await _until(lambda: last_words(role.log_file) == "up")
    pid = read_pid(places.run / "role.pid")
    assert pid is not None
    assert Path(f"/proc/{pid}").exists()
    await role.stop()
    await life
    assert not Path(f"/proc/{pid}").exists()


async def test_one_that_does_not_listen_is_killed(places: DataDir) -> None:
    notes: list[str] = []
    code = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        "print('up', flush=True); time.sleep(60)"
    )
    role = _role(places, code, notes, patience_s=0.2)
    life = asyncio.create_task(role.keep_running())
    await _until(lambda: last_words(role.log_file) == "up")
    await role.stop()
    await life
    assert notes == ["role did not end in 0 s: killed"]


async def test_it_waits_while_the_database_is_away(places: DataDir) -> None:
    role = _role(places, "print('up')", [])
    role.may_run.clear()
    life = asyncio.create_task(role.keep_running())
    await asyncio.sleep(0.2)
    assert not role.log_file.exists()
    role.may_run.set()
    await _until(lambda: last_words(role.log_file) == "up")
    await role.stop()
    await life


async def test_a_failpoint_strikes_the_first_life_alone(places: DataDir) -> None:
    notes: list[str] = []
    role = _role(places, "import os; print('armed:', 'BEZANT_FAILPOINT' in os.environ)", notes)
    life = asyncio.create_task(role.keep_running())
    await _until(lambda: len(notes) >= 2)
    await role.stop()
    await life
    assert role.log_file.read_text().splitlines()[:2] == ["armed: True", "armed: False"]


def test_delays_double_up_to_a_limit_and_begin_anew_after_a_stable_life() -> None:
    backoff = Backoff(random.Random(1))
    delays = [backoff.delay_s(0) for _ in range(10)]
    assert delays[0] <= FIRST_S * 1.25
    assert max(delays) <= LONGEST_S * 1.25
    assert delays[-1] >= LONGEST_S * 0.75
    assert backoff.delay_s(STABLE_S) <= FIRST_S * 1.25


def test_logs_are_shortened_without_losing_what_they_held(tmp_path: Path) -> None:
    path = tmp_path / "core.log"
    with open_log(path) as log:
        log.write(b"first line\n")
        log.flush()
        shorten_logs(tmp_path, bytes_max=5)
        log.write(b"then\n")
    assert path.read_bytes() == b"then\n"
    assert (tmp_path / "core.log.1").read_bytes() == b"first line\n"
    assert path.stat().st_mode & 0o777 == 0o600
