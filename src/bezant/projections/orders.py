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
    OrderRested,
    OrderTriggered,
    PeakRefilled,
    SelfTradePrevented,
    TradeExecuted,
)
from bezant.core.postings import Posting
from bezant.core.words import AcceptedState, STPMode
from bezant.projections.fold import At
from bezant.projections.holds import hold_changes
from bezant.projections.known import Known


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
    reason = u.reason, code = u.code, updated_ns = u.updated_ns, updated_seq = u.updated_seq,
    visible = coalesce(u.visible, o.visible)
FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::numeric[], $6::smallint[],
            $7::smallint[], $8::integer[], $9::bigint[], $10::bigint[], $11::bigint[])
     AS u (order_id, filled, prevented, hold, filled_quote, status, reason, code, updated_ns,
           updated_seq, visible)
WHERE o.order_id = u.order_id
"""
_AMEND: Final = """
UPDATE orders o SET qty = u.qty, price = u.price, client_id = u.client_id
FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[])
     AS u (order_id, qty, price, client_id)
WHERE o.order_id = u.order_id
"""
_KEEP_NAMES: Final = """
INSERT INTO order_clients (account, order_id, client_id)
SELECT account, order_id, client_id FROM orders
WHERE order_id = ANY($1::bigint[]) AND client_id <> ''
ON CONFLICT DO NOTHING
"""
_ADD_NAMES: Final = """
INSERT INTO order_clients (account, order_id, client_id)
SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::text[]) ON CONFLICT DO NOTHING
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
    visible: int | None = None


_COLUMNS: Final = (
    *_Progress.__struct_fields__, "account", "market", "created_ns", "list_id", "client_id",
    "side", "type", "tif", "price", "qty", "quote_units", "trigger", "trigger_price",
    "trailing_bips", "post_only", "display", "stp", "expires_ns",
)  # fmt: skip


class OrdersFold:
    """The orders that a batch makes, and what it changes in earlier ones."""

    events: ClassVar[tuple[type[Event], ...]] = (
        OrderAccepted,
        OrderRested,
        TradeExecuted,
        SelfTradePrevented,
        OrderTriggered,
        OrderAmended,
        PeakRefilled,
        OrderDone,
    )

    def __init__(self, known: Known) -> None:
        self._known = known
        self._accepted: dict[int, tuple[int, int, OrderAccepted]] = {}  # Time, mode, event.
        self._progress: dict[int, _Progress] = {}
        self._amended: dict[int, list[OrderAmended]] = {}

    def fold(self, at: At, event: Event, moved: tuple[Posting, ...]) -> None:
        """Take in one step of an order's life."""
        del moved
        match event:
            case OrderAccepted():
                mode = self._known.mode_of(event)
                self._accepted[event.order_id] = (at.ts_ns, mode, event)
                order = self._reach(event.order_id, at)
                order.visible = 0
                is_pending = event.state == AcceptedState.PENDING
                order.status = StoredStatus.PENDING if is_pending else StoredStatus.OPEN
            case TradeExecuted():
                self._fold_trade(at, event)
            case OrderDone():
                order = self._reach(event.order_id, at)
                order.status = StoredStatus.FILLED + event.status
                order.reason = event.reason
                order.code = event.code
            case SelfTradePrevented() if event.mode == STPMode.DECREMENT:
                taker = self._reach(event.taker_order, at)
                taker.prevented += event.qty
                maker = self._reach(event.maker_order, at)
                maker.prevented += event.qty
            case OrderTriggered():
                self._reach(event.order_id, at).status = StoredStatus.OPEN
            case OrderRested():
                if event.order_id in self._known.legs:  # It waited for its list until now.
                    self._reach(event.order_id, at).status = StoredStatus.OPEN
            case PeakRefilled():
                self._reach(event.order_id, at)
            case OrderAmended():
                self._reach(event.order_id, at)
                self._amended.setdefault(event.order_id, []).append(event)
            case _:
                return  # A prevention in another mode: the OrderDone that follows says it all.
        if self._known.icebergs.changed:
            for order_id, visible in self._known.icebergs.changed:
                self._reach(order_id, at).visible = visible
        legs = self._known.legs
        for order_id, units in hold_changes(event, self._known.grids):
            if order_id not in legs:  # A leg's hold is its list's.
                self._progress[order_id].hold += units

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
        await self._write_amends(connection)
        if self._accepted:
            await connection.copy_records_to_table(
                "orders", records=[self._record(key) for key in self._accepted], columns=_COLUMNS
            )

    async def _write_amends(self, connection: Any) -> None:
        """Remember the names that amends took away, then change what earlier orders ask for."""
        earlier = [key for key in self._amended if key not in self._accepted]
        if earlier:
            await connection.execute(_KEEP_NAMES, earlier)
        names: list[tuple[int, int, str]] = [
            (one.account, one.order_id, one.client_id)
            for amends in self._amended.values()
            for one in amends
            if one.client_id
        ]
        for key, (*_, accepted) in self._accepted.items():
            if key in self._amended and accepted.order.client_id:
                names.append((accepted.account, key, accepted.order.client_id))
        if names:
            await connection.execute(_ADD_NAMES, *zip(*names, strict=True))
        if earlier:
            last = [self._amended[key][-1] for key in earlier]
            rows = [(one.order_id, one.qty, one.price, one.client_id) for one in last]
            await connection.execute(_AMEND, *zip(*rows, strict=True))

    def _reach(self, order_id: int, at: At) -> _Progress:
        order = self._progress.get(order_id)
        if order is None:
            order = self._progress[order_id] = _Progress(order_id)
        order.updated_ns = at.ts_ns
        order.updated_seq = at.seq
        return order

    def _fold_trade(self, at: At, event: TradeExecuted) -> None:
        terms = self._known.grids[event.market]
        notional = event.price * event.qty * terms.tick_lot_units
        for order_id in (event.taker_order, event.maker_order):
            order = self._reach(order_id, at)
            order.filled += event.qty
            order.filled_quote += notional

    def _record(self, order_id: int) -> tuple[object, ...]:
        created_ns, mode, accepted = self._accepted[order_id]
        terms = accepted.order
        amends = self._amended.get(order_id)
        amended = amends[-1] if amends else None
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
            mode,
            terms.expires_ns,
        )
