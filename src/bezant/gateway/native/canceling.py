"""Canceling orders: what they were before, what the core's outcome says, why one was not there.

The terms come from the core itself (an exact read), the end from the durable outcome.
"""

import asyncio
from collections.abc import Mapping, Sequence

from bezant.core.codec import Outcome
from bezant.core.commands import CancelAll, CancelOrder
from bezant.core.events import CanceledAll, Event, OrderDone
from bezant.core.ids import AccountId, MarketId, OrderId, seq_of_order
from bezant.core.reads import OrderFound, ReadOrder
from bezant.core.refusals import RefusalCode
from bezant.core.words import DoneReason, Only
from bezant.gateway.house import House
from bezant.gateway.native.core_calls import query, refuse, submit
from bezant.gateway.native.documents import CanceledOrders, OrderDocument
from bezant.gateway.native.outcomes import end, find_accepted, fold, open_order
from bezant.gateway.native.problems import Problem, Refusal, field_refusal
from bezant.gateway.native.render import render_order
from bezant.queries.orders import Order, find_order_by_client_id

Known = Mapping[int, Order]


async def cancel(
    house: House, account: int, *, order_id: int = 0, client_id: str = ""
) -> OrderDocument:
    """Cancel one order and return it as it ended. Raises Refusal."""
    command = to_cancel_order(account, order_id=order_id, client_id=client_id)
    known = await read_known(house, [command])
    submission = await submit(house, [command])
    return await read_canceled(house, command, submission.outcomes[0], submission.ts_ns, known)


async def cancel_all(house: House, account: int, symbol: str | None) -> CanceledOrders:
    """Cancel all orders of an account, of one market or of all, in one entry. Raises Refusal."""
    market = house.get_market(symbol).market if symbol is not None else 0
    command = CancelAll(AccountId(account), MarketId(market))
    outcome = (await submit(house, [command])).outcomes[0]
    if outcome.code:
        raise refuse(outcome.code, {})
    return CanceledOrders(_ids_of(outcome.events), outcome.seq)


def to_cancel_order(account: int, *, order_id: int = 0, client_id: str = "") -> CancelOrder:
    """Return the command that cancels one order."""
    return CancelOrder(AccountId(account), OrderId(order_id), client_id, Only.ANY)


async def read_known(house: House, commands: Sequence[CancelOrder]) -> dict[int, Order]:
    """Return the orders that are about to be canceled, as the core has them now, by id."""
    answers = await asyncio.gather(
        *(
            query(house, ReadOrder(one.account, one.order_id, one.client_id), OrderFound)
            for one in commands
        )
    )
    views = [answer.order for answer in answers if answer.order is not None]
    if not views:
        return {}
    times = await house.journal.list_times([seq_of_order(view.order_id) for view in views])
    return {
        view.order_id: open_order(view, created_ns=times.get(seq_of_order(view.order_id), 0))
        for view in views
    }


async def read_canceled(
    house: House, command: CancelOrder, outcome: Outcome, ts_ns: int, known: Known
) -> OrderDocument:
    """Return the order that a CancelOrder ended. Raises Refusal if the core refused it."""
    if outcome.code == RefusalCode.ORDER_UNKNOWN:
        raise await _why_unknown(house, command)
    if outcome.code:
        raise refuse(outcome.code, {})
    done = _find_done(outcome, command)
    if done is None:
        raise Refusal(Problem.FAULT)
    order = known.get(done.order_id) or await _placed_order(house, done.order_id)
    if order is None:
        raise Refusal(Problem.FAULT)
    ended = end(order, done, seq=outcome.seq, ts_ns=ts_ns)
    return render_order(ended, house.get_catalogue().markets[ended.market], seq=outcome.seq)


def _find_done(outcome: Outcome, command: CancelOrder) -> OrderDone | None:
    """Return the end that the command caused: not one that time caused just before it (L11.1)."""
    for event in outcome.events:
        if (
            isinstance(event, OrderDone)
            and event.account == command.account
            and event.reason == DoneReason.USER
            and command.order_id in (0, event.order_id)
        ):
            return event
    return None


async def _placed_order(house: House, order_id: OrderId) -> Order | None:
    """Return an order as it was when it was placed: it came between our read and our cancel."""
    found = await house.journal.find_outcome(seq_of_order(order_id))
    accepted = find_accepted(found[1].events, order_id) if found else None
    if found is None or accepted is None:
        return None
    market = house.get_catalogue().markets[accepted.market]
    events = found[1].events
    return fold(accepted, events, seq=found[1].seq, ts_ns=found[0], market=market).order


async def _why_unknown(house: House, command: CancelOrder) -> Refusal:
    """Return ORDER_004 for an own order that has ended, ORDER_003 for anything else."""
    if await _was_ours(house, command):
        return Refusal(
            Problem.ORDER_DONE,
            "The order has ended already and cannot be canceled: "
            "GET /api/v1/orders/{id} tells how it ended",
            reason=RefusalCode.ORDER_UNKNOWN.name,
        )
    field = "id" if command.order_id else "clientOrderId"
    refusal = field_refusal(
        Problem.ORDER_UNKNOWN,
        field,
        "order_unknown",
        f"There is no order of yours with this {field}",
    )
    refusal.reason = RefusalCode.ORDER_UNKNOWN.name
    return refusal


async def _was_ours(house: House, command: CancelOrder) -> bool:
    if not command.order_id:
        answer = await query(
            house, ReadOrder(command.account, OrderId(0), command.client_id), OrderFound
        )
        if answer.order_id:
            return True
        return (
            await find_order_by_client_id(house.pool, command.account, command.client_id)
            is not None
        )
    found = await house.journal.find_outcome(seq_of_order(command.order_id))
    accepted = find_accepted(found[1].events, command.order_id) if found else None
    return accepted is not None and accepted.account == command.account


def _ids_of(events: tuple[Event, ...]) -> tuple[str, ...]:
    """Return the orders that a CancelAll ended: the ends that follow its own event (L11.4)."""
    start = next(
        (index for index, event in enumerate(events) if isinstance(event, CanceledAll)), len(events)
    )
    return tuple(
        str(event.order_id)
        for event in events[start:]
        if isinstance(event, OrderDone) and event.reason in {DoneReason.USER, DoneReason.LIST}
    )
