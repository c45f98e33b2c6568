"""The operator's desk: what the command line and the demo do beside the public API.

Every deed is a row and a command in one transaction; the desk then waits for what the core said.
Needs the database, the core and the outbox's worker to be running.
"""

from collections.abc import Callable, Sequence
from functools import cached_property
from types import TracebackType
from typing import Any, Final, Self

from msgspec import Struct

from bezant.accounts.passwords import PasswordHasher
from bezant.accounts.settings import choose_prevention
from bezant.accounts.staffing import (
    UserRow,
    UserSpec,
    create_user,
    find_user_by_email,
    list_users,
)
from bezant.core.codec import Outcome, decode_outcomes, encode
from bezant.core.commands import Message, SetFees, SetMarketStatus, SetReferencePrice, Transfer
from bezant.core.events import CommandRefused
from bezant.core.ids import AccountId, AssetId, MarketId, Number
from bezant.core.reads import (
    Account,
    AssetView,
    Catalogue,
    MarketView,
    ReadAccount,
    ReadCatalogue,
)
from bezant.core.units import UNITS_MAX, Ticks, Units
from bezant.core.words import MarketStatus, STPMode, TransferReason
from bezant.gateway.native.refusals import explain
from bezant.ingress.client import CoreClient, CoreError
from bezant.kit import outbox
from bezant.kit.config import Settings
from bezant.kit.db import connect, database_dsn
from bezant.kit.decimals import from_units, to_units
from bezant.kit.operator_error import OperatorError
from bezant.kit.paths import DataDir
from bezant.marketdata.listing import (
    OPERATOR_SOURCE,
    AssetSpec,
    Listed,
    MarketSpec,
    check_fees,
    list_asset,
    list_market,
)
from bezant.marketdata.queries import list_asset_rows, list_market_rows

HOT: Final = AccountId(5)  # LAW L13.1.
WAIT_S: Final = 20.0


class Refused(OperatorError):
    """The core refused what the operator asked for; nothing was changed."""


class AssetListing(Struct, frozen=True):
    """An asset as core and row have it together."""

    view: AssetView
    code: str
    name: str
    kind: str
    display_scale: int


class MarketListing(Struct, frozen=True):
    """A market as core and row have it together; tick and lot as the operator wrote them."""

    view: MarketView
    symbol: str
    tick: str
    lot: str


