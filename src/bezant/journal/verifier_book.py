"""The audit's own book: who stands where in the queue, built from events (INV-04, INV-05).

It does not match. It checks that each trade took the order whose turn it was.
"""

from bisect import bisect_left, insort

from msgspec import Struct, field

from bezant.core.events import (
    Event,
    OrderAccepted,
    OrderAmended,
    OrderDone,
    OrderRested,
    PeakRefilled,
    SelfTradePrevented,
    TradeExecuted,
)
from bezant.core.words import AcceptedState, STPMode
from bezant.journal.verifier_findings import INV_04, INV_05, Findings
from bezant.journal.verifier_house import AuditedMarket, House
from bezant.journal.verifier_ledger import BUY
from bezant.journal.verifier_orders import AuditedOrder, OrdersVerifier


class _Side(Struct):
    """One side of a book: queues of visible lots by price, and the prices in order."""

    is_bid: bool
    queues: dict[int, dict[int, int]] = field(default_factory=dict)
    prices: list[int] = field(default_factory=list)

    def best(self) -> int | None:
        """Return the price that trades first."""
        if not self.prices:
            return None
        return self.prices[-1] if self.is_bid else self.prices[0]

    def append(self, price: int, order_id: int, visible: int) -> None:
        """Put an order at the tail of its level."""
        queue = self.queues.get(price)
        if queue is None:
            queue = self.queues[price] = {}
            insort(self.prices, price)
        queue[order_id] = visible

    def remove(self, price: int, order_id: int) -> None:
        """Take an order out."""
        queue = self.queues[price]
        del queue[order_id]
        if not queue:
            del self.queues[price]
            del self.prices[bisect_left(self.prices, price)]


class _Round(Struct):
    """A pro-rata level as it stood when a taker met it, and what each maker got (L6.1)."""

    taker: int
    price: int
    market: AuditedMarket
    visible: dict[int, int]
    got: dict[int, int] = field(default_factory=dict)


