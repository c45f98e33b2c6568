"""The command `bezant`. Here stands which commands there are, and nothing of what they do.

A room adds its command with two lines: the import of its module `bezant.cli.NAME`, and its place in
the list. Those modules import typer and little else at their top; the rest inside the function, so
that `bezant --help` answers at once.
"""

from typing import Any

import typer
from typer.core import TyperGroup

from bezant.cli import (
    asset,
    core,
    db,
    demo_maker,
    failpoints,
    gateway,
    journal,
    market,
    projections,
    projector,
    replay,
    snapshotter,
    state,
    up,
    user,
    verify,
    worker,
)
from bezant.kit.operator_error import OperatorError


class _Commands(TyperGroup):
    """A group that says an OperatorError in one line on standard error and ends with status 1."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except OperatorError as error:
            typer.echo(f"bezant: {error}", err=True)
            raise typer.Exit(1) from None


app = typer.Typer(
    name="bezant",
    cls=_Commands,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="A complete, open, centralized crypto exchange.",
)

# The whole exchange, and what it is made of.
app.command("up")(up.command)
app.add_typer(core.app, name="core")
app.command("snapshotter")(snapshotter.command)
app.command("projector")(projector.command)
app.command("gateway")(gateway.command)
app.command("worker")(worker.command)
app.command("demo-maker")(demo_maker.command)

# For the operator.
app.add_typer(user.app, name="user")
app.add_typer(asset.app, name="asset")
app.add_typer(market.app, name="market")
app.command("verify")(verify.command)
app.add_typer(journal.app, name="journal")
app.command("state")(state.command)
app.command("replay")(replay.command)
app.add_typer(projections.app, name="projections")
app.add_typer(db.app, name="db")
app.command("failpoints")(failpoints.command)
