"""What a private stream begins with: an account's open orders, lists and balances.

Orders and balances are the core's own answers. A list is told from the entry that made it and its
open legs; only how a leg has ended meanwhile is asked of the read models.
"""

from collections.abc import Sequence

from bezant.accounts.settings import prevention_of
from bezant.core.events import ListAccepted, OrderAccepted
from bezant.core.ids import AccountId, MarketId, OrderId, seq_of_order
from bezant.core.reads import (
    PAGE_MAX,
    Account,
    OpenOrders,
    OrderView,
    ReadAccount,
    ReadOpenOrders,
)
from bezant.gateway.house import House
from bezant.gateway.native.core_calls import query
from bezant.gateway.native.endpoint import catch_up
from bezant.gateway.native.outcomes import begin_list, open_order
from bezant.gateway.native.problems import Problem, Refusal
from bezant.gateway.stream.private_state import Owner, PrivateState
from bezant.marketdata.live_markets import PageSeqs
from bezant.queries.order_lists import OrderList, get_order_list
from bezant.queries.orders import Order


async def read_state(house: House, account: AccountId) -> PrivateState:
    """Ask the core for the settings, the open orders, page by page, and then for the balances.

    Raises Refusal.
    """
    settings = await query(house, ReadAccount(account), Account)
    pages = PageSeqs()
    views: list[OrderView] = []
    after, has_more = OrderId(0), True
    while has_more:
        read = ReadOpenOrders(account, MarketId(0), after, PAGE_MAX)
        page = await query(house, read, OpenOrders)
        pages.add(page)
        views += page.orders
        has_more = page.has_more
        after = page.orders[-1].order_id if page.orders else after
    times = await house.journal.list_times([seq_of_order(view.order_id) for view in views])
    orders: dict[int, Order] = {
        view.order_id: open_order(
            view,
            created_ns=times.get(seq_of_order(view.order_id), 0),
            seq=pages.seq_of(view.order_id),
        )
        for view in views
    }
    lists = await _read_lists(house, account, list(orders.values()), pages.last)
    known = await query(house, ReadAccount(account), Account)
    return PrivateState(
        Owner(account, prevention_of(settings), settings.seq),
        orders,
        {int(view.asset): (view.available, view.hold) for view in known.balances},
        lists,
        seq=known.seq,
        loaded_seq=pages.seq_of,
    )


async def _read_lists(
    house: House, account: AccountId, orders: Sequence[Order], seq: int
) -> dict[int, OrderList]:
    """Return the lists of open orders, which were read up to `seq`."""
    legs: dict[int, list[Order]] = {}
    for order in orders:
        if order.list_id:
            legs.setdefault(order.list_id, []).append(order)
    return {
        list_id: await _read_list(house, account, list_id, open_legs, seq)
        for list_id, open_legs in legs.items()
    }


async def _read_list(
    house: House, account: AccountId, list_id: int, open_legs: Sequence[Order], seq: int
) -> OrderList:
    """Return a list with its legs. Raises Refusal (SYSTEM_004) if an end is not told yet."""
    known = await _find_whole(house, list_id, len(open_legs))
    if known is None:
        await catch_up(house, seq)
        known = await get_order_list(house.pool, account, list_id)
    if known is None:
        raise Refusal(Problem.PROJECTION_BEHIND)
    for leg in open_legs:
        known = known.with_leg(leg)
    return known


async def _find_whole(house: House, list_id: int, count: int) -> OrderList | None:
    """Return a list as its own entry made it, without legs, if it made just `count` of them."""
    found = await house.journal.find_outcome(seq_of_order(OrderId(list_id)))
    if found is None:
        return None
    ts_ns, outcome = found
    made = sum(
        isinstance(event, OrderAccepted) and event.list_id == list_id for event in outcome.events
    )
    for event in outcome.events:
        if isinstance(event, ListAccepted) and event.list_id == list_id and made == count:
            return begin_list(event, ts_ns)
    return None
