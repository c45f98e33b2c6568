"""The recorded flow of a file, played again and again, as commands for `benches.engine`.

Placed as `bezant replay` does, but with fees on and by twenty accounts in turn. Each time around
the client ids are new, and what is left of the last time is canceled first.
"""

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Final

from msgspec.structs import replace

from bezant.apps.replay.flow import Cancel, Place, read_flow
from bezant.apps.replay.market import replay_parameters, replay_terms
from bezant.core.commands import (
    CancelAll,
    CancelOrder,
    Command,
    CreateAsset,
    CreateMarket,
    OpenAccount,
    PlaceOrder,
    SetFees,
    SetMarketStatus,
    Transfer,
)
from bezant.core.ids import AccountId, AssetId, MarketId, Number, OrderId, Source
from bezant.core.units import UNITS_MAX, Units
from bezant.core.words import MarketStatus, Only, STPMode, TransferReason

ACCOUNTS: Final = tuple(AccountId(1_000 + index) for index in range(20))
BASE, QUOTE, MARKET, HOT = AssetId(1), AssetId(2), MarketId(1), AccountId(5)
SOURCE: Final = Source(1)


def recorded_opening() -> Iterator[Command]:
    """Yield what creates the market of the file, its people and their money."""
    number = map(Number, count(1))
    yield CreateAsset(SOURCE, next(number), BASE, 11, Units(UNITS_MAX), enabled=True)
    yield CreateAsset(SOURCE, next(number), QUOTE, 10, Units(UNITS_MAX), enabled=True)
    parameters = replay_parameters()
    yield CreateMarket(SOURCE, next(number), MARKET, BASE, QUOTE, Units(1_000), 1, 2, parameters)
    yield SetFees(SOURCE, next(number), MARKET, 0, 500, 1_000)
    yield SetMarketStatus(SOURCE, next(number), MARKET, MarketStatus.TRADING)
    part = Units(UNITS_MAX // 32)
    for account in ACCOUNTS:
        yield OpenAccount(SOURCE, next(number), account, 0, STPMode.NONE, False, False)
        for asset in (BASE, QUOTE):
            reason = TransferReason.DEPOSIT
            yield Transfer(SOURCE, next(number), HOT, account, asset, part, reason)


def recorded_commands(path: Path, commands: int) -> Iterator[Command]:
    """Yield so many commands of the file, round after round."""
    flow = read_flow(path)
    steps = (*flow.preexisting, *flow.steps)
    left = commands
    for again in count(1):
        for command in _round(steps, again):
            if left == 0:
                return
            left -= 1
            yield command


def _round(steps: tuple[Place | Cancel, ...], again: int) -> Iterator[Command]:
    for account in ACCOUNTS:
        yield CancelAll(account, MARKET)
    for step in steps:
        account = ACCOUNTS[step.id % len(ACCOUNTS)]
        client_id = f"{again}-{step.id}"
        if isinstance(step, Place):
            yield PlaceOrder(account, MARKET, replace(replay_terms(step), client_id=client_id))
        else:
            yield CancelOrder(account, OrderId(0), client_id, Only.ANY)
