"""`bezant gateway`: the role that speaks HTTP."""

from typing import Annotated

import typer

from bezant.cli.launch import launch
from bezant.cli.options import DataDirOption


def command(
    *,
    data_dir: DataDirOption = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on [127.0.0.1].")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on [8080].")] = None,
) -> None:
    """Serve the API, the streams and the web app."""
    launch("gateway", data_dir=data_dir, host=host, port=port)
