"""`bezant market`: list a market, change its status, fees and reference price."""

from typing import TYPE_CHECKING, Annotated

import typer

from bezant.cli.options import DataDirOption, JSONOption

if TYPE_CHECKING:
    from bezant.apps.operator import Desk
    from bezant.core.words import MarketStatus

app = typer.Typer(no_args_is_help=True, help="Markets: create, list, status, fees, reference.")

SymbolArgument = Annotated[str, typer.Argument(help="Such as BTCUSDT.")]


@app.command("create")
def create(
    base: Annotated[str, typer.Argument(help="What is traded, such as BTC.")],
    quote: Annotated[str, typer.Argument(help="What it is priced in, such as USDT.")],
    *,
    tick: Annotated[str, typer.Option(help="Smallest price step, such as 0.01.")],
    lot: Annotated[str, typer.Option(help="Smallest quantity step, such as 0.00001.")],
    notional_min: Annotated[str, typer.Option(help="Smallest price x quantity.")] = "0",
    maker_ppm: Annotated[int, typer.Option(help="Maker fee, parts per million.")] = 0,
    taker_ppm: Annotated[int, typer.Option(help="Taker fee, parts per million.")] = 0,
    reference: Annotated[str | None, typer.Option(help="Price before the first trade.")] = None,
    status: Annotated[str, typer.Option(help="Status to start in.")] = "trading",
    data_dir: DataDirOption = None,
) -> None:
    """Create a market."""
    from bezant.cli.desk import at_desk
    from bezant.marketdata.listing import MarketSpec

    spec = MarketSpec(
        base=base,
        quote=quote,
        tick=tick,
        lot=lot,
        notional_min=notional_min,
        maker_ppm=maker_ppm,
        taker_ppm=taker_ppm,
        reference=reference,
        status=_status(status),
    )
    at_desk(data_dir, lambda desk: desk.create_market(spec))
    typer.echo(f"market {spec.symbol} created, {status}")


@app.command("list")
def list_(*, data_dir: DataDirOption = None, json: JSONOption = False) -> None:
    """Show all markets."""
    from bezant.cli.desk import at_desk, print_rows
    from bezant.core.words import MarketStatus

    rows = [
        {
            "symbol": market.symbol,
            "tick": market.tick,
            "lot": market.lot,
            "status": MarketStatus(market.view.status).name.lower(),
            "makerPpm": str(market.view.fees[0].maker if market.view.fees else 0),
            "takerPpm": str(market.view.fees[0].taker if market.view.fees else 0),
            "trades": str(market.view.trade_no),
        }
        for market in at_desk(data_dir, lambda desk: desk.list_markets())
    ]
    print_rows(rows, json=json)


@app.command("status")
def status_(
    symbol: SymbolArgument,
    status: Annotated[
        str, typer.Argument(help="pre_open, trading, post_only, cancel_only, halted or closed.")
    ],
    *,
    data_dir: DataDirOption = None,
) -> None:
    """Change a market's status."""
    from bezant.cli.desk import at_desk

    wanted = _status(status)

    async def deed(desk: "Desk") -> None:
        await desk.set_status((await desk.get_market(symbol)).view.market, wanted)

    at_desk(data_dir, deed)
    typer.echo(f"market {symbol} is {status}")


@app.command("fees")
def fees(
    symbol: SymbolArgument,
    *,
    maker_ppm: Annotated[int, typer.Option(help="Parts per million; negative is a rebate.")],
    taker_ppm: Annotated[int, typer.Option(help="Parts per million.")],
    tier: Annotated[int, typer.Option(help="Fee tier, 0 to 99; 0 is everybody's.")] = 0,
    data_dir: DataDirOption = None,
) -> None:
    """Set the fees of a market's tier, from the next entry on."""
    from bezant.cli.desk import at_desk

    async def deed(desk: "Desk") -> None:
        market = (await desk.get_market(symbol)).view.market
        await desk.set_fees(market, tier=tier, maker=maker_ppm, taker=taker_ppm)

    at_desk(data_dir, deed)
    typer.echo(f"market {symbol} tier {tier}: maker {maker_ppm} ppm, taker {taker_ppm} ppm")


@app.command("reference")
def reference(
    symbol: SymbolArgument,
    price: Annotated[str, typer.Argument(help="A decimal price on the market's tick.")],
    *,
    data_dir: DataDirOption = None,
) -> None:
    """Set the price that counts before the first trade."""
    from bezant.cli.desk import at_desk
    from bezant.kit.decimals import from_units
    from bezant.marketdata.listing import price_ticks

    async def deed(desk: "Desk") -> None:
        market = (await desk.get_market(symbol)).view
        tick = from_units(market.tick_num, market.tick_scale)  # The core's: what it counts in.
        await desk.set_reference(market.market, price_ticks(tick, price))

    at_desk(data_dir, deed)
    typer.echo(f"market {symbol} reference price {price}")


def _status(word: str) -> "MarketStatus":
    from bezant.core.words import MarketStatus
    from bezant.kit.operator_error import OperatorError

    try:
        return MarketStatus[word.upper()]
    except KeyError:
        known = ", ".join(status.name.lower() for status in MarketStatus)
        raise OperatorError(f"status {word!r} is none of {known}") from None
