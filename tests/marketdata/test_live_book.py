"""Live books equal the core's own at every seq, wherever a gateway joins (I12)."""

from random import Random
from typing import Any

import msgspec
import pytest

from bezant.core import codec
from bezant.core.commands import (
    AmendOrder,
    CancelAll,
    CancelOrder,
    Command,
    CreateAsset,
    CreateMarket,
    OpenAccount,
    OrderTerms,
    PlaceOrder,
    SetMarketStatus,
    Transfer,
)
from bezant.core.engine import Engine
from bezant.core.ids import AccountId, AssetId, MarketId, Number, OrderId, Seq, Source
from bezant.core.reads import Answer, Book, Catalogue, OpenOrders, Read, ReadBook
from bezant.core.units import UNITS_MAX, Lots, Ticks, Units
from bezant.core.words import MarketStatus, Only, OrderType, STPMode, TimeInForce, TransferReason
from bezant.egress.frames import FeedRow
from bezant.marketdata.listing import DEFAULT_PARAMETERS
from bezant.marketdata.live_book import LiveBook
from bezant.marketdata.live_markets import LiveMarkets, load_markets

MARKET = MarketId(1)
SOURCE = Source(1)
ACCOUNTS = [AccountId(1_000 + number) for number in range(3)]
STEPS = 400


class House:
    """An engine with one market and three rich accounts; remembers its rows."""

    def __init__(self) -> None:
        self.engine = Engine()
        self.rows: list[FeedRow] = []
        self.number = 0
        for asset in (AssetId(1), AssetId(2)):
            self.do(CreateAsset(*self.source(), asset, 0, Units(UNITS_MAX), enabled=True))
        self.do(
            CreateMarket(
                *self.source(),
                market=MARKET,
                base=AssetId(1),
                quote=AssetId(2),
                lot_units=Units(1),
                tick_num=1,
                tick_scale=0,
                parameters=DEFAULT_PARAMETERS,
            )
        )
        self.do(SetMarketStatus(*self.source(), MARKET, MarketStatus.TRADING))
        for account in ACCOUNTS:
            self.open(account)

    def open(self, account: AccountId) -> None:
        """Open an account and make it rich."""
        self.do(
            OpenAccount(
                *self.source(),
                account=account,
                trade_group=0,
                stp=STPMode.EXPIRE_TAKER,
                orders_frozen=False,
                withdrawals_frozen=False,
            )
        )
        for asset in (AssetId(1), AssetId(2)):
            self.do(
                Transfer(
                    *self.source(),
                    from_account=AccountId(5),
                    to_account=account,
                    asset=asset,
                    units=Units(10**15),
                    reason=TransferReason.DEPOSIT,
                )
            )

    def source(self) -> tuple[Source, Number]:
        self.number += 1
        return SOURCE, Number(self.number)

    def do(self, command: Command) -> FeedRow:
        seq = Seq(self.engine.seq + 1)
        events = self.engine.apply(seq, seq, codec.encode_entry(seq, codec.encode(command)))
        row = FeedRow(seq, seq, seq, 1, codec.FORMAT, events)
        self.rows.append(row)
        return row

    async def query(self, read: Read, timeout_s: float = 5) -> Answer:
        answer: Answer = msgspec.msgpack.decode(self.engine.query(codec.encode(read)), type=Answer)
        return answer

    async def book(self) -> Book:
        book = await self.query(ReadBook(MARKET, 1_000))
        assert isinstance(book, Book)
        return book


def terms(chance: Random, **changes: Any) -> OrderTerms:
    plain: dict[str, Any] = {
        "client_id": "",
        "side": chance.randint(0, 1),
        "type": OrderType.LIMIT,
        "tif": chance.choice((TimeInForce.GTC, TimeInForce.GTC, TimeInForce.IOC)),
        "price": Ticks(chance.randint(90, 110)),
        "qty": Lots(chance.randint(1, 20)),
        "quote_units": Units(0),
        "trigger": 0,
        "trigger_price": Ticks(0),
        "trailing_bips": 0,
        "post_only": False,
        "display": Lots(0),
        "stp": chance.choice(list(STPMode)),
        "expires_ns": 0,
    }
    return OrderTerms(**{**plain, **changes})


