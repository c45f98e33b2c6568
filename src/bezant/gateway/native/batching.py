"""Batches: up to 100 operations become commands side by side; each gets its own result."""

from msgspec import UnsetType

from bezant.core.codec import Outcome
from bezant.core.commands import CancelOrder, PlaceOrder
from bezant.gateway.house import House
from bezant.gateway.native.bodies import BatchBody, CancelOperation, PlaceOperation
from bezant.gateway.native.canceling import read_canceled, read_known, to_cancel_order
from bezant.gateway.native.core_calls import submit
from bezant.gateway.native.documents import BatchDocument, OperationResult
from bezant.gateway.native.order_terms import (
    to_client_id,
    to_order_id,
    to_place_order,
    to_valid_until,
)
from bezant.gateway.native.placing import read_placed
from bezant.gateway.native.problems import Problem, Refusal, field_refusal
from bezant.queries.orders import Order


def count_places(body: BatchBody) -> int:
    """Return how many orders a batch would place: what its caller is charged for."""
    return sum(isinstance(one, PlaceOperation) for one in body.operations)


async def run_batch(house: House, account: int, body: BatchBody) -> BatchDocument:
    """Do the operations in their order and return a result for each. Raises Refusal for all."""
    decoded = [_decode(house, account, one) for one in body.operations]
    commands = [one for one in decoded if not isinstance(one, Refusal)]
    cancels = [one for one in commands if isinstance(one, CancelOrder)]
    valid_until_ns = to_valid_until(body.valid_until)
    known = await read_known(house, cancels) if cancels else {}
    if not commands:
        return BatchDocument(0, tuple(_refused(one) for one in decoded if isinstance(one, Refusal)))
    submission = await submit(house, commands, valid_until_ns=valid_until_ns)
    outcomes = iter(submission.outcomes)
    results = [
        _refused(one)
        if isinstance(one, Refusal)
        else await _result(house, one, next(outcomes), submission.ts_ns, known)
        for one in decoded
    ]
    return BatchDocument(submission.outcomes[-1].seq, tuple(results))


def _decode(
    house: House, account: int, operation: PlaceOperation | CancelOperation
) -> PlaceOrder | CancelOrder | Refusal:
    """Return the command of an operation, or why it cannot be one: its own result."""
    try:
        if isinstance(operation, PlaceOperation):
            return to_place_order(account, house.get_market(operation.symbol), operation)
        return _decode_cancel(account, operation)
    except Refusal as refusal:
        return refusal


def _decode_cancel(account: int, operation: CancelOperation) -> CancelOrder:
    if not isinstance(operation.id, UnsetType):
        if not isinstance(operation.client_order_id, UnsetType):
            raise field_refusal(
                Problem.MALFORMED, "clientOrderId", "one_of", "give id or clientOrderId, not both"
            )
        return to_cancel_order(account, order_id=to_order_id(operation.id))
    client_id = to_client_id(operation.client_order_id)
    if not client_id:
        raise field_refusal(
            Problem.MALFORMED, "id", "required", "id is missing: give id or clientOrderId"
        )
    return to_cancel_order(account, client_id=client_id)


async def _result(
    house: House,
    command: PlaceOrder | CancelOrder,
    outcome: Outcome,
    ts_ns: int,
    known: dict[int, Order],
) -> OperationResult:
    """Return one operation's result; an order that it placed is known to those after it."""
    try:
        if isinstance(command, CancelOrder):
            order = await read_canceled(house, command, outcome, ts_ns, known)
            return OperationResult(ok=True, order=order)
        market = house.get_catalogue().markets[command.market]
        placed = await read_placed(house, command, market, outcome, ts_ns)
    except Refusal as refusal:
        return _refused(refusal)
    known[placed.happened.order.order_id] = placed.happened.order
    return OperationResult(ok=True, order=placed.document)


def _refused(refusal: Refusal) -> OperationResult:
    return OperationResult(ok=False, error=refusal.document())
