"""Batches: up to 100 operations, put in order side by side, each with its own result.

What is done in one request one by one is done here in one submission; no protocol's types.
"""

from collections.abc import Sequence
from typing import assert_never

from bezant.core.codec import Outcome
from bezant.core.commands import (
    AmendOrder,
    CancelAll,
    CancelOrder,
    PlaceList,
    PlaceOrder,
    ReplaceOrder,
)
from bezant.gateway.house import House
from bezant.gateway.native.amending import read_amended, to_amend_order
from bezant.gateway.native.bodies import (
    AmendOperation,
    BatchBody,
    CancelAllOperation,
    CancelOperation,
    Operation,
    PlaceListOperation,
    PlaceOperation,
    ReplaceOperation,
)
from bezant.gateway.native.canceling import (
    read_canceled,
    read_canceled_all,
    to_cancel_all,
    to_cancel_order,
)
from bezant.gateway.native.core_calls import submit
from bezant.gateway.native.lists import read_placed_list, to_place_list
from bezant.gateway.native.named_orders import NamedOrders
from bezant.gateway.native.names import OrderName, to_order_name
from bezant.gateway.native.operation_documents import BatchDocument, OperationResult
from bezant.gateway.native.order_terms import to_place_order, to_valid_until
from bezant.gateway.native.placing import read_placed
from bezant.gateway.native.problems import Refusal
from bezant.gateway.native.replacing import read_replaced, to_replace_order

Doable = PlaceOrder | CancelOrder | CancelAll | AmendOrder | ReplaceOrder | PlaceList


def count_places(body: BatchBody) -> int:
    """Return how many orders a batch may place or move: what its caller is charged for."""
    placing = PlaceOperation | AmendOperation | ReplaceOperation
    return sum(
        len(one.legs) if isinstance(one, PlaceListOperation) else isinstance(one, placing)
        for one in body.operations
    )


async def run_batch(house: House, account: int, body: BatchBody) -> BatchDocument:
    """Do the operations in their order and return a result for each. Raises Refusal for all."""
    operations = body.operations
    orders = NamedOrders(house, account)
    await orders.read(_names_in(operations))
    decoded = [await _decode(house, account, one, orders) for one in operations]
    commands = [one for one in decoded if not isinstance(one, Refusal)]
    valid_until_ns = to_valid_until(body.valid_until)
    if not commands:
        return BatchDocument(0, tuple(_refused(one) for one in decoded if isinstance(one, Refusal)))
    submission = await submit(house, commands, valid_until_ns=valid_until_ns)
    if any(isinstance(one, AmendOrder) for one in commands):
        await orders.catch_up(submission.outcomes[0].seq)
    outcomes = iter(submission.outcomes)
    results = [
        _refused(one)
        if isinstance(one, Refusal)
        else await _result(house, one, next(outcomes), submission.ts_ns, orders)
        for one in decoded
    ]
    return BatchDocument(submission.outcomes[-1].seq, tuple(results))


def _names_in(operations: Sequence[Operation]) -> list[OrderName]:
    """Return the orders that cancels and amends name; a name that is none is refused later."""
    names: dict[OrderName, None] = {}
    for one in operations:
        if isinstance(one, CancelOperation | AmendOperation):
            try:
                names[to_order_name(one.id, one.client_order_id)] = None
            except Refusal:
                continue
    return list(names)


async def _decode(
    house: House, account: int, operation: Operation, orders: NamedOrders
) -> Doable | Refusal:
    """Return the command of an operation, or why it cannot be one: its own result."""
    try:
        match operation:
            case PlaceOperation():
                placed = to_place_order(account, house.get_market(operation.symbol), operation)
                orders.expect(placed.order.client_id, placed.market)
                return placed
            case CancelOperation():
                name = to_order_name(operation.id, operation.client_order_id)
                return to_cancel_order(account, name, operation.only)
            case CancelAllOperation():
                return to_cancel_all(house, account, operation.symbol)
            case AmendOperation():
                name = to_order_name(operation.id, operation.client_order_id)
                return await to_amend_order(house, account, name, operation, orders)
            case ReplaceOperation():
                replaced = to_replace_order(house, account, operation)
                orders.expect(replaced.order.client_id, replaced.market)
                return replaced
            case PlaceListOperation():
                placed_list = to_place_list(house, account, operation)
                for leg in placed_list.legs:
                    orders.expect(leg.client_id, placed_list.market)
                return placed_list
            case _:
                assert_never(operation)
    except Refusal as refusal:
        return refusal


async def _result(
    house: House, command: Doable, outcome: Outcome, ts_ns: int, orders: NamedOrders
) -> OperationResult:
    """Return one operation's result; an order that it placed is known to those after it."""
    changed = orders.follow(outcome, ts_ns)
    try:
        match command:
            case PlaceOrder():
                placed = await read_placed(house, command, outcome, ts_ns)
                orders.add(placed.happened.order)
                return OperationResult(ok=True, order=placed.document)
            case CancelOrder():
                order = await read_canceled(house, command, outcome, ts_ns, orders)
                return OperationResult(ok=True, order=order)
            case CancelAll():
                return OperationResult(ok=True, canceled=read_canceled_all(outcome))
            case AmendOrder():
                order = await read_amended(house, command, outcome, orders, changed)
                return OperationResult(ok=True, order=order)
            case ReplaceOrder():
                replaced = await read_replaced(house, command, outcome, ts_ns)
                if replaced.happened is not None:
                    orders.add(replaced.happened.order)
                return OperationResult(ok=True, replaced=replaced.document)
            case PlaceList():
                placed_list = await read_placed_list(house, command, outcome, ts_ns)
                for leg in placed_list.legs:
                    orders.add(leg)
                return OperationResult(ok=True, list=placed_list.document)
            case _:
                assert_never(command)
    except Refusal as refusal:
        return _refused(refusal)


def _refused(refusal: Refusal) -> OperationResult:
    return OperationResult(ok=False, error=refusal.document())
