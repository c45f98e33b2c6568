"""Canceling orders, now or by a timer: what they were, how they ended, why one was not there.

The terms come from the core itself (an exact read), the end from the durable outcome.
"""

from typing import Final

from msgspec import UNSET, UnsetType

from bezant.core.codec import Outcome
from bezant.core.commands import CancelAll, CancelOrder, SetCancelTimer
from bezant.core.events import CanceledAll, CancelTimerSet, Event, OrderDone
from bezant.core.ids import AccountId, MarketId
from bezant.core.refusals import RefusalCode
from bezant.core.rules import TIMEOUT_MS_MAX, TIMEOUT_MS_MIN
from bezant.core.words import DoneReason, Only
from bezant.gateway.house import House
from bezant.gateway.native.bodies import CancelTimerBody
from bezant.gateway.native.core_calls import refuse, submit
from bezant.gateway.native.documents import CanceledOrders, OrderDocument
from bezant.gateway.native.facts import Facts, market_facts
from bezant.gateway.native.named_orders import NamedOrders, find_placed, was_ours
from bezant.gateway.native.names import OrderName
from bezant.gateway.native.operation_documents import CancelTimerDocument
from bezant.gateway.native.order_terms import to_valid_until
from bezant.gateway.native.outcomes import end
from bezant.gateway.native.problems import Problem, Refusal, field_refusal
from bezant.gateway.native.render import render_order
from bezant.gateway.native.times import time_text

ONLY_WORDS: Final = {one.name.lower(): one for one in Only}


async def cancel(
    house: House, account: int, name: OrderName, only: str | UnsetType = UNSET
) -> OrderDocument:
    """Cancel one order and return it as it ended. Raises Refusal."""
    command = to_cancel_order(account, name, only)
    orders = NamedOrders(house, account)
    await orders.read([name])
    submission = await submit(house, [command])
    outcome, ts_ns = submission.outcomes[0], submission.ts_ns
    orders.follow(outcome, ts_ns)
    return await read_canceled(house, command, outcome, ts_ns, orders)


async def cancel_all(
    house: House, account: int, symbol: str | UnsetType | None = UNSET
) -> CanceledOrders:
    """Cancel all orders of one market, or of all. Raises Refusal."""
    submission = await submit(house, [to_cancel_all(house, account, symbol)])
    return read_canceled_all(submission.outcomes[0])


async def set_cancel_timer(
    house: House, account: int, body: CancelTimerBody
) -> CancelTimerDocument:
    """Set, renew or remove a timer and return when it is due. Raises Refusal."""
    market = None if isinstance(body.symbol, UnsetType) else house.get_market(body.symbol)
    number = MarketId(market.market if market else 0)
    command = SetCancelTimer(AccountId(account), number, body.timeout_ms)
    submission = await submit(house, [command], valid_until_ns=to_valid_until(body.valid_until))
    outcome = submission.outcomes[0]
    if outcome.code:
        raise _refuse_timer(outcome.code, body)
    done = next((one for one in outcome.events if isinstance(one, CancelTimerSet)), None)
    if done is None:
        raise Refusal(Problem.FAULT)
    return CancelTimerDocument(
        symbol=market.code if market else None,
        timeout_ms=body.timeout_ms,
        due_at=time_text(done.due_ns) if done.due_ns else None,
        seq=outcome.seq,
    )


def to_cancel_order(account: int, name: OrderName, only: str | UnsetType = UNSET) -> CancelOrder:
    """Return the command that cancels one order."""
    return CancelOrder(AccountId(account), name.order_id, name.client_id, to_only(only))


def to_cancel_all(house: House, account: int, symbol: str | UnsetType | None) -> CancelAll:
    """Return the command that cancels the orders of a market, or of all. Raises Refusal."""
    is_all = symbol is None or isinstance(symbol, UnsetType)
    market = MarketId(0 if is_all else house.get_market(str(symbol)).market)
    return CancelAll(AccountId(account), market)


