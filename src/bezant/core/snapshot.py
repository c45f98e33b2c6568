"""From a state to its canonical bytes (L15.3); `restore` goes the other way.

Nothing derived is written: holds of orders and lists, counts, the timers of gtd orders and of
auctions and the order of triggers follow from the rest (L4.2, L4.5). Client ids that are free and
windows of the past are left out.
"""

from bezant.core import images
from bezant.core.book import BookSide
from bezant.core.chart import HOUSE
from bezant.core.codec import encode as encode_message
from bezant.core.ids import ListId
from bezant.core.market import Market, Uncross, window_now
from bezant.core.order import Order
from bezant.core.pro_rata import queue_of
from bezant.core.remembered import content_of, is_free
from bezant.core.state import Account, State
from bezant.core.units import Ticks, wide


def encode(state: State) -> bytes:
    """Return the canonical bytes of a state between two entries."""
    return encode_message(
        images.StateImage(
            state.rules_next,
            state.seq,
            state.ts_ns,
            tuple(
                images.AssetImage(asset.id, asset.scale, asset.issued_max, asset.enabled)
                for asset in state.assets.values()
            ),
            tuple(_account(state.accounts[number]) for number in sorted(state.accounts)),
            tuple(
                images.HouseImage(asset.id, tuple(asset.house[number] for number in HOUSE))
                for asset in state.assets.values()
            ),
            tuple(_market(state, market) for market in state.markets.values()),
            tuple(_order(order) for order in state.orders.values()),
            tuple(
                images.ListImage(
                    parent.id,
                    parent.account,
                    parent.market,
                    parent.kind,
                    parent.client_id,
                    int(parent.stage),
                )
                for parent in state.lists.values()
            ),
            _ids(state),
            tuple(images.MarkImage(source, state.marks[source]) for source in sorted(state.marks)),
            tuple(state.transfers[number] for number in sorted(state.transfers)),
            tuple(
                images.CancelTimerImage(account, market, due_ns)
                for (account, market), due_ns in sorted(state.timers.cancel_due.items())
            ),
            state.timers.firing,
        )
    )


def _account(account: Account) -> images.AccountImage:
    return images.AccountImage(
        account.id,
        account.trade_group,
        account.stp,
        account.orders_frozen,
        account.withdrawals_frozen,
        account.tier,
        account.is_closed,
        tuple(
            images.BalanceImage(asset, balance.available, balance.hold)
            for asset, balance in sorted(account.balances.items(), key=lambda item: item[0])
            if balance.available or balance.hold
        ),
    )


def _market(state: State, market: Market) -> images.MarketImage:
    window, window_price = _window(state, market)
    return images.MarketImage(
        market.id,
        market.base,
        market.quote,
        market.lot_units,
        market.tick_num,
        market.tick_scale,
        market.parameters,
        tuple(
            images.FeeImage(tier, rates.maker, rates.taker) for tier, rates in market.fees.items()
        ),
        int(market.status),
        market.last,
        market.set_reference,
        window_price,
        market.interrupted_price,
        window,
        market.trade_no,
        market.book.sequence,
        _levels(market.book.bids),
        _levels(market.book.asks),
        tuple(images.DueImage(kind, number) for kind, number in market.due),
        market.auction_end_ns,
        market.extensions,
        _uncross(market.uncross),
    )


def _window(state: State, market: Market) -> tuple[int, Ticks]:
    """Return window and V as they are now; a window of 0 ms ended with its entry (L12.6)."""
    if market.parameters.window_ms == 0:
        return 0, Ticks(0)
    window = window_now(market, seq=state.seq, ts_ns=state.ts_ns)
    return window, market.window_price if window == market.window else market.reference()


def _levels(side: BookSide) -> tuple[images.LevelImage, ...]:
    levels = (side.levels[key] for key in reversed(side.keys))
    return tuple(
        images.LevelImage(level.price, tuple(order.id for order in queue_of(level)))
        for level in levels
    )


def _uncross(uncross: Uncross | None) -> images.UncrossImage | None:
    if uncross is None:
        return None
    return images.UncrossImage(
        uncross.price,
        wide(uncross.volume_left),
        int(uncross.status),
        int(uncross.cause),
        uncross.source,
        uncross.number,
    )


def _order(order: Order) -> images.OrderImage:
    return images.OrderImage(
        order.id,
        order.account,
        order.market,
        order.terms,
        order.stp,
        order.filled,
        order.prevented,
        order.visible,
        order.hold_price,
        int(order.state),
        order.extreme,
        order.amends,
        order.aliases,
        order.parent.id if order.parent is not None else ListId(0),
    )


def _ids(state: State) -> tuple[images.IdImage, ...]:
    """Return the remembered ids by (account, acceptance), without those that are free."""
    remembered = []
    for number in sorted(state.accounts):
        kept = [one for one in state.accounts[number].ids.values() if not is_free(one, state.ts_ns)]
        remembered += [
            images.IdImage(
                one.account,
                one.client_id,
                one.id,
                one.is_list,
                None if one.content is None else content_of(one),
                one.accepted_ns,
                one.born,
            )
            for one in sorted(kept, key=lambda one: one.born)
        ]
    return tuple(remembered)
