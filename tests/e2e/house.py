"""A whole exchange under `bezant up`, as its user starts it: in processes, on a free port."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import httpx

from bezant.kit.paths import DataDir
from tests.fixtures_postgres import make_reachable_folder, remove_data_dir

START_TIMEOUT_S: Final = 120.0
STOP_TIMEOUT_S: Final = 60.0
ROOT: Final = Path(__file__).parents[2]


class House:
    """`bezant up` on a data directory of its own; a context manager that starts and stops it."""

    def __init__(self, data_dir: Path, *, demo: bool = False, **environment: str) -> None:
        self.data_dir = data_dir
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._demo = demo
        self._environment = {**os.environ, "BEZANT_LIMITS": "off", **environment}
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        """Start the exchange and wait for its `ready` line."""
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop the exchange cleanly."""
        self.stop()

    def start(self) -> None:
        """Start `bezant up`; return when it answers requests."""
        command = [*self._bezant("up"), "--port", str(self.port)]
        with (self.data_dir.parent / f"{self.data_dir.name}.out").open("ab") as out:
            self._process = subprocess.Popen(
                [*command, "--demo"] if self._demo else command,
                stdout=out,
                stderr=subprocess.STDOUT,
                env=self._environment,
                cwd=ROOT,
            )
        self.wait_ready()

    def stop(self) -> int:
        """Send SIGTERM and return the exit status."""
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)
        return self._process.wait(STOP_TIMEOUT_S)

    def wait_ready(self, timeout_s: float = START_TIMEOUT_S) -> None:
        """Wait until `/health/ready` answers 200."""
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline:
            if self._process is not None and self._process.poll() is not None:
                raise AssertionError(f"bezant up ended with {self._process.returncode}{self.log()}")
            try:
                if httpx.get(f"{self.url}/health/ready", trust_env=False).status_code == 200:
                    return
            except httpx.HTTPError:
                pass
            time.sleep(0.1)
        raise AssertionError(f"not ready after {timeout_s} s{self.log()}")

    def pid(self, role: str) -> int:
        """Return the process id of a role, from its pid file."""
        return int((self.data_dir / "run" / f"{role}.pid").read_text())

    def kill(self, role: str) -> int:
        """Send SIGKILL to a role; return the pid that it had."""
        pid = self.pid(role)
        os.kill(pid, signal.SIGKILL)
        return pid

    def wait_restarted(self, role: str, old_pid: int, timeout_s: float = 60) -> None:
        """Wait until the supervisor has started the role anew."""
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline:
            try:
                if self.pid(role) != old_pid:
                    return
            except (OSError, ValueError):
                pass
            time.sleep(0.05)
        raise AssertionError(f"{role} was not restarted in {timeout_s} s{self.log()}")

    def run(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run another `bezant` command on this data directory and return what it printed."""
        done = subprocess.run(
            [*self._bezant(*arguments)],
            capture_output=True,
            text=True,
            env=self._environment,
            cwd=ROOT,
            check=False,
            timeout=300,
        )
        if check and done.returncode:
            raise AssertionError(f"{arguments} ended with {done.returncode}: {done.stderr}")
        return done

    def log(self) -> str:
        """Return the end of every role's log, for the message of a failed test."""
        files = sorted((self.data_dir / "log").glob("*.log"))
        out = self.data_dir.parent / f"{self.data_dir.name}.out"
        return "".join(
            f"\n--- {file.name}\n{file.read_text(errors='replace')[-1_500:]}"
            for file in [out, *files]
            if file.exists()
        )

    def _bezant(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "bezant", *arguments, "--data-dir", str(self.data_dir)]


@contextmanager
def open_house(*, demo: bool = False, **environment: str) -> Iterator[House]:
    """Run an exchange on a new data directory; stop and remove it at the end."""
    folder = make_reachable_folder("bezant-house-")
    data_dir = folder / "data"
    try:
        with House(data_dir, demo=demo, **environment) as house:
            yield house
    finally:
        remove_data_dir(DataDir(data_dir.resolve()))
        shutil.rmtree(folder, ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
