"""`bezant snapshotter`: the role that follows the journal and makes the snapshots."""

from bezant.cli.launch import launch
from bezant.cli.options import DataDirOption


def command(*, data_dir: DataDirOption = None) -> None:
    """Follow the journal and make a snapshot when a restart would take over 2 seconds."""
    launch("snapshotter", data_dir=data_dir)
