"""Which user of the machine runs PostgreSQL. It refuses root, so root needs somebody else.

No mode and no owner is changed outside the data directory: a folder that the chosen user cannot
pass through is an error that names it.
"""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from bezant.kit.operator_error import OperatorError

_CANDIDATES: Final = ("postgres", "nobody")  # In this order; users that exist on a machine anyway.


class ServerUserError(OperatorError):
    """No user can run PostgreSQL here; the text says why."""


@dataclass(frozen=True, slots=True)
class ServerUser:
    """A user of the machine; `is_other` tells whether we must change to it."""

    uid: int
    gid: int
    name: str
    is_other: bool

    @property
    def process_options(self) -> dict[str, Any]:
        """The arguments of `subprocess` that start a program as this user, with no extra group."""
        if not self.is_other:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


def choose_server_user(cluster: Path) -> ServerUser:
    """Return who is to run the server of this cluster: its owner, ourselves, or a stand-in of root.

    Raises ServerUserError where nobody fits.
    """
    euid = os.geteuid()
    if cluster.is_dir():
        owner = cluster.stat().st_uid
        if euid == 0 and owner != 0:
            return _by_uid(owner)
        if euid != owner:
            raise ServerUserError(
                f"the database in {cluster} belongs to user {owner}, you are user {euid}: start as "
                f"root or as that user, or choose another data directory with --data-dir"
            )
    if euid != 0:
        return ServerUser(euid, os.getegid(), str(euid), is_other=False)
    folder_owner = cluster.parent.stat().st_uid
    if folder_owner != 0:
        return _by_uid(folder_owner)
    for name in _CANDIDATES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return ServerUser(entry.pw_uid, entry.pw_gid, name, is_other=True)
    raise ServerUserError(
        "PostgreSQL does not run as root, and this machine has neither a user `postgres` nor "
        "`nobody`: start as an ordinary user, or set BEZANT_DATABASE_URL"
    )


def check_reachable(folder: Path, user: ServerUser) -> None:
    """Raise ServerUserError, naming the folder in the way, if the user cannot enter `folder`."""
    if not user.is_other:
        return
    for step in (*reversed(folder.parents), folder):
        tried = subprocess.run(
            ["/bin/sh", "-c", 'cd -- "$1"', "sh", str(step)],
            cwd="/",
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
            **user.process_options,
        )
        if tried.returncode != 0:
            raise ServerUserError(
                f"started by root, PostgreSQL runs as user `{user.name}`, who may not enter {step}."
                " Nothing outside the data directory is changed for that: choose a data directory "
                "that everybody may pass through (--data-dir /var/lib/bezant), or start as an "
                "ordinary user"
            )


def _by_uid(uid: int) -> ServerUser:
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        return ServerUser(uid, uid, str(uid), is_other=True)
    return ServerUser(uid, entry.pw_gid, entry.pw_name, is_other=True)
