"""The versions of the rules and the limits that LAW fixes. None of them is a setting."""

from typing import Final

RULES_FIRST: Final = 1  # What an empty state starts with.
RULES_NEWEST: Final = 1  # The last version that this engine knows (L15.4).

NS_PER_MS: Final = 1_000_000
MATCHES_MAX: Final = 10_000  # Of one taker phase (L5.2), and of an entry before due work (L8.4).
TIMED_WORK_MAX: Final = 10_000  # Timers, orders they end and auction trades of an entry (L11.3).
DUE_ITEMS_MAX: Final = 100  # Due work of an entry (L8.4).

ACCOUNT_ORDERS_MAX: Final = 10_000  # Open orders of one account over all markets (704).
PENDING_TRANSFERS_MAX: Final = 1_000_000  # In the house (705).
MARKET_CANCELS_MAX: Final = 10_000  # Orders that one CancelMarket names.

REMEMBERED_NS: Final = 86_400_000_000_000  # A client id is remembered for 24 h at least (L3.2).
ACCOUNT_IDS_MAX: Final = 100_000
HOUSE_IDS_MAX: Final = 20_000_000

SOURCE_MAX: Final = 65_535
TRANSFER_ID_MAX: Final = 2**53 - 1
TIMEOUT_MS_MIN: Final = 1_000
TIMEOUT_MS_MAX: Final = 86_400_000

SCALE_MAX: Final = 18
TIER_MAX: Final = 99
MAKER_PPM_MIN: Final = -10_000
RATE_PPM_MAX: Final = 100_000
