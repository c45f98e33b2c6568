"""The supervisor's hand on PostgreSQL: embedded or external, migrated, with partitions ahead."""

import asyncio
from collections.abc import Callable
from typing import Final

import asyncpg

from bezant.apps.supervisor_backoff import Backoff
from bezant.apps.supervisor_display import Display
from bezant.kit.clock import NS_PER_S, Clock
from bezant.kit.config import Settings
from bezant.kit.db import DatabaseError, connect, database_dsn, role_name
from bezant.kit.operator_error import OperatorError
from bezant.kit.paths import DataDir
from bezant.kit.pidfile import pid_path, remove_pid, write_pid
from bezant.kit.postgres import EmbeddedPostgres, check_durability
from bezant.migrations.partitions import make_partitions_ahead
from bezant.migrations.runner import check_migrated, head_revision, migrate

_PARTITIONS_EVERY_S: Final = 30.0


class SupervisedDatabase:
    """The database as the supervisor keeps it; `is_up` is set while roles may use it.

    `came_back` is called when it runs again after it had ended.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        clock: Clock,
        display: Display,
        came_back: Callable[[], None],
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._display = display
        self._came_back = came_back
        self._places = DataDir.of(settings)
        self._is_stopping = False
        self._postgres = (
            EmbeddedPostgres(self._places, tcp_port=settings.postgres_port, report=display.waiting)
            if settings.is_database_embedded
            else None
        )
        self.is_up = asyncio.Event()

    async def start(self) -> None:
        """Start or reach the database and bring its tables up to date. Raises OperatorError."""
        started_ns = self._clock.monotonic_ns()
        if self._postgres is not None:
            await self._start_embedded()
            took_s = (self._clock.monotonic_ns() - started_ns) / NS_PER_S
            self._display.done("PostgreSQL", f"pid {self._postgres.pid}, {took_s:.1f} s")
        app_dsn = database_dsn(self._settings)
        if self._can_own:
            await migrate(database_dsn(self._settings, "owner"), role_name(app_dsn))
        await check_migrated(app_dsn)
        connection = await connect(app_dsn)
        try:
            await check_durability(connection)
        finally:
            await connection.close()
        self._display.done("tables", head_revision())
        self.is_up.set()

    async def keep_running(self) -> None:
        """Start the embedded PostgreSQL again whenever it ends, until `stop` is called."""
        if self._postgres is None:
            return
        backoff = Backoff()
        while True:
            started_ns = self._clock.monotonic_ns()
            await self._postgres.wait()
            if self._is_stopping:
                return
            self.is_up.clear()
            self._display.trouble(f"PostgreSQL ended, starting it again; why: {self._log_file}")
            while not self.is_up.is_set():
                lived_s = (self._clock.monotonic_ns() - started_ns) / NS_PER_S
                await asyncio.sleep(backoff.delay_s(lived_s))
                await self._try_again()
                started_ns = self._clock.monotonic_ns()

    async def keep_partitions_ahead(self) -> None:
        """Make the journal's next partitions in time, for as long as this runs."""
        while self._can_own:
            await asyncio.sleep(_PARTITIONS_EVERY_S)
            await self.is_up.wait()
            try:
                connection = await connect(database_dsn(self._settings, "owner"))
                try:
                    await make_partitions_ahead(connection)
                finally:
                    await connection.close()
            except (DatabaseError, OSError, TimeoutError, asyncpg.PostgresError) as error:
                self._display.trouble(f"no partitions made ahead, trying again: {error}")

    async def stop(self) -> None:
        """Stop the embedded PostgreSQL; an external one is left as it is."""
        self._is_stopping = True
        if self._postgres is not None and (pid := self._postgres.pid) is not None:
            await self._postgres.stop()
            remove_pid(pid_path(self._places.run, "postgres"), pid)

    @property
    def _can_own(self) -> bool:
        return self._settings.is_database_embedded or self._settings.database_owner_url is not None

    @property
    def _log_file(self) -> str:
        return "" if self._postgres is None else str(self._postgres.log_file)

    async def _start_embedded(self) -> None:
        if self._postgres is None:
            raise RuntimeError("the database is external")
        await self._postgres.start()
        if (pid := self._postgres.pid) is not None:
            write_pid(pid_path(self._places.run, "postgres"), pid)

    async def _try_again(self) -> None:
        if self._is_stopping:
            return
        try:
            await self._start_embedded()
        except (OperatorError, OSError, asyncpg.PostgresError) as error:
            self._display.trouble(f"PostgreSQL does not start, trying again: {error}")
        else:
            self._display.done("PostgreSQL", "running again")
            self.is_up.set()
            self._came_back()
