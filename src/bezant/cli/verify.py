"""`bezant verify`: recompute everything and say, invariant by invariant, whether it holds."""

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from bezant.cli.options import DataDirOption, JSONOption

if TYPE_CHECKING:
    from bezant.apps.verify import Report


def command(
    *,
    data_dir: DataDirOption = None,
    json: JSONOption = False,
    from_snapshot: Annotated[
        bool,
        typer.Option("--from-snapshot", help="Begin at the newest snapshot and trust it."),
    ] = False,
) -> None:
    """Recompute the exchange from genesis with code of its own; status 0 only if all holds.

    Works on a running exchange (a consistent cut) and on one that stands still.
    """
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    from bezant.apps.verify import verify
    from bezant.kit.config import Settings

    settings = Settings.load(data_dir=data_dir)
    columns = ("[progress.description]{task.description}", BarColumn(), MofNCompleteColumn())
    console = Console(stderr=True)
    with Progress(*columns, TimeRemainingColumn(), console=console, transient=True) as bar:
        task = bar.add_task("auditing", total=None)
        report = asyncio.run(
            verify(
                settings,
                from_snapshot=from_snapshot,
                progress=lambda seq, tip: bar.update(task, completed=seq, total=tip),
            )
        )
    if json:
        import msgspec

        typer.echo(msgspec.json.encode(report).decode())
    else:
        _show(report)
    if not report.ok:
        raise typer.Exit(1)


def _show(report: "Report") -> None:
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    from bezant.kit.decimals import from_units

    console = Console(highlight=False)
    for one in report.invariants:
        mark = "[dim]–[/]" if one.holds is None else "[green]✓[/]" if one.holds else "[red]✗[/]"
        note = f" [dim]({one.note})[/]" if one.note else ""
        console.print(f"{mark} {one.id:<6}  {one.title}{note}", soft_wrap=True)
        for finding in one.findings:
            where = "" if finding.seq is None else f"seq {finding.seq}: "
            console.print(f"          [red]{where}[/]{escape(finding.text)}", soft_wrap=True)
        if one.count > len(one.findings):
            console.print(f"          [red]and {one.count - len(one.findings)} more[/]")
    begin = f"snapshot at {report.from_seq}" if report.from_seq else "genesis"
    console.print(f"\nfrom {begin} to seq {report.seq}; {report.open_orders} orders are open")
    console.print(f"chain head    {report.chain_head}")
    console.print(f"state digest  {report.state_digest or 'none: replay differs'}")
    sums = Table("asset", "users", "house", "custody", box=None, header_style="bold")
    for asset in report.sums:
        texts = (from_units(n, asset.scale) for n in (asset.users, asset.house, asset.custody))
        sums.add_row(asset.code, *texts)
    if report.sums:
        console.print(sums)
    console.print("[green]all holds[/]" if report.ok else "[red]not all holds[/]")
