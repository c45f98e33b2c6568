"""What changes accounts: registering a user, logging in.

A user's row, its account's row and the command that opens the account in the core are written in
one transaction; the relay carries the command on (LAW L3.3).
"""

import asyncio
from typing import Final

import asyncpg
from msgspec import Struct

from bezant.accounts.attempts import Attempts, Budget
from bezant.accounts.emails import mailbox_of, parse_email
from bezant.accounts.models import Role, Tier, User
from bezant.accounts.passwords import PasswordHasher, check_password
from bezant.accounts.ports import Connection, Pool
from bezant.accounts.queries import find_credentials, find_user
from bezant.accounts.tokens import Tokens
from bezant.core import codec
from bezant.core.commands import OpenAccount
from bezant.core.ids import AccountId, Number, Source
from bezant.core.words import STPMode
from bezant.kit import outbox

OUTBOX_SOURCE: Final = Source(1)  # Accounts and the operator.

_INSERT_USER: Final = """
INSERT INTO users (email, password_hash, role, tier) VALUES ($1, $2, $3, $4) RETURNING id
"""
_INSERT_ACCOUNT: Final = "INSERT INTO accounts (user_id) VALUES ($1) RETURNING id"


class EmailTaken(Exception):
    """Somebody has registered with this e-mail."""


class CredentialsWrong(Exception):
    """Unknown e-mail, wrong password, or a user who may not log in: never said which."""


class Budgets(Struct, frozen=True):
    """How often one may try; None counts nothing (BEZANT_LIMITS=off)."""

    login_mailbox: Budget
    login_address: Budget
    register_address: Budget


class NewUser(Struct, frozen=True):
    """What is known of a user before it is one; the e-mail as `parse_email` keeps it."""

    email: str
    password_hash: str
    role: str = Role.USER.value
    tier: int = Tier.FREE.value


class Inserted(Struct, frozen=True):
    """A new user, its account, and the outbox number under which that is being opened."""

    user_id: int
    account: int
    outbox_number: int


class Registered(Struct, frozen=True):
    """A new user and the number under which its account is being opened."""

    user: User
    outbox_number: int


class LoggedIn(Struct, frozen=True):
    """A session: the token and whom it speaks for."""

    token: str
    user: User


class Accounts:
    """Registers users and logs them in."""

    def __init__(
        self,
        pool: Pool,
        hasher: PasswordHasher,
        tokens: Tokens,
        attempts: Attempts,
        budgets: Budgets | None,
    ) -> None:
        self._pool = pool
        self._hasher = hasher
        self._tokens = tokens
        self._attempts = attempts
        self._budgets = budgets

    async def register(self, email: str, password: str, address: str) -> Registered:
        """Make a user with one account; `address` is where the request came from.

        The account is open in the core when the outbox says so (`outbox.wait_done`). Raises
        BadEmail, WeakPassword, EmailTaken, AttemptsUsedUp, HasherBusy.
        """
        kept_email = parse_email(email)
        check_password(password, kept_email)
        if self._budgets:
            await self._attempts.take(self._budgets.register_address, address)
        password_hash = await self._hasher.hash(password)
        async with self._pool.acquire() as conn, conn.transaction():
            made = await insert_user(conn, NewUser(kept_email, password_hash))
        user = await find_user(self._pool, made.user_id)
        if user is None:
            raise LookupError(f"user {made.user_id} was registered a moment ago and is gone")
        return Registered(user, made.outbox_number)

    async def log_in(self, email: str, password: str, address: str) -> LoggedIn:
        """Return a session. Unknown users take as long as known ones (SECURITY S13).

        Raises CredentialsWrong, AttemptsUsedUp, HasherBusy.
        """
        mailbox = mailbox_of(email)
        if self._budgets:
            await self._attempts.take(self._budgets.login_address, address)
            await self._attempts.take(self._budgets.login_mailbox, mailbox)
        found = await find_credentials(self._pool, email.lower())
        is_right = await self._hasher.is_right(password, found.password_hash if found else None)
        if found is None or not is_right or not found.is_active:
            raise CredentialsWrong
        if self._budgets:
            await self._attempts.give_back(self._budgets.login_address, address)
            await self._attempts.forget(self._budgets.login_mailbox, mailbox)
        token = await asyncio.to_thread(self._tokens.issue, found.user)
        return LoggedIn(token, found.user)


async def insert_user(conn: Connection, new: NewUser) -> Inserted:
    """Write a user, its account and the command that opens it, in the caller's transaction.

    Raises EmailTaken.
    """
    try:
        user_id = await conn.fetchval(
            _INSERT_USER, new.email, new.password_hash, new.role, new.tier
        )
    except asyncpg.UniqueViolationError as error:
        raise EmailTaken(f"a user with the e-mail {new.email} exists already") from error
    account = int(str(await conn.fetchval(_INSERT_ACCOUNT, user_id)))
    return Inserted(int(str(user_id)), account, await enqueue_open_account(conn, account))


async def enqueue_open_account(conn: Connection, account: int) -> int:
    """Store the command that opens a user account, in the caller's transaction; its number."""

    def encode(number: int) -> bytes:
        return codec.encode(
            OpenAccount(
                source=OUTBOX_SOURCE,
                number=Number(number),
                account=AccountId(account),
                trade_group=0,
                stp=STPMode.EXPIRE_TAKER,
                orders_frozen=False,
                withdrawals_frozen=False,
            )
        )

    return await outbox.enqueue(conn, OUTBOX_SOURCE, encode)
