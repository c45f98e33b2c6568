"""What the API sends of replacements and batches; see `documents` for what these are made of."""

from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType

from bezant.gateway.native.documents import (
    Amount,
    CanceledOrders,
    Document,
    Identifier,
    OrderDocument,
    SeqNumber,
    Symbol,
)
from bezant.gateway.native.problems import ProblemDocument


class ReplacedOrder(Document, frozen=True):
    """The order that went, as it ended."""

    id: Identifier
    symbol: Symbol
    filled_quantity: Amount
    status: Literal["canceled"]
    reason: Literal["replaced"]


class CancelPart(Document, frozen=True):
    """What became of the old order."""

    ok: bool
    order: ReplacedOrder | UnsetType = UNSET
    error: ProblemDocument | UnsetType = UNSET


class PlacePart(Document, frozen=True):
    """What became of the new order."""

    ok: bool
    order: OrderDocument | UnsetType = UNSET
    error: ProblemDocument | UnsetType = UNSET


class ReplaceDocument(Document, frozen=True):
    """Both parts of a replacement, of which at least one was done."""

    cancel: CancelPart
    place: PlacePart
    seq: SeqNumber


class OperationResult(Document, frozen=True):
    """One operation's result: what it did, or the problem where it was refused."""

    ok: bool
    order: Annotated[OrderDocument, Meta(description="Of place, cancel, amend.")] | UnsetType = (
        UNSET
    )
    replaced: ReplaceDocument | UnsetType = UNSET
    canceled: Annotated[CanceledOrders, Meta(description="Of cancel_all.")] | UnsetType = UNSET
    error: ProblemDocument | UnsetType = UNSET


class BatchDocument(Document, frozen=True):
    """One result an operation, in the order of the request; `seq` is the last one's."""

    seq: SeqNumber
    results: tuple[OperationResult, ...]
