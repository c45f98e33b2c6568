"""What names mean in one vector: people, assets, markets, orders, transfers, sources, time."""

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction

from bezant.apps.vectors.grammar import VectorSyntax
from bezant.apps.vectors.numbers import decimal, span_ns, steps
from bezant.core.commands import Command, MarketParameters
from bezant.core.events import CommandRefused, CommandRepeated, OrderAccepted, OrderAmended
from bezant.core.ids import AccountId, AssetId, MarketId, Number, OrderId, Source, TransferId

START_NS = 20_000 * 86_400_000_000_000  # A midnight, so that windows begin with the vector.
HOUSE = {
    "fees": 1,
    "suspense": 2,
    "promo": 3,
    "dust": 4,
    "hot": 5,
    "warm": 6,
    "cold": 7,
    "bank": 8,
    "in_transit": 9,
    "costs": 10,
}
PEOPLE = {"alice": 1001, "bob": 1002, "carol": 1003, "dan": 1004, "erin": 1005}
NOBODY = 999_999  # An account that is never opened.
SOURCE_MAX = 65_535  # Above it a source has no mark.
SOURCE = 10  # Where commands come from unless `source=` says otherwise.


@dataclass(frozen=True)
class Asset:
    """An asset of the vector."""

    name: str
    id: AssetId
    scale: int

    @property
    def step(self) -> Fraction:
        """One unit in coins."""
        return Fraction(1, 10**self.scale)


@dataclass
class Market:
    """A market of the vector, with what its line said last."""

    name: str
    id: MarketId
    base: Asset
    quote: Asset
    tick: Fraction
    lot: Fraction
    parameters: MarketParameters

    def of_side(self, side: int) -> Asset:
        """The asset in which an order of `side` holds: quote for a buy (0), base for a sell."""
        return self.base if side else self.quote


@dataclass
class World:
    """All names of one vector."""

    people: dict[str, int] = field(default_factory=dict)
    assets: dict[str, Asset] = field(default_factory=dict)
    markets: dict[str, Market] = field(default_factory=dict)
    orders: dict[str, OrderId] = field(default_factory=dict)
    order_names: dict[int, str] = field(default_factory=dict)
    order_owner: dict[int, AccountId] = field(default_factory=dict)
    transfers: dict[str, TransferId] = field(default_factory=dict)
    marks: dict[int, int] = field(default_factory=dict)
    to_open: list[str] = field(default_factory=list)
    now_ns: int = START_NS
    digest: Callable[[], bytes] = bytes

    # ------------------------------------------------------------ names to numbers

    def account(self, name: str) -> AccountId:
        """Return an account's number; a person met for the first time will be opened."""
        if name in HOUSE:
            return AccountId(HOUSE[name])
        if name == "nobody":
            return AccountId(NOBODY)
        if name.isdigit():
            return AccountId(int(name))
        if name not in self.people:
            self.people[name] = PEOPLE.get(name, 1_100 + len(self.people))
            self.to_open.append(name)
        return AccountId(self.people[name])

    def asset(self, name: str) -> Asset:
        """Return a declared asset; `nothing` is one that does not exist."""
        if name == "nothing":
            return Asset("nothing", AssetId(65_000), 0)
        if name not in self.assets:
            raise VectorSyntax(f"asset {name} is not declared")
        return self.assets[name]

    def market(self, name: str | None) -> Market:
        """Return a declared market, the first if none is named; `nowhere` does not exist."""
        if name is None:
            if not self.markets:
                raise VectorSyntax("no market is declared")
            return next(iter(self.markets.values()))
        if name == "nowhere":
            first = next(iter(self.markets.values()))
            return Market(
                name, MarketId(65_000), first.base, first.quote, first.tick, first.lot,
                first.parameters,
            )  # fmt: skip
        if name not in self.markets:
            raise VectorSyntax(f"market {name} is not declared")
        return self.markets[name]

    def transfer(self, name: str) -> TransferId:
        """Return the id behind a transfer's name: dense from 1, or the number it is written as."""
        if name.lstrip("-").isdigit():
            return TransferId(int(name))
        return self.transfers.setdefault(name, TransferId(len(self.transfers) + 1))

    def order(self, name: str) -> OrderId:
        """Return the id of the order that was accepted under `name` last."""
        if name not in self.orders:
            raise VectorSyntax(f"no order was accepted as {name}")
        return self.orders[name]

    def time_ns(self, text: str) -> int:
        """Return a moment, written as time since the start."""
        return START_NS + span_ns(text)

    # ------------------------------------------------------------ numbers to names

    def market_of(self, number: int) -> Market:
        """Return the market with this number."""
        return next(m for m in self.markets.values() if m.id == number)

    def asset_of(self, number: int) -> Asset:
        """Return the asset with this number."""
        return next(a for a in self.assets.values() if a.id == number)

    def account_name(self, number: int) -> str:
        """Return the name of an account, its number if it has none."""
        for names in (self.people, HOUSE):
            for name, account in names.items():
                if account == number:
                    return name
        return str(number)

    def order_name(self, number: int) -> str:
        """Return the last name of an order, `@id` if it has none."""
        return self.order_names.get(number, f"@{number}")

    def amount(self, text: str, asset: Asset) -> int:
        """Return units of an asset."""
        return steps(text, asset.step)

    def amount_text(self, units: int, asset: Asset) -> str:
        """Return units of an asset as a decimal string."""
        return decimal(units, asset.step)

    # ------------------------------------------------------------ what events teach

    def number(self, options: dict[str, str]) -> tuple[Source, Number]:
        """Return source and number of the next command of a source, unless the line names them."""
        source = int(options.get("source", SOURCE))
        number = options.get("number", str(self.marks.get(source, 0) + 1))
        return Source(source), Number(int(number))

    def learn(self, command: Command, events: tuple[object, ...], names: tuple[str, ...]) -> None:
        """Take over what an entry's events say about names, orders and marks."""
        waiting = list(names)
        for event in events:
            match event:
                case OrderAccepted() if waiting:
                    self._name(waiting.pop(0), event.order_id)
                    self.order_owner[event.order_id] = event.account
                case OrderAmended() if event.client_id:
                    self._name(event.client_id, event.order_id)
                case _:
                    pass
        source, number = getattr(command, "source", 0), getattr(command, "number", 0)
        if 1 <= source <= SOURCE_MAX and _moves_mark(source, number, events):
            self.marks[source] = number

    def _name(self, name: str, order: OrderId) -> None:
        self.orders[name] = order
        self.order_names[order] = name


def _moves_mark(source: int, number: int, events: tuple[object, ...]) -> bool:
    """Tell whether a command moved its source's mark (L3.3): not if repeated, too early, a gap."""
    for event in events:
        if (getattr(event, "source", 0), getattr(event, "number", 0)) != (source, number):
            continue
        if isinstance(event, CommandRefused) and event.code in {10, 12}:
            return False
        if isinstance(event, CommandRepeated):
            return False
    return True
