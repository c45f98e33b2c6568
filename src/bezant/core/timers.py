"""When time acts: gtd ends, cancel timers, auction ends (L11.1). Not for what they do then."""

from heapq import heappop, heappush

from bezant.core.ids import AccountId, MarketId
from bezant.core.order import Order
from bezant.core.state import State
from bezant.core.words import GTD, TRADING


def watch_expiry(state: State, order: Order) -> None:
    """Note when a gtd order ends."""
    if order.terms.tif == GTD:
        heappush(state.timers.gtd, (order.terms.expires_ns, order.id))


def set_cancel_timer(state: State, account: AccountId, market: MarketId, due_ns: int) -> None:
    """Set, or with 0 remove, the dead man's switch of an account in a market (0 = all)."""
    timers = state.timers
    if due_ns == 0:
        timers.cancel_due.pop((account, market), None)
        return
    timers.cancel_due[account, market] = due_ns
    heappush(timers.cancel, (due_ns, account, market))


def drop_cancel_timers(state: State, account: AccountId) -> None:
    """Remove all dead man's switches of an account that closes (L13.3)."""
    due = state.timers.cancel_due
    for key in [key for key in due if key[0] == account]:
        del due[key]


def watch_auction_end(state: State, market: MarketId, end_ns: int) -> None:
    """Note when an interruption auction ends."""
    heappush(state.timers.auction, (end_ns, market))


def find_expired_order(state: State) -> Order | None:
    """Return the open gtd order that ends first, if it is due; take its line away."""
    heap = state.timers.gtd
    while heap and heap[0][0] <= state.ts_ns:
        order = state.orders.get(heappop(heap)[1])
        if order is not None:
            return order
    return None


def find_due_cancel_timer(state: State) -> tuple[AccountId, MarketId] | None:
    """Return the dead man's switch that acts first, if it is due; remove it."""
    timers = state.timers
    while timers.cancel and timers.cancel[0][0] <= state.ts_ns:
        due_ns, account, market = heappop(timers.cancel)
        if timers.cancel_due.get((account, market)) == due_ns:
            del timers.cancel_due[account, market]
            return account, market
    return None


def find_due_auction(state: State) -> MarketId | None:
    """Return the market whose interruption auction ends first, if it is due."""
    heap = state.timers.auction
    while heap and heap[0][0] <= state.ts_ns:
        end_ns, market = heappop(heap)
        if state.markets[market].auction_end_ns == end_ns:
            return market
    return None


def is_any_due(state: State) -> bool:
    """Return whether a timer is due that has not acted yet."""
    earliest_ns = next_due(state)
    return state.timers.firing is not None or 0 < earliest_ns <= state.ts_ns


def next_due(state: State) -> int:
    """Return when the earliest timer is due, 0 if there is none; drops stale lines."""
    timers = state.timers
    gtd, cancel, auction = timers.gtd, timers.cancel, timers.auction
    while gtd and gtd[0][1] not in state.orders:
        heappop(gtd)
    while cancel and timers.cancel_due.get(cancel[0][1:]) != cancel[0][0]:
        heappop(cancel)
    while auction and state.markets[auction[0][1]].auction_end_ns != auction[0][0]:
        heappop(auction)
    heads = [heap[0][0] for heap in (gtd, cancel, auction) if heap]
    return min(heads, default=0)


def is_work_left(state: State) -> bool:
    """Return whether the next entry has something to do whatever its time (L11.1)."""
    if state.uncross_count or is_any_due(state):
        return True
    return state.due_count > 0 and any(
        market.due and market.status == TRADING for market in state.markets.values()
    )
