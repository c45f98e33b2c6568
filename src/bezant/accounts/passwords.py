"""Passwords: which are good enough, how they are kept, how one is checked.

bcrypt at cost 12 in threads of its own behind a bounded queue, so that logins never stop the
event loop. Not for API secrets, which are random and need no slow hash.
"""

import asyncio
import base64
import functools
import hashlib
import hmac
import re
import secrets
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

import bcrypt

T = TypeVar("T")

COST: Final = 12
LENGTH_MIN: Final = 10
LENGTH_MAX: Final = 256
THREADS: Final = 2
WAITING_MAX: Final = 64  # Logins and registrations; about ten seconds of work.
PRODUCT_NAME: Final = "bezant"

_NOT_A_LETTER: Final = re.compile(r"[\W\d_]+")
_PREHASH_KEY: Final = b"bezant/password/1"


class WeakPassword(ValueError):
    """The password is refused; `rule` names the rule, the message the way out."""

    def __init__(self, rule: str, message: str) -> None:
        super().__init__(message)
        self.rule = rule


class HasherBusy(Exception):
    """Too many passwords are waiting to be hashed; try again later."""


def check_password(password: str, email: str) -> None:
    """Stop a password that is too short, too long, common, or made of the e-mail.

    No rule asks for special characters: length and rarity are what protects. Raises WeakPassword.
    """
    if "\x00" in password:
        raise WeakPassword("no_nul", "password holds a NUL character: leave it out")
    text = _normalize(password)
    if len(text) < LENGTH_MIN:
        raise WeakPassword("length_min", f"password must have at least {LENGTH_MIN} characters")
    if len(text) > LENGTH_MAX:
        raise WeakPassword("length_max", f"password must have at most {LENGTH_MAX} characters")
    if text.casefold() in _common_passwords():
        raise WeakPassword(
            "not_common", "password is one of those that attackers try first: use another one"
        )
    if _is_made_of(text, email):
        raise WeakPassword(
            "not_guessable", "password is your e-mail or this product's name: use another one"
        )


class PasswordHasher:
    """Hashes and checks passwords in threads, at most WAITING_MAX at a time."""

    def __init__(self, cost: int = COST) -> None:
        self._cost = cost
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="password")
        self._waiting = 0
        # A login of an unknown user is checked against this, so that it takes as long.
        self._nobody = bcrypt.hashpw(_prehash(secrets.token_urlsafe()), bcrypt.gensalt(cost))

    async def hash(self, password: str) -> str:
        """Return the bcrypt hash of a password. Raises HasherBusy."""
        return await self._run(functools.partial(_hash, password, self._cost))

    async def is_right(self, password: str, password_hash: str | None) -> bool:
        """Answer whether the password fits; None, for an unknown user, takes as long and is no.

        Raises HasherBusy.
        """
        stored = self._nobody if password_hash is None else password_hash.encode()
        fits = await self._run(functools.partial(_fits, password, stored))
        return fits and password_hash is not None

    def close(self) -> None:
        """End the threads; what waits is dropped."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _run(self, work: functools.partial[T]) -> T:
        if self._waiting >= WAITING_MAX:
            raise HasherBusy(f"{WAITING_MAX} passwords are waiting")
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._waiting -= 1


def _hash(password: str, cost: int) -> str:
    return bcrypt.hashpw(_prehash(password), bcrypt.gensalt(cost)).decode()


def _fits(password: str, stored: bytes) -> bool:
    return bcrypt.checkpw(_prehash(password), stored)


def _prehash(password: str) -> bytes:
    """Return 64 printable bytes that stand for the whole password: bcrypt itself ends at 72."""
    text = _normalize(password).encode("utf-8", "surrogatepass")
    return base64.b64encode(hmac.digest(_PREHASH_KEY, text, hashlib.sha384))


def _normalize(password: str) -> str:
    """Return the one form of a text that keyboards write in several ways (NFKC)."""
    return unicodedata.normalize("NFKC", password)


def _is_made_of(password: str, email: str) -> bool:
    """Answer whether nothing is left of the password but a name that anybody can guess."""
    folded = password.casefold()
    local = email.partition("@")[0].casefold()
    letters = _NOT_A_LETTER.sub("", folded)
    names = {PRODUCT_NAME, _NOT_A_LETTER.sub("", local)} - {""}
    return folded in {email.casefold(), local} or letters in names


@functools.cache
def _common_passwords() -> frozenset[str]:
    """Return the 30,000 most common passwords of public leaks, as zxcvbn ships them."""
    from zxcvbn.frequency_lists import FREQUENCY_LISTS  # noqa: PLC0415 - Large, and needed late.

    return frozenset(str(one).casefold() for one in FREQUENCY_LISTS["passwords"])
