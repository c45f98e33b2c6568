"""Orders: what was asked for and what became of it, by id.

An order that begins and ends in one batch is one COPY line; one from an earlier batch is changed by
what this batch adds to it, all of them in one UPDATE. Not for the book, which gateways keep.
"""

import enum
from typing import Any, ClassVar, Final

from msgspec import Struct
from msgspec.structs import astuple

from bezant.core.events import (
    Event,
    OrderAccepted,
    OrderAmended,
    OrderDone,
    OrderTriggered,
    SelfTradePrevented,
    TradeExecuted,
)
from bezant.core.postings import Grids, Posting
from bezant.core.words import AcceptedState, Side, STPMode
from bezant.projections.fold import At


class StoredStatus(enum.IntEnum):
    """The column `status`; what is open is below FILLED, as the partial index says."""

    PENDING = 0
    OPEN = 1
    FILLED = 2
    CANCELED = 3
    EXPIRED = 4


_UPDATE: Final = """
UPDATE orders o SET
    filled = o.filled + u.filled, prevented = o.prevented + u.prevented, hold = o.hold + u.hold,
    filled_quote = o.filled_quote + u.filled_quote, status = coalesce(u.status, o.status),
    reason = u.reason, code = u.code, updated_ns = u.updated_ns, updated_seq = u.updated_seq
FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::numeric[], $6::smallint[],
            $7::smallint[], $8::integer[], $9::bigint[], $10::bigint[])
     AS u (order_id, filled, prevented, hold, filled_quote, status, reason, code, updated_ns,
           updated_seq)
WHERE o.order_id = u.order_id
"""
_AMEND: Final = """
UPDATE orders o SET qty = u.qty, price = u.price, client_id = u.client_id
FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[])
     AS u (order_id, qty, price, client_id)
WHERE o.order_id = u.order_id
"""


class OrderMissing(Exception):
    """An event names an order that has no row: the read model does not belong to this journal."""


class _Progress(Struct):
    """What a batch adds to an order; for a new one it is all there is. In the order of _UPDATE."""

    order_id: int
    filled: int = 0
    prevented: int = 0
    hold: int = 0
    filled_quote: int = 0
    status: int | None = None
    reason: int = 0
    code: int = 0
    updated_ns: int = 0
    updated_seq: int = 0


_COLUMNS: Final = (
    *_Progress.__struct_fields__, "account", "market", "created_ns", "list_id", "client_id",
    "side", "type", "tif", "price", "qty", "quote_units", "trigger", "trigger_price",
    "trailing_bips", "post_only", "display", "stp", "expires_ns",
)  # fmt: skip


class OrdersFold:
    """The orders that a batch makes, and what it changes in earlier ones."""

    events: ClassVar[tuple[type[Event], ...]] = (
        OrderAccepted,
        TradeExecuted,
        SelfTradePrevented,
        OrderTriggered,
        OrderAmended,
        OrderDone,
    )

    def __init__(self, grids: Grids) -> None:
        self._grids = grids
        self._accepted: dict[int, tuple[int, OrderAccepted]] = {}
        self._progress: dict[int, _Progress] = {}
        self._amended: dict[int, OrderAmended] = {}

    def fold(self, at: At, event: Event, moved: tuple[Posting, ...]) -> None:
        """Take in one step of an order's life."""
        del moved
        match event:
            case OrderAccepted():
                self._accepted[event.order_id] = (at.ts_ns, event)
                order = self._reach(event.order_id, at)
                order.hold = event.held
                is_pending = event.state == AcceptedState.PENDING
                order.status = StoredStatus.PENDING if is_pending else StoredStatus.OPEN
            case TradeExecuted():
                self._fold_trade(at, event)
            case OrderDone():
                order = self._reach(event.order_id, at)
                order.hold -= event.released
                order.status = StoredStatus.FILLED + event.status
                order.reason = event.reason
                order.code = event.code
            case SelfTradePrevented() if event.mode == STPMode.DECREMENT:
                taker = self._reach(event.taker_order, at)
                taker.prevented += event.qty
                taker.hold -= event.taker_released
                maker = self._reach(event.maker_order, at)
                maker.prevented += event.qty
                maker.hold -= event.maker_released
            case OrderTriggered():
                order = self._reach(event.order_id, at)
                order.hold -= event.released
                order.status = StoredStatus.OPEN
            case OrderAmended():
                self._reach(event.order_id, at).hold += event.held
                self._amended[event.order_id] = event
            case _:
                pass  # A prevention in another mode: the OrderDone that follows says it all.

    async def write(self, connection: Any) -> None:
        """Change the earlier orders, then copy the new ones. Raises OrderMissing."""
        changed = [one for key, one in self._progress.items() if key not in self._accepted]
        if changed:
            columns = zip(*(astuple(one) for one in changed), strict=True)
            answer = await connection.execute(_UPDATE, *columns)
            if answer != f"UPDATE {len(changed)}":
                raise OrderMissing(
                    f"events change {len(changed)} earlier orders, the table answered {answer}: "
                    "run `bezant projections rebuild`"
                )
        amended = [one for key, one in self._amended.items() if key not in self._accepted]
        if amended:
            rows = [(one.order_id, one.qty, one.price, one.client_id) for one in amended]
            await connection.execute(_AMEND, *zip(*rows, strict=True))
        if self._accepted:
            await connection.copy_records_to_table(
                "orders", records=[self._record(key) for key in self._accepted], columns=_COLUMNS
            )

    def _reach(self, order_id: int, at: At) -> _Progress:
        order = self._progress.get(order_id)
        if order is None:
            order = self._progress[order_id] = _Progress(order_id)
        order.updated_ns = at.ts_ns
        order.updated_seq = at.seq
        return order

    def _fold_trade(self, at: At, event: TradeExecuted) -> None:
        terms = self._grids[event.market]
        notional = event.price * event.qty * terms.tick_lot_units
        bought, sold = notional + event.improvement, event.qty * terms.lot_units
        taker_paid, maker_paid = bought, sold
        if event.taker_side == Side.SELL:
            taker_paid, maker_paid = sold, bought
        taker = self._reach(event.taker_order, at)
        taker.filled += event.qty
        taker.filled_quote += notional
        if event.taker_has_hold:
            taker.hold -= taker_paid
        maker = self._reach(event.maker_order, at)
        maker.filled += event.qty
        maker.filled_quote += notional
        maker.hold -= maker_paid

    def _record(self, order_id: int) -> tuple[object, ...]:
        created_ns, accepted = self._accepted[order_id]
        terms = accepted.order
        amended = self._amended.get(order_id)
        return (
            *astuple(self._progress[order_id]),
            accepted.account,
            accepted.market,
            created_ns,
            accepted.list_id,
            terms.client_id if amended is None else amended.client_id,
            terms.side,
            terms.type,
            terms.tif,
            terms.price if amended is None else amended.price,
            terms.qty if amended is None else amended.qty,
            terms.quote_units,
            terms.trigger,
            terms.trigger_price,
            terms.trailing_bips,
            terms.post_only,
            terms.display,
            terms.stp,
            terms.expires_ns,
        )
