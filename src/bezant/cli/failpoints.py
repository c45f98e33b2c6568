"""`bezant failpoints`: the places where a test can make the house stumble."""

import typer

from bezant.cli.options import JSONOption


def command(*, json: JSONOption = False) -> None:
    """List the names for BEZANT_FAILPOINT=name[:exit|error|delay=ms][:nth]."""
    from bezant.kit.failpoints import FAILPOINTS

    if json:
        import msgspec

        typer.echo(msgspec.json.encode(FAILPOINTS).decode())
        return
    width = max(map(len, FAILPOINTS))
    for name, meaning in FAILPOINTS.items():
        typer.echo(f"{name:<{width}}  {meaning}")
