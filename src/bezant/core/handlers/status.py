"""SetMarketStatus, CancelMarket: what the operator does to a market's trading (L12.1)."""

from bezant.core import auction, lists
from bezant.core.commands import CancelMarket, SetMarketStatus
from bezant.core.events import MarketCanceled
from bezant.core.market import Market
from bezant.core.refusals import RefusalCode
from bezant.core.rules import MARKET_CANCELS_MAX
from bezant.core.sources import find_market, is_source
from bezant.core.state import State, refuse_command
from bezant.core.words import CANCELED, DoneReason, MarketStatus, StatusCause


def set_market_status(state: State, command: SetMarketStatus) -> None:
    """Change a market's status; into trading and post_only through an uncross."""
    market = state.markets.get(command.market)
    code = _status_refusal(market, command)
    if code is not None or market is None:
        refuse_command(state, code or RefusalCode.MARKET_UNKNOWN, command)
        return

    # Decided. Nothing below may refuse.
    auction.enter(
        state,
        market,
        MarketStatus(command.status),
        cause=StatusCause.OPERATOR,
        source=command.source,
        number=command.number,
    )


def cancel_market(state: State, command: CancelMarket) -> None:
    """Cancel the oldest orders of a market, in any status."""
    market = find_market(state, command)
    if isinstance(market, RefusalCode):
        refuse_command(state, market, command)
        return

    # Decided. Nothing below may refuse.
    left = MARKET_CANCELS_MAX
    for order in tuple(state.orders.values()):
        if left == 0:
            break
        if order.market == market.id and order.is_open:
            left -= 1
            lists.end(state, market, order, CANCELED, DoneReason.OPERATOR)
    state.events.append(
        MarketCanceled(command.source, command.number, market.id, market.order_count)
    )


def _status_refusal(market: Market | None, command: SetMarketStatus) -> RefusalCode | None:
    if market is None:
        return RefusalCode.MARKET_UNKNOWN
    is_closing = command.status == MarketStatus.CLOSED
    may_close = market.status in (MarketStatus.CANCEL_ONLY, MarketStatus.HALTED)
    is_closed = market.status == MarketStatus.CLOSED
    if is_closed or command.status == market.status or (is_closing and not may_close):
        return RefusalCode.STATUS_CHANGE_NOT_ALLOWED
    if is_closing and market.order_count:
        return RefusalCode.MARKET_NOT_EMPTY
    if command.status > MarketStatus.CLOSED or not is_source(command.source):
        return RefusalCode.FIELD_OUT_OF_RANGE
    return None
