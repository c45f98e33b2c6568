"""The numbered invariants over a whole state (ARCHITECTURE §3), for tests, verify and restore.

The handlers check what they touch on the way; this walks everything and trusts nothing.
"""

from collections.abc import Iterable

from msgspec import structs

from bezant.core import holds
from bezant.core.book import BookSide, Level
from bezant.core.chart import HOUSE, is_custody
from bezant.core.contract import invariant
from bezant.core.ids import AccountId, AssetId
from bezant.core.market import DUE_LIST, DUE_ORDER, Market
from bezant.core.order import PENDING, RESTING, WAITING, ListStage, Order, find_partner, is_dormant
from bezant.core.pro_rata import queue_of
from bezant.core.state import Account, Counts, State
from bezant.core.words import POST_ONLY, SELL, TRADING


def check(state: State) -> None:
    """Raise InvariantViolation unless every invariant holds between two entries."""
    check_conservation(state)
    check_holds(state)
    for market in state.markets.values():
        check_book(market)
    for order in state.orders.values():
        check_order(state, order)
    _check_indexes(state)


def check_conservation(state: State) -> None:
    """Check INV-01 and INV-02: every asset sums to zero and nobody owes us."""
    sums = {asset.id: sum(asset.house) for asset in state.assets.values()}
    for account in state.accounts.values():
        for asset_id, balance in account.balances.items():
            is_whole = balance.available >= 0 and balance.hold >= 0
            invariant(is_whole, f"INV-02: account {account.id} owes of asset {asset_id}")
            sums[asset_id] += balance.available + balance.hold
    for asset in state.assets.values():
        invariant(sums[asset.id] == 0, f"INV-01: asset {asset.id} sums to {sums[asset.id]}")
        owed = (number for number in HOUSE if not is_custody(number))
        is_whole = all(asset.house[number] >= 0 for number in owed)
        invariant(is_whole, f"L13.1: a house account is in debt of asset {asset.id}")


def check_holds(state: State) -> None:
    """Check INV-03: what is held is what open orders and pending transfers need."""
    needs: dict[tuple[AccountId, AssetId], int] = {}

    def add(account: AccountId, asset: AssetId, units: int) -> None:
        needs[account, asset] = needs.get((account, asset), 0) + units

    for order in state.orders.values():
        market = state.markets[order.market]
        add(order.account, _paid_with(market, order), order.hold)
    for parent in state.lists.values():
        market = state.markets[parent.market]
        add(parent.account, _paid_with(market, parent.legs[-1]), parent.hold)
    for held in state.transfers.values():
        add(held.account, held.asset, held.units + held.fee)
    for account in state.accounts.values():
        for asset, balance in account.balances.items():
            needed = needs.pop((account.id, asset), 0)
            rule = f"INV-03: account {account.id} holds {balance.hold} of asset {asset}"
            invariant(balance.hold == needed, f"{rule}, its orders need {needed}")
    invariant(not any(needs.values()), "INV-03: every hold has a balance")


def check_book(market: Market) -> None:
    """Check INV-04 and INV-05: sides in order, queues whole, not crossed where it may not be."""
    for side in (market.book.bids, market.book.asks):
        _check_side(market, side)
    bid, ask = market.book.bids.best(), market.book.asks.best()
    may_cross = market.status not in (TRADING, POST_ONLY)
    is_crossed = bid is not None and ask is not None and bid.price >= ask.price
    invariant(may_cross or not is_crossed, f"INV-04: market {market.id} is crossed")
    for pending in (market.rising, market.falling):
        invariant(pending == sorted(pending), "L8.3: triggers are in order")


