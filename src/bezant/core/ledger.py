"""Balances and how they move: double entry, each movement sums to zero (INV-01, INV-02).

What the house owes is positive, what it owns negative (L13.1). Not for deciding: callers have
checked; what is wrong here is our own mistake and stops the engine.
"""

from bezant.core.balance import Balance
from bezant.core.chart import HOUSE, is_custody, is_user
from bezant.core.contract import invariant
from bezant.core.ids import AccountId, AssetId
from bezant.core.state import Asset, State
from bezant.core.units import UNITS_MAX, Units


def place_hold(balance: Balance, units: Units) -> None:
    """Move units from available to hold, or (negative) back."""
    balance.available = Units(balance.available - units)
    balance.hold = Units(balance.hold + units)
    invariant(balance.available >= 0, "INV-02: available is never negative")
    invariant(balance.hold >= 0, "INV-02: a hold is never negative")


def release_hold(balance: Balance, units: Units) -> None:
    """Move units from hold to available."""
    balance.hold = Units(balance.hold - units)
    balance.available = Units(balance.available + units)
    invariant(balance.hold >= 0, "INV-02: a hold is never negative")


def pay_from_hold(balance: Balance, units: Units) -> None:
    """Take units out of hold."""
    balance.hold = Units(balance.hold - units)
    invariant(balance.hold >= 0, "INV-02: a hold is never negative")


def pay_from_available(balance: Balance, units: Units) -> None:
    """Take units out of available."""
    balance.available = Units(balance.available - units)
    invariant(balance.available >= 0, "INV-02: available is never negative")


def receive(balance: Balance, units: Units) -> None:
    """Add units to available."""
    balance.available = Units(balance.available + units)


def receive_house(asset: Asset, account: AccountId, units: Units) -> None:
    """Add units, of any sign, to a house account."""
    after = asset.house[account] + units
    asset.house[account] = after
    invariant(after >= 0 or is_custody(account), "L13.1: what the house owes is never negative")


def transfer(
    state: State, *, from_account: AccountId, to_account: AccountId, asset: AssetId, units: Units
) -> None:
    """Move units between any two accounts; users give and get what is available (L13.2)."""
    _add(state, from_account, asset, Units(-units))
    _add(state, to_account, asset, units)


def available(state: State, account: AccountId, asset: AssetId) -> Units:
    """Return what a user may use, or a house account's balance."""
    if is_user(account):
        balance = state.accounts[account].balances.get(asset)
        return balance.available if balance is not None else Units(0)
    return Units(state.assets[asset].house[account])


def owed(asset: Asset) -> Units:
    """Return what is owed of an asset: all that custody owns of it, for the sum is zero (L1.2)."""
    return Units(-sum(asset.house[account] for account in HOUSE if is_custody(account)))


def is_custody_full(asset: Asset, account: AccountId, units: int) -> bool:
    """Return whether adding units would leave the bounds of a custody account (L13.3)."""
    return is_custody(account) and abs(asset.house[account] + units) > UNITS_MAX


def _add(state: State, account: AccountId, asset: AssetId, units: Units) -> None:
    if not is_user(account):
        receive_house(state.assets[asset], account, units)
        return
    balance = state.accounts[account].balance(asset)
    receive(balance, units)
    invariant(balance.available >= 0, "INV-02: available is never negative")
