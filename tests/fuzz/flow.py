"""A day at a fuzzed house: the flow of `tests.properties.flow` and all else that the law knows.

More markets, all commands of operators and money, numbers that leave gaps, and in some commands a
field that is any number of its range. What senders know is read from the reference's state.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from random import Random

import msgspec

from bezant.core import codec
from bezant.core import commands as c
from bezant.core.codec import MalformedMessage
from bezant.core.ids import AccountId, AssetId, MarketId, Number, OrderId, Source, TransferId
from bezant.core.order import RESTING
from bezant.core.state import State
from bezant.core.units import Ticks, Units
from bezant.core.words import MarketStatus, TransferReason
from tests.fuzz import opening
from tests.fuzz.recording import Recorder
from tests.properties.drawn import DAY, SOURCE, Known
from tests.properties.flow import Flow

START_NS = 20_000 * DAY
KEPT = 200  # Commands that a sender may repeat.
SOURCES = (SOURCE, SOURCE, SOURCE, 11, 65_535)
MARKET_MAX = 9
STRANGE = (0, 1, -1, 2, 3, 255, 2**31, 2**53 - 1, 2**62, 2**62 + 1, 2**63 - 1, -(2**63))


@dataclass(frozen=True)
class SeenOrder:
    """An open order as a sender sees it."""

    id: int
    account: int
    market: int
    side: int
    qty: int
    place: int


class SeenOrders(Mapping[int, SeenOrder]):
    """The open orders of a state."""

    def __init__(self, state: State) -> None:
        self._orders = state.orders

    def __getitem__(self, number: int) -> SeenOrder:
        order = self._orders[OrderId(number)]
        place = int(order.state is RESTING)
        return SeenOrder(order.id, order.account, order.market, order.side, order.terms.qty, place)

    def __iter__(self) -> Iterator[int]:
        return iter(self._orders)

    def __len__(self) -> int:
        return len(self._orders)


class Seen:
    """What senders know: `tests.properties.flow.Told` of the reference's state as it is."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder

    @property
    def state(self) -> State:
        """The reference's state; a restart makes another."""
        return self._recorder.pair.reference.state

    @property
    def orders(self) -> SeenOrders:
        """All open orders."""
        return SeenOrders(self.state)

    @property
    def statuses(self) -> dict[int, int]:
        """The status of each market."""
        return {number: market.status for number, market in self.state.markets.items()}


class FuzzedHouse:
    """`tests.properties.flow.Door` to a recorder."""

    def __init__(self, recorder: Recorder) -> None:
        self.recorder = recorder
        self.known = Known(ts_ns=START_NS)
        self.told = Seen(recorder)

    def submit(self, commands: list[c.Command], after_ns: int = 0) -> None:
        """Send commands side by side at one time."""
        self.known.ts_ns += after_ns
        self.recorder.send(self.known.ts_ns, commands)
        self.known.sent = [*self.known.sent[-KEPT:], *commands]
        self.known.mark = self.told.state.marks.get(Source(SOURCE), Number(0))

    def restart_shadow(self) -> None:
        """Let both engines go on from each other's snapshots."""
        self.recorder.restart()


