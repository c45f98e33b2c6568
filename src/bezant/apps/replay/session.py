"""What an online replay needs before it plays: the asset, the market, a funded account, a login."""

import secrets
from collections.abc import Callable
from typing import Final

import msgspec

from bezant.accounts.staffing import UserSpec
from bezant.apps.operator import Desk
from bezant.apps.replay.flow import Flow
from bezant.apps.replay.market import replay_parameters
from bezant.apps.replay.online import MarketInUse, Player, ReplayFailed
from bezant.apps.replay.tally import Report
from bezant.client import APIProblem, Exchange, ExchangeAway
from bezant.kit.config import Settings
from bezant.kit.operator_error import OperatorError
from bezant.kit.paths import DataDir, write_private
from bezant.marketdata.listing import AssetSpec, MarketSpec

EMAIL: Final = "replay@bezant.local"
VIP: Final = 3  # No limit of requests a minute (SPEC §9.6).
FUNDS: Final = {"BTC": "1000000", "USD": "200000000"}
ASSETS: Final = (
    AssetSpec(code="BTC", name="Bitcoin", category="layer-1", scale=11),
    AssetSpec(
        code="USD", name="US dollar", kind="fiat", category="fiat", scale=10, display_scale=2
    ),
)
# With these scales a tick of a lot is one unit of the dollar (LAW L1.1).
MARKET: Final = MarketSpec(
    base="BTC",
    quote="USD",
    tick="0.01",
    lot="0.00000001",
    parameters=replay_parameters(),
)


class Credentials(msgspec.Struct):
    """The replay's own user, kept in `DIR/replay.json`."""

    email: str
    password: str


class Plan(msgspec.Struct, frozen=True):
    """How to play: on which market, where, how fast, and whether to clear it first."""

    symbol: str
    url: str | None
    pace: int | None
    reset: bool


async def play_online(
    settings: Settings, flow: Flow, plan: Plan, on_progress: Callable[[int], None]
) -> Report:
    """Prepare what is missing, play the flow, return what it gave. Raises OperatorError."""
    base_url = plan.url or f"http://{settings.host}:{settings.port}"
    try:
        credentials = await _prepare(settings, plan.symbol)
        async with Exchange(base_url) as exchange:
            session = await exchange.log_in(credentials.email, credentials.password)
            player = Player(session, plan.symbol, f"r{secrets.token_hex(4)}", on_progress)
            if plan.reset:
                await player.clear()
            await player.check_empty()
            return await player.play(flow, plan.pace)
    except ExchangeAway as error:
        raise OperatorError(f"no exchange answers at {base_url} ({error})") from error
    except (APIProblem, MarketInUse, ReplayFailed) as error:
        raise OperatorError(str(error)) from error


async def _prepare(settings: Settings, symbol: str) -> Credentials:
    """Create asset, market and account where they are missing; outside production only."""
    async with Desk(settings) as desk:
        if symbol not in [market.symbol for market in await desk.list_markets()]:
            await _list_market(settings, desk, symbol)
        file = DataDir.of(settings).root / "replay.json"
        if file.exists():
            return msgspec.json.decode(file.read_bytes(), type=Credentials)
        _check_allowed(settings, "the replay's account")
        credentials = Credentials(EMAIL, secrets.token_urlsafe(24))
        account = await desk.create_user(
            UserSpec(credentials.email, credentials.password, tier=VIP)
        )
        await desk.credit(account, FUNDS)
        write_private(file, msgspec.json.encode(credentials).decode())
        return credentials


async def _list_market(settings: Settings, desk: Desk, symbol: str) -> None:
    if symbol != MARKET.symbol:
        raise OperatorError(
            f"market {symbol} does not exist, and only {MARKET.symbol} is created by a replay: "
            "create it with `bezant market create`"
        )
    _check_allowed(settings, f"market {symbol}")
    known = [asset.code for asset in await desk.list_assets()]
    for spec in ASSETS:
        if spec.code not in known:
            await desk.create_asset(spec)
    await desk.create_market(MARKET)


def _check_allowed(settings: Settings, what: str) -> None:
    if settings.is_production:
        raise OperatorError(f"{what} is missing, and a replay creates nothing in production")
