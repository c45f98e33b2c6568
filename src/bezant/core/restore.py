"""From canonical bytes to a state (L15.3). Bytes that say it in another way are refused."""

from heapq import heapify
from typing import Final

import msgspec
from msgspec import structs

from bezant.core import book, holds, images, lifecycle, snapshot, timers, triggers
from bezant.core.balance import Balance
from bezant.core.chart import HOUSE
from bezant.core.codec import MalformedMessage
from bezant.core.handlers.markets import make_market
from bezant.core.ids import MarketId, OrderId, order_id, seq_of_order
from bezant.core.market import Market, Rates, Uncross
from bezant.core.order import PENDING, RESTING, ListStage, Order, OrderList, OrderState, is_dormant
from bezant.core.rules import RULES_NEWEST, SCALE_MAX
from bezant.core.state import Account, Asset, HeldTransfer, Remembered, State
from bezant.core.units import Lots, Units, from_wide
from bezant.core.words import SELL, ListKind, MarketStatus

_STATE: Final = msgspec.msgpack.Decoder(images.StateImage)
_Resting = dict[tuple[MarketId, OrderId], Order]
_LEG_COUNTS: Final = {ListKind.OCO: 2, ListKind.OTO: 2, ListKind.OTOCO: 3}


def decode(raw: bytes, shard: int) -> State:
    """Return the state that canonical bytes say. Raises MalformedMessage if they are not."""
    try:
        image = _STATE.decode(raw)
        state = _build(image, shard)
    except (msgspec.DecodeError, KeyError, ValueError, IndexError) as error:
        raise MalformedMessage(f"not a snapshot of this format: {error!r}") from error
    if snapshot.encode(state) != raw:
        raise MalformedMessage("not the canonical bytes of the state that they say")
    return state


def _build(image: images.StateImage, shard: int) -> State:
    if image.rules > RULES_NEWEST:
        raise MalformedMessage(f"rules version {image.rules} is unknown: upgrade this engine")
    state = State(shard, image.rules, image.rules, image.seq, image.ts_ns)
    for asset, house in zip(image.assets, image.house, strict=True):
        is_scale = 0 <= asset.scale <= SCALE_MAX
        if asset.asset != house.asset or len(house.balances) != len(HOUSE) or not is_scale:
            raise ValueError("house balances name another asset, or a scale is none")
        state.assets[asset.asset] = Asset(
            asset.asset, asset.scale, asset.issued_max, asset.enabled, [0, *house.balances]
        )
    for account in image.accounts:
        state.accounts[account.account] = _account(account)
    for market in image.markets:
        state.markets[market.market] = _market(state, market)
    for order in image.orders:
        _add_order(state, order)
    for parent in image.lists:
        _add_list(state, parent)
    for order in image.orders:
        _place_order(state, order)
    resting = {(one.market, one.id): one for one in state.orders.values() if one.state is RESTING}
    for market in image.markets:
        _fill_market(state, state.markets[market.market], market, resting)
    if resting:
        raise ValueError("a resting order stands in no level")
    if len(dict.fromkeys(one.born for one in image.ids)) != len(image.ids):
        raise ValueError("two client ids were born at once")
    for one in image.ids:
        _add_id(state, one)
    heapify(state.ended_ids)
    state.marks = {mark.source: mark.number for mark in image.marks}
    for held in image.transfers:
        _add_transfer(state, held)
    for timer in image.cancel_timers:
        timers.set_cancel_timer(state, timer.account, timer.market, timer.due_ns)
    state.timers.firing = image.firing
    return state


def _account(image: images.AccountImage) -> Account:
    return Account(
        image.account,
        image.trade_group,
        image.stp,
        image.orders_frozen,
        image.withdrawals_frozen,
        image.tier,
        image.is_closed,
        balances={one.asset: Balance(one.available, one.hold) for one in image.balances},
    )


def _market(state: State, image: images.MarketImage) -> Market:
    if not 0 <= image.tick_scale <= SCALE_MAX:
        raise ValueError("a power of ten would be made of any number")
    market = make_market(state, image)
    market.status = MarketStatus(image.status)
    market.fees = {fee.tier: Rates(fee.maker, fee.taker) for fee in image.fees}
    market.last = image.last
    market.set_reference = image.reference
    market.window = image.window
    market.window_price = image.window_price
    market.interrupted_price = image.interrupted_price
    market.trade_no = image.trade_no
    return market


