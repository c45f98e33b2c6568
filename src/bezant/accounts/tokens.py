"""Access tokens: RS256 JWTs (RFC 9068, RFC 8725) that live 15 minutes, made and checked strictly.

The header may hold alg, kid and typ and nothing else; all claims are required. A token that was
checked is remembered until it ends, since one check costs as much as an order.
"""

import base64
import json
import re
import secrets
from typing import Any, Final, TypeVar

import jwt
import msgspec
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from msgspec import Struct

from bezant.accounts.models import Caller, Role, User
from bezant.accounts.signing_keys import SigningKeys
from bezant.kit.clock import NS_PER_S, Clock

T = TypeVar("T")

ISSUER: Final = "bezant"
AUDIENCE: Final = "bezant-api"
KIND: Final = "at+jwt"
ALGORITHM: Final = "RS256"
LIFETIME_S: Final = 900
TOKEN_SIZE_MAX: Final = 4_096
REMEMBERED_MAX: Final = 20_000

_SHAPE: Final = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+", re.ASCII)


class TokenRefused(Exception):
    """The token is not one of ours, or not valid now. Why is nobody's business but the log's."""


class Header(Struct, frozen=True, forbid_unknown_fields=True):
    """All that a token's header may say."""

    alg: str
    kid: str
    typ: str


class Claims(Struct, frozen=True, forbid_unknown_fields=True):
    """All that a token says, in exactly these types; times in whole seconds of UTC."""

    iss: str
    aud: str
    sub: str
    exp: int
    iat: int
    jti: str
    account: int
    role: Role
    tier: int


class Tokens:
    """Issues access tokens with the newest key and verifies those of every known key."""

    def __init__(self, keys: SigningKeys, clock: Clock) -> None:
        self._keys = keys
        self._clock = clock
        self._remembered: dict[str, Caller] = {}

    def issue(self, user: User) -> str:
        """Return a token of a user. Costs milliseconds: call it in a thread."""
        now_s = self._now_s()
        claims = Claims(
            iss=ISSUER,
            aud=AUDIENCE,
            sub=str(user.user_id),
            exp=now_s + LIFETIME_S,
            iat=now_s,
            jti=secrets.token_urlsafe(16),
            account=user.account,
            role=user.role,
            tier=user.tier,
        )
        headers = {"kid": self._keys.kid, "typ": KIND}
        return jwt.encode(
            msgspec.to_builtins(claims), self._keys.private, algorithm=ALGORITHM, headers=headers
        )

    def verify(self, token: str) -> Caller:
        """Return who the token speaks for. Raises TokenRefused."""
        caller = self._remembered.get(token)
        if caller is None:
            caller = self._check(token)
            if len(self._remembered) >= REMEMBERED_MAX:
                self._remembered.clear()
            self._remembered[token] = caller
        if caller.expires_at_s <= self._now_s():
            raise TokenRefused("expired")
        return caller

    def jwks(self) -> dict[str, Any]:
        """Return the public keys as a JWK set (RFC 7517)."""
        return {"keys": [_jwk(kid, key) for kid, key in sorted(self._keys.public.items())]}

    def _check(self, token: str) -> Caller:
        if len(token) > TOKEN_SIZE_MAX or not _SHAPE.fullmatch(token):
            raise TokenRefused("shape")
        parts = token.split(".")
        if not all(_is_canonical(part) for part in parts):
            raise TokenRefused("base64")
        header = _decode(parts[0], Header)
        key = self._keys.public.get(header.kid)
        if header.alg != ALGORITHM or header.typ != KIND or key is None:
            raise TokenRefused("header")
        try:
            jwt.PyJWS().decode(token, key, algorithms=[ALGORITHM])
        except jwt.PyJWTError as error:
            raise TokenRefused("signature") from error
        return self._caller(_decode(parts[1], Claims))

    def _caller(self, claims: Claims) -> Caller:
        lifetime_s = claims.exp - claims.iat
        if (
            claims.iss != ISSUER
            or claims.aud != AUDIENCE
            or not claims.jti
            or not claims.sub.isascii()
            or not claims.sub.isdecimal()
            or not 0 < lifetime_s <= LIFETIME_S
            or claims.iat > self._now_s() + 1  # A second for rounding; the clock is the house's.
        ):
            raise TokenRefused("claims")
        return Caller(
            user_id=int(claims.sub),
            account=claims.account,
            role=claims.role,
            tier=claims.tier,
            expires_at_s=claims.exp,
            token_id=claims.jti,
        )

    def _now_s(self) -> int:
        return self._clock.now_ns() // NS_PER_S


def _decode(part: str, model: type[T]) -> T:
    try:
        return msgspec.json.decode(_unpack(part), type=model)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise TokenRefused("content") from error


def _is_canonical(part: str) -> bool:
    """Answer whether the text is the one way to write its bytes: no spare bits at its end."""
    try:
        return _pack(_unpack(part)) == part
    except ValueError:
        return False


def _unpack(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def _pack(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _jwk(kid: str, key: RSAPublicKey) -> dict[str, str]:
    fields = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(key))
    return {
        "kty": "RSA",
        "use": "sig",
        "alg": ALGORITHM,
        "kid": kid,
        "n": fields["n"],
        "e": fields["e"],
    }
