"""Sources of money and configuration number their commands; one mark each (L3.3, INV-09)."""

from bezant.core.commands import (
    CancelMarket,
    Quarantined,
    SetFees,
    SetMarket,
    SetMarketStatus,
    SetReferencePrice,
    SourcedCommand,
)
from bezant.core.events import CommandRepeated
from bezant.core.ids import Number, Source
from bezant.core.market import Market
from bezant.core.refusals import RefusalCode
from bezant.core.rules import SOURCE_MAX
from bezant.core.state import State, refuse_command

MarketCommand = SetMarket | SetFees | SetMarketStatus | SetReferencePrice | CancelMarket


def is_source(source: Source) -> bool:
    """Return whether a number can be a source's."""
    return 1 <= source <= SOURCE_MAX


def find_market(state: State, command: MarketCommand) -> Market | RefusalCode:
    """Return the market of an operator's command, or 210 or 300 where there is none to act on."""
    market = state.markets.get(command.market)
    if market is None:
        return RefusalCode.MARKET_UNKNOWN
    return market if is_source(command.source) else RefusalCode.FIELD_OUT_OF_RANGE


def is_next(state: State, command: SourcedCommand) -> bool:
    """Move the source's mark and return true, or answer a repeat or a gap and return false.

    A number that cannot be a source's has no mark: the command's handler refuses it (300).
    """
    source, number = command.source, command.number
    if not is_source(source):
        return True
    mark = state.marks.get(source, Number(0))
    if number <= mark:
        state.events.append(CommandRepeated(number, source, number))
        return False
    if number > mark + 1:
        refuse_command(state, RefusalCode.NUMBER_GAP, command)
        return False
    state.marks[source] = number
    return True


def pass_over(state: State, command: Quarantined) -> None:
    """Refuse what stands in quarantine; its source may go on with the next number (L15.5)."""
    source, number = command.source, command.number
    if is_source(source) and number == state.marks.get(source, 0) + 1:
        state.marks[source] = number
    refuse_command(state, RefusalCode.QUARANTINED, command)
