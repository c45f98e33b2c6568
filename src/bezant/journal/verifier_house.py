"""What the audit knows of assets, markets, tiers and prices, from events alone (L1, L5.6)."""

from msgspec import Struct, field

from bezant.core.events import (
    AccountOpened,
    AccountSet,
    AssetCreated,
    AuctionExtended,
    AuctionUncrossed,
    Event,
    FeesSet,
    MarketCreated,
    MarketSet,
    MarketStatusChanged,
    ReferencePriceSet,
    TierSet,
    TradeExecuted,
)
from bezant.core.words import Algorithm, MarketStatus, STPMode
from bezant.journal.verifier_findings import FORMULAS, Findings


class AuditedMarket(Struct):
    """A market as the events so far describe it; prices are 0 where there is none."""

    id: int
    base: int
    quote: int
    lot_units: int
    tick_lot_units: int
    algorithm: int
    top_percent: int
    min_allocation: int
    base_step: int
    quote_step: int
    status: int = MarketStatus.PRE_OPEN
    cause: int = 0
    until_ns: int = 0
    last: int = 0
    reference: int = 0
    trade_no: int = 0
    auction_price: int | None = None  # While an uncross runs.
    rates: dict[int, tuple[int, int]] = field(default_factory=dict)  # Maker and taker by tier.

    @property
    def is_continuous(self) -> bool:
        """Whether the book may not be crossed now (L12.2)."""
        return self.status in (MarketStatus.TRADING, MarketStatus.POST_ONLY)

    @property
    def is_pro_rata(self) -> bool:
        """Whether levels are shared by size instead of by time."""
        return self.algorithm == Algorithm.PRO_RATA

    @property
    def r(self) -> int:
        """R of L5.6: the last price, before the first trade the operator's, else 0."""
        return self.last or self.reference


class House:
    """Follows configuration, so that the other verifiers can ask what held at an event."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self.scales: dict[int, int] = {}
        self.markets: dict[int, AuditedMarket] = {}
        self.tiers: dict[int, int] = {}
        self.modes: dict[int, int] = {}  # Of orders that name none, by account.

    def apply(self, seq: int, event: Event) -> None:
        """Take in an event before it is judged."""
        match event:
            case AssetCreated():
                self.scales[event.asset] = event.scale
            case MarketCreated():
                self._create(seq, event)
            case MarketSet():
                market = self.markets[event.market]
                market.algorithm = event.parameters.algorithm
                market.top_percent = event.parameters.top_percent
                market.min_allocation = event.parameters.min_allocation
            case FeesSet():
                self.markets[event.market].rates[event.tier] = (event.maker, event.taker)
            case AccountOpened() | AccountSet():
                self.modes[event.account] = event.stp
            case TierSet():
                self.tiers[event.account] = event.tier
            case MarketStatusChanged():
                market = self.markets[event.market]
                market.status, market.cause = event.status, event.cause
                market.until_ns = event.until_ns
                market.auction_price = None
            case ReferencePriceSet():
                self.markets[event.market].reference = event.price
            case AuctionExtended():
                self.markets[event.market].until_ns = event.until_ns
            case AuctionUncrossed():
                self.markets[event.market].auction_price = event.price
            case _:
                pass

    def follow(self, event: Event) -> None:
        """Take in what a judged event leaves behind."""
        if isinstance(event, TradeExecuted):
            market = self.markets[event.market]
            market.last, market.trade_no = event.price, event.trade_no

    def rates(self, market: AuditedMarket, account: int) -> tuple[int, int]:
        """Return maker's and taker's rate of an account in ppm (L1.5)."""
        found = market.rates.get(self.tiers.get(account, 0))
        return found if found is not None else market.rates.get(0, (0, 0))

    def mode(self, account: int) -> int:
        """Return the self-trade prevention of an account's orders that name none (L7.1)."""
        return self.modes.get(account, 0) or STPMode.EXPIRE_TAKER

    def _create(self, seq: int, event: MarketCreated) -> None:
        base_scale, quote_scale = self.scales[event.base], self.scales[event.quote]
        units, rest = divmod(
            event.tick_num * event.lot_units * 10**quote_scale,
            10 ** (event.tick_scale + base_scale),
        )
        if rest or units != event.tick_lot_units:
            self._findings.add(
                FORMULAS,
                seq,
                f"market {event.market}: one tick of one lot is {event.tick_lot_units} units in "
                f"the event, {units} (rest {rest}) by L1.1",
            )
        self.markets[event.market] = AuditedMarket(
            id=event.market,
            base=event.base,
            quote=event.quote,
            lot_units=event.lot_units,
            tick_lot_units=event.tick_lot_units,
            algorithm=event.parameters.algorithm,
            top_percent=event.parameters.top_percent,
            min_allocation=event.parameters.min_allocation,
            base_step=10 ** max(0, base_scale - 8),
            quote_step=10 ** max(0, quote_scale - 8),
        )
