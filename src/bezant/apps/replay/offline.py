"""Replay straight into a core: no database, no server, the same trades."""

import time
from collections.abc import Callable, Sequence
from typing import Final

from bezant.apps.replay.flow import Cancel, Flow, Place
from bezant.apps.replay.market import replay_parameters, replay_terms
from bezant.apps.replay.tally import Report, Tally
from bezant.core import codec
from bezant.core.codec import Outcome
from bezant.core.commands import (
    CancelOrder,
    Command,
    CreateAsset,
    CreateMarket,
    OpenAccount,
    PlaceOrder,
    SetMarketStatus,
    Transfer,
)
from bezant.core.contract import EngineContract
from bezant.core.events import TradeExecuted
from bezant.core.ids import AccountId, AssetId, MarketId, Number, OrderId, Seq, Source, order_id
from bezant.core.units import UNITS_MAX, Units
from bezant.core.words import MarketStatus, Only, STPMode, TransferReason

ACCOUNT: Final = AccountId(1_000)
BASE: Final = AssetId(1)
QUOTE: Final = AssetId(2)
MARKET: Final = MarketId(1)
HOT: Final = AccountId(5)
SOURCE: Final = Source(1)
ENTRIES_PER_APPLY: Final = 500


def play_offline(
    flow: Flow, engine: EngineContract, on_progress: Callable[[int], None], shard: int = 0
) -> Report:
    """Play the flow into an empty engine and return what it gave."""
    desk = Desk(engine, flow, shard)
    desk.open()
    started = time.monotonic_ns()
    steps: Sequence[Place | Cancel] = (*flow.preexisting, *flow.steps)
    for first in range(0, len(steps), ENTRIES_PER_APPLY):
        part = steps[first : first + ENTRIES_PER_APPLY]
        desk.play(part)
        on_progress(len(part))
    return desk.tally.report(time.monotonic_ns() - started)


class Desk:
    """One account at one engine: sends steps, reads outcomes."""

    def __init__(self, engine: EngineContract, flow: Flow, shard: int = 0) -> None:
        self.tally = Tally(flow)
        self._engine = engine
        self._shard = shard
        self._file_ids: dict[OrderId, int] = {}

    def open(self) -> None:
        """Create the assets, the market and the funded account."""
        for outcome in self._apply(_set_up(), ts_ns=0):
            if outcome.code:
                raise RuntimeError(f"set-up was refused: {outcome}")

    def file_id(self, order: OrderId) -> int:
        """Return the file's id of an order of the core."""
        return self._file_ids[order]

    def play(self, steps: Sequence[Place | Cancel]) -> tuple[Outcome, ...]:
        """Apply steps as adjacent entries at the time of the last of them; count and return."""
        commands = [_command(step) for step in steps]
        ts_ns = max(steps[-1].time_ms * 1_000_000, self._engine.ts_ns)
        first = self._engine.seq + 1
        for at, step in enumerate(steps):
            if isinstance(step, Place):
                self._file_ids[order_id(Seq(first + at), 0, self._shard)] = step.id
        outcomes = self._apply(commands, ts_ns)
        for step, outcome in zip(steps, outcomes, strict=True):
            self._read(step, outcome)
        return outcomes

    def _read(self, step: Place | Cancel, outcome: Outcome) -> None:
        if isinstance(step, Cancel):
            self.tally.add_cancel(is_done=outcome.code == 0)
        elif outcome.code:
            raise RuntimeError(f"order {step.id} was refused with code {outcome.code}")
        for event in outcome.events:
            if isinstance(event, TradeExecuted):
                self.tally.add_trade(
                    self._file_ids[event.taker_order],
                    self._file_ids[event.maker_order],
                    price_cents=event.price,
                    volume=event.qty,
                )

    def _apply(self, commands: Sequence[Command], ts_ns: int) -> tuple[Outcome, ...]:
        first = self._engine.seq + 1
        entries = b"".join(
            codec.encode_entry(Seq(first + at), codec.encode(command))
            for at, command in enumerate(commands)
        )
        events = self._engine.apply(ts_ns, first, entries)
        return codec.decode_outcomes(events, len(commands))


def _set_up() -> list[Command]:
    numbers = iter(Number(number) for number in range(1, 100))
    # BTC scale 11, USD scale 10: with lot 1e-8 and tick 0.01 a tick of a lot is one unit (L1.1).
    return [
        CreateAsset(SOURCE, next(numbers), BASE, 11, Units(UNITS_MAX), enabled=True),
        CreateAsset(SOURCE, next(numbers), QUOTE, 10, Units(UNITS_MAX), enabled=True),
        CreateMarket(
            SOURCE, next(numbers), MARKET, BASE, QUOTE, Units(1_000), 1, 2, replay_parameters()
        ),
        SetMarketStatus(SOURCE, next(numbers), MARKET, MarketStatus.TRADING),
        OpenAccount(
            SOURCE,
            next(numbers),
            ACCOUNT,
            0,
            STPMode.NONE,
            orders_frozen=False,
            withdrawals_frozen=False,
        ),
        *(
            Transfer(
                SOURCE,
                next(numbers),
                HOT,
                ACCOUNT,
                asset,
                Units(UNITS_MAX // 2),
                TransferReason.DEPOSIT,
            )
            for asset in (BASE, QUOTE)
        ),
    ]


def _command(step: Place | Cancel) -> Command:
    if isinstance(step, Place):
        return PlaceOrder(ACCOUNT, MARKET, replay_terms(step))
    return CancelOrder(ACCOUNT, OrderId(0), str(step.id), Only.ANY)
