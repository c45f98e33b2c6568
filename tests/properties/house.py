"""Two engines and a reader of events, given the same entries; after each entry all is compared.

Where the Rust core is built, each of the two is the reference and the native engine in lockstep:
whatever they say, and the whole state after each entry, must be the same bytes.
"""

from dataclasses import dataclass, field

import msgspec

from bezant.apps.engines import is_native_built, named_engine_maker
from bezant.apps.lockstep import Lockstep
from bezant.core import codec
from bezant.core import commands as c
from bezant.core import reads as r
from bezant.core.codec import Outcome
from bezant.core.contract import EngineContract
from bezant.core.engine import Engine
from bezant.core.events import CommandRefused, CommandRepeated, Event, OrderAccepted
from bezant.core.ids import AccountId, AssetId, MarketId, Number, OrderId, Seq, Source
from bezant.core.images import StateImage
from bezant.core.invariants import check
from bezant.core.refusals import RefusalCode
from bezant.core.units import I64_MAX, Lots, Ticks, Units
from bezant.core.words import Algorithm, MarketStatus, Part, Side, TransferReason
from tests.properties.drawn import ASSETS, SOURCE, USERS, Known
from tests.properties.retelling import Retelling

_ANSWERS = msgspec.msgpack.Decoder(r.Answer)
_IMAGES = msgspec.msgpack.Decoder(StateImage)
_START_NS = 20_000 * 86_400_000_000_000
_SET_UP_SOURCE = Source(1)

PARAMETERS = c.MarketParameters(
    price_max=Ticks(60),
    qty_min=Lots(1),
    qty_max=Lots(200),
    notional_min=Units(0),
    notional_max=Units(I64_MAX),
    band_bips=6_000,
    dynamic_bips=2_500,
    window_ms=10_000,
    auction_ms=2_000,
    extensions_max=1,
    open_orders_max=9,
    stop_orders_max=4,
    icebergs_max=3,
    lists_max=2,
    parts_max=6,
    amends_max=2,
    trailing_min=500,
    trailing_max=2_000,
    algorithm=Algorithm.FIFO,
    top_percent=40,
    min_allocation=Lots(2),
)


def in_lockstep(reference: Engine) -> EngineContract:
    """Return the engine with a native one beside it, alone where that is not built."""
    if not is_native_built():
        return reference
    return Lockstep(reference, named_engine_maker("native")(), state_every=1)


