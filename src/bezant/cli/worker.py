"""`bezant worker`: the role that turns stored work into commands."""

from bezant.cli.launch import launch
from bezant.cli.options import DataDirOption


def command(*, data_dir: DataDirOption = None) -> None:
    """Relay stored commands (accounts, listings, deposits) to the core."""
    launch("worker", data_dir=data_dir)