def draw(chance: Random, opened: list[int]) -> Command:
    account = chance.choice(ACCOUNTS)
    kind = chance.randint(1, 100)
    if kind <= 60 or not opened:
        return PlaceOrder(account, MARKET, terms(chance))
    if kind <= 68:
        iceberg = terms(
            chance, tif=TimeInForce.GTC, qty=Lots(chance.randint(5, 30)), display=Lots(3)
        )
        return PlaceOrder(account, MARKET, iceberg)
    order_id = OrderId(chance.choice(opened))
    if kind <= 85:
        return CancelOrder(account, order_id, "", Only.ANY)
    if kind <= 98:
        qty, price = Lots(chance.randint(1, 20)), Ticks(chance.randint(90, 110))
        return AmendOrder(account, order_id, "", qty, chance.choice((None, price)), "")
    return CancelAll(account, MarketId(0))


def check(markets: LiveMarkets, book: Book) -> None:
    live = markets.book(MARKET, 1_000)
    assert live is not None
    assert live.bids == tuple((level.price, level.visible) for level in book.bids)
    assert live.asks == tuple((level.price, level.visible) for level in book.asks)
    assert live.sequence == book.sequence


@pytest.mark.parametrize("seed", range(8))
async def test_books_follow_the_core(seed: int) -> None:
    chance, house = Random(seed), House()
    markets = await load_markets(house)
    followed: dict[tuple[int, int], int] = {}
    previous = 0
    for _ in range(STEPS):
        opened = [view.order_id for view in await open_orders(house)]
        row = house.do(draw(chance, opened))
        markets.apply(row, codec.decode_outcomes(row.events, 1))
        book = await house.book()
        check(markets, book)
        for change in markets.take_changes():
            assert change.previous == previous
            previous = change.sequence
            for side, levels in ((0, change.bids), (1, change.asks)):
                for price, lots in levels:
                    followed.pop((side, price), None)
                    if lots:
                        followed[side, price] = lots
        expected = {(0, level.price): level.visible for level in book.bids}
        expected |= {(1, level.price): level.visible for level in book.asks}
        assert followed == expected


async def open_orders(house: House) -> tuple[Any, ...]:
    from bezant.core.reads import ReadOpenOrders

    page = await house.query(ReadOpenOrders(AccountId(0), MARKET, OrderId(0), 1_000))
    assert isinstance(page, OpenOrders)
    return page.orders


class Moving:
    """A core that goes on between the pages that a gateway reads."""

    def __init__(self, house: House, chance: Random) -> None:
        self._house = house
        self._chance = chance

    async def query(self, read: Read, timeout_s: float = 5) -> Answer:
        answer = await self._house.query(read)
        for _ in range(self._chance.randint(0, 6)):
            opened = [view.order_id for view in await open_orders(self._house)]
            self._house.do(draw(self._chance, opened))
        return answer


@pytest.mark.parametrize("seed", range(12))
async def test_a_gateway_may_join_while_orders_come(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bezant.marketdata.live_markets.PAGE_MAX", 3)
    chance, house = Random(seed), House()
    for _ in range(60):
        opened = [view.order_id for view in await open_orders(house)]
        house.do(draw(chance, opened))
    markets = await load_markets(Moving(house, chance))
    for row in [row for row in house.rows if row.seq_first >= markets.from_seq]:
        markets.apply(row, codec.decode_outcomes(row.events, 1))
    check(markets, await house.book())


def test_nothing_is_told_twice() -> None:
    book = LiveBook(MARKET)
    book.begin(0)
    assert book.take_change() is None


async def test_an_idle_house_is_ready_at_once() -> None:
    house = House()
    markets = await load_markets(house)
    assert markets.is_ready
    answer = await house.query(ReadBook(MARKET, 1))
    assert not isinstance(answer, Catalogue)
