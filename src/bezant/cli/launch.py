"""Run a composition root by its name. Commands do not import the roots: `--help` stays fast.

A root is a module `bezant.apps.NAME` with `main(settings, **options) -> int`, the exit status.
"""

from contextlib import nullcontext
from importlib import import_module
from pathlib import Path
from typing import Any

import typer


def launch(role: str, *, data_dir: Path | None = None, **options: Any) -> None:
    """Run a role of the house until it ends: settings, log, failpoint, pid file, then its root.

    `options` go to the root's `main`. Raises typer.Exit with its status, OperatorError before.
    """
    from bezant.kit.config import Settings
    from bezant.kit.failpoints import arm
    from bezant.kit.log import configure_logging
    from bezant.kit.paths import DataDir
    from bezant.kit.pidfile import own_pid_file
    from bezant.kit.supervised import end_with_supervisor, supervisor_pid

    end_with_supervisor()
    settings = Settings.load(data_dir=data_dir)
    arm(settings.failpoint)
    configure_logging(role, settings.log_level)
    places = DataDir.of(settings)
    places.prepare()
    root = import_module(f"bezant.apps.{role.replace('-', '_')}")
    # The supervisor notes the pid of a child before the child is awake.
    with nullcontext() if supervisor_pid() else own_pid_file(places.run, role):
        status: int = root.main(settings, **options)
    raise typer.Exit(status)
