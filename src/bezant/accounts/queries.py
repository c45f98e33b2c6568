"""Reads of users. Not for balances, which are the core's."""

from typing import Any, Final

from bezant.accounts.models import Credentials, Role, User
from bezant.accounts.ports import Pool

_COLUMNS: Final = """
SELECT users.id AS user_id, accounts.id AS account, email, role, tier, status, password_hash,
       (extract(epoch FROM users.created_at) * 1000000)::bigint AS created_at_us
FROM users JOIN accounts ON accounts.user_id = users.id AND accounts.label = 'main'
"""
_BY_EMAIL: Final = f"{_COLUMNS} WHERE email = $1"
_BY_ID: Final = f"{_COLUMNS} WHERE users.id = $1"
_NS_PER_US: Final = 1_000


async def find_credentials(pool: Pool, email: str) -> Credentials | None:
    """Return what a login with this e-mail, in small letters, is checked against."""
    row = await pool.fetchrow(_BY_EMAIL, email)
    if row is None:
        return None
    return Credentials(_user(row), row["password_hash"], row["status"] == "active")


async def find_user(pool: Pool, user_id: int) -> User | None:
    """Return a user by id."""
    row = await pool.fetchrow(_BY_ID, user_id)
    return None if row is None else _user(row)


def _user(row: Any) -> User:
    return User(
        user_id=row["user_id"],
        account=row["account"],
        email=row["email"],
        role=Role(row["role"]),
        tier=row["tier"],
        created_at_ns=row["created_at_us"] * _NS_PER_US,
    )
