"""What waits, and when its turn comes: triggers, trailing prices, due queues and lists (L8, L10).

A second reading of the law from events alone. It says which orders each trade makes due and in
which order they must run, and that lists end with their last leg.
"""

from dataclasses import dataclass, field

from bezant.core import events as e
from bezant.core.commands import OrderTerms
from bezant.core.rules import DUE_ITEMS_MAX, MATCHES_MAX
from bezant.core.words import (
    AcceptedState,
    DoneReason,
    DoneStatus,
    ListKind,
    MarketStatus,
    Side,
    Trigger,
)

BIPS = 10_000


@dataclass
class Waiter:
    """A pending order with its trigger; `extreme` is 0 until a trailing one follows the price."""

    id: int
    terms: OrderTerms
    extreme: int = 0

    @property
    def is_rising(self) -> bool:
        is_stop = self.terms.trigger == Trigger.STOP
        return is_stop == (self.terms.side == Side.BUY) if not self.follows else self.is_buy

    @property
    def is_buy(self) -> bool:
        return self.terms.side == Side.BUY

    @property
    def follows(self) -> bool:
        return self.extreme != 0

    @property
    def price(self) -> int:
        """Where it triggers now, or where a trailing order begins to follow."""
        if not self.follows:
            return self.terms.trigger_price
        bips = self.terms.trailing_bips
        if self.is_buy:
            return -(-self.extreme * (BIPS + bips) // BIPS)
        return self.extreme * (BIPS - bips) // BIPS

    def is_met(self, price: int) -> bool:
        return price >= self.price if self.is_rising else price <= self.price

    def trade(self, price: int) -> bool:
        """Take a trade's price in and tell whether the order is due now (L8.2, L8.3)."""
        if not self.terms.trailing_bips:
            return self.is_met(price)
        if not self.follows:
            if self.is_met(price):
                self.extreme = price
            return False
        if price < self.extreme if self.is_buy else price > self.extreme:
            self.extreme = price
            return False
        return self.is_met(price)


@dataclass
class ToldList:
    """An open list: its kind and its open legs, in leg order."""

    kind: int
    legs: list[int] = field(default_factory=list)
    is_working: bool = False
    was_refused: bool = False


@dataclass
class Waiting:
    """The due queue of each market as events imply it; items are order or list ids."""

    terms: dict[int, OrderTerms] = field(default_factory=dict)
    pending: dict[int, dict[int, Waiter]] = field(default_factory=dict)
    due: dict[int, list[tuple[str, int]]] = field(default_factory=dict)
    lists: dict[int, ToldList] = field(default_factory=dict)
    list_of: dict[int, int] = field(default_factory=dict)
    last: dict[int, int] = field(default_factory=dict)
    reference: dict[int, int] = field(default_factory=dict)
    status: dict[int, int] = field(default_factory=dict)
    items: int = 0
    matches: int = 0

    def begin(self) -> None:
        """A new entry."""
        self.items = self.matches = 0

    def end(self, *, is_caught_up: bool) -> None:
        """The entry is over: nothing that could have run may be left (L8.4), no list may linger."""
        for market, queue in self.due.items():
            runs = self.status.get(market) == MarketStatus.TRADING and is_caught_up
            is_full = self.items >= DUE_ITEMS_MAX or self.matches >= MATCHES_MAX
            assert not (queue and runs) or is_full, f"L8.4: {queue} was not run"
        for number, told in self.lists.items():
            assert told.legs, f"L10.2: list {number} has ended, but was not said to be done"

    def tell(self, event: e.Event) -> None:
        """Take an event in. Raises AssertionError if it comes out of turn."""
        match event:
            case e.MarketStatusChanged():
                self.status[event.market] = event.status
            case e.ReferencePriceSet():
                self.reference[event.market] = event.price
            case e.ListAccepted():
                self.lists[event.list_id] = ToldList(event.kind)
            case e.OrderAccepted():
                self._accepted(event)
            case e.TradeExecuted():
                self.matches += 1
                self._trade(event.market, event.price)
            case e.SelfTradePrevented():
                self.matches += 1
            case e.OrderTriggered():
                assert self._next(event.market) == ("order", event.order_id), f"L8.4: {event}"
            case e.ListWorking():
                assert self._next(event.market) == ("list", event.list_id), f"L10.4: {event}"
                self._work(event)
            case e.OrderDone():
                self._done(event)
            case e.ListDone():
                told = self.lists.pop(event.list_id)
                assert not told.legs, f"L10.2: {event} comes before its last leg's end"
                self._skip(event.market, ("list", event.list_id))
            case _:
                pass

    def _accepted(self, event: e.OrderAccepted) -> None:
        terms = event.order
        self.terms[event.order_id] = terms
        told = self.lists.get(event.list_id)
        is_dormant = told is not None and told.kind != ListKind.OCO and told.legs
        if told is not None:
            told.legs.append(event.order_id)
            self.list_of[event.order_id] = event.list_id
        if terms.trigger != Trigger.NONE and not is_dormant:
            assert event.state == AcceptedState.PENDING
            self._wait(event.market, event.order_id, terms)

    def _wait(self, market: int, order: int, terms: OrderTerms) -> None:
        """Begin to wait; whoever's condition holds already is due at once (L10.4)."""
        waiter = Waiter(order, terms)
        now = self.last.get(market) or self.reference.get(market, 0)
        if terms.trailing_bips and not terms.trigger_price:
            waiter.extreme = now
        elif waiter.is_met(now):
            assert order in self.list_of, f"L8.1: order {order} would trigger now"
            if not terms.trailing_bips:
                self.due.setdefault(market, []).append(("order", order))
                return
            waiter.extreme = now
        self.pending.setdefault(market, {})[order] = waiter

    def _trade(self, market: int, price: int) -> None:
        self.last[market] = price
        waiters = self.pending.get(market, {})
        due = [waiter for waiter in waiters.values() if waiter.trade(price)]
        rising = sorted((w for w in due if w.is_rising), key=lambda w: (w.price, w.id))
        falling = sorted((w for w in due if not w.is_rising), key=lambda w: (-w.price, w.id))
        for waiter in (*rising, *falling):
            del waiters[waiter.id]
            self.due.setdefault(market, []).append(("order", waiter.id))

    def _next(self, market: int) -> tuple[str, int]:
        self.items += 1
        assert self.items <= DUE_ITEMS_MAX, "L8.4: at most 100 items an entry"
        assert self.matches < MATCHES_MAX, "L8.4: none begins after 10,000 matches"
        assert self.status[market] == MarketStatus.TRADING, "L8.4: only while trading"
        earlier = [number for number, queue in self.due.items() if queue and number < market]
        assert all(self.status[n] != MarketStatus.TRADING for n in earlier), "L8.4: smallest first"
        return self.due[market].pop(0)

    def _work(self, event: e.ListWorking) -> None:
        told = self.lists[event.list_id]
        told.is_working = True
        for leg in told.legs:
            if self.terms[leg].trigger != Trigger.NONE:
                self._wait(event.market, leg, self.terms[leg])

    def _done(self, event: e.OrderDone) -> None:
        order, market = event.order_id, event.market
        number = self.list_of.get(order)
        if number is not None:
            self._leg_done(event, number)
        self._skip(market, ("order", order))
        self.pending.get(market, {}).pop(order, None)

    def _skip(self, market: int, item: tuple[str, int]) -> None:
        """What has ended is not due any more (L8.4)."""
        if item in self.due.get(market, []):
            self.due[market].remove(item)

    def _leg_done(self, event: e.OrderDone, number: int) -> None:
        told = self.lists[number]
        is_first = order_is_first(event.order_id, number)
        told.legs.remove(event.order_id)
        if event.reason == DoneReason.REFUSED and not told.was_refused:
            told.was_refused = True
            assert self._next(event.market) == ("list", number), f"L10.4: {event}"
        if is_first and told.kind != ListKind.OCO and event.status == DoneStatus.FILLED:
            self.due.setdefault(event.market, []).append(("list", number))


def order_is_first(order: int, number: int) -> bool:
    """Tell whether an order is leg 0 of a list: it gave the list its id (L10.2)."""
    return order == number
