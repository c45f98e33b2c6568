"""What an event does to balances (LAW L13.2), as one function that every consumer calls.

For all that rebuilds money from events: projections, streams, statements. Not for the engine, whose
ledger posts before there is an event, and not for `bezant verify`, which has a ledger of its own.
"""

import enum
from collections.abc import Mapping

from bezant.core.chart import FEES
from bezant.core.commands import Message
from bezant.core.events import (
    CanceledAll,
    CancelTimerSet,
    CommandRefused,
    CommandRepeated,
    ConfigurationEvent,
    Event,
    ListAccepted,
    ListDone,
    ListWorking,
    MarketCreated,
    OrderAccepted,
    OrderAmended,
    OrderDone,
    OrderRested,
    OrderTriggered,
    PeakRefilled,
    SelfTradePrevented,
    TimerFired,
    TradeExecuted,
    TransferHeld,
    TransferPosted,
    TransferSettled,
    TransferVoided,
)
from bezant.core.ids import AccountId, AssetId, MarketId
from bezant.core.reads import MarketView
from bezant.core.units import Units
from bezant.core.words import Side


class BalanceKind(enum.IntEnum):
    """Which part of a balance; a house account has all in AVAILABLE."""

    AVAILABLE = 0
    HOLD = 1


class Posting(Message, frozen=True):
    """`units` come to (or, negative, leave) one part of an account's balance of an asset."""

    account: AccountId
    kind: BalanceKind
    asset: AssetId
    units: Units


class Grid(Message, frozen=True):
    """What a market's lots and ticks are in money; fixed for ever (L1.1)."""

    base: AssetId
    quote: AssetId
    lot_units: Units
    tick_lot_units: Units


Grids = Mapping[MarketId, Grid]


def grid(market: MarketCreated | MarketView) -> Grid:
    """Return the grid of a market as its event or a read tells it."""
    return Grid(market.base, market.quote, market.lot_units, market.tick_lot_units)


def postings(event: Event, grids: Grids) -> tuple[Posting, ...]:
    """Return the postings of an event in the order of L13.2, zero lines left out.

    Raises KeyError if the event names a market that `grids` lacks.
    """
    match event:
        case OrderAccepted():
            side = event.order.side
            return _hold(event.account, _paid_asset(grids[event.market], side), event.held)
        case TradeExecuted():
            return _trade(event, grids[event.market])
        case OrderDone() | OrderTriggered():
            asset = _paid_asset(grids[event.market], event.side)
            return _hold(event.account, asset, Units(-event.released))
        case OrderAmended() | ListAccepted() | ListWorking():
            asset = _paid_asset(grids[event.market], event.side)
            return _hold(event.account, asset, event.held)
        case SelfTradePrevented():
            return _prevention(event, grids[event.market])
        case TransferPosted():
            return _moves(
                Posting(
                    event.from_account, BalanceKind.AVAILABLE, event.asset, Units(-event.units)
                ),
                Posting(event.to_account, BalanceKind.AVAILABLE, event.asset, event.units),
            )
        case TransferHeld():
            return _hold(event.account, event.asset, Units(event.units + event.fee))
        case TransferVoided():
            return _hold(event.account, event.asset, Units(-event.units - event.fee))
        case TransferSettled():
            return _settlement(event)
        case (
            OrderRested()
            | PeakRefilled()
            | ListDone()
            | CanceledAll()
            | CancelTimerSet()
            | TimerFired()
            | CommandRefused()
            | CommandRepeated()
        ):
            return ()
        case _:
            return _configuration(event)


def _configuration(event: ConfigurationEvent) -> tuple[Posting, ...]:
    """Return nothing; its type makes mypy ask what a new kind of event posts."""
    del event
    return ()


def _hold(account: AccountId, asset: AssetId, units: Units) -> tuple[Posting, ...]:
    """Move `units` from available to hold; negative ones come back, available last."""
    if units == 0:
        return ()
    available = Posting(account, BalanceKind.AVAILABLE, asset, Units(-units))
    hold = Posting(account, BalanceKind.HOLD, asset, units)
    return (available, hold) if units > 0 else (hold, available)


def _prevention(event: SelfTradePrevented, terms: Grid) -> tuple[Posting, ...]:
    taker_asset, maker_asset = _paid_and_received(terms, event.taker_side)
    taker = _hold(event.taker_account, taker_asset, Units(-event.taker_released))
    return taker + _hold(event.maker_account, maker_asset, Units(-event.maker_released))


def _settlement(event: TransferSettled) -> tuple[Posting, ...]:
    paid = Units(-event.units - event.fee)
    return _moves(
        Posting(event.account, BalanceKind.HOLD, event.asset, paid),
        Posting(event.custody, BalanceKind.AVAILABLE, event.asset, event.units),
        Posting(FEES, BalanceKind.AVAILABLE, event.asset, event.fee),
    )


def _trade(event: TradeExecuted, terms: Grid) -> tuple[Posting, ...]:
    base_units = event.qty * terms.lot_units
    quote_units = event.price * event.qty * terms.tick_lot_units
    available, hold = BalanceKind.AVAILABLE, BalanceKind.HOLD
    taker_kind = hold if event.taker_has_hold else available
    maker_fee = max(int(event.maker_fee), 0)
    rebate = max(-int(event.maker_fee), 0)
    taker_fee = int(event.taker_fee)
    if event.taker_side == Side.BUY:
        buyer, seller = event.taker_account, event.maker_account
        buyer_kind, seller_kind = taker_kind, hold
        base_fee, quote_fee = taker_fee, maker_fee
        base_gain, quote_gain, rebate_asset = base_fee - rebate, quote_fee, terms.base
    else:
        buyer, seller = event.maker_account, event.taker_account
        buyer_kind, seller_kind = hold, taker_kind
        base_fee, quote_fee = maker_fee, taker_fee
        base_gain, quote_gain, rebate_asset = base_fee, quote_fee - rebate, terms.quote
    return _moves(
        Posting(seller, seller_kind, terms.base, Units(-base_units)),
        Posting(buyer, available, terms.base, Units(base_units - base_fee)),
        Posting(FEES, available, terms.base, Units(base_gain)),
        Posting(buyer, buyer_kind, terms.quote, Units(-quote_units)),
        Posting(buyer, hold, terms.quote, Units(-event.improvement)),
        Posting(buyer, available, terms.quote, event.improvement),
        Posting(seller, available, terms.quote, Units(quote_units - quote_fee)),
        Posting(FEES, available, terms.quote, Units(quote_gain)),
        Posting(event.maker_account, available, rebate_asset, Units(rebate)),
    )


def _paid_asset(terms: Grid, side: int) -> AssetId:
    return terms.quote if side == Side.BUY else terms.base


def _paid_and_received(terms: Grid, side: int) -> tuple[AssetId, AssetId]:
    return (terms.quote, terms.base) if side == Side.BUY else (terms.base, terms.quote)


def _moves(*lines: Posting) -> tuple[Posting, ...]:
    return tuple([line for line in lines if line.units != 0])
