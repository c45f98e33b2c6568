"""E-mail addresses: which are accepted, and when two count as the same."""

import re
from typing import Final

SIZE_MAX: Final = 254  # RFC 5321.
LOCAL_SIZE_MAX: Final = 64

_LOCAL: Final = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL: Final = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN: Final = re.compile(rf"{_LABEL}(?:\.{_LABEL})+")


class BadEmail(ValueError):
    """The text is no e-mail address that we can write to; the message says why."""


def parse_email(text: str) -> str:
    """Return the address in small letters, as it is kept. Raises BadEmail."""
    address = text.lower()
    local, _, domain = address.rpartition("@")
    if len(address) > SIZE_MAX or len(local) > LOCAL_SIZE_MAX:
        raise BadEmail(
            f"email is too long: at most {SIZE_MAX} characters, {LOCAL_SIZE_MAX} before @"
        )
    if not _LOCAL.fullmatch(local) or not _DOMAIN.fullmatch(domain):
        raise BadEmail("email must look like name@example.com, in ASCII letters, without spaces")
    return address


def mailbox_of(address: str) -> str:
    """Return what addresses of one mailbox have in common, for counting attempts.

    Dots and a +tag before the @ make no difference to many providers, so they open no second
    budget of attempts.
    """
    local, _, domain = address.lower().rpartition("@")
    return f"{local.partition('+')[0].replace('.', '')}@{domain}"
