"""`bezant asset`: list an asset, look at what is listed."""

from typing import Annotated

import typer

from bezant.cli.options import DataDirOption, JSONOption

app = typer.Typer(no_args_is_help=True, help="Assets: create, list.")


@app.command("create")
def create(
    code: Annotated[str, typer.Argument(help="Such as BTC.")],
    *,
    name: Annotated[str, typer.Option(help="Such as Bitcoin.")],
    scale: Annotated[int, typer.Option(help="Decimals that the ledger keeps, for ever.")] = 8,
    display_scale: Annotated[int, typer.Option(help="Decimals shown, at most 8.")] = 8,
    kind: Annotated[str, typer.Option(help="crypto or fiat.")] = "crypto",
    category: Annotated[str, typer.Option(help="Such as layer-1.")] = "other",
    data_dir: DataDirOption = None,
) -> None:
    """Create an asset."""
    from bezant.cli.desk import at_desk
    from bezant.marketdata.listing import AssetSpec

    spec = AssetSpec(
        code=code,
        name=name,
        kind=kind,
        category=category,
        scale=scale,
        display_scale=display_scale,
    )
    at_desk(data_dir, lambda desk: desk.create_asset(spec))
    typer.echo(f"asset {code} created")


@app.command("list")
def list_(*, data_dir: DataDirOption = None, json: JSONOption = False) -> None:
    """Show all assets."""
    from bezant.cli.desk import at_desk, print_rows

    rows = [
        {
            "code": asset.code,
            "name": asset.name,
            "kind": asset.kind,
            "scale": str(asset.view.scale),
            "displayScale": str(asset.display_scale),
            "issuedMaxUnits": str(asset.view.issued_max),
            "enabled": "yes" if asset.view.enabled else "no",
        }
        for asset in at_desk(data_dir, lambda desk: desk.list_assets())
    ]
    print_rows(rows, json=json)
