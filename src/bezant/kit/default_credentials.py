"""Credentials that everybody knows, refused outside development (SECURITY S56). No secrets here."""

from typing import Final
from urllib.parse import unquote, urlsplit

_KNOWN_PASSWORDS: Final = frozenset(
    {
        "",
        "admin",
        "bezant",
        "change_me",
        "changeme",
        "dev_password_change_in_prod",
        "guest",
        "minioadmin",
        "password",
        "postgres",
        "rabbitmq_dev_password",
        "redis_dev_password",
        "root",
        "secret",
        "test",
    }
)


def is_default_password(password: str) -> bool:
    """Answer whether the password is one of the well-known ones, in any case."""
    return password.strip().casefold() in _KNOWN_PASSWORDS


def names_default_credentials(url: str) -> bool:
    """Answer whether the URL carries a well-known password, or the user's name as password.

    A URL without any password passes: it may log in by certificate or by socket peer.
    """
    parts = urlsplit(url)
    if parts.password is None:
        return False
    password = unquote(parts.password)
    return is_default_password(password) or password == unquote(parts.username or "")
