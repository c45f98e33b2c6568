"""`bezant replay`: recorded order flow through the running exchange, or straight into a core."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from bezant.cli.options import DataDirOption, JSONOption

if TYPE_CHECKING:
    from bezant.apps.replay.flow import Flow
    from bezant.apps.replay.tally import Report


def command(
    file: Annotated[Path, typer.Argument(help="Order events: .csv, .csv.gz or .csv.xz.")],
    *,
    market: Annotated[str, typer.Option(help="Symbol of the market to play on.")] = "BTCUSD",
    speed: Annotated[str, typer.Option(help="`max`, or N times as fast as recorded.")] = "max",
    offline: Annotated[bool, typer.Option("--offline", help="Straight into a core.")] = False,
    engine: Annotated[
        Literal["python", "native", "lockstep"] | None,
        typer.Option(help="Which core, with --offline (default: native where it is built)."),
    ] = None,
    reset: Annotated[
        bool, typer.Option("--reset", help="Cancel first what the replay's account has open.")
    ] = False,
    url: Annotated[
        str | None, typer.Option(help="The exchange (default: host and port of the settings).")
    ] = None,
    data_dir: DataDirOption = None,
    json: JSONOption = False,
) -> None:
    """Play recorded order flow; print counts and the digest of the trades."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from bezant.apps.replay.flow import FlowError, read_flow
    from bezant.kit.operator_error import OperatorError

    pace = _pace(speed)
    if engine is not None and not offline:
        raise OperatorError("--engine goes with --offline: the running exchange has its own")
    try:
        flow = read_flow(file)
    except (FlowError, OSError) as error:
        raise OperatorError(f"{file}: {error}") from error
    progress = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    steps = len(flow.preexisting) + len(flow.steps)
    with progress:
        task = progress.add_task(f"{file.name} → {market}", total=steps)

        def advance(count: int) -> None:
            progress.advance(task, count)

        if offline:
            from bezant.apps.engines import default_engine_name, named_engine_maker
            from bezant.apps.replay.offline import play_offline

            made = named_engine_maker(engine or default_engine_name())()
            report = play_offline(flow, made, advance)
        else:
            import asyncio

            from bezant.apps.replay.session import Plan, play_online
            from bezant.kit.config import Settings

            settings = Settings.load(data_dir=data_dir)
            plan = Plan(market, url, pace, reset)
            report = asyncio.run(play_online(settings, flow, plan, advance))
    _print(report, flow, json=json)


def _pace(speed: str) -> int | None:
    from bezant.kit.operator_error import OperatorError

    if speed == "max":
        return None
    if not speed.isascii() or not speed.isdecimal() or int(speed) == 0:
        raise OperatorError(f"--speed {speed}: write `max`, or a whole number such as 60")
    return int(speed)


def _print(report: "Report", flow: "Flow", *, json: bool) -> None:
    import msgspec

    if json:
        typer.echo(msgspec.json.encode(report).decode())
        return
    lines = {**msgspec.structs.asdict(report), "steps": len(flow.preexisting) + len(flow.steps)}
    for name, value in lines.items():
        typer.echo(f"{name:<16}  {value}")  # Not a table: it would fold or cut the digest.
