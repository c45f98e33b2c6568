"""Transfer, HoldTransfer, SettleTransfer, VoidTransfer: money moves (L13.1 to L13.3)."""

from msgspec import structs

from bezant.core import ledger
from bezant.core.chart import FEES, is_custody, is_house, is_user
from bezant.core.commands import HoldTransfer, SettleTransfer, Transfer, VoidTransfer
from bezant.core.events import TransferHeld, TransferPosted, TransferSettled, TransferVoided
from bezant.core.ids import AccountId
from bezant.core.refusals import RefusalCode
from bezant.core.rules import PENDING_TRANSFERS_MAX, TRANSFER_ID_MAX
from bezant.core.sources import is_source
from bezant.core.state import HeldTransfer, State, emit_fields, find_open_account, refuse_command
from bezant.core.units import Units
from bezant.core.words import TransferReason


def transfer(state: State, command: Transfer) -> None:
    """Post a transfer at once."""
    code = _transfer_refusal(state, command)
    if code is not None:
        refuse_command(state, code, command)
        return

    # Decided. Nothing below may refuse.
    ledger.transfer(
        state,
        from_account=command.from_account,
        to_account=command.to_account,
        asset=command.asset,
        units=command.units,
    )
    emit_fields(state, TransferPosted, command)


def hold_transfer(state: State, command: HoldTransfer) -> None:
    """Hold the units and the fee of a withdrawal."""
    code = _hold_refusal(state, command)
    if code is not None:
        refuse_command(state, code, command)
        return

    # Decided. Nothing below may refuse.
    account = state.accounts[command.account]
    total = Units(command.units + command.fee)
    ledger.place_hold(account.balance(command.asset), total)
    account.transfer_count += 1
    state.transfers[command.transfer_id] = HeldTransfer(
        command.transfer_id, command.account, command.asset, command.units, command.fee
    )
    emit_fields(state, TransferHeld, command)


def settle_transfer(state: State, command: SettleTransfer) -> None:
    """Pay a held transfer out of a custody account; the fee goes to `fees`."""
    code = _settle_refusal(state, command)
    if code is not None:
        refuse_command(state, code, command)
        return

    # Decided. Nothing below may refuse.
    held = _take_held(state, command)
    account, asset = state.accounts[held.account], state.assets[held.asset]
    ledger.pay_from_hold(account.balance(held.asset), Units(held.units + held.fee))
    ledger.receive_house(asset, command.custody, held.units)
    ledger.receive_house(asset, FEES, held.fee)
    paid = (*structs.astuple(held), command.custody)
    state.events.append(TransferSettled(command.source, command.number, *paid))


def void_transfer(state: State, command: VoidTransfer) -> None:
    """Give a held transfer back to its account."""
    code = None
    if command.transfer_id not in state.transfers:
        code = RefusalCode.TRANSFER_UNKNOWN
    elif not is_source(command.source):
        code = RefusalCode.FIELD_OUT_OF_RANGE
    if code is not None:
        refuse_command(state, code, command)
        return

    # Decided. Nothing below may refuse.
    held = _take_held(state, command)
    balance = state.accounts[held.account].balance(held.asset)
    ledger.release_hold(balance, Units(held.units + held.fee))
    state.events.append(TransferVoided(command.source, command.number, *structs.astuple(held)))


def _transfer_refusal(state: State, command: Transfer) -> RefusalCode | None:
    payer, payee = command.from_account, command.to_account
    if (code := _party_refusal(state, payer)) is not None:
        return code
    if _party_refusal(state, payee) is not None:
        return RefusalCode.COUNTERPARTY_NOT_OPEN
    is_internal = command.reason == TransferReason.INTERNAL
    if is_internal and is_user(payer) and state.accounts[payer].withdrawals_frozen:
        return RefusalCode.WITHDRAWALS_FROZEN
    if command.asset not in state.assets:
        return RefusalCode.ASSET_UNKNOWN
    is_reason = command.reason <= TransferReason.CUSTODY
    if not is_reason or command.units <= 0 or not is_source(command.source):
        return RefusalCode.FIELD_OUT_OF_RANGE
    if not _is_supported(command):
        return RefusalCode.COMBINATION_NOT_SUPPORTED
    return _funds_refusal(state, command)


def _party_refusal(state: State, account: AccountId) -> RefusalCode | None:
    """Return why an account cannot be a party to a transfer; house accounts always can."""
    if is_house(account):
        return None
    found = find_open_account(state, account)
    return found if isinstance(found, RefusalCode) else None


def _is_supported(command: Transfer) -> bool:
    """Return whether the reason allows this direction (L13.3)."""
    from_user, to_user = is_user(command.from_account), is_user(command.to_account)
    match TransferReason(command.reason):
        case TransferReason.DEPOSIT:
            return not from_user and to_user
        case TransferReason.INTERNAL:
            return from_user and to_user
        case TransferReason.REVERSAL:
            return from_user and not to_user
        case TransferReason.CUSTODY:
            return not from_user and not to_user
        case TransferReason.ADJUSTMENT:
            return True


def _funds_refusal(state: State, command: Transfer) -> RefusalCode | None:
    payer, payee, units = command.from_account, command.to_account, command.units
    asset = state.assets[command.asset]
    if not is_custody(payer) and units > ledger.available(state, payer, command.asset):
        return RefusalCode.AVAILABLE_TOO_LOW if is_user(payer) else RefusalCode.HOUSE_TOO_LOW
    if payer == payee:
        return None
    is_issue = is_custody(payer) and not is_custody(payee)
    if is_issue and ledger.owed(asset) + units > asset.issued_max:
        return RefusalCode.SUPPLY_TOO_HIGH
    if ledger.is_custody_full(asset, payer, -units) or ledger.is_custody_full(asset, payee, units):
        return RefusalCode.SUPPLY_TOO_HIGH
    return None


def _hold_refusal(state: State, command: HoldTransfer) -> RefusalCode | None:
    if command.transfer_id in state.transfers:
        return RefusalCode.TRANSFER_ID_PENDING
    account = find_open_account(state, command.account)
    if isinstance(account, RefusalCode):
        return account
    if account.withdrawals_frozen:
        return RefusalCode.WITHDRAWALS_FROZEN
    asset = state.assets.get(command.asset)
    if asset is None:
        return RefusalCode.ASSET_UNKNOWN
    if not asset.enabled:
        return RefusalCode.ASSET_DISABLED
    is_known_id = 1 <= command.transfer_id <= TRANSFER_ID_MAX
    if command.units <= 0 or command.fee < 0 or not is_known_id or not is_source(command.source):
        return RefusalCode.FIELD_OUT_OF_RANGE
    if len(state.transfers) >= PENDING_TRANSFERS_MAX:
        return RefusalCode.PENDING_TRANSFERS_TOO_MANY
    if command.units + command.fee > ledger.available(state, account.id, asset.id):
        return RefusalCode.AVAILABLE_TOO_LOW
    return None


def _settle_refusal(state: State, command: SettleTransfer) -> RefusalCode | None:
    held = state.transfers.get(command.transfer_id)
    if held is None:
        return RefusalCode.TRANSFER_UNKNOWN
    if not is_custody(command.custody) or not is_source(command.source):
        return RefusalCode.FIELD_OUT_OF_RANGE
    if ledger.is_custody_full(state.assets[held.asset], command.custody, held.units):
        return RefusalCode.SUPPLY_TOO_HIGH
    return None


def _take_held(state: State, command: SettleTransfer | VoidTransfer) -> HeldTransfer:
    held = state.transfers.pop(command.transfer_id)
    state.accounts[held.account].transfer_count -= 1
    return held
