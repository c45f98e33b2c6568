"""OpenAccount, SetAccount, SetTier, CloseAccount (L13.3)."""

from bezant.core import timers
from bezant.core.chart import is_user
from bezant.core.commands import CloseAccount, OpenAccount, SetAccount, SetTier
from bezant.core.events import AccountClosed, AccountOpened, AccountSet, TierSet
from bezant.core.refusals import RefusalCode
from bezant.core.rules import TIER_MAX
from bezant.core.sources import is_source
from bezant.core.state import Account, State, emit_fields, find_open_account, refuse_command
from bezant.core.words import STPMode


def open_account(state: State, command: OpenAccount) -> None:
    """Open a user account; its number is never used again."""
    code = _open_refusal(state, command)
    if code is not None:
        refuse_command(state, code, command)
        return

    # Decided. Nothing below may refuse.
    state.accounts[command.account] = Account(
        command.account,
        command.trade_group,
        command.stp,
        command.orders_frozen,
        command.withdrawals_frozen,
    )
    emit_fields(state, AccountOpened, command)


def set_account(state: State, command: SetAccount) -> None:
    """Change group, prevention and freezes of an account, from now on."""
    account = find_open_account(state, command.account)
    if not isinstance(account, RefusalCode) and (
        command.stp > STPMode.DECREMENT or not is_source(command.source)
    ):
        account = RefusalCode.FIELD_OUT_OF_RANGE
    if isinstance(account, RefusalCode):
        refuse_command(state, account, command)
        return

    # Decided. Nothing below may refuse.
    account.trade_group = command.trade_group
    account.stp = command.stp
    account.orders_frozen = command.orders_frozen
    account.withdrawals_frozen = command.withdrawals_frozen
    emit_fields(state, AccountSet, command)


def set_tier(state: State, command: SetTier) -> None:
    """Set an account's fee tier, for resting orders too (L1.5)."""
    account = find_open_account(state, command.account)
    if not isinstance(account, RefusalCode):
        if not is_source(command.source):
            account = RefusalCode.FIELD_OUT_OF_RANGE
        elif not 0 <= command.tier <= TIER_MAX:
            account = RefusalCode.CONFIG_OUT_OF_RANGE
    if isinstance(account, RefusalCode):
        refuse_command(state, account, command)
        return

    # Decided. Nothing below may refuse.
    account.tier = command.tier
    emit_fields(state, TierSet, command)


def close_account(state: State, command: CloseAccount) -> None:
    """Close an account that has nothing left, with its cancel timers."""
    account = find_open_account(state, command.account)
    if not isinstance(account, RefusalCode):
        if not is_source(command.source):
            account = RefusalCode.FIELD_OUT_OF_RANGE
        elif not _is_empty(account):
            account = RefusalCode.ACCOUNT_NOT_EMPTY
    if isinstance(account, RefusalCode):
        refuse_command(state, account, command)
        return

    # Decided. Nothing below may refuse.
    account.is_closed = True
    timers.drop_cancel_timers(state, account.id)
    emit_fields(state, AccountClosed, command)


def _open_refusal(state: State, command: OpenAccount) -> RefusalCode | None:
    found = state.accounts.get(command.account)
    if found is not None and found.is_closed:
        return RefusalCode.ACCOUNT_CLOSED
    is_known = command.stp <= STPMode.DECREMENT
    if not is_known or not is_user(command.account) or not is_source(command.source):
        return RefusalCode.FIELD_OUT_OF_RANGE
    return RefusalCode.EXISTS if found is not None else None


def _is_empty(account: Account) -> bool:
    has_units = any(balance.available or balance.hold for balance in account.balances.values())
    return not (has_units or account.orders or account.transfer_count)
