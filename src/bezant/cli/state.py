"""`bezant state`: the state of the core as it was after any entry."""

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from bezant.cli.options import DataDirOption, JSONOption

if TYPE_CHECKING:
    from bezant.apps.state_at import StateAt

LEVELS_SHOWN = 10
ORDERS_SHOWN = 50


def command(
    *,
    at: Annotated[int, typer.Option("--at", min=0, help="After which seq.")],
    data_dir: DataDirOption = None,
    json: JSONOption = False,
) -> None:
    """Show digest, balances, open orders and books as they were after an entry."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress

    from bezant.apps.state_at import state_at
    from bezant.kit.config import Settings

    settings = Settings.load(data_dir=data_dir)
    columns = ("[progress.description]{task.description}", BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("replaying", total=None)
        found = asyncio.run(
            state_at(settings, at, lambda seq, tip: bar.update(task, completed=seq, total=tip))
        )
    if json:
        import msgspec

        typer.echo(msgspec.json.encode(found).decode())
    else:
        _show(found)


def _show(found: "StateAt") -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False)
    console.print(f"seq     {found.seq}\ndigest  {found.digest}\nrules   {found.rules}")
    balances = Table("account", "asset", "available", "hold", title="Balances, units", box=None)
    for balance in found.balances:
        balances.add_row(
            str(balance.account), str(balance.asset), f"{balance.available:,}", f"{balance.hold:,}"
        )
    console.print(balances)
    orders = Table(
        "order",
        "account",
        "market",
        "side",
        "price",
        "qty",
        "filled",
        title="Open orders",
        box=None,
    )
    for one in found.open_orders[:ORDERS_SHOWN]:
        side = "sell" if one.side else "buy"
        orders.add_row(
            *map(str, (one.order_id, one.account, one.market, side, one.price, one.qty, one.filled))
        )
    console.print(orders)
    if len(found.open_orders) > ORDERS_SHOWN:
        console.print(f"and {len(found.open_orders) - ORDERS_SHOWN} more: see --json")
    for market in found.markets:
        book = Table("bid", "lots", "ask", "lots", title=f"Market {market.market}", box=None)
        for place in range(min(LEVELS_SHOWN, max(len(market.bids), len(market.asks)))):
            cells: list[str] = []
            for levels in (market.bids, market.asks):
                level = levels[place] if place < len(levels) else None
                cells += ["", ""] if level is None else [str(level.price), str(level.visible)]
            book.add_row(*cells)
        console.print(book)
