"""Price bands and the windows of dynamic bands, as events and the clock tell them (L5.6, L12.6)."""

from dataclasses import dataclass, field

from bezant.core import events as e
from bezant.core.commands import MarketParameters
from bezant.core.words import MarketStatus, StatusCause

BIPS = 10_000
NS_PER_MS = 1_000_000


@dataclass
class ToldMarket:
    """A market's parameters, its reference price and its window."""

    parameters: MarketParameters
    last: int = 0
    reference: int = 0
    window: int = -1
    window_price: int = 0
    phases: dict[int, int] = field(default_factory=dict)  # R at the start, by taker.

    @property
    def now(self) -> int:
        """R of L5.6, 0 where there is none."""
        return self.last or self.reference


@dataclass
class Bands:
    """Judges each trade outside auctions by the bands of its moment."""

    markets: dict[int, ToldMarket] = field(default_factory=dict)
    expires: dict[int, int] = field(default_factory=dict)
    uncrossing: dict[int, bool] = field(default_factory=dict)
    seq: int = 0
    ts_ns: int = 0

    def begin(self, seq: int, ts_ns: int) -> None:
        """A new entry: windows that have ended give way to new ones."""
        self.seq, self.ts_ns = seq, ts_ns
        for market in self.markets.values():
            if self._window(market) != market.window:
                self._restart(market)

    def tell(self, event: e.Event) -> None:
        """Take an event in. Raises AssertionError if a trade is where it may not be."""
        match event:
            case e.MarketCreated():
                self.markets[event.market] = ToldMarket(event.parameters)
            case e.MarketSet():
                market = self.markets[event.market]
                is_other = market.parameters.window_ms != event.parameters.window_ms
                market.parameters = event.parameters
                if is_other:
                    self._restart(market)
            case e.ReferencePriceSet():
                self.markets[event.market].reference = event.price
            case e.AuctionUncrossed():
                self.uncrossing[event.market] = True
            case e.MarketStatusChanged():
                self._status(event)
            case e.OrderAccepted():
                self.expires[event.order_id] = event.order.expires_ns
                self._phase(event.market, event.order_id)
            case e.OrderTriggered() | e.OrderAmended() | e.OrderRested():
                self._phase(event.market, event.order_id)
            case e.ListWorking():
                for leg in (event.list_id + 16, event.list_id + 32):
                    self._phase(event.market, leg)
            case e.TradeExecuted():
                self._trade(event)
            case _:
                pass

    def _status(self, event: e.MarketStatusChanged) -> None:
        self.uncrossing.pop(event.market, None)
        market = self.markets[event.market]
        if event.status in {MarketStatus.TRADING, MarketStatus.POST_ONLY}:
            self._restart(market)
        if event.cause == StatusCause.VOLATILITY:
            until = self.ts_ns + market.parameters.auction_ms * NS_PER_MS
            assert event.until_ns == until, f"L12.7: {event}"
        else:
            assert event.until_ns == 0

    def _phase(self, market: int, order: int) -> None:
        self.markets[market].phases[order] = self.markets[market].now

    def _trade(self, event: e.TradeExecuted) -> None:
        market = self.markets[event.market]
        for order in (event.taker_order, event.maker_order):
            assert not 0 < self.expires[order] <= self.ts_ns, f"L11.2: {event} after its expiry"
        if event.market not in self.uncrossing:
            start = market.phases[event.taker_order]
            assert _is_within(event.price, start, market.parameters.band_bips), f"L5.6: {event}"
            assert _is_within(event.price, market.window_price, market.parameters.dynamic_bips), (
                f"L12.6: {event}"
            )
        market.last = event.price

    def _window(self, market: ToldMarket) -> int:
        window_ms = market.parameters.window_ms
        return self.ts_ns // (window_ms * NS_PER_MS) if window_ms else self.seq

    def _restart(self, market: ToldMarket) -> None:
        market.window, market.window_price = self._window(market), market.now


def _is_within(price: int, middle: int, bips: int) -> bool:
    if not bips or not middle:
        return True
    lowest, highest = -(-middle * (BIPS - bips) // BIPS), middle * (BIPS + bips) // BIPS
    return lowest <= price <= highest
