"""The log files of the roles: appended to, for our eyes only, never longer than a limit."""

import os
import shutil
from pathlib import Path
from typing import BinaryIO, Final

LOG_BYTES_MAX: Final = 64 * 1024 * 1024
_TAIL_BYTES: Final = 4_096
_WORDS_MAX: Final = 200


def open_log(path: Path) -> BinaryIO:
    """Open a log for appending; only its owner may read it."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o600)
    return os.fdopen(descriptor, "ab")


def shorten_logs(folder: Path, *, bytes_max: int = LOG_BYTES_MAX) -> None:
    """Move what logs over the limit hold to `NAME.log.1`, in place of what was there.

    The file itself stays, emptied: its writer keeps it open. A line written between the copy and
    the cut is lost.
    """
    for path in folder.glob("*.log"):
        if path.stat().st_size > bytes_max:
            older = path.with_name(f"{path.name}.1")
            with path.open("rb") as source, open_log(older) as target:
                target.truncate(0)
                shutil.copyfileobj(source, target)
            os.truncate(path, 0)


def last_words(path: Path) -> str:
    """Return the last line that a role wrote, shortened: most often why it ended."""
    try:
        with path.open("rb") as file:
            file.seek(0, os.SEEK_END)
            file.seek(max(0, file.tell() - _TAIL_BYTES))
            lines = file.read().decode(errors="replace").splitlines()
    except FileNotFoundError:
        return ""
    # A log line, which is JSON, tells what went well; a reason to end is plain text.
    spoken = [s for s in lines if any(sign.isalpha() for sign in s) and not s.startswith("{")]
    return spoken[-1].strip(" │")[:_WORDS_MAX] if spoken else ""
