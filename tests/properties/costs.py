"""Fees, rebates, improvement and holds of trades, computed anew from LAW L1.3, L1.4, L4.2, L13.2.

A second reading of the law, by other words than the engine's: whole numbers, no shared code.
"""

from dataclasses import dataclass, field

from bezant.core import events as e
from bezant.core.words import OrderType, Side, Trigger

PPM = 1_000_000


@dataclass
class MarketTerms:
    """What decides the costs of a market's trades."""

    lot_units: int
    tick_lot_units: int
    base_step: int
    quote_step: int
    rates: dict[int, tuple[int, int]] = field(default_factory=dict)

    def rates_of(self, tier: int) -> tuple[int, int]:
        return self.rates.get(tier) or self.rates.get(0) or (0, 0)


@dataclass
class OwnHold:
    """What an order that is in no list holds, and how it pays."""

    side: int
    price: int
    has_hold: bool
    units: int


@dataclass
class Costs:
    """Knows scales, rates, tiers and holds from events, and judges trades and ends."""

    steps: dict[int, int] = field(default_factory=dict)
    markets: dict[int, MarketTerms] = field(default_factory=dict)
    tiers: dict[int, int] = field(default_factory=dict)
    holds: dict[int, OwnHold] = field(default_factory=dict)

    def tell(self, event: e.Event) -> None:
        """Take an event in. Raises AssertionError if its units are not what the law says."""
        match event:
            case e.AssetCreated():
                self.steps[event.asset] = 10 ** max(0, event.scale - 8)
            case e.MarketCreated():
                self.markets[event.market] = MarketTerms(
                    event.lot_units,
                    event.tick_lot_units,
                    self.steps[event.base],
                    self.steps[event.quote],
                )
            case e.FeesSet():
                self.markets[event.market].rates[event.tier] = (event.maker, event.taker)
            case e.TierSet():
                self.tiers[event.account] = event.tier
            case e.OrderAccepted() if event.list_id == 0:
                self._accepted(event)
            case e.OrderTriggered() if event.order_id in self.holds:
                self._triggered(event)
            case e.OrderAmended() if event.order_id in self.holds:
                self.holds[event.order_id].units += event.held
                self.holds[event.order_id].price = event.price
            case e.TradeExecuted():
                self._trade(event)
            case e.SelfTradePrevented():
                self._release(event.taker_order, event.taker_released)
                self._release(event.maker_order, event.maker_released)
            case e.OrderDone() if event.order_id in self.holds:
                left = self.holds.pop(event.order_id)
                assert event.released == left.units, f"L4: {event} should release {left}"
            case _:
                pass

    def _accepted(self, event: e.OrderAccepted) -> None:
        terms, market = event.order, self.markets[event.market]
        is_triggered = terms.trigger != Trigger.NONE
        if terms.type == OrderType.MARKET and not is_triggered:
            assert event.held == 0, "L4.1: a market order holds nothing"
        elif terms.side == Side.SELL:
            assert event.held == terms.qty * market.lot_units, "L4.1"
        elif terms.type == OrderType.LIMIT:
            assert event.held == terms.price * terms.qty * market.tick_lot_units, "L4.1"
        has_hold = terms.type == OrderType.LIMIT or (is_triggered and terms.side == Side.SELL)
        self.holds[event.order_id] = OwnHold(terms.side, terms.price, has_hold, event.held)

    def _triggered(self, event: e.OrderTriggered) -> None:
        own = self.holds[event.order_id]
        expected = 0 if own.has_hold else own.units
        assert event.released == expected, f"L4.3: {event} should release {expected}"
        own.units -= event.released

    def _release(self, order: int, units: int) -> None:
        if order in self.holds:
            self.holds[order].units -= units
            assert self.holds[order].units >= 0

    # ------------------------------------------------------------ trades

    def _trade(self, event: e.TradeExecuted) -> None:
        market = self.markets[event.market]
        base = event.qty * market.lot_units
        quote = event.price * event.qty * market.tick_lot_units
        is_buy = event.taker_side == Side.BUY
        received = (base, quote) if is_buy else (quote, base)
        steps = (market.base_step, market.quote_step)
        taker_step, maker_step = steps if is_buy else steps[::-1]
        taker_rate = market.rates_of(self.tiers.get(event.taker_account, 0))[1]
        maker_rate = market.rates_of(self.tiers.get(event.maker_account, 0))[0]
        assert event.taker_fee == _fee(received[0], taker_rate, taker_step), f"L1.3: {event}"
        if maker_rate < 0:
            rebate = received[0] * -maker_rate // PPM
            rebate = min(event.taker_fee, rebate - rebate % taker_step)
            assert event.maker_fee == -rebate, f"L1.4: {event}"
        else:
            assert event.maker_fee == _fee(received[1], maker_rate, maker_step), f"L1.3: {event}"
        buyer, seller = event.taker_order, event.maker_order
        if not is_buy:
            buyer, seller = seller, buyer
        self._bought(event, buyer, quote)
        if seller in self.holds and self.holds[seller].has_hold:
            self.holds[seller].units -= base
        if event.taker_order in self.holds:
            assert event.taker_has_hold == self.holds[event.taker_order].has_hold, "L13.2"

    def _bought(self, event: e.TradeExecuted, buyer: int, quote: int) -> None:
        own = self.holds.get(buyer)
        if own is None:
            return
        unit = self.markets[event.market].tick_lot_units
        better = (own.price - event.price) * event.qty * unit if own.has_hold else 0
        assert event.improvement == better, f"L4.2: {event} improves by {better}"
        if own.has_hold:
            own.units -= quote + better


def _fee(received: int, rate: int, step: int) -> int:
    """L1.3: the received units times the rate, rounded up, then up to whole fee steps."""
    units = -(-received * rate // PPM)
    units = -(-units // step) * step
    return min(received, units)
