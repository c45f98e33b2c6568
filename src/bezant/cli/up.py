"""`bezant up`: the whole exchange on one machine."""

from typing import Annotated

import typer

from bezant.cli.options import DataDirOption


def command(
    *,
    demo: Annotated[
        bool, typer.Option("--demo", help="Make demo markets, users and a market maker.")
    ] = False,
    data_dir: DataDirOption = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on [127.0.0.1].")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on [8080].")] = None,
) -> None:
    """Start PostgreSQL and every role, keep them running, stop them on Ctrl-C or SIGTERM."""
    from importlib import import_module

    from bezant.kit.config import Settings

    settings = Settings.load(data_dir=data_dir, host=host, port=port)
    # Roots are loaded by name, as `bezant.cli.launch` explains.
    supervisor = import_module("bezant.apps.supervisor")
    raise typer.Exit(supervisor.main(settings, demo=demo))
