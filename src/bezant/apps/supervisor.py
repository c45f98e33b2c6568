"""`bezant up`: PostgreSQL and every role as children of one process that keeps them running.

It computes nothing and serves nobody. It knows in which order things start and stop, starts again
what ends, and says so. Each role is a process of its own, the same as in production.
"""

import asyncio
import os
import signal
import socket
from contextlib import suppress
from importlib.metadata import version
from io import TextIOWrapper
from typing import Final

from bezant.apps.engines import engine_maker, engine_name, engine_warning
from bezant.apps.supervisor_database import SupervisedDatabase
from bezant.apps.supervisor_display import Display
from bezant.apps.supervisor_logs import open_log, shorten_logs
from bezant.apps.supervisor_orphans import stop_orphans
from bezant.apps.supervisor_role import RoleSpec, SupervisedRole
from bezant.apps.supervisor_waiting import first_of
from bezant.kit.clock import Clock, SystemClock
from bezant.kit.config import Settings, unknown_variables
from bezant.kit.failpoints import arm
from bezant.kit.lockfile import data_dir_lock
from bezant.kit.log import configure_logging
from bezant.kit.operator_error import OperatorError
from bezant.kit.ownership import hand_over
from bezant.kit.paths import DataDir
from bezant.kit.pidfile import own_pid_file
from bezant.kit.supervised import PARENT_VARIABLE

# In the order of their start.
ROLES: Final = (
    RoleSpec("core"),
    RoleSpec("gateway"),
    RoleSpec("projector"),
    RoleSpec("worker", may_come_later=True),
    RoleSpec("snapshotter", may_come_later=True, stop_patience_s=60.0),  # It writes a last one.
)
DEMO_ROLES: Final = (RoleSpec("demo-maker", may_come_later=True),)

# Doors first, then who writes, then who reads what was written.
STOP_ORDER: Final = ("demo-maker", "gateway", "worker", "core", "projector", "snapshotter")

_READY_EVERY_S: Final = 0.1
_READY_TIMEOUT_S: Final = 2.0
_SHORTEN_EVERY_S: Final = 60.0
_LATER_S: Final = 10.0  # Who may come later does so when requests are answered, or then.


