"""Placing orders: from a command's durable outcome to the reply, first time or repeated.

Never reads the projection: what a client is told was committed, not what was projected.
"""

from collections.abc import Sequence

from msgspec import Struct

from bezant.core.codec import Outcome
from bezant.core.commands import PlaceOrder
from bezant.core.events import Event, OrderAccepted
from bezant.core.ids import OrderId, seq_of_order
from bezant.gateway.house import House
from bezant.gateway.native.bodies import PlaceOrderBody
from bezant.gateway.native.core_calls import find_repeated, refuse_order, submit
from bezant.gateway.native.documents import OrderDocument
from bezant.gateway.native.order_terms import to_place_order, to_valid_until
from bezant.gateway.native.outcomes import Happened, find_accepted, fold
from bezant.gateway.native.problems import Problem, Refusal
from bezant.gateway.native.render import render_fill, render_order


class Placed(Struct, frozen=True):
    """An order that exists, and whether this request made it or an earlier one."""

    document: OrderDocument
    happened: Happened
    is_repeat: bool


async def place(house: House, account: int, body: PlaceOrderBody) -> Placed:
    """Place an order and return what its committed entry did. Raises Refusal."""
    command = to_place_order(account, house.get_market(body.symbol), body)
    submission = await submit(house, [command], valid_until_ns=to_valid_until(body.valid_until))
    return await read_placed(house, command, submission.outcomes[0], submission.ts_ns)


async def read_placed(house: House, command: PlaceOrder, outcome: Outcome, ts_ns: int) -> Placed:
    """Return what became of a PlaceOrder. Raises Refusal if the core refused it."""
    if outcome.code:
        market = house.get_catalogue().markets[command.market]
        raise await refuse_order(house, outcome.code, command.order, market)
    repeated = find_repeated(outcome.events)
    if repeated is not None:
        return await first_reply(house, repeated)
    return placed_by(house, outcome, command.account, ts_ns)


def placed_by(house: House, outcome: Outcome, account: int, ts_ns: int) -> Placed:
    """Return the order that an entry of this account made. Raises Refusal if it made none."""
    accepted = _newest_accepted(outcome.events, account)
    if accepted is None:
        raise Refusal(Problem.FAULT)
    return _placed(house, accepted, outcome.events, outcome.seq, ts_ns)


async def first_reply(house: House, order_id: int) -> Placed:
    """Return the reply that the order's first request got, from the journal (L3.1).

    Raises Refusal (SYSTEM_007) if the journal does not hold it any more.
    """
    ts_ns, outcome = await first_outcome(house, order_id)
    accepted = find_accepted(outcome.events, order_id)
    if accepted is None:
        raise Refusal(Problem.FAULT)
    placed = _placed(house, accepted, outcome.events, outcome.seq, ts_ns)
    return Placed(placed.document, placed.happened, is_repeat=True)


async def first_outcome(house: House, order_id: int) -> tuple[int, Outcome]:
    """Return the time in ns and the outcome of the entry that made an order or a list (L3.1).

    Raises Refusal (SYSTEM_007) if the journal does not hold it any more.
    """
    found = await house.journal.find_outcome(seq_of_order(OrderId(order_id)))
    if found is None:
        raise Refusal(
            Problem.FAULT,
            f"{order_id} exists already; its first reply is not in the journal any more: "
            f"GET /api/v1/orders/{order_id}",
        )
    return found


def _placed(
    house: House, accepted: OrderAccepted, events: Sequence[Event], seq: int, ts_ns: int
) -> Placed:
    catalogue = house.get_catalogue()
    market = catalogue.markets[accepted.market]
    happened = fold(accepted, events, seq=seq, ts_ns=ts_ns, market=market)
    fills = [render_fill(fill, market, catalogue) for fill in happened.fills]
    document = render_order(happened.order, market, seq=seq, fills=fills)
    return Placed(document, happened, is_repeat=False)


def _newest_accepted(events: Sequence[Event], account: int) -> OrderAccepted | None:
    """Return the acceptance of the entry's own order: housekeeping accepts none (L11.1)."""
    for event in events:
        if isinstance(event, OrderAccepted) and event.account == account:
            return event
    return None