def to_only(word: str | UnsetType) -> Only:
    """Return which orders may be touched (L11.6); any, unless said."""
    return Only.ANY if isinstance(word, UnsetType) else ONLY_WORDS[word.lower()]


async def read_canceled(
    house: House, command: CancelOrder, outcome: Outcome, ts_ns: int, orders: NamedOrders
) -> OrderDocument:
    """Return the order that a CancelOrder ended; `orders` have followed its entry.

    Raises Refusal if the core refused it.
    """
    name = OrderName(command.order_id, command.client_id)
    if outcome.code == RefusalCode.ORDER_UNKNOWN:
        raise await why_unknown(house, command.account, name, "canceled")
    if outcome.code:
        facts = _facts(house, name, orders) | {"only": Only(command.only).name.lower()}
        raise refuse(outcome.code, facts)
    done = find_done(outcome.events, command.account, DoneReason.USER, command.order_id)
    order = orders.find(done.order_id) if done else None
    if done is not None and order is None:
        placed = await find_placed(house, done.order_id)
        order = end(placed, done, seq=outcome.seq, ts_ns=ts_ns) if placed else None
    if order is None:
        raise Refusal(Problem.FAULT)
    return render_order(order, house.get_catalogue().markets[order.market], seq=outcome.seq)


def read_canceled_all(outcome: Outcome) -> CanceledOrders:
    """Return the orders that a CancelAll ended. Raises Refusal if the core refused it."""
    if outcome.code:
        raise refuse(outcome.code, {})
    events = outcome.events
    start = next(
        (index for index, event in enumerate(events) if isinstance(event, CanceledAll)), len(events)
    )
    ended = tuple(
        str(event.order_id)
        for event in events[start:]  # What ended before its own event was not its doing (L11.4).
        if isinstance(event, OrderDone) and event.reason in {DoneReason.USER, DoneReason.LIST}
    )
    return CanceledOrders(ended, outcome.seq)


def find_done(
    events: tuple[Event, ...], account: int, reason: DoneReason, order_id: int = 0
) -> OrderDone | None:
    """Return the end that a command caused: not one that time caused just before it (L11.1)."""
    for event in events:
        if (
            isinstance(event, OrderDone)
            and event.account == account
            and event.reason == reason
            and order_id in (0, event.order_id)
        ):
            return event
    return None


async def why_unknown(house: House, account: int, name: OrderName, what: str) -> Refusal:
    """Return ORDER_004 for an own order that has ended, ORDER_003 for anything else."""
    if await was_ours(house, account, name):
        return Refusal(
            Problem.ORDER_DONE,
            f"The order has ended already and cannot be {what}: "
            "GET /api/v1/orders/{id} tells how it ended",
            reason=RefusalCode.ORDER_UNKNOWN.name,
        )
    refusal = field_refusal(
        Problem.ORDER_UNKNOWN,
        name.field,
        "order_unknown",
        f"There is no order of yours with this {name.field}",
    )
    refusal.reason = RefusalCode.ORDER_UNKNOWN.name
    return refusal


def _refuse_timer(code: int, body: CancelTimerBody) -> Refusal:
    if code != RefusalCode.FIELD_OUT_OF_RANGE:
        return refuse(code, {})
    refusal = field_refusal(
        Problem.FIELD,
        "timeoutMs",
        RefusalCode.FIELD_OUT_OF_RANGE.name.lower(),
        f"timeoutMs {body.timeout_ms} is out of range: use {TIMEOUT_MS_MIN} to {TIMEOUT_MS_MAX}, "
        "or 0 to remove the timer",
    )
    refusal.reason = RefusalCode.FIELD_OUT_OF_RANGE.name
    return refusal


def _facts(house: House, name: OrderName, orders: NamedOrders) -> Facts:
    """Return what the order's market allows, where the order is known."""
    order = orders.find_named(name)
    return market_facts(house.get_catalogue().markets[order.market]) if order else {}
