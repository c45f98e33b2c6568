"""What the API sends of replacements, lists and batches, made of `documents`."""

from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType

from bezant.gateway.native.documents import (
    Amount,
    CanceledOrders,
    Document,
    Identifier,
    Moment,
    OrderDocument,
    SeqNumber,
    Symbol,
)
from bezant.gateway.native.problems import ProblemDocument

ListKindWord = Literal["oco", "oto", "otoco"]
ChosenPreventionWord = Literal["none", "expire_taker", "expire_maker", "expire_both", "decrement"]


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


class OrderListDocument(Document, frozen=True):
    """An order list with its legs in their order; it is done when the last of them has ended."""

    id: Identifier
    list_client_order_id: Annotated[str, Meta(description="Yours, or empty.")]
    symbol: Symbol
    kind: ListKindWord
    status: Literal["open", "done"]
    legs: tuple[OrderDocument, ...]
    created_at: Moment
    seq: SeqNumber
    done_at: Moment | UnsetType = UNSET


class OrderListPage(Document, frozen=True):
    """A page of order lists, newest first; `nextCursor` is null on the last page."""

    lists: tuple[OrderListDocument, ...]
    next_cursor: str | None
    seq: SeqNumber


class CancelTimerDocument(Document, frozen=True):
    """When the dead man's switch will act: null where there is none."""

    symbol: Annotated[str | None, Meta(description="null: the orders of all markets.")]
    timeout_ms: int
    due_at: Moment | None
    seq: SeqNumber


class RunningCancelTimer(Document, frozen=True):
    """A dead man's switch that will act."""

    symbol: Annotated[str | None, Meta(description="null: the orders of all markets.")]
    due_at: Moment


class CancelTimerList(Document, frozen=True):
    """All of your timers, that of all markets first; one that has acted is gone."""

    timers: tuple[RunningCancelTimer, ...]
    seq: SeqNumber


class AccountSettingsDocument(Document, frozen=True):
    """The settings of an account."""

    self_trade_prevention: Annotated[
        ChosenPreventionWord, Meta(description="Of orders that name no mode themselves.")
    ]
    seq: SeqNumber


class OperationResult(Document, frozen=True):
    """One operation's result: what it did, or the problem where it was refused."""

    ok: bool
    order: Annotated[OrderDocument, Meta(description="Of place, cancel, amend.")] | UnsetType = (
        UNSET
    )
    replaced: ReplaceDocument | UnsetType = UNSET
    list: Annotated[OrderListDocument, Meta(description="Of place_list.")] | UnsetType = UNSET
    canceled: Annotated[CanceledOrders, Meta(description="Of cancel_all.")] | UnsetType = UNSET
    error: ProblemDocument | UnsetType = UNSET


class BatchDocument(Document, frozen=True):
    """One result an operation, in the order of the request; `seq` is the last one's."""

    seq: SeqNumber
    results: tuple[OperationResult, ...]
