"""The passwords of the embedded PostgreSQL's roles: random, one file each, 0600."""

import secrets
from pathlib import Path
from typing import Final, Literal

from bezant.kit.operator_error import OperatorError
from bezant.kit.paths import write_private

RoleKind = Literal["superuser", "owner", "app"]

ROLE_NAMES: Final[dict[RoleKind, str]] = {
    "superuser": "postgres",  # Makes the other two; nothing else uses it.
    "owner": "bezant_owner",  # Owns the tables; migrations run as it.
    "app": "bezant_app",  # Owns nothing; every role of the house runs as it.
}
_BYTES: Final = 32


class PasswordMissing(OperatorError):
    """A password file is gone or unreadable."""


def password_file(pg: Path, role: RoleKind) -> Path:
    """Return the path of the role's password file in the folder `pg`."""
    return pg / f"{role}.password"


def read_password(pg: Path, role: RoleKind) -> str:
    """Return the role's password. Raises PasswordMissing."""
    path = password_file(pg, role)
    try:
        return path.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        raise PasswordMissing(
            f"{path} is missing: no database was made here yet. Start it with `bezant up`, or name "
            "the data directory with --data-dir, or set BEZANT_DATABASE_URL"
        ) from None
    except PermissionError:
        raise PasswordMissing(
            f"{path} belongs to another user: run as the user who started this exchange"
        ) from None


def make_passwords(pg: Path) -> None:
    """Make the password files that are missing."""
    for role in ROLE_NAMES:
        if not password_file(pg, role).exists():
            write_private(password_file(pg, role), secrets.token_urlsafe(_BYTES) + "\n")
