"""`bezant core`: the role that puts commands in order, and the law alone for who tries it."""

from pathlib import Path
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


@app.command("vectors")
def vectors(
    place: Annotated[
        Path, typer.Argument(exists=True, help="A vector, or a folder of them.", metavar="DIR")
    ],
    *,
    engine: EngineOption = None,
    update: Annotated[
        bool, typer.Option("--update", help="Write the digests found into the files.")
    ] = False,
) -> None:
    """Run examples of the law, written as text, on an engine of their own each.

    Prints what differs and where. On the reference its invariants are checked after every line.
    """
    from bezant.apps.engines import default_engine_name, named_engine_maker
    from bezant.apps.vectors.files import list_vectors, run_all
    from bezant.apps.vectors.target import EngineTarget, reference
    from bezant.kit.operator_error import OperatorError

    name = engine or default_engine_name()
    make_engine = named_engine_maker(name)
    make_target = reference if name == "python" else lambda: EngineTarget(make_engine())
    paths = list_vectors(place)
    failed = 0
    for ran in run_all(paths, make_target, update=update):
        if ran.fault is not None:
            failed += 1
            typer.echo(ran.fault, err=True)
    if not paths:
        raise OperatorError(f"{place} holds no file that ends in .vec")
    typer.echo(f"{name}: {len(paths) - failed} passed, {failed} failed")
    raise typer.Exit(min(failed, 1))
