"""What an operator does with users beside the public API: create one with role and tier, list them.

The rows and the command that opens the account stand in one transaction, as in a registration.
"""

from typing import Final

from msgspec import Struct

from bezant.accounts.emails import parse_email
from bezant.accounts.models import Role, Tier
from bezant.accounts.operations import Inserted, NewUser, insert_user
from bezant.accounts.passwords import PasswordHasher, check_password
from bezant.accounts.ports import Connection

ROLES: Final = tuple(role.value for role in Role)
TIER_MAX: Final = max(Tier).value

_LIST: Final = """
SELECT users.id, email, role, tier, status, accounts.id AS account
FROM users JOIN accounts ON accounts.user_id = users.id
WHERE users.id > $1 ORDER BY users.id, accounts.id LIMIT $2
"""
_FIND: Final = """
SELECT users.id, email, role, tier, status, accounts.id AS account
FROM users JOIN accounts ON accounts.user_id = users.id
WHERE email = $1 ORDER BY accounts.id LIMIT 1
"""


class UserSpecError(ValueError):
    """Role or tier is not one that exists; the message names those that do."""


class UserSpec(Struct, frozen=True):
    """A user as an operator names it."""

    email: str
    password: str
    role: str = "USER"
    tier: int = 0


class UserRow(Struct, frozen=True):
    """A user with its first account."""

    user_id: int
    email: str
    role: str
    tier: int
    status: str
    account: int


async def create_user(conn: Connection, spec: UserSpec, hasher: PasswordHasher) -> Inserted:
    """Make a user and its account.

    Raises UserSpecError, BadEmail, WeakPassword, EmailTaken, HasherBusy.
    """
    if spec.role not in ROLES:
        raise UserSpecError(f"role {spec.role!r} is none of {', '.join(ROLES)}")
    if not 0 <= spec.tier <= TIER_MAX:
        raise UserSpecError(f"tier {spec.tier} must be 0 to {TIER_MAX}")
    email = parse_email(spec.email)
    check_password(spec.password, email)
    password_hash = await hasher.hash(spec.password)
    async with conn.transaction():
        return await insert_user(conn, NewUser(email, password_hash, spec.role, spec.tier))


async def list_users(conn: Connection, after: int, limit: int) -> tuple[UserRow, ...]:
    """Return users by id, above `after`, one row an account."""
    return tuple(UserRow(*row) for row in await conn.fetch(_LIST, after, limit))


async def find_user_by_email(conn: Connection, email: str) -> UserRow | None:
    """Return the user with this e-mail and its first account, or None."""
    row = await conn.fetchrow(_FIND, parse_email(email))
    return None if row is None else UserRow(*row)
