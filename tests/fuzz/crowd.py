"""A day with more than ten thousand orders: what only happens where the law's limits are reached.

Ten thousand timers or auction trades of one entry, ten thousand matches of one taker, more due
work than an entry does, ten thousand orders of an account (LAW L5.2, L8.4, L11.3, L12.5, 704).
"""

from collections.abc import Callable, Iterator
from random import Random

import msgspec

from bezant.core import commands as c
from bezant.core.ids import AccountId, MarketId, Number, Source
from bezant.core.units import I64_MAX, Lots, Ticks, Units
from bezant.core.words import MarketStatus, OrderType, Side, TimeInForce, TransferReason, Trigger
from tests.fuzz.flow import FuzzFlow
from tests.fuzz.opening import parameters
from tests.properties.drawn import SECOND

CROWD = 10_150
ROW = 100
HERE = MarketId(1)


class Crowd:
    """Fills market 1 of a flow's house and then does one thing that moves all of it."""

    def __init__(self, rng: Random, flow: FuzzFlow) -> None:
        self.rng = rng
        self.flow = flow
        self.users = flow.opening.users

    def gather(self) -> None:
        """Let people place some ten thousand orders, then the one command that they wait for."""
        timed = (self._expire, self._take, self._uncross, self._time_out)
        wave = self.rng.choice((*timed, self._trigger, self._cancel_all, self._cancel_market))
        self._send([*self._funds(), *self._wide_limits()])
        wave()
        for _ in range(self.rng.choice((1, 3))):
            self._send([c.Tick()], self.rng.choice((0, 1, SECOND)))

    # ------------------------------------------------------------ waves

    def _expire(self) -> None:
        until = self.flow.house.known.ts_ns + 5 * SECOND
        self._fill(lambda _: self._order(Side.SELL, 40, until=until))
        self._send([c.Tick() if self.rng.random() < 0.5 else self._a_buy(1)], 5 * SECOND)

    def _take(self) -> None:
        self._fill(lambda _: self._order(Side.SELL, 30))
        self._send([self._a_buy(CROWD + 100)])

    def _uncross(self) -> None:
        self._set_status(MarketStatus.PRE_OPEN)
        self._fill(lambda index: self._order(Side(index & 1), 30), 2 * CROWD)
        self._set_status(MarketStatus.TRADING)

    def _time_out(self) -> None:
        self._fill(lambda _: self._order(Side.BUY, 20))
        timers: list[c.Command] = [c.SetCancelTimer(user, HERE, 1_000) for user in self.users]
        self._send(timers)
        self._send([c.Tick()], SECOND)

    def _trigger(self) -> None:
        self._send([c.PlaceOrder(self.users[0], HERE, self._order(Side.BUY, 30))])
        self._send([c.PlaceOrder(self.users[1], HERE, self._order(Side.SELL, 30))])
        self._fill(lambda _: self._order(Side.SELL, 20, stop=25), 450)
        self._send([c.PlaceOrder(self.users[0], HERE, self._order(Side.BUY, 24))])
        self._send([c.PlaceOrder(self.users[1], HERE, self._order(Side.SELL, 24))])

    def _cancel_all(self) -> None:
        self._fill(lambda _: self._order(Side.BUY, 20), user=self.users[0])
        self._send([c.CancelAll(self.users[0], MarketId(0))])

    def _cancel_market(self) -> None:
        self._fill(lambda _: self._order(Side.SELL, 45))
        self._send([c.CancelMarket(Source(11), Number(0), HERE)])

    # ------------------------------------------------------------ orders

    def _order(self, side: Side, price: int, *, until: int = 0, stop: int = 0) -> c.OrderTerms:
        tif = TimeInForce.GTD if until else TimeInForce.GTC
        empty = (Lots(0), self.rng.choice((1, 1, 2, 5)), until)
        trigger = Trigger.STOP if stop else Trigger.NONE
        trailing, post_only = 0, False
        return c.OrderTerms(
            "",
            side,
            OrderType.LIMIT,
            tif,
            Ticks(price),
            Lots(1),
            Units(0),
            trigger,
            Ticks(stop),
            trailing,
            post_only,
            *empty,
        )

    def _a_buy(self, qty: int) -> c.Command:
        terms = msgspec.structs.replace(self._order(Side.BUY, 31), qty=Lots(qty), stp=1)
        return c.PlaceOrder(self.users[0], HERE, terms)

    def _fill(
        self,
        order: Callable[[int], c.OrderTerms],
        count: int = CROWD,
        user: AccountId | None = None,
    ) -> None:
        """Place the orders, by all in turn or by one."""
        placed = (
            c.PlaceOrder(user or self.users[(index >> 1) % len(self.users)], HERE, order(index))
            for index in range(count)
        )
        row: list[c.Command] = []
        for command in placed:
            row.append(command)
            if len(row) == ROW:
                self._send(row)
                row = []
        self._send(row)

    # ------------------------------------------------------------ the house

    def _funds(self) -> Iterator[c.Command]:
        grid = self.flow.grids[HERE]
        for user in self.users:
            for asset, unit in (
                (grid.base, grid.lot_units),
                (grid.quote, 40 * grid.tick_lot_units),
            ):
                money = (AccountId(5), user, asset, Units(unit * 40_000), TransferReason.DEPOSIT)
                yield c.Transfer(Source(11), Number(0), *money)

    def _wide_limits(self) -> Iterator[c.Command]:
        wide = msgspec.structs.replace(
            parameters(self.rng, self.flow.grids[HERE]),
            qty_min=Lots(1),
            qty_max=Lots(20_000),
            notional_min=Units(0),
            notional_max=Units(I64_MAX),
            band_bips=0,
            dynamic_bips=0,
            open_orders_max=10_000,
            stop_orders_max=10_000,
        )
        yield c.SetMarket(Source(11), Number(0), HERE, wide)
        yield c.SetReferencePrice(Source(11), Number(0), HERE, Ticks(30))
        yield c.SetMarketStatus(Source(11), Number(0), HERE, MarketStatus.TRADING)

    def _set_status(self, status: MarketStatus) -> None:
        self._send([c.SetMarketStatus(Source(11), Number(0), HERE, status)])

    def _send(self, row: list[c.Command], after_ns: int = 0) -> None:
        if row:
            self.flow.house.submit(self.flow.numbered(row), after_ns)