class Supervisor:
    """The house, as one object that starts, runs and stops."""

    def __init__(
        self,
        settings: Settings,
        roles: tuple[RoleSpec, ...],
        *,
        display: Display,
        clock: Clock,
    ) -> None:
        self._settings = settings
        self._specs = roles
        self._display = display
        self._clock = clock
        self._places = DataDir.of(settings)
        self._database = SupervisedDatabase(
            settings, clock=clock, display=display, came_back=self._hurry_roles
        )
        self._roles = {spec.name: self._make_role(spec) for spec in roles}
        self._stop_asked = asyncio.Event()
        self._is_ready = asyncio.Event()

    async def run(self) -> None:
        """Start everything, keep it running until asked to stop, stop everything."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            if signal.getsignal(number) != signal.SIG_IGN:  # `nohup` stays in force.
                loop.add_signal_handler(number, self._stop_asked.set)
        try:
            if await self._start_database():
                await self._keep_house()
        finally:
            await self._database.stop()
        self._display.done("stopped")

    async def _start_database(self) -> bool:
        """Answer whether the database is up; false if we were asked to stop meanwhile."""
        starting = asyncio.create_task(self._database.start())
        stopping = asyncio.create_task(self._stop_asked.wait())
        await asyncio.wait({starting, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        if starting.done():
            starting.result()
            return True
        starting.cancel()
        with suppress(asyncio.CancelledError):
            await starting
        return False

    async def _keep_house(self) -> None:
        async with asyncio.TaskGroup() as tasks:
            chores = [
                tasks.create_task(self._database.keep_running()),
                tasks.create_task(self._database.keep_partitions_ahead()),
                tasks.create_task(self._keep_logs_short()),
                tasks.create_task(self._say_when_ready()),
            ]
            for role in self._roles.values():
                tasks.create_task(self._keep_role(role))
            self._display.done("roles", ", ".join(self._roles))
            try:
                await self._stop_asked.wait()
            finally:
                self._display.waiting("stopping")
                for chore in chores:
                    chore.cancel()
                await self._stop_roles()

    async def _keep_role(self, role: SupervisedRole) -> None:
        if role.spec.may_come_later:
            await first_of(self._is_ready, self._stop_asked, timeout_s=_LATER_S)
        if not self._stop_asked.is_set():
            await role.keep_running()

    async def _stop_roles(self) -> None:
        for name in STOP_ORDER:
            if name in self._roles:
                await self._roles[name].stop()

    def _make_role(self, spec: RoleSpec) -> SupervisedRole:
        environment = {
            **os.environ,  # noqa: TID251 - Children inherit our variables.
            PARENT_VARIABLE: str(os.getpid()),
            "BEZANT_HOST": self._settings.host,
            "BEZANT_PORT": str(self._settings.port),
        }
        return SupervisedRole(
            spec=spec,
            places=self._places,
            environment=environment,
            clock=self._clock,
            may_run=self._database.is_up,
            note=self._display.trouble,
        )

    def _hurry_roles(self) -> None:
        for role in self._roles.values():
            role.hurry()

    async def _keep_logs_short(self) -> None:
        while True:
            await asyncio.sleep(_SHORTEN_EVERY_S)
            with suppress(OSError):  # A full disk must not end the house.
                shorten_logs(self._places.log)

    async def _say_when_ready(self) -> None:
        import httpx  # noqa: PLC0415 - A quarter of a second that PostgreSQL need not wait for.

        url = _url(self._settings)
        async with httpx.AsyncClient(timeout=_READY_TIMEOUT_S, trust_env=False) as client:
            while True:
                with suppress(httpx.HTTPError):
                    if (await client.get(f"{url}/health/ready")).status_code == httpx.codes.OK:
                        break
                await asyncio.sleep(_READY_EVERY_S)
        self._display.ready(url)
        self._is_ready.set()


def main(settings: Settings, *, demo: bool) -> int:
    """Run the whole exchange in this process's children until SIGTERM or SIGINT."""
    if demo and settings.is_production:
        raise OperatorError("--demo makes users with known rights: it is refused in production")
    demo_file = DataDir.of(settings).demo_file
    if settings.is_production and demo_file.exists():
        raise OperatorError(
            f"{demo_file} says that this is a demo: its users have known passwords and made-up "
            "money. Start production on a data directory of its own"
        )
    run_house(settings, ROLES + (DEMO_ROLES if demo else ()))
    return 0


def run_house(settings: Settings, roles: tuple[RoleSpec, ...]) -> None:
    """Run PostgreSQL and these roles until SIGTERM or SIGINT. Raises OperatorError."""
    arm(settings.failpoint)  # A wrong one is refused here, not in every child.
    places = DataDir.of(settings)
    places.prepare()
    with (
        data_dir_lock(places.run, purpose="`bezant up`"),
        own_pid_file(places.run, "supervisor"),
        TextIOWrapper(open_log(places.log / "supervisor.log"), line_buffering=True) as log,
    ):
        configure_logging("supervisor", settings.log_level, stream=log)
        display = Display()
        display.title(version("bezant"), str(places.root))
        for sentence in unknown_variables():
            display.trouble(sentence)
        engine_maker(settings)  # One that is not here is refused here, not in every child.
        if warning := engine_warning(settings):
            display.trouble(warning)
        else:
            display.done("core", engine_name(settings))
        hand_over(places.root)
        for name in stop_orphans(places, roles):
            display.done("stopped what a killed supervisor left", name)
        check_port_free(settings.host, settings.port)
        try:
            asyncio.run(Supervisor(settings, roles, display=display, clock=SystemClock()).run())
        finally:
            hand_over(places.root)
            places.remove_empty_sockets()


def check_port_free(host: str, port: int) -> None:
    """Raise OperatorError if the gateway could not listen there."""
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise OperatorError(
            f"nothing can listen on {host}:{port} ({error.strerror}): free that port, or choose "
            "others with --port and --host (BEZANT_PORT, BEZANT_HOST)"
        ) from error


def _url(settings: Settings) -> str:
    """Return where we reach the gateway ourselves; an address for all is reached at home."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104
    return f"http://[{host}]:{settings.port}" if ":" in host else f"http://{host}:{settings.port}"
