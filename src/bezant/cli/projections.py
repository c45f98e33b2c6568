"""`bezant projections`: how the read models stand, and making them anew from the journal."""

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import typer

from bezant.cli.options import DataDirOption, JSONOption

if TYPE_CHECKING:
    from bezant.apps.projections import Status

app = typer.Typer(no_args_is_help=True, help="The read models: status, rebuild.")


@app.command("status")
def status(*, data_dir: DataDirOption = None, json: JSONOption = False) -> None:
    """Show the cursor, the lag behind the journal, and the tables with their sizes."""
    import msgspec

    from bezant.apps.projections import read_status
    from bezant.kit.config import Settings

    found = asyncio.run(read_status(Settings.load(data_dir=data_dir)))
    if json:
        typer.echo(msgspec.json.encode(found).decode())
    else:
        _show(found)


@app.command("rebuild")
def rebuild(*, data_dir: DataDirOption = None) -> None:
    """Empty the read models and project the whole journal again; the house may run meanwhile."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    from bezant.apps.projections import rebuild as run
    from bezant.kit.config import Settings

    settings = Settings.load(data_dir=data_dir)
    columns = ("[progress.description]{task.description}", BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True)) as bar:
        task = bar.add_task("projecting", total=None)
        reached = asyncio.run(
            run(settings, lambda seq, tip: bar.update(task, completed=seq, total=tip))
        )
    typer.echo(f"the read models hold all entries up to seq {reached}")


def _show(found: "Status") -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console()
    updated = datetime.fromtimestamp(found.updated_ms / 1_000, UTC)
    console.print(
        f"projected to seq {found.seq}, the journal ends at {found.tip_seq}: lag {found.lag}; "
        f"last written {updated:%Y-%m-%d %H:%M:%S} UTC"
    )
    table = Table("table", "rows (about)", "size", box=None, header_style="bold")
    for one in found.tables:
        table.add_row(one.table, f"{one.rows:,}", f"{one.size / 1_048_576:,.1f} MiB")
    console.print(table)