def _add_order(state: State, image: images.OrderImage) -> None:
    """Make the order part of the indexes; lists, holds and places follow."""
    terms = image.terms
    order = Order(
        image.order,
        image.account,
        image.market,
        terms,
        terms.side,
        terms.price,
        image.stp,
        Lots(terms.qty - image.filled - image.prevented),
        image.visible,
        terms.quote_units,
        Units(0),
        image.hold_price,
        _balance(state, image),
        OrderState(image.state),
        image.filled,
        image.prevented,
        image.extreme,
        image.amends,
        image.aliases,
    )
    if order.side > SELL or order.leaves <= 0 or seq_of_order(order.id) > state.seq:
        raise ValueError(f"order {order.id} is none that can be open")
    account = state.accounts[order.account]
    state.orders[order.id] = order
    account.orders[order.id] = order
    lifecycle.count(account, state.markets[order.market], order, 1)
    timers.watch_expiry(state, order)


def _balance(state: State, image: images.OrderImage) -> Balance:
    market = state.markets[image.market]
    asset = market.base if image.terms.side == SELL else market.quote
    return state.accounts[image.account].balance(asset)


def _add_list(state: State, image: images.ListImage) -> None:
    """Gather a list's legs; a leg that ended leaves its place behind."""
    ids = [
        order_id(seq_of_order(OrderId(image.list_id)), leg, state.shard)
        for leg in range(_LEG_COUNTS[ListKind(image.kind)])
    ]
    open_legs = [leg for leg in map(state.orders.get, ids) if leg and leg.market == image.market]
    parent = OrderList(
        image.list_id,
        image.account,
        image.market,
        image.kind,
        image.client_id,
        ListStage(image.stage),
    )
    # Of an ended leg only its id and its end are true; the rest is a sibling's.
    ended = (structs.replace(open_legs[0], id=leg, is_open=False) for leg in ids)
    parent.legs = tuple(state.orders.get(leg, other) for leg, other in zip(ids, ended, strict=True))
    for order in open_legs:
        order.parent = parent
    pair = parent.pair()
    if parent.stage is ListStage.RELEASED and pair and all(leg.is_open for leg in pair):
        market = state.markets[parent.market]
        parent.hold = max(holds.need_of(market, leg) for leg in pair)
    state.lists[parent.id] = parent
    state.accounts[parent.account].counts[parent.market].lists += 1


def _place_order(state: State, image: images.OrderImage) -> None:
    """Give an order its hold, and watch its trigger; books and queues are the market's."""
    order = state.orders[image.order]
    market = state.markets[order.market]
    if (order.parent.id if order.parent is not None else 0) != image.list_id:
        raise ValueError("an order names a list that does not have it")
    is_shared = order.parent is not None and order.parent.hold > 0
    if not is_dormant(order) and not is_shared:
        order.hold = holds.need_of(market, order)
    if order.state is PENDING and not is_dormant(order):
        triggers.watch(market, order)
        order.extreme = image.extreme


def _fill_market(
    state: State, market: Market, image: images.MarketImage, resting: _Resting
) -> None:
    """Put what rests into the book; each order leaves `resting`, so that none stands twice."""
    for level in (*image.bids, *image.asks):
        for number in level.orders:
            book.append(market.book, resting.pop((market.id, number)), image.sequence)
    market.book.sequence = image.sequence
    market.due = {(item.kind, item.number): None for item in image.due}
    state.due_count += len(market.due)
    market.extensions = image.extensions
    market.auction_end_ns = image.auction_end_ns
    if image.auction_end_ns:
        timers.watch_auction_end(state, market.id, image.auction_end_ns)
    if image.uncross is not None:
        state.uncross_count += 1
        market.uncross = Uncross(
            image.uncross.price,
            from_wide(image.uncross.volume_left),
            MarketStatus(image.uncross.status),
            image.uncross.cause,
            image.uncross.source,
            image.uncross.number,
        )


def _add_id(state: State, image: images.IdImage) -> None:
    is_ended = image.number not in (state.lists if image.is_list else state.orders)
    account = state.accounts[image.account]
    remembered = Remembered(
        image.account,
        image.client_id,
        image.number,
        image.is_list,
        image.content,
        image.accepted_ns,
        image.born,
        is_ended,
    )
    account.ids[image.client_id] = remembered
    state.ids_count += 1
    if is_ended:
        account.ended_ids.append((image.born, remembered))  # By acceptance: a heap already.
        state.ended_ids.append((image.born, remembered))


def _add_transfer(state: State, held: HeldTransfer) -> None:
    state.transfers[held.id] = held
    state.accounts[held.account].transfer_count += 1