class Desk:
    """One operator at work: a database connection and a connection to the core."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.conn: Any = None
        self._core = CoreClient(DataDir.of(settings).ingress_socket)

    @cached_property
    def hasher(self) -> PasswordHasher:
        """Passwords, for the deeds that make users; starting it costs a hash."""
        return PasswordHasher()

    async def __aenter__(self) -> Self:
        """Connect to database and core. Raises OperatorError if one of them is away."""
        self.conn = await connect(database_dsn(self._settings))
        await self._core.start()
        try:
            await self._core.wait_connected(WAIT_S)
        except CoreError as error:
            raise OperatorError(f"{error}: is `bezant up` running here?") from error
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close both connections."""
        if "hasher" in self.__dict__:
            self.hasher.close()
        await self._core.close()
        await self.conn.close()

    async def read_catalogue(self) -> Catalogue:
        """Return what the core owns of assets and markets."""
        answer = await self._core.query(ReadCatalogue())
        if not isinstance(answer, Catalogue):
            raise OperatorError(f"the core answered the catalogue with {answer}")
        return answer

    async def list_assets(self) -> tuple[AssetListing, ...]:
        """Return the assets that exist in the core, with their rows' texts."""
        views = {view.asset: view for view in (await self.read_catalogue()).assets}
        rows = {AssetId(row.asset): row for row in await list_asset_rows(self.conn)}
        return tuple(
            AssetListing(
                views[asset],
                code=row.code,
                name=row.name,
                kind=row.kind,
                display_scale=row.display_scale,
            )
            for asset, row in rows.items()
            if asset in views
        )

    async def list_markets(self) -> tuple[MarketListing, ...]:
        """Return the markets that exist in the core, with their rows' texts."""
        views = {view.market: view for view in (await self.read_catalogue()).markets}
        rows = {MarketId(row.market): row for row in await list_market_rows(self.conn)}
        return tuple(
            MarketListing(views[market], symbol=row.code, tick=row.tick, lot=row.step)
            for market, row in rows.items()
            if market in views
        )

    async def get_market(self, symbol: str) -> MarketListing:
        """Return one market. Raises OperatorError with the symbols that exist."""
        markets = await self.list_markets()
        for market in markets:
            if market.symbol == symbol:
                return market
        known = ", ".join(market.symbol for market in markets) or "none yet"
        raise OperatorError(f"market {symbol} does not exist; there are: {known}")

    async def get_asset(self, code: str) -> AssetListing:
        """Return one asset. Raises OperatorError with the codes that exist."""
        assets = await self.list_assets()
        for asset in assets:
            if asset.code == code:
                return asset
        known = ", ".join(asset.code for asset in assets) or "none yet"
        raise OperatorError(f"asset {code} does not exist; there are: {known}")

    async def create_asset(self, spec: AssetSpec) -> None:
        """List an asset. Raises ListingError, Refused."""
        listed = await self._listed()
        async with self.conn.transaction():
            number = await list_asset(self.conn, spec, listed)
        await self.check_done([number])

    async def create_market(self, spec: MarketSpec) -> None:
        """List a market and bring it to its status. Raises ListingError, Refused."""
        listed = await self._listed()
        async with self.conn.transaction():
            numbers = await list_market(self.conn, spec, listed)
        await self.check_done(numbers)

    async def set_status(self, market: MarketId, status: MarketStatus) -> None:
        """Change a market's status. Raises Refused."""
        await self._do(lambda n: SetMarketStatus(OPERATOR_SOURCE, n, market, status))

    async def set_fees(self, market: MarketId, *, tier: int, maker: int, taker: int) -> None:
        """Set the rates of a tier in parts per million. Raises ListingError, Refused."""
        check_fees(tier, maker=maker, taker=taker)
        await self._do(lambda n: SetFees(OPERATOR_SOURCE, n, market, tier, maker, taker))

    async def set_reference(self, market: MarketId, price: Ticks) -> None:
        """Set the price that counts before the first trade. Raises Refused."""
        await self._do(lambda n: SetReferencePrice(OPERATOR_SOURCE, n, market, price))

    async def create_user(self, spec: UserSpec) -> AccountId:
        """Make a user with an open account. Raises Refused and what `staffing` raises."""
        created = await create_user(self.conn, spec, self.hasher)
        await self.check_done([created.outbox_number])
        return AccountId(created.account)

    async def get_user(self, email: str) -> UserRow:
        """Return a user. Raises OperatorError if there is none with this e-mail."""
        user = await find_user_by_email(self.conn, email)
        if user is None:
            raise OperatorError(f"no user has the e-mail {email}: see `bezant user list`")
        return user

    async def set_prevention(self, account: AccountId, mode: STPMode) -> None:
        """Set the self-trade prevention of orders that name none. Raises Refused."""
        number = await choose_prevention(
            self.conn, account, mode, lambda: self.read_account(account)
        )
        if number is not None:
            await self.check_done([number])

    async def read_account(self, account: AccountId) -> Account:
        """Return what the core has of an account."""
        answer = await self._core.query(ReadAccount(account))
        if not isinstance(answer, Account):
            raise OperatorError(f"the core answered account {account} with {answer}")
        return answer

    async def list_users(self, after: int, limit: int) -> tuple[UserRow, ...]:
        """Return users by id, above `after`."""
        return await list_users(self.conn, after, limit)

    async def credit(self, account: AccountId, amounts: dict[str, str]) -> None:
        """Deposit decimal amounts by asset code from the hot wallet. Raises Refused."""
        scales = {asset.code: asset for asset in await self.list_assets()}
        async with self.conn.transaction():
            numbers = [
                await enqueue_credit(self.conn, account, scales[code], amount)
                for code, amount in amounts.items()
            ]
        await self.check_done(numbers)

    async def check_done(self, numbers: Sequence[int]) -> None:
        """Wait until the core has judged the commands. Raises Refused for the first refusal."""
        for number in numbers:
            done = await outbox.wait_done(self.conn, OPERATOR_SOURCE, number, WAIT_S)
            _check(decode_outcomes(done.outcome, 1)[0])

    async def _do(self, make: Callable[[Number], Message]) -> None:
        async with self.conn.transaction():
            number = await outbox.enqueue(
                self.conn, OPERATOR_SOURCE, lambda n: encode(make(Number(n)))
            )
        await self.check_done([number])

    async def _listed(self) -> Listed:
        assets = {asset.code: asset.view.scale for asset in await self.list_assets()}
        return Listed(assets, tuple(market.symbol for market in await self.list_markets()))


async def enqueue_credit(conn: Any, account: AccountId, asset: AssetListing, amount: str) -> int:
    """Store a deposit from the hot wallet in the caller's transaction; return its number.

    It has the source that opens accounts, so that it never comes before its account. Raises
    NotDecimal, TooManyDecimals, and OperatorError for an amount out of range.
    """
    units = Units(to_units(amount, asset.view.scale))
    if not 0 < units <= UNITS_MAX:
        most = from_units(UNITS_MAX, asset.view.scale)
        raise OperatorError(f"amount {amount} must be above 0 and at most {most} {asset.code}")
    return await outbox.enqueue(
        conn,
        OPERATOR_SOURCE,
        lambda number: encode(
            Transfer(
                source=OPERATOR_SOURCE,
                number=Number(number),
                from_account=HOT,
                to_account=account,
                asset=asset.view.asset,
                units=units,
                reason=TransferReason.DEPOSIT,
            )
        ),
    )


def _check(outcome: Outcome) -> None:
    for event in outcome.events:
        if isinstance(event, CommandRefused):
            refusal = explain(event.code, {})
            raise Refused(f"refused: {refusal.detail} ({refusal.reason}, {event.code})")
