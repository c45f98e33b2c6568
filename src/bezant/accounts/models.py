"""The rows and values of accounts: users, roles, tiers, claims of a token."""

import enum

from msgspec import Struct


class Role(enum.StrEnum):
    """What a user may do (SPEC §5)."""

    USER = "USER"
    SUPPORT = "SUPPORT"
    COMPLIANCE = "COMPLIANCE"
    TREASURER = "TREASURER"
    ADMIN = "ADMIN"


class Tier(enum.IntEnum):
    """How much a user may ask of the API (SPEC §9.6); not the core's fee tier."""

    FREE = 0
    BASIC = 1
    PRO = 2
    VIP = 3


class User(Struct, frozen=True):
    """A user as a session needs it, with the id of the account that trades."""

    user_id: int
    account: int
    email: str
    role: Role
    tier: int
    created_at_ns: int


class Credentials(Struct, frozen=True):
    """A user with what a login is checked against."""

    user: User
    password_hash: str
    is_active: bool


class Caller(Struct, frozen=True):
    """Who sent a request, as the verified token says; `expires_at_s` is UTC in seconds."""

    user_id: int
    account: int
    role: Role
    tier: int
    expires_at_s: int
    token_id: str
