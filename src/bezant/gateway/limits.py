"""How much one caller may ask: token buckets in memory, one for requests and one for orders.

Each gateway counts for itself; budgets that must outlive a restart (logins) are in
`accounts.attempts`. The presets are SPEC §9.6's.
"""

from collections import OrderedDict
from typing import Final, Literal

from msgspec import Struct

from bezant.accounts.attempts import Budget
from bezant.accounts.models import Tier
from bezant.accounts.operations import Budgets
from bezant.kit.clock import NS_PER_S, Clock

Preset = Literal["off", "pilot", "standard"]

BUCKETS_MAX: Final = 100_000  # Callers that are remembered; the longest idle one is forgotten.
_MINUTE_S: Final = 60


class Rate(Struct, frozen=True):
    """So many tokens in a window; the whole budget may be used at once."""

    count: int
    window_s: int


class Rates(Struct, frozen=True):
    """The rates of one preset by tier; a tier that is not named is not limited."""

    requests: dict[int, Rate]
    orders: dict[int, Rate]
    anonymous: Rate
    budgets: Budgets


_STANDARD: Final = Rates(
    requests={
        Tier.FREE: Rate(100, _MINUTE_S),
        Tier.BASIC: Rate(500, _MINUTE_S),
        Tier.PRO: Rate(2_000, _MINUTE_S),
    },
    orders={
        Tier.FREE: Rate(10, 1),
        Tier.BASIC: Rate(50, 1),
        Tier.PRO: Rate(200, 1),
        Tier.VIP: Rate(1_000, 1),
    },
    anonymous=Rate(1_200, _MINUTE_S),
    budgets=Budgets(
        login_mailbox=Budget("login-mailbox", 5, 300, 900),
        login_address=Budget("login-address", 20, 300, 300),
        register_address=Budget("register-address", 5, 3_600, 3_600),
    ),
)
_PILOT: Final = Rates(
    requests={tier: Rate(100, _MINUTE_S) for tier in Tier},
    orders={tier: Rate(20, _MINUTE_S) for tier in Tier},
    anonymous=Rate(100, _MINUTE_S),
    budgets=Budgets(
        login_mailbox=Budget("login-mailbox", 5, 900, 900),
        login_address=Budget("login-address", 5, 900, 900),
        register_address=Budget("register-address", 3, 3_600, 3_600),
    ),
)
PRESETS: Final[dict[Preset, Rates | None]] = {
    "off": None,
    "pilot": _PILOT,
    "standard": _STANDARD,
}


class Taken(Struct, frozen=True):
    """What a bucket said: whether there was enough, what is left, when more comes."""

    is_allowed: bool
    limit: int
    left: int
    wait_s: int
    full_s: int


class Buckets:
    """Token buckets by caller; time comes from the monotonic clock."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        # Caller to (nanoseconds of credit used up, as of when): whole numbers, so nothing drifts.
        self._buckets: OrderedDict[str, tuple[int, int]] = OrderedDict()

    def take(self, caller: str, rate: Rate, count: int = 1) -> Taken:
        """Take `count` tokens of a caller's bucket, or none if there are fewer."""
        now_ns = self._clock.monotonic_ns()
        cost_ns = rate.window_s * NS_PER_S // rate.count  # What one token takes to come back.
        window_ns = cost_ns * rate.count
        used_ns, since_ns = self._buckets.pop(caller, (0, now_ns))
        used_ns = max(0, used_ns - (now_ns - since_ns))
        wanted_ns = used_ns + cost_ns * count
        is_allowed = wanted_ns <= window_ns
        if is_allowed:
            used_ns = wanted_ns
        self._buckets[caller] = (used_ns, now_ns)
        if len(self._buckets) > BUCKETS_MAX:
            self._buckets.popitem(last=False)
        return Taken(
            is_allowed=is_allowed,
            limit=rate.count,
            left=(window_ns - used_ns) // cost_ns,
            wait_s=0 if is_allowed else max(1, -((window_ns - wanted_ns) // NS_PER_S)),
            full_s=-(-used_ns // NS_PER_S),
        )
