"""The embedded PostgreSQL as one object: start or adopt, wait, watch, stop.

Whoever starts it holds the data directory's lock (`bezant.kit.lockfile`) before.
"""

import asyncio
import contextlib
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from signal import Signals
from typing import Final, Self

import asyncpg
import psutil

from bezant.kit.operator_error import OperatorError
from bezant.kit.paths import DataDir, make_private_folder
from bezant.kit.postgres import binaries, database, process
from bezant.kit.postgres.cluster import SOCKET_PORT, Cluster, make_cluster, write_configuration
from bezant.kit.postgres.passwords import RoleKind
from bezant.kit.postgres.server_user import ServerUser, check_reachable, choose_server_user
from bezant.kit.processes import is_alive, send

_POLL_S: Final = 0.05
_REPORT_EVERY_S: Final = 1.0
_FAST_STOP_PATIENCE_S: Final = 60.0
_STRAGGLER_PATIENCE_S: Final = 10.0
_CONNECT_TIMEOUT_S: Final = 10.0
_LOG_LINES_SHOWN: Final = 8


class PostgresError(OperatorError):
    """PostgreSQL does not run; the text says what it said itself."""


class EmbeddedPostgres:
    """PostgreSQL on one data directory. `report` is told what is being waited for."""

    def __init__(
        self,
        data_dir: DataDir,
        *,
        tcp_port: int | None = None,
        outlives_us: bool = False,
        report: Callable[[str], None] = lambda _text: None,
    ) -> None:
        self._data_dir = data_dir
        self._tcp_port = tcp_port
        self._outlives_us = outlives_us
        self._report = report
        self._cluster = Cluster(data_dir.pg)
        self._child: subprocess.Popen[bytes] | None = None
        self._process: psutil.Process | None = None

    @property
    def log_file(self) -> Path:
        """Where PostgreSQL's messages go."""
        return self._data_dir.log / "postgres.log"

    @property
    def pid(self) -> int | None:
        """The postmaster's pid while it runs."""
        return self._process.pid if self._process is not None else None

    def is_running(self) -> bool:
        """Answer whether the server's process is there, ours by birth or adopted."""
        if self._child is not None:
            return self._child.poll() is None
        return self._process is not None and is_alive(self._process)

    def dsn(self, role: RoleKind = "app", *, name: str = database.DATABASE) -> str:
        """Return the DSN with which `role` reaches the database `name`."""
        return embedded_dsn(self._data_dir, role, name=name, tcp_port=self._tcp_port)

    async def start(self) -> None:
        """Make what is missing, start or adopt the server, and return when it answers.

        Recovery is waited for without a limit. Raises PostgresError or another OperatorError.
        """
        self._data_dir.prepare()
        user = choose_server_user(self._cluster.data)
        check_reachable(self._cluster.pg, user)
        sockets = self._data_dir.socket_folder(user.uid)
        make_private_folder(sockets, user.uid)
        if not await self._adopt(sockets):
            await self._spawn(user, sockets)
        await self._wait_until_it_answers()
        await database.make_database(self._cluster, self.dsn("superuser", name="postgres"))

    async def wait(self) -> None:
        """Return when the server's process has ended, whoever ended it."""
        await _until(lambda: not self.is_running())

    async def stop(self) -> None:
        """Stop fast: sessions end, a checkpoint is written, the process goes."""
        if self._process is None:
            return
        send(self._process, Signals.SIGINT)
        try:
            await asyncio.wait_for(self.wait(), _FAST_STOP_PATIENCE_S)
        except TimeoutError:
            self._report("PostgreSQL does not stop: ended at once, the next start recovers")
            send(self._process, Signals.SIGQUIT)
            await self.wait()
        self._child = self._process = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_exc: object) -> None:
        await self.stop()

    async def _adopt(self, sockets: Path) -> bool:
        """Take over a server of ours that an earlier supervisor left; answer whether one runs."""
        left_over = process.find_postmaster(self._cluster)
        if left_over is None:
            return False
        is_elsewhere = process.sockets_in_use(self._cluster) not in {"", str(sockets)}
        if is_elsewhere:
            send(left_over, Signals.SIGINT)
        if is_elsewhere or process.is_stopping(self._cluster):
            self._report("waiting for an earlier PostgreSQL to end")
            await _until(lambda: not is_alive(left_over))
            return False
        self._report(f"adopting the PostgreSQL that runs already (pid {left_over.pid})")
        self._process = left_over
        return True

    async def _spawn(self, user: ServerUser, sockets: Path) -> None:
        programs = binaries.wheel_binaries()
        if user.is_other:
            programs = binaries.copied_binaries(programs, self._cluster.pg)
            binaries.remove_other_copies(programs, self._cluster.pg)
        if not self._cluster.data.is_dir():
            self._report("making a new database")
        make_cluster(self._cluster, programs, user)
        write_configuration(self._cluster, sockets=sockets, tcp_port=self._tcp_port)
        await self._clear_stragglers()
        process.remove_alien_pid_files(self._cluster, sockets)
        self._child = process.spawn(
            self._cluster, programs, user, log=self.log_file, outlives_us=self._outlives_us
        )
        self._process = psutil.Process(self._child.pid)

    async def _clear_stragglers(self) -> None:
        """Wait for back ends of a killed postmaster; they end by themselves within moments."""
        deadline = time.monotonic() + _STRAGGLER_PATIENCE_S
        while stragglers := process.find_stragglers(self._cluster):
            if time.monotonic() > deadline:
                for straggler in stragglers:
                    send(straggler, Signals.SIGKILL)
            await asyncio.sleep(_POLL_S)

    async def _wait_until_it_answers(self) -> None:
        started = time.monotonic()
        reported = started
        while not await self._answers():
            if not self.is_running():
                self._child = self._process = None
                raise PostgresError(
                    f"PostgreSQL ended while it started. Its last words (all: {self.log_file}):\n"
                    + "\n".join(process.last_lines(self.log_file, _LOG_LINES_SHOWN))
                )
            if time.monotonic() - reported >= _REPORT_EVERY_S:
                reported = time.monotonic()
                self._report(self._recovery_progress(reported - started))
            await asyncio.sleep(_POLL_S)

    async def _answers(self) -> bool:
        with contextlib.suppress(OSError, TimeoutError, asyncpg.CannotConnectNowError):
            connection = await asyncpg.connect(
                self.dsn("superuser", name="postgres"), timeout=_CONNECT_TIMEOUT_S
            )
            await connection.close()
            return True
        return False

    def _recovery_progress(self, waited_s: float) -> str:
        words = process.last_lines(self.log_file, 1)
        said = words[0].partition("LOG:")[2].strip() if words else ""
        return f"PostgreSQL is recovering, {waited_s:.0f} s" + (f": {said}" if said else "")


async def _until(happened: Callable[[], bool]) -> None:
    """Look again and again: nobody tells about the end of a process that is not our child."""
    while not happened():  # noqa: ASYNC110 - There is no event to wait for.
        await asyncio.sleep(_POLL_S)


def embedded_dsn(
    data_dir: DataDir,
    role: RoleKind = "app",
    *,
    name: str = database.DATABASE,
    tcp_port: int | None = None,
) -> str:
    """Return the DSN of the embedded database, whether or not it runs at the moment.

    Raises PasswordMissing where no database was made yet.
    """
    cluster = Cluster(data_dir.pg)
    user = choose_server_user(cluster.data)
    return database.socket_dsn(
        cluster,
        role,
        sockets=str(data_dir.socket_folder(user.uid)),
        database=name,
        port=tcp_port or SOCKET_PORT,
    )
