"""The house as its events tell it: balances, orders and books rebuilt without an engine (L14.1).

It also judges each trade: price and time priority (INV-05), limits, and that order quantities add
up (INV-06). It knows the law from the events' side only.
"""

from dataclasses import dataclass, field

from bezant.core import events as e
from bezant.core.commands import OrderTerms
from bezant.core.ids import MarketId
from bezant.core.postings import BalanceKind, Grid, grid, postings
from bezant.core.refusals import RefusalCode
from bezant.core.rules import REMEMBERED_NS, SOURCE_MAX
from bezant.core.units import from_wide
from bezant.core.words import (
    AcceptedState,
    Algorithm,
    DoneReason,
    DoneStatus,
    MarketStatus,
    OrderType,
    Side,
    STPMode,
    TimeInForce,
)
from tests.properties.auctions import Uncrossed, uncross
from tests.properties.bands import Bands
from tests.properties.costs import Costs
from tests.properties.selves import Selves
from tests.properties.waiting import Waiting

_MOVES_NO_MARK = {RefusalCode.CATCHING_UP, RefusalCode.NUMBER_GAP}


@dataclass
class ToldOrder:
    """An open order; `place` is its turn in the queue, 0 while it is not in the book."""

    id: int
    account: int
    market: int
    side: int
    type: int
    price: int
    qty: int
    tif: int
    stp: int
    filled: int = 0
    prevented: int = 0
    visible: int = 0
    place: int = 0

    @property
    def leaves(self) -> int:
        return self.qty - self.filled - self.prevented

    def is_within_limit(self, price: int) -> bool:
        if self.type == OrderType.MARKET:
            return True
        return price <= self.price if self.side == Side.BUY else price >= self.price


