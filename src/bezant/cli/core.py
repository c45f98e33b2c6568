"""`bezant core`: the role that puts commands in order, and the law alone for who tries it."""

from typing import Annotated, Literal

import typer

from bezant.cli.launch import launch
from bezant.cli.options import DataDirOption

app = typer.Typer(invoke_without_command=True)

EngineOption = Annotated[
    Literal["python", "native", "lockstep"] | None,
    typer.Option(help="Which core (default: native where it is built, else python)."),
]


@app.callback()
def command(
    context: typer.Context,
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
    if context.invoked_subcommand is None:
        launch("core", data_dir=data_dir, standby=standby, metrics_port=metrics_port)


@app.command("apply")
def apply(
    *,
    engine: EngineOption = None,
    final: Annotated[
        bool, typer.Option("--final", help="End with balances, open orders, books and digest.")
    ] = False,
) -> None:
    """Apply commands from standard input, one JSON object a line, to an empty core.

    Prints a line for each: seq, code and events. Needs no database and no server.
    """
    import sys

    from bezant.apps.engines import default_engine_name, named_engine_maker
    from bezant.apps.law.apply import apply_lines

    made = named_engine_maker(engine or default_engine_name())()
    for line in apply_lines(sys.stdin.buffer, made, is_final_told=final):
        sys.stdout.write(line + "\n")
        sys.stdout.flush()