@dataclass
class House:
    """The engine under test, a second one that was restored from it, and what events told."""

    reference: Engine = field(default_factory=Engine)
    engine: EngineContract = field(init=False)
    shadow: EngineContract = field(init=False)
    told: Retelling = field(default_factory=Retelling)
    known: Known = field(default_factory=Known)
    log: list[tuple[int, bytes, bytes]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.engine = self.shadow = in_lockstep(self.reference)

    def open(self) -> None:
        """Set up assets, markets, people and some money, all prices near 10."""
        self.known.ts_ns = _START_NS
        for number, command in enumerate(_set_up(), start=1):
            numbered = msgspec.structs.replace(
                command, source=_SET_UP_SOURCE, number=Number(number)
            )
            (outcome,) = self.submit([numbered])
            assert outcome.code == 0, outcome
        self.restart_shadow()

    def submit(self, commands: list[c.Command], after_ns: int = 0) -> tuple[Outcome, ...]:
        """Apply commands side by side at one time, to both engines, and compare everything."""
        self.known.ts_ns += after_ns
        first = self.engine.seq + 1
        entries = b"".join(
            codec.encode_entry(Seq(first + index), codec.encode(command))
            for index, command in enumerate(commands)
        )
        before = self.engine.snapshot() if len(commands) == 1 else b""
        raw = self.engine.apply(self.known.ts_ns, first, entries)
        if self.shadow is not self.engine:
            assert self.shadow.apply(self.known.ts_ns, first, entries) == raw, "INV-11: restored"
        self.log.append((self.known.ts_ns, entries, raw))
        outcomes = codec.decode_outcomes(raw, len(commands))
        for command, outcome in zip(commands, outcomes, strict=True):
            self._learn(command, outcome)
        self._compare()
        if before and _changed_nothing(outcomes[0]):
            self._compare_with_a_tick(before, outcomes[0])
        return outcomes

    def restart_shadow(self) -> None:
        """Give the second engine the first one's snapshot: same state, same future (INV-11)."""
        snapshot = self.engine.snapshot()
        self.shadow = in_lockstep(Engine())
        self.shadow.restore(snapshot)
        assert self.shadow.snapshot() == snapshot
        assert self.shadow.digest() == self.engine.digest()
        assert self.shadow.next_deadline() == self.engine.next_deadline()

    def ask(self, question: r.Read) -> r.Answer:
        """Ask the engine."""
        answer: r.Answer = _ANSWERS.decode(self.engine.query(codec.encode(question)))
        return answer

    def replay(self) -> None:
        """Play the whole journal into a fresh engine, its rows cut anew (INV-11)."""
        fresh = Engine()
        for ts_ns, entries, raw in self._rows():
            assert fresh.apply(ts_ns, fresh.seq + 1, entries) == raw
        assert fresh.digest() == self.engine.digest()

    # ------------------------------------------------------------ after each entry

    def _learn(self, command: c.Command, outcome: Outcome) -> None:
        self.told.begin(outcome.seq, self.known.ts_ns)
        for event in outcome.events:
            self.told.tell(event)
            if isinstance(event, OrderAccepted):
                self.known.orders.append(event.order_id)
        self.told.waiting.end(is_caught_up=outcome.code != RefusalCode.CATCHING_UP)
        self.known.sent.append(command)
        marks = self.ask(r.ReadMarks())
        assert isinstance(marks, r.Marks)
        self.known.mark = {row.source: row.number for row in marks.marks}.get(Source(SOURCE), 0)

    def _compare(self) -> None:
        check(self.reference.state)
        for account in (*USERS, *range(1, 11)):
            self._compare_balances(AccountId(account))
        for market in self.told.grids:
            self._compare_book(market)
        self._compare_orders()

    def _compare_balances(self, account: AccountId) -> None:
        answer = self.ask(r.ReadAccount(account))
        assert isinstance(answer, r.Account)
        actual = {row.asset: (row.available, row.hold) for row in answer.balances}
        for asset in ASSETS:
            told = self.told.balance(account, asset)
            assert actual.get(AssetId(asset), (0, 0)) == told, f"account {account}, asset {asset}"

    def _compare_book(self, market: MarketId) -> None:
        answer = self.ask(r.ReadBook(market, r.PAGE_MAX))
        assert isinstance(answer, r.Book)
        for side, levels in ((Side.BUY, answer.bids), (Side.SELL, answer.asks)):
            actual = [(level.price, level.visible, level.orders) for level in levels]
            assert actual == self.told.book(market, side)
        if self.told.statuses[market] in {MarketStatus.TRADING, MarketStatus.POST_ONLY}:
            assert not self.told.is_crossed(market), "INV-04"

    def _compare_orders(self) -> None:
        answer = self.ask(r.ReadOpenOrders(AccountId(0), MarketId(0), OrderId(0), r.PAGE_MAX))
        assert isinstance(answer, r.OpenOrders)
        actual = {
            view.order_id: (view.order.qty, view.order.price, view.filled, view.prevented)
            for view in answer.orders
        }
        told = {
            order.id: (order.qty, order.price, order.filled, order.prevented)
            for order in self.told.orders.values()
        }
        assert actual == told, "INV-12: open orders from events are the engine's"

    def _compare_with_a_tick(self, before: bytes, outcome: Outcome) -> None:
        """What is refused or repeated does what a Tick does, but for its source's mark (L2.2)."""
        twin = Engine()
        twin.restore(before)
        entry = codec.encode_entry(outcome.seq, codec.encode(c.Tick()))
        (tick,) = codec.decode_outcomes(twin.apply(self.known.ts_ns, outcome.seq, entry), 1)
        others = tuple(event for event in outcome.events if not _is_answer(event))
        assert others == tick.events
        assert _unmarked(twin.snapshot()) == _unmarked(self.engine.snapshot())

    def _rows(self) -> list[tuple[int, bytes, bytes]]:
        """The journal with neighboring rows of one time put together."""
        rows: list[tuple[int, bytes, bytes]] = []
        for ts_ns, entries, raw in self.log:
            if rows and rows[-1][0] == ts_ns:
                rows[-1] = (ts_ns, rows[-1][1] + entries, rows[-1][2] + raw)
            else:
                rows.append((ts_ns, entries, raw))
        return rows


def _is_answer(event: Event) -> bool:
    return isinstance(event, CommandRefused | CommandRepeated)


def _changed_nothing(outcome: Outcome) -> bool:
    answers = [event for event in outcome.events if _is_answer(event)]
    return len(answers) == 1 and not (
        isinstance(answers[0], CommandRefused) and answers[0].part != Part.WHOLE
    )


def _unmarked(snapshot: bytes) -> StateImage:
    image: StateImage = _IMAGES.decode(snapshot)
    return msgspec.structs.replace(image, marks=())


def _set_up() -> list[c.Command]:
    none = (_SET_UP_SOURCE, Number(0))
    made: list[c.Command] = [
        c.CreateAsset(*none, AssetId(asset), scale, Units(2**62), True)
        for asset, scale in ((1, 1), (2, 2), (3, 1))
    ]
    rates = {1: (-300, 2_500), 2: (1_000, 100_000)}
    for market, base, algorithm in ((1, 1, Algorithm.FIFO), (2, 3, Algorithm.PRO_RATA)):
        parameters = msgspec.structs.replace(PARAMETERS, algorithm=algorithm)
        here = MarketId(market)
        lot = Units(5)  # Half a coin; a tick is 1.
        pair = (AssetId(base), AssetId(2))
        made.append(c.CreateMarket(*none, here, *pair, lot, 1, 0, parameters))
        made.append(c.SetFees(*none, here, 0, *rates[market]))
        made.append(c.SetReferencePrice(*none, here, Ticks(10)))
        made.append(c.SetMarketStatus(*none, here, MarketStatus.TRADING))
    for user in USERS:
        account = AccountId(user)
        made.append(c.OpenAccount(*none, account, 0, 0, False, False))
        for asset, units in ((1, 500), (2, 150_000), (3, 500)):
            hot, money, why = AccountId(5), Units(units), TransferReason.DEPOSIT
            made.append(c.Transfer(*none, hot, account, AssetId(asset), money, why))
    return made
