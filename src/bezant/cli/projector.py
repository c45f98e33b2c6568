"""`bezant projector`: the role that turns events into rows."""

from typing import Annotated

import typer

from bezant.cli.launch import launch
from bezant.cli.options import DataDirOption


def command(
    *,
    data_dir: DataDirOption = None,
    metrics_port: Annotated[
        int | None, typer.Option(help="Serve /metrics on this port of 127.0.0.1.")
    ] = None,
) -> None:
    """Write the read models: orders, trades, ledger lines, balances, transfers, candles."""
    launch("projector", data_dir=data_dir, metrics_port=metrics_port)
