"""Give what root made in somebody else's data directory to that somebody.

So an exchange that root started once can be started by its owner again.
"""

import os
from pathlib import Path


def hand_over(root: Path) -> None:
    """Make everything under `root` that belongs to root belong to the owner of `root` itself.

    Nothing happens unless we are root and the owner is not. Links are never followed, and a file
    with a second name is left alone: it may be the machine's.
    """
    owner = root.stat()
    if os.geteuid() != 0 or owner.st_uid == 0:
        return
    for _path, folders, files, descriptor in os.fwalk(root, follow_symlinks=False):
        for name in (*folders, *files):
            try:
                found = os.stat(name, dir_fd=descriptor, follow_symlinks=False)
                if found.st_uid == 0 and (name in folders or found.st_nlink == 1):
                    os.chown(
                        name,
                        owner.st_uid,
                        owner.st_gid,
                        dir_fd=descriptor,
                        follow_symlinks=False,
                    )
            except FileNotFoundError:
                continue  # A pid file may go while we look.