class BookVerifier:
    """The books of all markets."""

    def __init__(self, findings: Findings, house: House, orders: OrdersVerifier) -> None:
        self._findings = findings
        self._house = house
        self._orders = orders
        self._sides: dict[tuple[int, int], _Side] = {}
        self._where: dict[int, tuple[_Side, int]] = {}
        self._touched: dict[int, None] = {}
        self._round: _Round | None = None

    def judge(self, seq: int, event: Event) -> None:
        """Check a trade against the book as it stands, before anything of it is taken in."""
        if isinstance(event, TradeExecuted):
            market = self._house.markets[event.market]
            if market.auction_price is not None:
                self._judge_auction(seq, event, market, market.auction_price)
            else:
                self._judge_turn(seq, event, market)

    def apply(self, event: Event) -> None:
        """Take in what an event changes; the orders have taken it in already."""
        match event:
            case OrderAccepted() if event.state == AcceptedState.RESTING:
                order = self._orders.orders[event.order_id]
                display = order.terms.display
                visible = min(display, order.leaves) if display else order.leaves
                self._append(order, visible)
            case OrderRested():
                if (found := self._orders.orders.get(event.order_id)) is not None:
                    self._append(found, event.visible)
            case PeakRefilled():
                self._refill(event)
            case TradeExecuted():
                self._touched[event.market] = None
                for order_id in (event.maker_order, event.taker_order):
                    self._take(order_id, event.qty)
            case SelfTradePrevented() if event.mode == STPMode.DECREMENT:
                maker = self._orders.orders.get(event.maker_order)
                if maker is not None:
                    self._show_at_most(maker.id, maker.leaves)
            case OrderAmended():
                self._touched[event.market] = None
                if event.keeps_priority:
                    self._show_at_most(event.order_id, event.visible)
                else:
                    self._leave(event.order_id)
            case OrderDone():
                self._touched[event.market] = None
                self._leave(event.order_id)
            case _:
                pass

    def end_entry(self, seq: int) -> None:
        """Check that no market that the entry touched is left crossed."""
        self._close_round(seq)
        for market in self._touched:
            if not self._house.markets[market].is_continuous:
                continue
            bid, ask = self._side(market, 0).best(), self._side(market, 1).best()
            if bid is not None and ask is not None and bid >= ask:
                text = f"market {market} is crossed: best bid {bid}, best ask {ask}"
                self._findings.add(INV_04, seq, text)
        self._touched.clear()

    def visible(self, order_id: int) -> int:
        """Return what an order shows; 0 where it is not in the book."""
        if order_id not in self._where:
            return 0
        side, price = self._where[order_id]
        return side.queues[price][order_id]

    def adopt(self, order_id: int, visible: int) -> None:
        """Take over an order from a snapshot; those of a level come in the order of its queue."""
        self._append(self._orders.orders[order_id], visible)

    def touch(self, market: int) -> None:
        """Check the market at the entry's end, because its status changed."""
        self._touched[market] = None

    def _judge_turn(self, seq: int, event: TradeExecuted, market: AuditedMarket) -> None:
        maker = self._orders.orders.get(event.maker_order)
        if maker is None:
            return  # The orders' verifier has found fault already.
        side = self._side(event.market, 1 - event.taker_side)
        best = side.best()
        queue = side.queues.get(maker.price, {})
        if event.maker_order not in queue:
            text = f"trade {event.trade_no}: maker {event.maker_order} is not in the book"
            self._findings.add(INV_05, seq, text)
            return
        if event.price != maker.price or maker.price != best:
            self._findings.add(
                INV_05,
                seq,
                f"trade {event.trade_no} at {event.price} with order {maker.id} at {maker.price}, "
                f"the best price is {best}",
            )
            return
        if event.qty > queue[event.maker_order]:
            text = f"trade {event.trade_no} takes {event.qty} lots, {queue[maker.id]} are shown"
            self._findings.add(INV_05, seq, text)
        if market.is_pro_rata:
            self._join_round(seq, event, market, queue)
        elif (head := next(iter(queue))) != event.maker_order:
            self._findings.add(
                INV_05,
                seq,
                f"trade {event.trade_no} takes order {event.maker_order}, order {head} stands "
                f"before it at {maker.price}",
            )

    def _judge_auction(
        self, seq: int, event: TradeExecuted, market: AuditedMarket, price: int
    ) -> None:
        if event.price != price:
            text = f"auction trade {event.trade_no} at {event.price}, the auction price is {price}"
            self._findings.add(INV_05, seq, text)
        if event.maker_order > event.taker_order:
            text = f"auction trade {event.trade_no}: the maker must be the older order"
            self._findings.add(INV_05, seq, text)
        for number, order_id in (
            (1 - event.taker_side, event.maker_order),
            (event.taker_side, event.taker_order),
        ):
            side = self._side(market.id, number)
            best = side.best()
            head = next(iter(side.queues[best])) if best is not None else None
            if head != order_id:
                self._findings.add(
                    INV_05,
                    seq,
                    f"auction trade {event.trade_no} takes order {order_id}, order {head} stands "
                    f"first at {best}",
                )

    def _join_round(
        self, seq: int, event: TradeExecuted, market: AuditedMarket, queue: dict[int, int]
    ) -> None:
        current = self._round
        is_next = (
            current is None
            or current.taker != event.taker_order
            or current.price != event.price
            or event.maker_order in current.got
            or event.maker_order not in current.visible
        )
        if is_next:
            self._close_round(seq)
            current = self._round = _Round(event.taker_order, event.price, market, dict(queue))
        if current is not None:
            current.got[event.maker_order] = event.qty

    def _close_round(self, seq: int) -> None:
        done, self._round = self._round, None
        if done is None:
            return
        due = _share(done)
        if due != done.got:
            self._findings.add(
                INV_05,
                seq,
                f"pro rata at {done.price}: the level's orders got {done.got}, L6.1 gives {due}",
            )

    def _append(self, order: AuditedOrder, visible: int) -> None:
        self._touched[order.market] = None
        self._leave(order.id)
        side = self._side(order.market, order.terms.side)
        side.append(order.price, order.id, visible)
        self._where[order.id] = (side, order.price)

    def _leave(self, order_id: int) -> None:
        found = self._where.pop(order_id, None)
        if found is not None:
            side, price = found
            side.remove(price, order_id)

    def _take(self, order_id: int, qty: int) -> None:
        if order_id in self._where:
            side, price = self._where[order_id]
            shown = side.queues[price][order_id]
            side.queues[price][order_id] = max(shown - qty, 0)

    def _show_at_most(self, order_id: int, visible: int) -> None:
        if order_id in self._where:
            side, price = self._where[order_id]
            side.queues[price][order_id] = min(side.queues[price][order_id], visible)

    def _refill(self, event: PeakRefilled) -> None:
        """Show the next peak: at the tail, but in an auction in its place (L9.1, L12.4)."""
        if event.order_id not in self._where:
            return
        side, price = self._where[event.order_id]
        if self._house.markets[event.market].auction_price is None:
            side.remove(price, event.order_id)
            side.append(price, event.order_id, event.visible)
        else:
            side.queues[price][event.order_id] = event.visible

    def _side(self, market: int, side: int) -> _Side:
        found = self._sides.get((market, side))
        if found is None:
            found = self._sides[market, side] = _Side(side == BUY)
        return found


def _share(done: _Round) -> dict[int, int]:
    """Return what L6.1 gives each order of the level, for as many lots as were traded."""
    lots = sum(done.got.values())
    visible = list(done.visible.values())
    total = sum(visible)
    if lots == total:
        shares = visible
    else:
        top = min(visible[0], lots * done.market.top_percent // 100)
        weights = [visible[0] - top, *visible[1:]]
        shares = [(lots - top) * weight // (total - top) for weight in weights]
        shares = [share if share >= done.market.min_allocation else 0 for share in shares]
        shares[0] += top
        left = lots - sum(shares)
        for place, shown in enumerate(visible):
            more = min(left, shown - shares[place])
            shares[place] += more
            left -= more
    ids = list(done.visible)
    return {ids[place]: share for place, share in enumerate(shares) if share}
