"""A small house for tests of the core: two assets, one market, people with money."""

from collections.abc import Sequence
from itertools import count
from typing import Any

from msgspec import structs

from bezant.core import codec
from bezant.core.commands import (
    Command,
    CreateAsset,
    CreateMarket,
    MarketParameters,
    OpenAccount,
    OrderTerms,
    PlaceOrder,
    SetMarketStatus,
    Transfer,
)
from bezant.core.engine import Engine
from bezant.core.events import Event
from bezant.core.ids import AccountId, AssetId, MarketId, Number, Seq, Source
from bezant.core.units import Lots, Ticks, Units
from bezant.core.words import MarketStatus, OrderType, Side, TimeInForce

ALICE, BOB, CAROL = AccountId(1_000), AccountId(1_001), AccountId(1_002)
BASE, QUOTE, MARKET = AssetId(1), AssetId(2), MarketId(1)
SECOND = 1_000_000_000
BUY, SELL = Side.BUY, Side.SELL

PARAMETERS = MarketParameters(
    price_max=Ticks(2**40),
    qty_min=Lots(1),
    qty_max=Lots(2**40),
    notional_min=Units(0),
    notional_max=Units(2**62),
    band_bips=0,
    dynamic_bips=0,
    window_ms=0,
    auction_ms=1_000,
    extensions_max=0,
    open_orders_max=10_000,
    stop_orders_max=10_000,
    icebergs_max=10_000,
    lists_max=10_000,
    parts_max=10_000,
    amends_max=10_000,
    trailing_min=1,
    trailing_max=9_999,
    algorithm=0,
    top_percent=0,
    min_allocation=Lots(1),
)

MARKET_BY_QTY: dict[str, Any] = {"type": OrderType.MARKET, "tif": TimeInForce.IOC}


def terms(side: Side, qty: int, price: int = 0, name: str = "", **fields: Any) -> OrderTerms:
    """Return a plain gtc limit, but for the fields that are named."""
    plain = OrderTerms(
        name,
        side,
        OrderType.LIMIT,
        TimeInForce.GTC,
        Ticks(price),
        Lots(qty),
        Units(0),
        0,
        Ticks(0),
        0,
        False,
        Lots(0),
        0,
        0,
    )
    return structs.replace(plain, **fields)


class House:
    """An engine with its journal; it counts seqs and numbers, so that a test need not."""

    def __init__(self, *, status: MarketStatus = MarketStatus.TRADING, **parameters: Any) -> None:
        self.engine = Engine()
        self.journal: list[tuple[int, bytes, bytes]] = []
        self.ts_ns = 0
        self._numbers = count(1)
        for asset in (BASE, QUOTE):
            self.do(CreateAsset(*self.sourced(), asset, 0, Units(2**60), True))
        changed = structs.replace(PARAMETERS, **parameters)
        lot = Units(1)
        self.do(CreateMarket(*self.sourced(), MARKET, BASE, QUOTE, lot, 1, 0, changed))
        if status != MarketStatus.PRE_OPEN:
            self.do(SetMarketStatus(*self.sourced(), MARKET, status))
        for account in (ALICE, BOB, CAROL):
            self.do(OpenAccount(*self.sourced(), account, 0, 0, False, False))
            for asset in (BASE, QUOTE):
                self.deposit(account, 1_000_000, asset)

    def sourced(self) -> tuple[Source, Number]:
        """Return source and next number for a command that has them."""
        return Source(10), Number(next(self._numbers))

    def deposit(self, account: AccountId, units: int, asset: AssetId = QUOTE) -> None:
        """Let money come in from the bank."""
        self.do(Transfer(*self.sourced(), AccountId(8), account, asset, Units(units), 0))

    def do(self, command: Command) -> tuple[Event, ...]:
        """Apply one command at the house's time; return its events."""
        seq = Seq(self.engine.seq + 1)
        entry = codec.encode_entry(seq, codec.encode(command))
        outcome = self.engine.apply(self.ts_ns, seq, entry)
        self.journal.append((self.ts_ns, entry, outcome))
        return codec.decode_outcomes(outcome, 1)[0].events

    def place(
        self,
        account: AccountId,
        side: Side,
        qty: int,
        price: int = 0,
        name: str = "",
        **fields: Any,
    ) -> tuple[Event, ...]:
        """Place one order; return its events."""
        return self.do(PlaceOrder(account, MARKET, terms(side, qty, price, name, **fields)))

    def code(self) -> int:
        """Return the code of the last outcome."""
        return codec.decode_outcomes(self.journal[-1][2], 1)[0].code


def kinds(events: Sequence[Event]) -> list[str]:
    """Return the names of the events."""
    return [type(event).__name__ for event in events]
