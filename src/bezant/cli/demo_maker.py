"""`bezant demo-maker`: the role that makes the demo and trades in it."""

from bezant.cli.launch import launch
from bezant.cli.options import DataDirOption


def command(*, data_dir: DataDirOption = None) -> None:
    """Make the demo's assets, markets and users; quote its markets through the public API."""
    launch("demo-maker", data_dir=data_dir)
