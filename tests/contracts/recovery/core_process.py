"""`bezant core` as a real process on a real database, to be started, killed and started again."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

from bezant.ingress.client import CoreClient
from bezant.kit.paths import DataDir

ROOT: Final = Path(__file__).parents[3]
READY_TIMEOUT_S: Final = 30.0


class CoreProcess:
    """One core on a data directory of its own; its log is `folder/ROLE.log`."""

    def __init__(self, folder: Path, dsn: str, *, role: str = "core", **environment: str) -> None:
        self.places = DataDir(folder / "data")
        self.log_file = folder / f"{role}.log"
        self._role = role
        self._environment = {**os.environ, "BEZANT_DATABASE_URL": dsn, **environment}
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def start(self, *options: str, **environment: str) -> None:
        """Start it; it may still be recovering when this returns."""
        command = [sys.executable, "-m", "bezant", self._role]
        with self.log_file.open("ab") as log:
            self._process = subprocess.Popen(
                [*command, "--data-dir", str(self.places.root), *options],
                stdout=log,
                stderr=log,
                env={**self._environment, **environment},
                cwd=ROOT,
            )

    def kill(self) -> None:
        """End it as a power cut would."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def stop(self) -> int:
        """Ask it to stop; return its exit status."""
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)
        return self._process.wait(20)

    def signal(self, number: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(number)

    def wait(self, timeout_s: float = 20) -> int:
        """Wait for its end; return its exit status."""
        assert self._process is not None
        return self._process.wait(timeout_s)

    def close(self) -> None:
        """Leave nothing running."""
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.wait()

    async def client(self) -> CoreClient:
        """Return a client that is connected."""
        client = CoreClient(self.places.ingress_socket)
        await client.start()
        deadline = time.monotonic() + READY_TIMEOUT_S
        while not client.is_connected:
            assert self._process is not None
            if self._process.poll() is not None or time.monotonic() > deadline:
                await client.close()
                raise AssertionError(f"no core answers: {self.log_file.read_text()[-2_000:]}")
            await asyncio.sleep(0.01)
        return client

    def wait_for_line(self, text: str, timeout_s: float = READY_TIMEOUT_S) -> None:
        """Wait until its log has a line with `text`."""
        deadline = time.monotonic() + timeout_s
        while text not in self.log_file.read_text():
            if time.monotonic() > deadline:
                raise AssertionError(f"no {text!r} in {self.log_file.read_text()[-2_000:]}")
            time.sleep(0.02)
