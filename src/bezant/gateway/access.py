"""Who asks, may they, and not too often: the part of every endpoint between decoding and work.

A token decides who; the role decides what; the tier decides how often. No business rule here.
"""

import ipaddress
from collections.abc import Iterable
from typing import Any, Final

from msgspec import Struct

from bezant.accounts.models import Caller, Role
from bezant.accounts.tokens import TokenRefused, Tokens
from bezant.gateway.limits import Buckets, Rates, Taken
from bezant.gateway.native.problems import Problem, Refusal
from bezant.gateway.trail import trail_of
from bezant.kit.clock import Clock

TRADERS: Final = frozenset({Role.USER, Role.ADMIN})  # SPEC §5: place or cancel own orders.
EVERYONE: Final = frozenset(Role)

_SCHEME: Final = b"bearer "
_IPV6_SITE_BITS: Final = 64  # Whoever has one IPv6 address has the whole /64.


class Charge(Struct, frozen=True):
    """What a bucket said to one request, and which limit it was."""

    taken: Taken
    problem: Problem
    window_s: int

    @property
    def headers(self) -> list[tuple[bytes, bytes]]:
        """The headers that tell a client what is left."""
        return [
            (b"ratelimit-limit", b"%d" % self.taken.limit),
            (b"ratelimit-remaining", b"%d" % self.taken.left),
            (b"ratelimit-reset", b"%d" % self.taken.full_s),
        ]

    def check(self) -> None:
        """Let a request in. Raises Refusal (LIMIT_001, LIMIT_002) above the rate."""
        if self.taken.is_allowed:
            return
        raise Refusal(
            self.problem,
            f"{self.problem.value.title}: at most {self.taken.limit} in {self.window_s} s for you. "
            f"Wait {self.taken.wait_s} s, or send fewer at once",
            headers={"Retry-After": str(self.taken.wait_s)},
        )


class Access:
    """Checks tokens, roles and rates for all protocols of a gateway."""

    def __init__(self, tokens: Tokens, rates: Rates | None, clock: Clock) -> None:
        self._tokens = tokens
        self._rates = rates
        self._requests = Buckets(clock)
        self._orders = Buckets(clock)

    def authorize(
        self, scope: Any, roles: frozenset[Role] = EVERYONE, *, orders: int = 0
    ) -> Caller:
        """Return the caller of a private endpoint; `orders` is how many it would place.

        Raises Refusal: 401 without a valid token, 403 for the role, 429 for the rate.
        """
        trail = trail_of(scope)
        trail.is_private = True
        caller = trail.caller = self.identify(bearer_of(scope["headers"]))
        charge = self.charge(caller, roles, orders=orders)
        if charge is not None:
            trail.headers += charge.headers
            charge.check()
        return caller

    def charge(
        self, caller: Caller, roles: frozenset[Role] = EVERYONE, *, orders: int = 0
    ) -> "Charge | None":
        """Take a request, or the orders in it, off what the caller may ask; None without limit.

        Raises Refusal (AUTH_006) for the role. The caller of this looks whether it was allowed.
        """
        if caller.role not in roles:
            raise Refusal(Problem.ROLE)
        if self._rates is None:
            return None
        # An order counts as an order only, so that a fast trader is not stopped by the minute.
        if orders:
            rates, buckets, problem = self._rates.orders, self._orders, Problem.ORDER_LIMIT
        else:
            rates, buckets, problem = self._rates.requests, self._requests, Problem.REQUEST_LIMIT
        rate = rates.get(caller.tier)
        if rate is None:
            return None
        return Charge(
            buckets.take(f"user {caller.user_id}", rate, orders or 1), problem, rate.window_s
        )

    def identify(self, token: str | None) -> Caller:
        """Return whom a token speaks for. Raises Refusal (AUTH_005)."""
        if token is None:
            raise Refusal(Problem.TOKEN, headers={"WWW-Authenticate": "Bearer"})
        try:
            return self._tokens.verify(token)
        except TokenRefused:
            raise Refusal(
                Problem.TOKEN, headers={"WWW-Authenticate": 'Bearer error="invalid_token"'}
            ) from None

    def admit(self, scope: Any) -> None:
        """Let a public request in. Raises Refusal (LIMIT_001) above the rate of its address."""
        trail = trail_of(scope)
        if self._rates is not None:
            taken = self._requests.take(address_group(trail.address), self._rates.anonymous)
            charge = Charge(taken, Problem.REQUEST_LIMIT, self._rates.anonymous.window_s)
            trail.headers += charge.headers
            charge.check()


def bearer_of(headers: Iterable[tuple[bytes, bytes]]) -> str | None:
    """Return the token of the one Authorization header; None without, or with several."""
    found = [value for name, value in headers if name == b"authorization"]
    if len(found) != 1 or found[0][: len(_SCHEME)].lower() != _SCHEME:
        return None
    return found[0][len(_SCHEME) :].strip().decode("latin-1")


def address_group(address: str) -> str:
    """Return what addresses of one subscriber share: the IPv4 address, or the IPv6 /64."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv4Address):
        return address
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, _IPV6_SITE_BITS), strict=False))
