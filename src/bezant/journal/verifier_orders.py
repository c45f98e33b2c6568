"""The audit's own order lives: quantities, ends, what each must hold (L4, INV-03, INV-06).

Knows nothing of books: who may trade with whom is `verifier_book`'s.
"""

import enum

from msgspec import Struct, field

from bezant.core.commands import OrderTerms
from bezant.core.events import (
    Event,
    ListAccepted,
    ListDone,
    ListWorking,
    OrderAccepted,
    OrderAmended,
    OrderDone,
    OrderRested,
    OrderTriggered,
    PeakRefilled,
    SelfTradePrevented,
    TradeExecuted,
    TransferHeld,
    TransferSettled,
    TransferVoided,
)
from bezant.core.words import AcceptedState, DoneStatus, ListKind, OrderType, STPMode, Trigger
from bezant.journal.verifier_findings import INV_03, INV_06, Findings
from bezant.journal.verifier_house import House
from bezant.journal.verifier_ledger import BUY, Key, LedgerVerifier


class Stage(enum.Enum):
    """Where an audited order is."""

    PENDING = "pending"
    RESTING = "resting"
    MATCHING = "matching"
    DONE = "done"


class AuditedOrder(Struct):
    """An order as the events so far describe it."""

    id: int
    account: int
    market: int
    terms: OrderTerms
    price: int
    qty: int
    client_id: str
    stp: int  # What the order's mode became (L7.1).
    hold_price: int
    has_hold: bool
    stage: Stage
    created_ns: int
    updated_ns: int
    updated_seq: int
    list_id: int = 0
    is_dormant: bool = False
    is_whole: bool = True  # Whether its whole life was seen, not only what a snapshot tells.
    filled: int = 0
    filled_quote: int = 0
    prevented: int = 0
    prevented_quote: int = 0
    status: int = 0
    reason: int = 0
    code: int = 0

    @property
    def leaves(self) -> int:
        """Lots still open; none are known of an order by quote."""
        return self.qty - self.filled - self.prevented

    @property
    def is_by_quote(self) -> bool:
        """Whether a budget stands in for the quantity."""
        return self.terms.quote_units != 0


class _List(Struct):
    id: int
    key: Key
    kind: int
    is_released: bool
    legs: list[AuditedOrder] = field(default_factory=list)
    need: int = 0


