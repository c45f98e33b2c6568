"""Where the files of one exchange lie, and the folders of its Unix sockets.

A Unix socket's path must stay under 100 bytes, whatever the data directory is called. So sockets
live in short folders beside it, named after their owner and a hash of the data directory.
"""

import hashlib
import os
import stat
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bezant.kit.config import Settings
from bezant.kit.operator_error import OperatorError

SOCKET_PATH_BYTES_MAX: Final = 100
_HASH_DIGITS: Final = 16
_SHELL_SIGNS: Final = frozenset('"$`\\\n\r')
_PRIVATE: Final = 0o700
_PASSABLE: Final = 0o711  # Others may pass through, not look around.


class PathError(OperatorError):
    """A folder or file is not as it must be; the text says which and what to do."""


@dataclass(frozen=True, slots=True)
class DataDir:
    """The layout of a data directory. Making one of these touches nothing on the disk."""

    root: Path
    socket_root: Path = Path("/tmp")  # noqa: S108 - The folder in it is ours, 0700 and checked.

    @classmethod
    def of(cls, settings: Settings) -> "DataDir":
        """Return the data directory that the settings name, with symbolic links resolved."""
        return cls(settings.data_dir.expanduser().resolve(), settings.socket_root.resolve())

    @property
    def pg(self) -> Path:
        """The embedded PostgreSQL: cluster, binaries, passwords."""
        return self.root / "pg"

    @property
    def run(self) -> Path:
        """Pid files and the supervisor's lock."""
        return self.root / "run"

    @property
    def log(self) -> Path:
        """One log file per role."""
        return self.root / "log"

    @property
    def snapshots(self) -> Path:
        """Snapshots of the core's state."""
        return self.root / "snapshots"

    @property
    def keys(self) -> Path:
        """Private keys that the house makes for itself."""
        return self.root / "keys"

    @property
    def demo_file(self) -> Path:
        """The demo's users and their passwords."""
        return self.root / "demo.json"

    @property
    def owner_uid(self) -> int:
        """The user whom the data directory belongs to, or would if it were made now."""
        try:
            return self.root.stat().st_uid
        except FileNotFoundError:
            return os.geteuid()

    @property
    def sockets(self) -> Path:
        """The folder of our own sockets; 0700, the data directory's owner's."""
        return self.socket_folder(self.owner_uid)

    @property
    def ingress_socket(self) -> Path:
        """The core's door for commands."""
        return self.sockets / "ingress.sock"

    @property
    def egress_socket(self) -> Path:
        """The core's feed of events."""
        return self.sockets / "egress.sock"

    def socket_folder(self, uid: int) -> Path:
        """Return the path of the folder for sockets of the user `uid`; it may not exist yet."""
        digest = hashlib.sha256(os.fsencode(os.path.realpath(self.root))).hexdigest()
        folder = self.socket_root / f"bezant-{uid}-{digest[:_HASH_DIGITS]}"
        if len(os.fsencode(folder)) > SOCKET_PATH_BYTES_MAX - len("/.s.PGSQL.65535.lock"):
            raise PathError(
                f"BEZANT_SOCKET_ROOT is too long ({self.socket_root}): a socket's path must stay "
                f"under {SOCKET_PATH_BYTES_MAX} bytes; name a shorter folder"
            )
        return folder

    def remove_empty_sockets(self) -> None:
        """Remove the folders of sockets that nobody uses any more, for a clean machine."""
        cluster = self.pg / "cluster"
        users = {self.owner_uid, cluster.stat().st_uid if cluster.is_dir() else self.owner_uid}
        for uid in users:
            with suppress(OSError):  # Not empty, not there, or not ours.
                self.socket_folder(uid).rmdir()

    def prepare(self) -> None:
        """Make the folders that are missing, for us alone, and refuse what is not ours."""
        _check_name(self.root)
        _make_root(self.root)
        for folder in (self.run, self.log, self.snapshots, self.keys):
            make_folder(folder, mode=_PRIVATE)
        make_folder(self.pg, mode=_PASSABLE)
        make_private_folder(self.sockets, self.owner_uid)


def make_folder(folder: Path, *, mode: int) -> None:
    """Make one folder with exactly this mode, whatever the umask; leave an existing one alone."""
    try:
        folder.mkdir()
    except FileExistsError:
        if not folder.is_dir():
            raise PathError(f"{folder} is in the way: a folder must stand there; move it") from None
    else:
        folder.chmod(mode)


def make_private_folder(folder: Path, uid: int) -> None:
    """Make a folder that only `uid` may enter, in a place where everybody may write.

    Whoever made it before us could listen in or stand in for us, so a folder of another owner,
    with another mode or behind a symbolic link is refused. Raises PathError.
    """
    try:
        folder.mkdir(mode=_PRIVATE)
    except FileExistsError:
        pass
    except OSError as error:
        raise PathError(
            f"the folder for sockets {folder} cannot be made ({error.strerror}): set "
            "BEZANT_SOCKET_ROOT to a folder that exists and that you may write to"
        ) from error
    else:
        os.chown(folder, uid, -1)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != uid:
        raise PathError(
            f"{folder} does not belong to user {uid} or is no folder: somebody else may have made "
            "it to listen in. Remove it, or set BEZANT_SOCKET_ROOT to another folder"
        )
    if stat.S_IMODE(found.st_mode) != _PRIVATE:
        raise PathError(
            f"{folder} has mode {stat.S_IMODE(found.st_mode):04o}, it must be 0700, so that "
            "nobody else reaches the sockets. Stop what uses it and remove it"
        )


def write_private(path: Path, text: str) -> None:
    """Write a file that only we may read, whole or not at all."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make renames in the folder durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _check_name(root: Path) -> None:
    """Refuse signs that `initdb` would hand to a shell inside double quotes."""
    if found := sorted(set(str(root)) & _SHELL_SIGNS):
        raise PathError(
            f"the data directory's path {str(root)!r} contains {found[0]!r}, which a shell would "
            "read as its own: choose a path without it (--data-dir)"
        )


def _make_root(root: Path) -> None:
    """Make the data directory, or check that the one that is there is ours to use."""
    try:
        root.parent.mkdir(parents=True, exist_ok=True)
        is_new = not root.exists()
        make_folder(root, mode=_PASSABLE if os.geteuid() == 0 else _PRIVATE)
    except OSError as error:
        raise PathError(
            f"the data directory {root} cannot be made ({error.strerror}): set BEZANT_DATA_DIR or "
            "--data-dir to a place that you may write to"
        ) from error
    if is_new:
        return
    found = root.stat()
    owner = found.st_uid
    if os.geteuid() not in {0, owner}:
        raise PathError(
            f"the data directory {root} belongs to user {owner}, you are user {os.geteuid()}: "
            "start as that user, or choose another one with --data-dir"
        )
    is_ours = (root / "pg").is_dir() or next(root.iterdir(), None) is None
    if os.geteuid() == 0 == owner and is_ours:
        # PostgreSQL, which does not run as root, has to pass through.
        root.chmod(stat.S_IMODE(found.st_mode) | _PASSABLE)
