"""`bezant journal`: what was put in order, entry by entry, and replaying it."""

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from bezant.cli.options import DataDirOption, JSONOption

if TYPE_CHECKING:
    from bezant.apps.journal_tools import EntryView, NamedMessage

app = typer.Typer(no_args_is_help=True, help="The journal: tail, show, stats, replay.")

_NS_PER_S = 1_000_000_000


@app.command("tail")
def tail(
    *,
    data_dir: DataDirOption = None,
    json: JSONOption = False,
    count: Annotated[int, typer.Option("--count", "-n", min=1, help="How many entries.")] = 20,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on with new ones.")] = False,
) -> None:
    """Show the last entries: when, which command, what came of it."""
    from contextlib import suppress

    from bezant.apps import journal_tools
    from bezant.kit.config import Settings

    async def run() -> None:
        async for view in journal_tools.tail(
            Settings.load(data_dir=data_dir), count, follow=follow
        ):
            typer.echo(journal_tools.to_json(view) if json else _line(view))

    with suppress(KeyboardInterrupt):
        asyncio.run(run())


@app.command("show")
def show(
    seq: Annotated[int, typer.Argument(min=1, help="Which entry.")],
    *,
    data_dir: DataDirOption = None,
    json: JSONOption = False,
) -> None:
    """Show one entry with all fields of its command and of each event."""
    from bezant.apps import journal_tools
    from bezant.kit.config import Settings

    view = asyncio.run(journal_tools.show(Settings.load(data_dir=data_dir), seq))
    if json:
        typer.echo(journal_tools.to_json(view))
        return
    from rich.console import Console
    from rich.tree import Tree

    tree = Tree(f"[bold]seq {view.seq}[/]  {_time(view.ts_ns)}", highlight=True)
    tree.add(
        f"row {view.row_first} … {view.row_last}, epoch {view.epoch}, rules {view.rules}, "
        f"hash {view.row_hash}"
    )
    _add(tree.add("command"), view.command)
    events = tree.add(f"events, code {view.code}")
    for event in view.events:
        _add(events, event)
    Console().print(tree)


@app.command("stats")
def stats(*, data_dir: DataDirOption = None, json: JSONOption = False) -> None:
    """Show how large the journal is and how well its batches fill."""
    from bezant.apps import journal_tools
    from bezant.kit.config import Settings

    found = asyncio.run(journal_tools.read_stats(Settings.load(data_dir=data_dir)))
    if json:
        typer.echo(journal_tools.to_json(found))
        return
    count = found.seq_last - found.seq_first + 1 if found.rows else 0
    size = found.entries_size + found.events_size
    per_row = f"{count / found.rows:.1f}" if found.rows else "–"
    per_command = f"{size / count:.0f} B" if count else "–"
    lines = {
        "entries": f"{count:,} (seq {found.seq_first} … {found.seq_last})",
        "rows": f"{found.rows:,}, {per_row} entries each",
        "packed": f"{size / 1_048_576:,.1f} MiB, {per_command} a command",
        "time": f"{_time(found.first_ns)} … {_time(found.last_ns)}",
        "epoch": str(found.epoch),
    }
    for name, value in lines.items():
        typer.echo(f"{name:<8} {value}")


@app.command("replay")
def replay(
    *,
    data_dir: DataDirOption = None,
    json: JSONOption = False,
    engine: Annotated[
        Literal["python", "native"], typer.Option(help="Which build of the core.")
    ] = "python",
) -> None:
    """Apply the whole journal to an empty engine and print the digest of the state."""
    from time import perf_counter

    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    from bezant.apps import journal_tools
    from bezant.kit.config import Settings

    settings = Settings.load(data_dir=data_dir, engine=engine)
    columns = ("[progress.description]{task.description}", BarColumn(), MofNCompleteColumn())
    started_s = perf_counter()
    console = Console(stderr=True)
    with Progress(*columns, TimeRemainingColumn(), console=console, transient=True) as bar:
        task = bar.add_task("replaying", total=None)
        found = asyncio.run(
            journal_tools.replay(
                settings, lambda seq, tip: bar.update(task, completed=seq, total=tip)
            )
        )
    if json:
        typer.echo(journal_tools.to_json(found))
        return
    elapsed_s = perf_counter() - started_s
    typer.echo(f"seq         {found.seq} ({found.seq / max(elapsed_s, 1e-9):,.0f} entries/s)")
    typer.echo(f"chain head  {found.chain_head}")
    typer.echo(f"digest      {found.digest}")


def _line(view: "EntryView") -> str:
    command = view.command
    fields = command.fields | command.fields.get("order", {})
    shown = " ".join(
        f"{name}={value}" for name, value in fields.items() if value and not isinstance(value, dict)
    )
    events = ", ".join(event.name for event in view.events) or "nothing"
    code = f" (code {view.code})" if view.code else ""
    return f"{view.seq:>10}  {_time(view.ts_ns)}  {command.name} {shown} → {events}{code}"


def _add(branch: Any, message: "NamedMessage") -> None:
    place = branch.add(f"[bold]{message.name}[/]")
    for name, value in message.fields.items():
        if isinstance(value, dict):
            nested = place.add(name)
            for key, one in value.items():
                nested.add(f"{key} = {one!r}")
        else:
            place.add(f"{name} = {value!r}")


def _time(ts_ns: int) -> str:
    moment = datetime.fromtimestamp(ts_ns // _NS_PER_S, UTC)
    return f"{moment:%Y-%m-%d %H:%M:%S}.{ts_ns % _NS_PER_S // 1_000_000:03} UTC"
