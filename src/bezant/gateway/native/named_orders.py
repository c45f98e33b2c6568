"""The open orders that a request names: as the core had them, and followed from there.

A cancel or an amend says little of its order; the rest comes from an exact read just before it.
What happened between that read and the request's own entries comes from the journal.
"""

import asyncio
from collections.abc import Sequence

from bezant.core.codec import Outcome
from bezant.core.ids import AccountId, OrderId, seq_of_order
from bezant.core.reads import OrderFound, ReadOrder
from bezant.gateway.house import House
from bezant.gateway.native.core_calls import query
from bezant.gateway.native.names import OrderName
from bezant.gateway.native.outcomes import (
    Happened,
    advance,
    find_accepted,
    fold,
    open_order,
    steps_by_order,
)
from bezant.queries.orders import Order, find_order_by_client_id


class NamedOrders:
    """Orders of one account by id, each as of the last entry that it was followed to."""

    def __init__(self, house: House, account: int) -> None:
        self._house = house
        self._account = AccountId(account)
        self._orders: dict[int, Order] = {}
        self._ids: dict[str, int] = {}  # By the client order ids that the request names.
        self._expected: dict[str, int] = {}  # The markets of those that are to be made.
        self._seq = 0  # The earliest of the reads; 0 while nothing was read.

    async def read(self, names: Sequence[OrderName]) -> None:
        """Ask the core for the orders, as they are now."""
        answers = await asyncio.gather(
            *(
                query(
                    self._house, ReadOrder(self._account, one.order_id, one.client_id), OrderFound
                )
                for one in names
            )
        )
        for name, answer in zip(names, answers, strict=True):
            if name.client_id:
                self._ids[name.client_id] = answer.order_id
        views = [(answer.seq, answer.order) for answer in answers if answer.order is not None]
        if not views:
            return
        self._seq = min(seq for seq, _ in views)
        placed = [seq_of_order(view.order_id) for _, view in views]
        times = await self._house.journal.list_times(placed)
        for seq, view in views:
            created_ns = times.get(seq_of_order(view.order_id), 0)
            self._orders[view.order_id] = open_order(view, seq=seq, created_ns=created_ns)

    def take(self, orders: Sequence[Order], seq: int) -> None:
        """Take in orders as the read models had them at `seq` or later."""
        self._seq = seq
        for order in orders:
            self._orders[order.order_id] = order

    async def catch_up(self, seq: int) -> None:
        """Follow what others did between the reads and our own entry `seq`."""
        if self._seq and self._seq + 1 < seq:
            for ts_ns, outcome in await self._house.journal.list_outcomes(self._seq + 1, seq - 1):
                self.follow(outcome, ts_ns)

    def expect(self, client_id: str, market: int) -> None:
        """Take note of an order that this request is about to make."""
        self._expected[client_id] = market

    def add(self, order: Order) -> None:
        """Take in an order that this request made, or had made before."""
        self._ids[order.client_id] = order.order_id
        self._orders.setdefault(order.order_id, order)

    def find(self, order_id: int) -> Order | None:
        """Return an order as it stands by now, or None if it was not there to be read."""
        return self._orders.get(order_id)

    def find_named(self, name: OrderName) -> Order | None:
        """Return the order that a name stands for, as far as it was read."""
        return self._orders.get(name.order_id or self._ids.get(name.client_id, 0))

    def find_market(self, name: OrderName) -> int | None:
        """Return the market of an order that was read, or that this request is about to make."""
        order = self.find_named(name)
        if order is not None:
            return order.market
        return self._expected.get(name.client_id) if name.client_id else None

    def follow(self, outcome: Outcome, ts_ns: int) -> dict[int, Happened]:
        """Take in an entry; return what became of the orders that it changed."""
        changed: dict[int, Happened] = {}
        for order_id, steps in steps_by_order(outcome.events).items():
            order = self._orders.get(order_id)
            if order is None or order.updated_seq >= outcome.seq:
                continue
            market = self._house.get_catalogue().markets[order.market]
            happened = advance(order, steps, seq=outcome.seq, ts_ns=ts_ns, market=market)
            changed[order_id] = happened
            self._orders[order_id] = happened.order
        return changed


async def find_placed(house: House, order_id: int) -> Order | None:
    """Return an order as it was when it was placed: it came between our read and our request."""
    found = await house.journal.find_outcome(seq_of_order(OrderId(order_id)))
    accepted = find_accepted(found[1].events, order_id) if found else None
    if found is None or accepted is None:
        return None
    ts_ns, outcome = found
    market = house.get_catalogue().markets[accepted.market]
    return fold(accepted, outcome.events, seq=outcome.seq, ts_ns=ts_ns, market=market).order


async def was_ours(house: House, account: int, name: OrderName) -> bool:
    """Return whether an order that is not open now is one of the account's that has ended."""
    if name.order_id:
        found = await house.journal.find_outcome(seq_of_order(name.order_id))
        accepted = find_accepted(found[1].events, name.order_id) if found else None
        return accepted is not None and accepted.account == account
    read = ReadOrder(AccountId(account), OrderId(0), name.client_id)
    if (await query(house, read, OrderFound)).order_id:
        return True
    return await find_order_by_client_id(house.pool, account, name.client_id) is not None