def check_order(state: State, order: Order) -> None:
    """Check INV-06 and what an order holds and shows."""
    market, terms = state.markets[order.market], order.terms
    total = order.filled + order.prevented + order.leaves
    invariant(total == terms.qty and order.leaves > 0, f"INV-06: order {order.id} adds up")
    invariant(order.state in (PENDING, RESTING, WAITING), "an open order is somewhere")
    is_shared = order.parent is not None and order.parent.hold > 0 and _is_paired(order)
    holds_nothing = is_dormant(order) or is_shared
    needed = 0 if holds_nothing else holds.need_of(market, order)
    invariant(order.hold == needed, f"INV-03: order {order.id} holds what it needs")
    if order.state is RESTING:
        peak = min(terms.display, order.leaves) if terms.display else order.leaves
        is_shown = 0 < order.visible <= peak or market.uncross is not None
        invariant(is_shown, f"L9.1: order {order.id} shows its peak")
    if order.state is WAITING:
        invariant((DUE_ORDER, order.id) in market.due, "L8.3: a waiting order is due")


def _is_paired(order: Order) -> bool:
    return order.parent is not None and order in order.parent.pair()


def _paid_with(market: Market, order: Order) -> AssetId:
    return market.base if order.side == SELL else market.quote


def _check_side(market: Market, side: BookSide) -> None:
    invariant(side.keys == sorted(side.levels), f"INV-05: levels of market {market.id} in order")
    for key, level in side.levels.items():
        orders = queue_of(level)
        invariant(level.price * side.sign == key, "INV-05: a level stands at its price")
        invariant(len(orders) == level.count > 0, "INV-05: a level has its orders")
        invariant(_sums(level, orders), "INV-05: a level has the lots of its orders")
        invariant(
            all(order.price == level.price and order.state is RESTING for order in orders),
            "INV-05: an order stands at its price",
        )


def _sums(level: Level, orders: Iterable[Order]) -> bool:
    visible = leaves = 0
    for order in orders:
        visible += order.visible
        leaves += order.leaves
    return visible == level.visible and leaves == level.leaves


def _check_indexes(state: State) -> None:
    """Check that every count and index says the same as the orders themselves."""
    invariant(list(state.orders) == sorted(state.orders), "L15.2: orders are walked by id")
    counts: dict[tuple[AccountId, int], Counts] = {}
    per_market = dict.fromkeys(state.markets, 0)
    for order in state.orders.values():
        line = counts.setdefault((order.account, order.market), Counts())
        line.orders += 1
        line.stops += order.terms.trigger != 0
        line.icebergs += order.terms.display != 0
        per_market[order.market] += 1
        invariant(state.accounts[order.account].orders[order.id] is order, "orders are indexed")
    for parent in state.lists.values():
        counts.setdefault((parent.account, parent.market), Counts()).lists += 1
        _check_list(state.markets[parent.market], parent.stage, parent.id)
        invariant(any(leg.is_open for leg in parent.legs), "L10.2: an open list has open legs")
        paired = all(leg.is_open and find_partner(leg) is not None for leg in parent.pair())
        invariant(parent.hold == 0 or paired, "L4.5: a shared hold has two legs")
    for account in state.accounts.values():
        _check_counts(account, counts)
    for market in state.markets.values():
        invariant(market.order_count == per_market[market.id], "a market counts its orders")
    due_count = sum(len(market.due) for market in state.markets.values())
    invariant(state.due_count == due_count, "L8.4: due work is counted")
    ids_count = sum(len(account.ids) for account in state.accounts.values())
    invariant(state.ids_count == ids_count, "L3.2: client ids are counted")


def _check_list(market: Market, stage: ListStage, number: int) -> None:
    is_due = (DUE_LIST, number) in market.due
    invariant(is_due == (stage is ListStage.DUE), "L10.4: a due list is in the queue")


def _check_counts(account: Account, counts: dict[tuple[AccountId, int], Counts]) -> None:
    for market, counted in account.counts.items():
        actual = counts.get((account.id, market), Counts())
        is_same = structs.astuple(counted) == structs.astuple(actual)
        invariant(is_same, f"L2.5: account {account.id} counts its orders in market {market}")
