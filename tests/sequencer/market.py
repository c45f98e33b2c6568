"""A market and funded accounts in a real engine, set up by commands as an operator would."""

from collections.abc import Sequence
from typing import Final, Protocol

from bezant.core.chart import HOT
from bezant.core.commands import (
    Command,
    CreateAsset,
    CreateMarket,
    MarketParameters,
    OpenAccount,
    SetMarketStatus,
    Transfer,
)
from bezant.core.ids import AccountId, AssetId, MarketId, Number, Source
from bezant.core.units import Lots, Ticks, Units
from bezant.core.words import MarketStatus, TransferReason
from bezant.ingress.client import Submission

ACCOUNTS: Final = tuple(range(1_001, 1_009))
BASE: Final = AssetId(1)
QUOTE: Final = AssetId(2)
MARKET: Final = MarketId(1)
FUNDS: Final = Units(10**15)
SOURCE: Final = Source(10)

PARAMETERS: Final = MarketParameters(
    price_max=Ticks(1_000_000),
    qty_min=Lots(1),
    qty_max=Lots(1_000_000),
    notional_min=Units(1),
    notional_max=Units(10**15),
    band_bips=0,
    dynamic_bips=0,
    window_ms=0,
    auction_ms=1_000,
    extensions_max=0,
    open_orders_max=10_000,
    stop_orders_max=10_000,
    icebergs_max=10_000,
    lists_max=10_000,
    parts_max=100,
    amends_max=10,
    trailing_min=1,
    trailing_max=9_999,
    algorithm=0,
    top_percent=0,
    min_allocation=Lots(1),
)


class Submitting(Protocol):
    """The one word of a client that is needed here."""

    async def submit(self, commands: Sequence[Command]) -> Submission: ...


def set_up_commands() -> tuple[Command, ...]:
    """Return what makes the market and gives each account its funds, numbered from 1."""
    number = iter(range(1, 1_000))

    def next_number() -> Number:
        return Number(next(number))

    commands: list[Command] = [
        CreateAsset(SOURCE, next_number(), asset, 8, Units(2**60), True) for asset in (BASE, QUOTE)
    ]
    commands.append(
        CreateMarket(
            source=SOURCE,
            number=next_number(),
            market=MARKET,
            base=BASE,
            quote=QUOTE,
            lot_units=Units(100_000),
            tick_num=1,
            tick_scale=1,
            parameters=PARAMETERS,
        )
    )
    commands.append(SetMarketStatus(SOURCE, next_number(), MARKET, MarketStatus.TRADING))
    for account in map(AccountId, ACCOUNTS):
        commands.append(OpenAccount(SOURCE, next_number(), account, 0, 0, False, False))
        commands += [
            Transfer(SOURCE, next_number(), HOT, account, asset, FUNDS, TransferReason.DEPOSIT)
            for asset in (BASE, QUOTE)
        ]
    return tuple(commands)


async def set_up(client: Submitting) -> None:
    """Submit it all; every command must be accepted."""
    submission = await client.submit(set_up_commands())
    refused = [outcome for outcome in submission.outcomes if outcome.code]
    assert not refused, refused
