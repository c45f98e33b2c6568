"""One role as a child process: started, noted in a pid file, started again when it ends."""

import asyncio
import signal
import sys
from asyncio.subprocess import DEVNULL, Process
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from bezant.apps.supervisor_backoff import Backoff
from bezant.apps.supervisor_logs import last_words, open_log
from bezant.apps.supervisor_waiting import first_of
from bezant.kit.clock import NS_PER_S, Clock
from bezant.kit.paths import DataDir
from bezant.kit.pidfile import pid_path, remove_pid, write_pid

_FAILPOINT: Final = "BEZANT_FAILPOINT"


@dataclass(frozen=True, slots=True)
class RoleSpec:
    """What there is to know of a role before it runs.

    One that `may_come_later` leaves the processors to those that requests wait for.
    """

    name: str
    stop_patience_s: float = 10.0
    may_come_later: bool = False

    def command(self, places: DataDir) -> tuple[str, ...]:
        """Return the arguments that start it; its orphans are recognized by them."""
        return (sys.executable, "-m", "bezant", self.name, "--data-dir", str(places.root))


@dataclass(slots=True)
class SupervisedRole:
    """A role's life. `may_run` is set while the database is there to work with."""

    spec: RoleSpec
    places: DataDir
    environment: Mapping[str, str]
    clock: Clock
    may_run: asyncio.Event
    note: Callable[[str], None]
    _process: Process | None = None
    _starts: int = 0
    _stopping: asyncio.Event = field(default_factory=asyncio.Event)
    _wake: asyncio.Event = field(default_factory=asyncio.Event)
    _backoff: Backoff = field(default_factory=Backoff)

    @property
    def log_file(self) -> Path:
        """Where the role's standard output and error go."""
        return self.places.log / f"{self.spec.name}.log"

    async def keep_running(self) -> None:
        """Start the role, and again whenever it ends, until `stop` is called."""
        while True:
            await first_of(self.may_run, self._stopping)
            if self._stopping.is_set():
                return
            started_ns = self.clock.monotonic_ns()
            status = await self._run_once()
            if self._stopping.is_set():
                return
            lived_s = (self.clock.monotonic_ns() - started_ns) / NS_PER_S
            delay_s = self._backoff.delay_s(lived_s)
            reason = last_words(self.log_file) if status > 0 else ""
            self.note(
                f"{self.spec.name} ended ({_ending(status)}), again in {delay_s:.1f} s"
                + (f": {reason}" if reason else "")
            )
            self._wake.clear()
            await first_of(self._wake, self._stopping, timeout_s=delay_s)

    def hurry(self) -> None:
        """End a waiting time: what the role was missing is there again."""
        self._backoff.reset()
        self._wake.set()

    async def stop(self) -> None:
        """Ask the role to end cleanly; end it by force if it does not in time."""
        self._stopping.set()
        process = self._process
        if process is None or process.returncode is not None:
            return
        process.send_signal(signal.SIGTERM)
        try:
            await asyncio.wait_for(process.wait(), self.spec.stop_patience_s)
        except TimeoutError:
            self.note(f"{self.spec.name} did not end in {self.spec.stop_patience_s:.0f} s: killed")
            process.kill()
            await process.wait()

    async def _run_once(self) -> int:
        environment = dict(self.environment)
        if self._starts > 0:
            # A failpoint strikes one life of a role; the next one has to show that it heals.
            environment.pop(_FAILPOINT, None)
        self._starts += 1
        pid_file = pid_path(self.places.run, self.spec.name)
        with open_log(self.log_file) as log:
            process = await asyncio.create_subprocess_exec(
                *self.spec.command(self.places),
                stdin=DEVNULL,
                stdout=log,
                stderr=log,
                env=environment,
                start_new_session=True,  # Ctrl-C in a terminal reaches the supervisor alone.
            )
        self._process = process
        write_pid(pid_file, process.pid)
        if self._stopping.is_set():  # Asked to stop while it was being made.
            process.send_signal(signal.SIGTERM)
        status = await process.wait()
        remove_pid(pid_file, process.pid)
        return status


def _ending(status: int) -> str:
    if status >= 0:
        return f"status {status}"
    with suppress(ValueError):
        return signal.Signals(-status).name
    return f"signal {-status}"