class FuzzFlow(Flow):
    """Draws commands of all kinds; a share of them is wild."""

    def __init__(self, rng: Random, house: FuzzedHouse) -> None:
        super().__init__(rng, house)
        self.fuzzed = house
        self.opening = opening.draw(rng)
        self.grids = {grid.market: grid for grid in self.opening.grids}
        self.price = defaultdict(lambda: 30)
        self.row_sizes = rng.choice(((1,), (1,), (1,), (1, 1, 2, 5)))
        self.wild_share = rng.choice((0.0, 0.05, 0.15, 0.4))
        self.mood = [rng.choice((0.2, 1, 1, 1, 4)) for _ in range(20)]

    def open(self) -> None:
        """Open the house, a command at a time."""
        for command in self.opening.commands(self.rng):
            self.house.submit([command])

    # ------------------------------------------------------------ the house's settings

    def _parameters(self) -> list[c.Command]:
        return []  # The opening has set them.

    def numbered(self, row: list[c.Command]) -> list[c.Command]:
        """Number what has no number yet, a few of them wrongly."""
        marks = dict(self.fuzzed.told.state.marks)
        made: list[c.Command] = []
        for command in row:
            if getattr(command, "source", 0) == 0 or command.number != 0:  # type: ignore[union-attr]
                made.append(command)
                continue
            source: Source = command.source  # type: ignore[union-attr]
            step = 1 if self.rng.random() < 0.97 else self.rng.choice((0, 2))
            number = Number(marks.get(source, Number(0)) + step)
            if step == 1:
                marks[source] = number
            made.append(msgspec.structs.replace(command, number=number))
        return made

    def _next(self, offset: int = 0) -> tuple[Source, Number]:
        return Source(self.rng.choice(SOURCES)), Number(0)  # `numbered` gives the number.

    # ------------------------------------------------------------ commands

    def _command(self) -> c.Command:
        command = super()._command()
        if self.rng.random() >= self.wild_share:
            return command
        try:
            return codec.decode_command(codec.encode(self._bent(command)))
        except (MalformedMessage, OverflowError):
            return command

    def _bent(self, message: c.Message) -> c.Message:
        """Return the message with one number somewhere that is any number."""
        names = message.__struct_fields__
        if not names:
            return message
        name = self.rng.choice(names)
        value = getattr(message, name)
        if isinstance(value, c.Message):
            bent: object = self._bent(value)
        elif isinstance(value, tuple) and value:
            bent = (*value[:-1], self._bent(value[-1]))
        elif isinstance(value, bool):
            bent = not value
        elif isinstance(value, str):
            bent = self.rng.choice(("", value * 2, "é" * 18, "x" * 37, "f1"))
        elif isinstance(value, int | None):
            bent = self.rng.choice((*STRANGE, self.rng.randrange(2**62)))
        else:
            return message
        return msgspec.structs.replace(message, **{name: bent})

    def _user(self) -> AccountId:
        return self.rng.choice(self.opening.users)

    def _market(self) -> MarketId:
        if self.rng.random() < 0.6:
            return MarketId(1)
        return MarketId(self.rng.choice(tuple(self.grids)))

    def _terms(self, market: int) -> c.OrderTerms:
        terms = super()._terms(market)
        if not terms.quote_units:
            return terms
        unit = self._grid(market).tick_lot_units
        units = self.rng.randrange(10, 6_000) * unit + self.rng.randrange(unit)
        return msgspec.structs.replace(terms, quote_units=Units(units))

    def _grid(self, market: int) -> opening.Grid:
        """Return the grid of a market, the first one's for those that were created later."""
        return self.grids.get(MarketId(market), self.opening.grids[0])

    def _money(self) -> c.Command:
        rng, nobody = self.rng, self._next()
        asset = AssetId(rng.randrange(1, len(self.opening.scales) + 1))
        units = Units(self.opening.units_of(asset, 200, rng))
        if rng.random() < 0.5:
            return super()._money()
        if rng.random() < 0.3:
            self.transfers += 1
            fee = Units(rng.choice((0, 0, rng.randrange(1_000))))
            number = TransferId(self.transfers)
            return c.HoldTransfer(*nobody, number, self._user(), asset, units, fee)
        accounts = (*range(1, 11), *self.opening.users, self._user(), 1_999)
        ends = AccountId(rng.choice(accounts)), AccountId(rng.choice(accounts))
        reason = rng.choice((0, 0, 0, 1, 2, 3, 4))
        if reason == TransferReason.DEPOSIT and rng.random() < 0.8:
            ends = AccountId(rng.choice((5, 8))), self._user()
        return c.Transfer(*nobody, *ends, asset, units, reason)

    def _operator(self) -> c.Command:
        made = self._operations()
        weights = [weight * mood for (weight, _), mood in zip(made, self.mood, strict=False)]
        (kind,) = self.rng.choices([kind for _, kind in made], weights)
        return kind()

    def _operations(self) -> tuple[tuple[float, Callable[[], c.Command]], ...]:
        return (
            (4, self._status),
            (3, c.Tick),
            (2, self._account),
            (1, lambda: c.SetTier(*self._next(), self._user(), self.rng.randrange(3))),
            (1, self._fees),
            (1, self._set_market),
            (0.3, self._asset),
            (0.2, lambda: c.CancelMarket(*self._next(), self._market())),
            (0.3, lambda: c.SetReferencePrice(*self._next(), self._market(), self._ticks())),
            (0.5, self._claim),
            (0.3, self._digest),
            (0.1, lambda: c.ActivateRules(*self._next(), self.rng.randrange(4))),
            (0.4, self._quarantined),
            (0.2, lambda: c.CloseAccount(*self._next(), self._anybody())),
            (0.2, self._open_account),
            (0.2, self._create),
        )

    def _ticks(self) -> Ticks:
        return Ticks(self.rng.choice((30, 30, 29, 31, 20, 60, 61, 0)))

    def _anybody(self) -> AccountId:
        return AccountId(self.rng.choice((*self.opening.users, 1_900, 1_901, 5, 999)))

    def _status(self) -> c.Command:
        most = (MarketStatus.TRADING,) * 6 + tuple(MarketStatus)[:5]
        status = self.rng.choice((*most, *most, MarketStatus.CLOSED))
        return c.SetMarketStatus(*self._next(), self._market(), status)

    def _account(self) -> c.Command:
        rng = self.rng
        frozen = rng.random() < 0.1, rng.random() < 0.1
        group, stp = rng.choice((0, 0, 0, 7)), rng.randrange(6)
        return c.SetAccount(*self._next(), self._user(), group, stp, *frozen)

    def _open_account(self) -> c.Command:
        return c.OpenAccount(*self._next(), self._anybody(), 0, self.rng.randrange(6), False, False)

    def _fees(self) -> c.Command:
        rates = opening.rates(self.rng)
        return c.SetFees(*self._next(), self._market(), self.rng.randrange(3), *rates)

    def _set_market(self) -> c.Command:
        market = self._market()
        parameters = opening.parameters(self.rng, self._grid(market))
        return c.SetMarket(*self._next(), market, parameters)

    def _asset(self) -> c.Command:
        number = self.rng.randrange(len(self.opening.scales))
        scale, is_enabled = self.opening.scales[number], self.rng.random() < 0.9
        most = Units(self.rng.choice((2**62, 2**62, 1, 2**40)))
        return c.SetAsset(*self._next(), AssetId(number + 1), scale, most, is_enabled)

    def _claim(self) -> c.Command:
        """Claim what an account has, as a rule rightly."""
        state, account = self.fuzzed.told.state, self._user()
        asset = AssetId(self.rng.randrange(1, len(self.opening.scales) + 1))
        there = state.accounts.get(account)
        balance = None if there is None else there.balances.get(asset)
        has = (0, 0) if balance is None else (balance.available, balance.hold)
        wrong = self.rng.choice((0, 0, 1))
        return c.AssertBalances(*self._next(), account, asset, has[0] + wrong, has[1])

    def _digest(self) -> c.Command:
        """Claim a digest; it is the right one where this command comes first in its row."""
        digest = self.fuzzed.recorder.digest or bytes(32)
        return c.AssertDigest(*self._next(), self.rng.choice((digest, digest, bytes(32))))

    def _quarantined(self) -> c.Command:
        sha256 = self.rng.randbytes(32)
        if self.rng.random() < 0.5:
            return c.Quarantined(sha256, Source(0), Number(0))
        return c.Quarantined(sha256, *self._next())

    def _create(self) -> c.Command:
        """Create an asset or a market that is there, or whose tick of a lot may not be whole."""
        rng = self.rng
        if rng.random() < 0.5:
            asset = AssetId(rng.randrange(1, 9))
            return c.CreateAsset(*self._next(), asset, rng.randrange(-1, 20), Units(2**62), True)
        market = MarketId(rng.randrange(1, MARKET_MAX))
        last = len(self.opening.scales)
        base, quote = AssetId(rng.randrange(1, last + 1)), AssetId(rng.randrange(1, last + 1))
        lot, tick = Units(rng.choice((1, 10, 10**6))), (rng.choice((1, 3)), rng.randrange(4))
        parameters = opening.parameters(rng, self.opening.grids[0])
        return c.CreateMarket(*self._next(), market, base, quote, lot, *tick, parameters)