class OrdersVerifier:
    """All open orders, lists and pending withdrawals, and what they own of each hold."""

    def __init__(self, findings: Findings, house: House, ledger: LedgerVerifier) -> None:
        self._findings = findings
        self._house = house
        self._ledger = ledger
        self.orders: dict[int, AuditedOrder] = {}
        self._lists: dict[int, _List] = {}
        self._transfers: dict[int, tuple[Key, int]] = {}
        self._needs: dict[int, int] = {}
        self._owned: dict[Key, int] = {}
        self._touched: dict[Key, None] = {}
        self._active: dict[int, AuditedOrder] = {}  # What the entry touched.
        self.ended: list[AuditedOrder] = []  # By the last entry.

    def apply(self, seq: int, ts_ns: int, event: Event) -> None:
        """Take one step in the life of an order, a list or a withdrawal."""
        match event:
            case OrderAccepted():
                self._accept(seq, ts_ns, event)
            case TradeExecuted():
                self._trade(seq, ts_ns, event)
            case SelfTradePrevented():
                self._prevent(seq, ts_ns, event)
            case OrderRested():
                self._rest(seq, ts_ns, event)
            case PeakRefilled():
                if (order := self.find(seq, event.order_id)) is not None:
                    self._step(seq, ts_ns, order)
            case OrderTriggered():
                self._trigger(seq, ts_ns, event)
            case OrderAmended():
                self._amend(seq, ts_ns, event)
            case OrderDone():
                self._end(seq, ts_ns, event)
            case ListAccepted():
                key = self._key(event.account, event.market, event.side)
                is_released = event.kind == ListKind.OCO
                self._lists[event.list_id] = _List(event.list_id, key, event.kind, is_released)
            case ListWorking():
                self._release_list(event)
            case ListDone():
                self._lists.pop(event.list_id, None)
            case TransferHeld():
                key = (event.account, event.asset)
                if event.transfer_id in self._transfers:
                    text = f"transfer {event.transfer_id} is held while it is pending"
                    self._findings.add(INV_03, seq, text)
                self._transfers[event.transfer_id] = (key, event.units + event.fee)
                self._own(key, event.units + event.fee)
            case TransferSettled() | TransferVoided():
                self._end_transfer(seq, event)
            case _:
                pass

    def end_entry(self, seq: int) -> tuple[AuditedOrder, ...]:
        """Check the holds that the entry touched; return the orders that it ended."""
        for key in self._touched:
            held, owned = self._ledger.hold.get(key, 0), self._owned.get(key, 0)
            if held != owned:
                self._findings.add(
                    INV_03,
                    seq,
                    f"account {key[0]} holds {held} of asset {key[1]}, its open orders and "
                    f"pending withdrawals need {owned}",
                )
        self._touched.clear()
        for order in self._active.values():
            if order.stage is Stage.MATCHING:
                self._findings.add(INV_06, seq, f"order {order.id} neither rests nor has ended")
            elif order.stage is not Stage.DONE and order.leaves == 0:
                text = f"order {order.id} has nothing left and has not ended"
                self._findings.add(INV_06, seq, text)
        self._active.clear()
        ended, self.ended = tuple(self.ended), []
        return ended

    def need_of(self, order_id: int) -> int:
        """Return what an order must hold now by itself; a pair's shared hold is its list's."""
        return self._needs.get(order_id, 0)

    def list_need(self, list_id: int) -> int:
        """Return what a list's legs must hold now, a pair's shared hold included."""
        found = self._lists.get(list_id)
        if found is None:
            return 0
        return found.need + sum(self._needs.get(leg.id, 0) for leg in found.legs)

    def adopt(self, order: AuditedOrder) -> None:
        """Take over an open order from a snapshot."""
        self.orders[order.id] = order
        self._settle_need(order)

    def adopt_transfer(self, transfer_id: int, key: Key, units: int) -> None:
        """Take over a pending withdrawal from a snapshot."""
        self._transfers[transfer_id] = (key, units)
        self._own(key, units)

    def find(self, seq: int, order_id: int) -> AuditedOrder | None:
        """Return an open order, or find fault with an event that names none."""
        order = self.orders.get(order_id)
        if order is None:
            self._findings.add(
                INV_06, seq, f"order {order_id} is not open: it never began or has ended before"
            )
        return order

    def _accept(self, seq: int, ts_ns: int, event: OrderAccepted) -> None:
        terms = event.order
        if event.order_id in self.orders:
            self._findings.add(INV_06, seq, f"order {event.order_id} is accepted a second time")
        if event.order_id >> 6 != seq:
            text = f"order {event.order_id} cannot be of seq {seq} by its id (L15.1)"
            self._findings.add(INV_06, seq, text)
        stage = Stage(AcceptedState(event.state).name.lower())
        order = AuditedOrder(
            id=event.order_id,
            account=event.account,
            market=event.market,
            terms=terms,
            price=terms.price,
            qty=terms.qty,
            client_id=terms.client_id,
            stp=terms.stp or self._house.mode(event.account),
            hold_price=self._hold_price(terms, event.market),
            has_hold=terms.type == OrderType.LIMIT or terms.trigger != Trigger.NONE,
            stage=stage,
            created_ns=ts_ns,
            updated_ns=ts_ns,
            updated_seq=seq,
            list_id=event.list_id,
        )
        self.orders[order.id] = order
        self._active[order.id] = order
        parent = self._lists.get(event.list_id)
        if parent is not None:
            order.is_dormant = not parent.is_released and bool(parent.legs)
            parent.legs.append(order)
        self._settle_need(order)

    def _trade(self, seq: int, ts_ns: int, event: TradeExecuted) -> None:
        notional = event.price * event.qty * self._house.markets[event.market].tick_lot_units
        for order_id in (event.taker_order, event.maker_order):
            order = self.find(seq, order_id)
            if order is None:
                continue
            order.filled += event.qty
            order.filled_quote += notional
            self._check_quantity(seq, order)
            self._step(seq, ts_ns, order)

    def _prevent(self, seq: int, ts_ns: int, event: SelfTradePrevented) -> None:
        if event.mode != STPMode.DECREMENT:
            return
        notional = event.price * event.qty * self._house.markets[event.market].tick_lot_units
        for order_id in (event.taker_order, event.maker_order):
            order = self.find(seq, order_id)
            if order is None:
                continue
            order.prevented += event.qty
            order.prevented_quote += notional
            self._check_quantity(seq, order)
            self._step(seq, ts_ns, order)

    def _rest(self, seq: int, ts_ns: int, event: OrderRested) -> None:
        order = self.find(seq, event.order_id)
        if order is None:
            return
        if order.terms.type != OrderType.LIMIT or order.leaves <= 0:
            text = f"order {order.id} rests with {order.leaves} lots of type {order.terms.type}"
            self._findings.add(INV_06, seq, text)
        order.stage = Stage.RESTING
        if order.list_id:  # A leg that waited for its list is open from now on.
            self._step(seq, ts_ns, order)

    def _trigger(self, seq: int, ts_ns: int, event: OrderTriggered) -> None:
        order = self.find(seq, event.order_id)
        if order is None:
            return
        order.stage = Stage.MATCHING
        if order.terms.type == OrderType.MARKET and order.terms.side == BUY:
            order.has_hold = False
        self._step(seq, ts_ns, order)

    def _amend(self, seq: int, ts_ns: int, event: OrderAmended) -> None:
        order = self.find(seq, event.order_id)
        if order is None:
            return
        if order.terms.type == OrderType.LIMIT:
            order.hold_price = event.price
        order.qty, order.price, order.client_id = event.qty, event.price, event.client_id
        if not event.keeps_priority:
            order.stage = Stage.MATCHING
        self._check_quantity(seq, order)
        self._step(seq, ts_ns, order)

    def _end(self, seq: int, ts_ns: int, event: OrderDone) -> None:
        order = self.find(seq, event.order_id)
        if order is None:
            return
        if (event.filled, event.prevented) != (order.filled, order.prevented):
            self._findings.add(
                INV_06,
                seq,
                f"order {order.id} ends with {event.filled} filled and {event.prevented} "
                f"prevented, its events sum to {order.filled} and {order.prevented}",
            )
        is_filled = event.status == DoneStatus.FILLED
        if is_filled and not order.is_by_quote and order.leaves != 0:
            text = f"order {order.id} ends as filled with {order.leaves} lots left"
            self._findings.add(INV_06, seq, text)
        order.stage = Stage.DONE
        order.status, order.reason, order.code = event.status, event.reason, event.code
        self._step(seq, ts_ns, order)
        del self.orders[order.id]
        self._needs.pop(order.id, None)
        self.ended.append(order)

    def _release_list(self, event: ListWorking) -> None:
        parent = self._lists.get(event.list_id)
        if parent is None:
            return
        parent.is_released = True
        for leg in parent.legs[1:]:
            leg.is_dormant = False
            leg.hold_price = self._hold_price(leg.terms, leg.market)
            if leg.terms.trigger == Trigger.NONE:
                leg.stage = Stage.MATCHING
                self._active[leg.id] = leg
            self._settle_need(leg)

    def _end_transfer(self, seq: int, event: TransferSettled | TransferVoided) -> None:
        found = self._transfers.pop(event.transfer_id, None)
        whole = ((event.account, event.asset), event.units + event.fee)
        if found is None:
            text = f"transfer {event.transfer_id} ends without being held"
            self._findings.add(INV_03, seq, text)
            return
        if found != whole:
            self._findings.add(
                INV_03, seq, f"transfer {event.transfer_id} ends as {whole}, it was held as {found}"
            )
        self._own(found[0], -found[1])

    def _check_quantity(self, seq: int, order: AuditedOrder) -> None:
        if order.is_by_quote:
            spent = order.filled_quote + order.prevented_quote
            if spent > order.terms.quote_units:
                text = f"order {order.id} spent {spent} of {order.terms.quote_units} quote units"
                self._findings.add(INV_06, seq, text)
        elif order.leaves < 0:
            text = f"order {order.id} of {order.qty} lots has {order.filled} filled and "
            self._findings.add(INV_06, seq, text + f"{order.prevented} prevented")

    def _step(self, seq: int, ts_ns: int, order: AuditedOrder) -> None:
        order.updated_seq, order.updated_ns = seq, ts_ns
        self._active[order.id] = order
        self._settle_need(order)

    def _settle_need(self, order: AuditedOrder) -> None:
        """Let the order, or its pair, own what it needs now (L4.2, L4.5)."""
        key = self._key(order.account, order.market, order.terms.side)
        self._touched[key] = None
        parent = self._lists.get(order.list_id)
        legs = [order]
        if parent is not None and parent.kind != ListKind.OTO and parent.is_released:
            pair = parent.legs[-2:]
            if order in pair:
                legs = [leg for leg in pair if leg.stage is not Stage.DONE] or [order]
        for leg in legs:
            self._own_by(leg.id, key, self._need(leg) if len(legs) == 1 else 0)
        if parent is not None:
            shared = max(self._need(leg) for leg in legs) if len(legs) > 1 else 0
            self._own(key, shared - parent.need)
            parent.need = shared

    def _need(self, order: AuditedOrder) -> int:
        if order.stage is Stage.DONE or order.is_dormant or not order.has_hold:
            return 0
        market = self._house.markets[order.market]
        if order.terms.side == BUY:
            return order.hold_price * order.leaves * market.tick_lot_units
        return order.leaves * market.lot_units

    def _own_by(self, order_id: int, key: Key, need: int) -> None:
        self._own(key, need - self._needs.get(order_id, 0))
        self._needs[order_id] = need

    def _own(self, key: Key, units: int) -> None:
        self._touched[key] = None
        self._owned[key] = self._owned.get(key, 0) + units

    def _key(self, account: int, market: int, side: int) -> Key:
        terms = self._house.markets[market]
        return (account, terms.quote if side == BUY else terms.base)

    def _hold_price(self, terms: OrderTerms, market: int) -> int:
        """Return L4.3's hold price; a market order without trigger has none."""
        if terms.type == OrderType.LIMIT:
            return terms.price
        if terms.trigger == Trigger.NONE:
            return 0
        start = terms.trigger_price or self._house.markets[market].r
        if terms.trailing_bips:
            return -(-start * (10_000 + terms.trailing_bips) // 10_000)
        return start
