"""AssertBalances, AssertDigest, ActivateRules: what the house claims of itself (L13.4, L15.4)."""

from bezant.core import ledger
from bezant.core.chart import is_house, is_user
from bezant.core.commands import ActivateRules, AssertBalances, AssertDigest
from bezant.core.events import BalancesAsserted, CommandRefused, DigestAsserted, RulesActivated
from bezant.core.refusals import RefusalCode
from bezant.core.rules import RULES_NEWEST
from bezant.core.sources import is_source
from bezant.core.state import State, emit_fields, find_open_account, refuse_command
from bezant.core.units import wide
from bezant.core.words import Part


def assert_balances(state: State, command: AssertBalances) -> None:
    """Confirm what an account has, or refuse with the differences."""
    code = _balances_refusal(state, command)
    if code is not None:
        refuse_command(state, code, command)
        return
    available, hold = _actual(state, command)
    differences = available - command.available, hold - command.hold
    if any(differences):
        code = RefusalCode.BALANCES_DIFFER
        state.refused = int(code)
        named = (int(code), int(Part.WHOLE), command.source, command.number)
        state.events.append(CommandRefused(*named, *map(wide, differences)))
        return
    emit_fields(state, BalancesAsserted, command)


def assert_digest(state: State, command: AssertDigest, digest_before: bytes) -> None:
    """Confirm the digest of the state before this entry, or refuse."""
    code = None
    if not is_source(command.source):
        code = RefusalCode.FIELD_OUT_OF_RANGE
    elif command.digest != digest_before:
        code = RefusalCode.DIGEST_DIFFERS
    if code is not None:
        refuse_command(state, code, command)
        return
    emit_fields(state, DigestAsserted, command)


def activate_rules(state: State, command: ActivateRules) -> None:
    """Switch to the next version of the rules from the next entry, if this engine knows it."""
    version = command.version
    code = None
    if not is_source(command.source):
        code = RefusalCode.FIELD_OUT_OF_RANGE
    elif version != state.rules + 1 or version > RULES_NEWEST:
        code = RefusalCode.RULES_VERSION_WRONG
    if code is not None:
        refuse_command(state, code, command)
        return

    # Decided. Nothing below may refuse.
    state.rules_next = version
    emit_fields(state, RulesActivated, command)


def _balances_refusal(state: State, command: AssertBalances) -> RefusalCode | None:
    if not is_house(command.account):
        found = find_open_account(state, command.account)
        if isinstance(found, RefusalCode):
            return found
    if command.asset not in state.assets:
        return RefusalCode.ASSET_UNKNOWN
    return None if is_source(command.source) else RefusalCode.FIELD_OUT_OF_RANGE


def _actual(state: State, command: AssertBalances) -> tuple[int, int]:
    available = ledger.available(state, command.account, command.asset)
    if not is_user(command.account):
        return available, 0
    balance = state.accounts[command.account].balances.get(command.asset)
    return available, balance.hold if balance is not None else 0
