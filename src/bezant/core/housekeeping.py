"""What time does before an entry's command: uncrosses, timers, due work (L11.1 to L11.3)."""

from bezant.core import auction, due, lists, timers
from bezant.core.events import TimerFired
from bezant.core.ids import AccountId, MarketId
from bezant.core.rules import TIMED_WORK_MAX
from bezant.core.state import State
from bezant.core.words import CANCELED, EXPIRED, DoneReason


def is_needed(state: State) -> bool:
    """Return whether time has something to do; quick, for most entries it has not."""
    kinds = state.timers
    now = state.ts_ns
    return bool(
        state.due_count
        or state.uncross_count
        or (kinds.gtd and kinds.gtd[0][0] <= now)
        or (kinds.cancel and kinds.cancel[0][0] <= now)
        or (kinds.auction and kinds.auction[0][0] <= now)
        or kinds.firing
    )


def run(state: State) -> bool:
    """Let time pass; return whether uncrosses and timers are finished, else commands wait."""
    _go_on_uncrossing(state)
    while state.timed_work < TIMED_WORK_MAX and _act(state):
        pass
    if state.uncross_count or timers.is_any_due(state):
        return False
    due.run(state)
    return True


def _go_on_uncrossing(state: State) -> None:
    if state.uncross_count == 0:
        return
    for market in state.markets.values():
        if market.uncross is not None:
            auction.go_on(state, market, market.uncross)


def _act(state: State) -> bool:
    """Let the next due timer act, by (kind, due, id); return whether there was one."""
    order = timers.find_expired_order(state)
    if order is not None:
        state.timed_work += 1
        market = state.markets[order.market]
        lists.end(state, market, order, EXPIRED, DoneReason.GTD)
        return True
    if (firing := state.timers.firing) is not None:
        _cancel_orders(state, *firing)
        return True
    if (due_timer := timers.find_due_cancel_timer(state)) is not None:
        state.timed_work += 1
        state.events.append(TimerFired(*due_timer))
        _cancel_orders(state, *due_timer)
        return True
    if (due_auction := timers.find_due_auction(state)) is not None:
        state.timed_work += 1
        auction.end_interruption(state, state.markets[due_auction])
        return True
    return False


def _cancel_orders(state: State, account: AccountId, market: MarketId) -> None:
    """End the orders of a cancel timer by id, as many as the entry may (L11.4)."""
    state.timers.firing = None
    for order in tuple(state.accounts[account].orders.values()):
        if not order.is_open or market not in (0, order.market):
            continue
        if state.timed_work == TIMED_WORK_MAX:
            state.timers.firing = (account, market)
            return
        state.timed_work += 1
        grid = state.markets[order.market]
        lists.end(state, grid, order, CANCELED, DoneReason.TIMER)
