"""CreateAsset, SetAsset (L1.1, L1.2)."""

from bezant.core.commands import CreateAsset, SetAsset
from bezant.core.events import AssetCreated, AssetSet
from bezant.core.refusals import RefusalCode
from bezant.core.rules import SCALE_MAX
from bezant.core.sources import is_source
from bezant.core.state import Asset, State, emit_fields, refuse_command
from bezant.core.units import UNITS_MAX


def create_asset(state: State, command: CreateAsset) -> None:
    """Create an asset; its scale is fixed for ever."""
    code = _create_refusal(state, command)
    if code is not None:
        refuse_command(state, code, command)
        return

    # Decided. Nothing below may refuse.
    state.assets[command.asset] = Asset(
        command.asset, command.scale, command.issued_max, command.enabled
    )
    state.assets = dict(sorted(state.assets.items()))
    emit_fields(state, AssetCreated, command)


def set_asset(state: State, command: SetAsset) -> None:
    """Change what may be owed of an asset, and whether it is enabled (L12.8)."""
    asset = state.assets.get(command.asset)
    code = None
    if asset is None:
        code = RefusalCode.ASSET_UNKNOWN
    elif not is_source(command.source):
        code = RefusalCode.FIELD_OUT_OF_RANGE
    elif command.scale != asset.scale or not 1 <= command.issued_max <= UNITS_MAX:
        code = RefusalCode.CONFIG_OUT_OF_RANGE
    if code is not None or asset is None:
        refuse_command(state, code or RefusalCode.ASSET_UNKNOWN, command)
        return

    # Decided. Nothing below may refuse.
    asset.issued_max = command.issued_max
    asset.enabled = command.enabled
    emit_fields(state, AssetSet, command)


def _create_refusal(state: State, command: CreateAsset) -> RefusalCode | None:
    if not is_source(command.source):
        return RefusalCode.FIELD_OUT_OF_RANGE
    if command.asset in state.assets:
        return RefusalCode.EXISTS
    if not 0 <= command.scale <= SCALE_MAX or not 1 <= command.issued_max <= UNITS_MAX:
        return RefusalCode.CONFIG_OUT_OF_RANGE
    return None