@dataclass
class Retelling:
    """What a reader of all events knows."""

    grids: dict[MarketId, Grid] = field(default_factory=dict)
    algorithms: dict[int, int] = field(default_factory=dict)
    statuses: dict[int, int] = field(default_factory=dict)
    balances: dict[tuple[int, int, int], int] = field(default_factory=dict)
    orders: dict[int, ToldOrder] = field(default_factory=dict)
    ended: dict[int, ToldOrder] = field(default_factory=dict)
    uncrossing: dict[int, int] = field(default_factory=dict)  # Volume left by market.
    trade_no: dict[int, int] = field(default_factory=dict)
    numbers: dict[int, int] = field(default_factory=dict)  # The last of each source.
    client_ids: dict[tuple[int, str], tuple[int, int]] = field(default_factory=dict)  # Since when.
    now_ns: int = 0
    places: int = 0
    costs: Costs = field(default_factory=Costs)
    waiting: Waiting = field(default_factory=Waiting)
    bands: Bands = field(default_factory=Bands)
    selves: Selves = field(default_factory=Selves)

    def begin(self, seq: int, ts_ns: int) -> None:
        """A new entry."""
        self.now_ns = ts_ns
        self.waiting.begin()
        self.bands.begin(seq, ts_ns)

    def tell(self, event: e.Event) -> None:
        """Take one event in. Raises AssertionError if it cannot be true."""
        if isinstance(event, e.MarketCreated):
            self.grids[event.market] = grid(event)
            self.algorithms[event.market] = event.parameters.algorithm
            self.statuses[event.market] = MarketStatus.PRE_OPEN
        self._post(event)
        self._number(event)
        match event:
            case e.MarketSet():
                self.algorithms[event.market] = event.parameters.algorithm
            case e.MarketStatusChanged():
                self.statuses[event.market] = event.status
                assert self.uncrossing.pop(event.market, 0) == 0, "the volume was traded"
            case e.AuctionUncrossed():
                self._uncrossed(event)
            case e.OrderAccepted():
                self._accepted(event)
            case e.OrderRested():
                self._rest(self.orders[event.order_id], event.price, event.visible)
            case e.PeakRefilled():
                self._refilled(event)
            case e.TradeExecuted():
                self._trade(event)
            case e.SelfTradePrevented():
                self._prevented(event)
            case e.OrderAmended():
                self._amended(event)
            case e.OrderDone():
                self._done(event)
            case _:
                pass
        self.costs.tell(event)
        self.waiting.tell(event)
        self.bands.tell(event)
        self.selves.tell(event)

    def book(self, market: int, side: int) -> list[tuple[int, int, int]]:
        """Return a side's levels as (price, visible, orders), best first."""
        levels: dict[int, tuple[int, int]] = {}
        for order in self._resting(market, side):
            visible, count = levels.get(order.price, (0, 0))
            levels[order.price] = (visible + order.visible, count + 1)
        best_first = sorted(levels, reverse=side == Side.BUY)
        return [(price, *levels[price]) for price in best_first]

    def is_crossed(self, market: int) -> bool:
        bids, asks = self.book(market, Side.BUY), self.book(market, Side.SELL)
        return bool(bids and asks and bids[0][0] >= asks[0][0])

    # ------------------------------------------------------------ money

    def _post(self, event: e.Event) -> None:
        total: dict[int, int] = {}
        for line in postings(event, self.grids):
            key = (line.account, line.asset, int(line.kind))
            self.balances[key] = self.balances.get(key, 0) + line.units
            total[line.asset] = total.get(line.asset, 0) + line.units
            assert line.units != 0, "zero lines are left out"
            if line.account >= 1_000:
                assert self.balances[key] >= 0, f"INV-02: {event}"
        assert not any(total.values()), f"INV-01: {event} does not sum to zero"

    def balance(self, account: int, asset: int) -> tuple[int, int]:
        """Return available and hold."""
        return (
            self.balances.get((account, asset, BalanceKind.AVAILABLE), 0),
            self.balances.get((account, asset, BalanceKind.HOLD), 0),
        )

    # ------------------------------------------------------------ once

    def _number(self, event: e.Event) -> None:
        """INV-09: each number of a source is used once, in order (L3.3)."""
        source, number = getattr(event, "source", 0), getattr(event, "number", 0)
        if not 1 <= source <= SOURCE_MAX or isinstance(event, e.CommandRepeated):
            return
        if isinstance(event, e.CommandRefused) and event.code in _MOVES_NO_MARK:
            return
        following = self.numbers.get(source, 0) + 1
        if isinstance(event, e.CommandRefused) and event.code == RefusalCode.QUARANTINED:
            number = following if number == following else following - 1  # L15.5.
        else:
            assert number == following, f"INV-09: {event}"
        self.numbers[source] = number

    def _client_id(self, account: int, client_id: str, order: int) -> None:
        """INV-09: a client id is one order's for a day, and as long as that is open (L3.2)."""
        before, since_ns = self.client_ids.get((account, client_id), (order, 0))
        is_free = before not in self.orders and self.now_ns >= since_ns + REMEMBERED_NS
        assert before == order or is_free, f"INV-09: {client_id} of {account} is order {before}'s"
        if client_id and (before != order or not since_ns):
            self.client_ids[account, client_id] = (order, self.now_ns)

    # ------------------------------------------------------------ orders

    def _accepted(self, event: e.OrderAccepted) -> None:
        terms: OrderTerms = event.order
        order = ToldOrder(
            event.order_id,
            event.account,
            event.market,
            terms.side,
            terms.type,
            terms.price,
            terms.qty,
            terms.tif,
            terms.stp,
        )
        assert event.order_id not in self.orders, "INV-09: an order id is used once"
        assert event.order_id not in self.ended, "INV-09: an order id is used once"
        self._client_id(event.account, terms.client_id, event.order_id)
        self.orders[event.order_id] = order
        if event.state == AcceptedState.RESTING:
            self._rest(order, terms.price, min(terms.display or terms.qty, terms.qty))

    def _rest(self, order: ToldOrder, price: int, visible: int) -> None:
        assert order.place == 0, "an order rests once"
        assert 0 < visible <= order.leaves
        assert price == order.price
        self.places += 1
        order.place, order.visible = self.places, visible

    def _refilled(self, event: e.PeakRefilled) -> None:
        order = self.orders[event.order_id]
        order.visible = event.visible
        if event.market not in self.uncrossing:
            self.places += 1
            order.place = self.places

    def _amended(self, event: e.OrderAmended) -> None:
        order = self.orders[event.order_id]
        assert order.filled + order.prevented < event.qty, "L11.5: 451"
        if event.keeps_priority:
            assert event.qty <= order.qty
            assert event.price == order.price
        order.qty, order.price = event.qty, event.price
        self._client_id(event.account, event.client_id, event.order_id)
        if order.place and event.keeps_priority:
            order.visible = event.visible
        elif order.place:
            order.place = order.visible = 0

    def _prevented(self, event: e.SelfTradePrevented) -> None:
        for number in (event.taker_order, event.maker_order):
            order = self.orders[number]
            order.prevented += event.qty
            if order.place:
                order.visible = min(order.visible, order.leaves)

    def _done(self, event: e.OrderDone) -> None:
        order = self.orders.pop(event.order_id)
        self.ended[event.order_id] = order
        assert (event.filled, event.prevented) == (order.filled, order.prevented), "INV-06"
        if event.status == DoneStatus.FILLED and order.qty:
            assert order.leaves == 0, "INV-06: a filled order has no leaves"
        if order.tif == TimeInForce.FOK and order.filled:
            assert event.status == DoneStatus.FILLED, f"L5.2: a fok order in part: {event}"
        if event.reason == DoneReason.FOK:
            self._must_be_short(order)
        assert (event.reason == DoneReason.NONE) == (event.status == DoneStatus.FILLED)
        assert (event.code != 0) == (event.reason == DoneReason.REFUSED)

    def _must_be_short(self, fok: ToldOrder) -> None:
        """A fok order that met no bands and prevents nothing found too few lots (L5.7)."""
        assert fok.prevented == 0
        parameters = self.bands.markets[fok.market].parameters
        if fok.stp == STPMode.NONE and not parameters.band_bips and not parameters.dynamic_bips:
            others = self._resting(fok.market, 1 - fok.side)
            tradable = sum(order.leaves for order in others if fok.is_within_limit(order.price))
            assert tradable < fok.qty, f"L5.2: {fok} could have traded {tradable}"

    # ------------------------------------------------------------ trades

    def _trade(self, event: e.TradeExecuted) -> None:
        self.trade_no[event.market] = self.trade_no.get(event.market, 0) + 1
        assert event.trade_no == self.trade_no[event.market], "L15.1: trade_no is dense"
        taker, maker = self.orders[event.taker_order], self.orders[event.maker_order]
        assert taker.side == event.taker_side != maker.side
        assert taker.is_within_limit(event.price), "INV-05: beyond the taker's limit"
        assert maker.is_within_limit(event.price), "INV-05: beyond the maker's limit"
        if event.market in self.uncrossing:
            self._auction_trade(event, taker, maker)
        else:
            assert maker.price == event.price, "a maker trades at its price"
            assert event.qty <= maker.visible, "L5.2: no more than is visible"
            self._must_be_best(maker, is_head=self._is_fifo(event.market))
        for order in (taker, maker):
            order.filled += event.qty
            if order.place:
                order.visible = max(0, order.visible - event.qty)
            assert order.leaves >= 0 or order.qty == 0, "INV-06"

    def _uncrossed(self, event: e.AuctionUncrossed) -> None:
        bids, asks = (
            [(order.price, order.leaves) for order in self._resting(event.market, side)]
            for side in (Side.BUY, Side.SELL)
        )
        told = Uncrossed(event.price, from_wide(event.volume), from_wide(event.surplus))
        reference = self.bands.markets[event.market].now
        assert told == uncross(bids, asks, reference), f"L12.3: {event}"
        self.uncrossing[event.market] = told.volume

    def _auction_trade(self, event: e.TradeExecuted, taker: ToldOrder, maker: ToldOrder) -> None:
        assert maker.id < taker.id, "L12.4: the older order is the maker"
        for order in (taker, maker):
            self._must_be_best(order, is_head=True)
        assert event.qty == min(taker.leaves, maker.leaves, self.uncrossing[event.market])
        self.uncrossing[event.market] -= event.qty

    def _must_be_best(self, order: ToldOrder, *, is_head: bool) -> None:
        """INV-05: nobody stands at a better price, nor (in fifo) before it at the same."""
        for other in self._resting(order.market, order.side):
            assert not _is_better(other, order), f"INV-05: {other} is better than {order}"
            if is_head and other.price == order.price:
                assert order.place <= other.place, f"INV-05: {other} came before {order}"

    def _is_fifo(self, market: int) -> bool:
        return self.algorithms[market] == Algorithm.FIFO

    def _resting(self, market: int, side: int) -> list[ToldOrder]:
        return [
            order
            for order in self.orders.values()
            if order.place and order.market == market and order.side == side and order.leaves > 0
        ]


def _is_better(one: ToldOrder, other: ToldOrder) -> bool:
    return one.price > other.price if one.side == Side.BUY else one.price < other.price
