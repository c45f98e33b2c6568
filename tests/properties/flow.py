"""A day at the house from a seed: a dense flow of orders around a price, so that much is traded.

Hypothesis finds short surprises; this finds what needs a full book, many fills and many timers.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Protocol

import msgspec

from bezant.core import commands as c
from bezant.core.ids import AccountId, AssetId, MarketId, Number, OrderId, Source, TransferId
from bezant.core.units import Lots, Ticks, Units
from bezant.core.words import (
    Algorithm,
    ListKind,
    MarketStatus,
    OrderType,
    Side,
    TimeInForce,
    TransferReason,
    Trigger,
)
from tests.properties.drawn import MARKETS, SECOND, SOURCE, USERS, Known
from tests.properties.house import PARAMETERS


class Seen(Protocol):
    """An open order as its sender sees it; `place` is 0 while it is not in the book."""

    @property
    def id(self) -> int: ...
    @property
    def account(self) -> int: ...
    @property
    def market(self) -> int: ...
    @property
    def side(self) -> int: ...
    @property
    def qty(self) -> int: ...
    @property
    def place(self) -> int: ...


class Told(Protocol):
    """What senders know of the house."""

    @property
    def orders(self) -> Mapping[int, Seen]: ...
    @property
    def statuses(self) -> Mapping[int, int]: ...


class Door(Protocol):
    """Where a flow sends its commands."""

    @property
    def known(self) -> Known: ...
    @property
    def told(self) -> Told: ...
    def submit(self, commands: list[c.Command], after_ns: int = 0) -> object: ...
    def restart_shadow(self) -> None: ...


_TIFS = (TimeInForce.GTC,) * 12 + (TimeInForce.IOC, TimeInForce.FOK, TimeInForce.GTD)


@dataclass
class Flow:
    """Draws the next command from what the house has become."""

    rng: Random
    house: Door
    price: dict[int, int] = field(default_factory=lambda: dict.fromkeys(MARKETS, 30))
    ids: int = 0
    transfers: int = 0
    row_sizes: tuple[int, ...] = (1, 1, 2, 5)

    def run(self, count: int) -> None:
        """Send `count` commands in rows of a few, time passing between the rows."""
        for number in self._parameters():
            self.house.submit([number])
        sent = 0
        while sent < count:
            row = [self._command() for _ in range(self.rng.choice(self.row_sizes))]
            after = self.rng.choice((0, 0, 1, 1_000_000, SECOND // 2, 2 * SECOND))
            if self.rng.random() < 0.01:
                after = 90_000 * SECOND
            self.house.submit(self.numbered(row), after)
            sent += len(row)
            if self.rng.random() < 0.02:
                self.house.restart_shadow()

    # ------------------------------------------------------------ the house's settings

    def _parameters(self) -> list[c.Command]:
        rng = self.rng
        made: list[c.Command] = []
        for market in MARKETS:
            parameters = msgspec.structs.replace(
                PARAMETERS,
                band_bips=rng.choice((0, 0, 3_000)),
                dynamic_bips=rng.choice((0, 600, 1_500)),
                window_ms=rng.choice((0, 1_000, 60_000)),
                extensions_max=rng.choice((0, 2)),
                open_orders_max=30,
                algorithm=rng.choice((Algorithm.FIFO, Algorithm.PRO_RATA)),
                top_percent=rng.choice((0, 40, 100)),
                min_allocation=Lots(rng.choice((1, 3))),
                qty_min=Lots(rng.choice((1, 2))),
                parts_max=20,
                notional_min=Units(rng.choice((0, 2_000))),
                notional_max=Units(40_000),
                amends_max=3,
            )
            made.append(c.SetMarket(*self._next(len(made)), MarketId(market), parameters))
            rates = (rng.choice((-2_000, 0, 1_500)), rng.choice((0, 900, 7_000)))
            made.append(c.SetFees(*self._next(len(made)), MarketId(market), 0, *rates))
            there = (MarketId(market), Ticks(30))
            made.append(c.SetReferencePrice(*self._next(len(made)), *there))
        return made

    def _next(self, offset: int = 0) -> tuple[Source, Number]:
        return Source(SOURCE), Number(self.house.known.mark + 1 + offset)

    def numbered(self, row: list[c.Command]) -> list[c.Command]:
        """Number a row's commands of the source one after the other, a few of them wrongly."""
        number = self.house.known.mark
        made: list[c.Command] = []
        for command in row:
            if not hasattr(command, "source"):
                made.append(command)
                continue
            number += 1 if self.rng.random() < 0.97 else self.rng.choice((0, 2))
            made.append(msgspec.structs.replace(command, number=Number(number)))
        return made

    # ------------------------------------------------------------ commands

    def _command(self) -> c.Command:
        statuses = self.house.told.statuses.items()
        closed = [market for market, status in statuses if status != MarketStatus.TRADING]
        if closed and self.rng.random() < 0.1:
            market = MarketId(self.rng.choice(closed))
            return c.SetMarketStatus(*self._next(), market, MarketStatus.TRADING)
        kinds: tuple[tuple[float, Callable[[], c.Command]], ...] = (
            (60, self._place),
            (12, self._cancel),
            (10, self._amend),
            (6, self._replace),
            (8, self._list),
            (0.3, lambda: c.CancelAll(self._user(), self._market())),
            (0.5, lambda: c.SetCancelTimer(self._user(), self._market(), 1_000)),
            (6, self._money),
            (4, self._operator),
            (2, self._again),
        )
        weights = [weight for weight, _ in kinds]
        (kind,) = self.rng.choices([kind for _, kind in kinds], weights)
        return kind()

    def _user(self) -> AccountId:
        return AccountId(self.rng.choice(USERS))

    def _market(self) -> MarketId:
        return MarketId(self.rng.choice((1, 1, 1, 2)))

    def _target(self) -> tuple[AccountId, OrderId, str]:
        """An open order and its owner as a rule, else any number."""
        numbers = list(self.house.told.orders)
        if not numbers or self.rng.random() < 0.05:
            return self._user(), OrderId(self.rng.randrange(1, 9_999)), ""
        order = self.house.told.orders[self.rng.choice(numbers)]
        return AccountId(order.account), OrderId(order.id), ""

    def _client_id(self) -> str:
        self.ids += 1
        if self.rng.random() < 0.1:
            return ""
        return f"f{self.rng.randrange(self.ids + 1) if self.rng.random() < 0.02 else self.ids}"

    def _terms(self, market: int) -> c.OrderTerms:
        rng = self.rng
        self.price[market] = max(6, min(50, self.price[market] + rng.choice((-1, 0, 0, 0, 1))))
        side = rng.choice((Side.BUY, Side.SELL))
        is_market = rng.random() < 0.15
        is_by_quote = is_market and rng.random() < 0.4
        trigger = rng.choice((Trigger.STOP, Trigger.TAKE_PROFIT)) if rng.random() < 0.15 else 0
        if is_by_quote:
            trigger = Trigger.NONE
        tif = TimeInForce.IOC if is_market else rng.choice(_TIFS)
        qty = 0 if is_by_quote else rng.randrange(1, 20)
        trailing = rng.choice((0, 0, 500, 1_500)) if trigger else 0
        may_hide = tif == TimeInForce.GTC and qty > 4 and rng.random() < 0.2
        rests = tif in {TimeInForce.GTC, TimeInForce.GTD} and not trigger
        return c.OrderTerms(
            client_id=self._client_id(),
            side=side,
            type=OrderType.MARKET if is_market else OrderType.LIMIT,
            tif=tif,
            price=Ticks(0 if is_market else self._near(market, side, 3)),
            qty=Lots(qty),
            quote_units=Units(rng.randrange(50, 30_000)) if is_by_quote else Units(0),
            trigger=trigger,
            trigger_price=Ticks(self._trigger_price(market, side, trigger) if trigger else 0),
            trailing_bips=trailing,
            post_only=rests and rng.random() < 0.1,
            display=Lots(rng.randrange(1, 4)) if may_hide else Lots(0),
            stp=rng.choice((0, 1, 1, 2, 3, 4, 5)),
            expires_ns=self._soon() if tif == TimeInForce.GTD else 0,
        )

    def _near(self, market: int, side: int, spread: int) -> int:
        away = self.rng.randrange(-2, spread + 1)
        return max(1, self.price[market] + (away if side == Side.SELL else -away))

    def _trigger_price(self, market: int, side: int, trigger: int) -> int:
        is_rising = (side == Side.BUY) == (trigger == Trigger.STOP)
        away = self.rng.randrange(0, 4)
        return max(1, self.price[market] + (away if is_rising else -away))

    def _soon(self) -> int:
        return self.house.known.ts_ns + self.rng.randrange(1, 20) * SECOND

    def _place(self) -> c.Command:
        market = self._market()
        return c.PlaceOrder(self._user(), market, self._terms(market))

    def _cancel(self) -> c.Command:
        return c.CancelOrder(*self._target(), self.rng.choice((0, 0, 1, 2)))

    def _amend(self) -> c.Command:
        account, order_id, client_id = self._target()
        told = self.house.told.orders.get(order_id)
        qty = None if told is None else Lots(max(0, told.qty + self.rng.choice((-3, -2, -1, 0, 2))))
        price = None
        if told is not None and told.place and self.rng.random() < 0.4:
            price = Ticks(self._near(told.market, told.side, 2))
        new_id = self._client_id() if self.rng.random() < 0.1 else ""
        return c.AmendOrder(account, order_id, client_id, qty, price, new_id)

    def _replace(self) -> c.Command:
        target = self._target()
        told = self.house.told.orders.get(target[1])
        market = MarketId(told.market) if told is not None else self._market()
        mode, only = self.rng.randrange(2), self.rng.choice((0, 0, 1, 2))
        return c.ReplaceOrder(*target, mode, only, market, self._terms(market))

    def _list(self) -> c.Command:
        market, kind = self._market(), self.rng.choice(tuple(ListKind))
        side = self.rng.choice((Side.BUY, Side.SELL))
        pair = self._pair(market, side)
        legs: tuple[c.OrderTerms, ...] = pair
        if kind != ListKind.OCO:
            working = msgspec.structs.replace(
                pair[0],
                client_id=self._client_id(),
                side=1 - side,
                price=Ticks(self._near(market, 1 - side, 1)),
                post_only=self.rng.random() < 0.2,
            )
            legs = (working, *pair) if kind == ListKind.OTOCO else (working, self._second(market))
        return c.PlaceList(self._user(), market, self._client_id(), kind, legs)

    def _second(self, market: MarketId) -> c.OrderTerms:
        terms = self._terms(market)
        return terms if not terms.quote_units else self._pair(market, Side.SELL)[1]

    def _pair(self, market: MarketId, side: int) -> tuple[c.OrderTerms, c.OrderTerms]:
        rng, away = self.rng, 1 if side == Side.SELL else -1
        last = self.price[market]
        limit = c.OrderTerms(
            client_id=self._client_id(),
            side=side,
            type=OrderType.LIMIT,
            tif=TimeInForce.GTC,
            price=Ticks(last + away * rng.randrange(1, 4)),
            qty=Lots(rng.randrange(2, 12)),
            quote_units=Units(0),
            trigger=Trigger.NONE,
            trigger_price=Ticks(0),
            trailing_bips=0,
            post_only=True,
            display=Lots(0),
            stp=rng.randrange(6),
            expires_ns=0,
        )
        is_limit = rng.random() < 0.5
        stop = msgspec.structs.replace(
            limit,
            client_id=self._client_id(),
            type=OrderType.LIMIT if is_limit else OrderType.MARKET,
            tif=TimeInForce.GTC if is_limit else TimeInForce.IOC,
            price=Ticks(last - away * 3) if is_limit else Ticks(0),
            trigger=Trigger.STOP,
            trigger_price=Ticks(last - away * rng.randrange(1, 3)),
            trailing_bips=rng.choice((0, 0, 800)),
            post_only=False,
        )
        return limit, stop

    def _money(self) -> c.Command:
        rng, nobody = self.rng, (Source(SOURCE), Number(0))
        asset = AssetId(rng.choice((1, 2, 2, 3)))
        units = Units(rng.randrange(1, 90_000 if asset == 2 else 300))
        kind = rng.randrange(6)
        if kind == 0:
            self.transfers += 1
            held = (TransferId(self.transfers), self._user(), asset, units, Units(rng.randrange(3)))
            return c.HoldTransfer(*nobody, *held)  # type: ignore[arg-type]
        transfer = TransferId(rng.randrange(max(1, self.transfers - 5), self.transfers + 2))
        if kind == 1:
            return c.SettleTransfer(*nobody, transfer, AccountId(rng.choice((5, 6))))
        if kind == 2:
            return c.VoidTransfer(*nobody, transfer)
        ends = [AccountId(5), self._user()]
        reason = TransferReason.DEPOSIT
        if kind == 3:
            ends, reason = ends[::-1], TransferReason.REVERSAL
        return c.Transfer(*nobody, ends[0], ends[1], asset, units, reason)

    def _operator(self) -> c.Command:
        rng, nobody, market = self.rng, (Source(SOURCE), Number(0)), self._market()
        status = rng.choice((MarketStatus.TRADING,) * 6 + tuple(MarketStatus)[:5])
        group, is_frozen = rng.choice((0, 0, 0, 7)), rng.random() < 0.1
        made: tuple[c.Command, ...] = (
            c.SetMarketStatus(*nobody, market, status),
            c.SetAccount(*nobody, self._user(), group, rng.randrange(6), is_frozen, False),
            c.SetTier(*nobody, self._user(), rng.randrange(3)),
            c.SetFees(*nobody, market, 1, rng.choice((-9_000, 500)), rng.choice((0, 10_000))),
            c.SetAsset(*nobody, AssetId(1), 1, Units(2**62), rng.random() < 0.95),
            c.CancelMarket(*nobody, market),
            c.Tick(),
        )
        weights = (4, 2, 1, 1, 0.5, 0.2, 3)
        return rng.choices(made, weights)[0]

    def _again(self) -> c.Command:
        return self.rng.choice(self.house.known.sent[-40:])
