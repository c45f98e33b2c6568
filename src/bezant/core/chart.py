"""The house's chart of accounts (L13.1): which account number is what. Not for balances."""

from typing import Final

from bezant.core.ids import USER_ACCOUNT_MIN, AccountId

FEES: Final = AccountId(1)
SUSPENSE: Final = AccountId(2)
PROMO: Final = AccountId(3)
DUST: Final = AccountId(4)
HOT: Final = AccountId(5)
WARM: Final = AccountId(6)
COLD: Final = AccountId(7)
BANK: Final = AccountId(8)
IN_TRANSIT: Final = AccountId(9)
COSTS: Final = AccountId(10)

HOUSE: Final = (FEES, SUSPENSE, PROMO, DUST, HOT, WARM, COLD, BANK, IN_TRANSIT, COSTS)


def is_user(account: AccountId) -> bool:
    """Return whether the number belongs to the range of user accounts."""
    return account >= USER_ACCOUNT_MIN


def is_house(account: AccountId) -> bool:
    """Return whether the number is one of the ten house accounts."""
    return FEES <= account <= COSTS


def is_custody(account: AccountId) -> bool:
    """Return whether the house account mirrors the world and may have any sign."""
    return HOT <= account <= COSTS
