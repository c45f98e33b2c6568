"""`bezant core`: the role that puts commands in order, applies them and writes them down."""

from typing import Annotated

import typer

from bezant.cli.launch import launch
from bezant.cli.options import DataDirOption


def command(
    *,
    data_dir: DataDirOption = None,
    standby: Annotated[
        bool,
        typer.Option("--standby", help="Follow the journal; take over when the lease falls free."),
    ] = False,
    metrics_port: Annotated[
        int | None,
        typer.Option(min=1, max=65_535, help="Serve Prometheus numbers on this local port."),
    ] = None,
) -> None:
    """Lead: recover from the journal, then serve commands and events. One leads at a time."""
    launch("core", data_dir=data_dir, standby=standby, metrics_port=metrics_port)
