"""What the demo makes once: assets, markets, users with money. Can run again after any cut.

Passwords are drawn at random and written to `DIR/demo.json`, before the users that they belong to
are made, so that no user exists whose password nobody knows.
"""

import secrets
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from bezant.accounts.staffing import UserSpec, create_user, find_user_by_email
from bezant.apps.demo.catalogue import ASSETS, MARKETS, USERS, WORTH, DemoUser
from bezant.apps.demo.ladder import Grid
from bezant.apps.operator import Desk, enqueue_credit
from bezant.core.ids import AccountId
from bezant.kit.paths import write_private
from bezant.marketdata.listing import MarketSpec

PASSWORD_BYTES: Final = 12


class DemoLogin(Struct, rename="camel"):
    """One user of `demo.json`; API keys are null until the exchange has them."""

    name: str
    email: str
    password: str
    role: str
    account_id: str = ""
    api_key: str | None = None
    api_secret: str | None = None
    balances: dict[str, str] = {}


class DemoFile(Struct, rename="camel"):
    """`demo.json`: where the exchange is and who may log in."""

    base_url: str
    users: list[DemoLogin]

    def get(self, name: str) -> DemoLogin:
        """Return a user by name. Raises LookupError."""
        for user in self.users:
            if user.name == name:
                return user
        raise LookupError(f"demo.json has no user {name}")


async def seed(desk: Desk, file: Path, base_url: str) -> DemoFile:
    """Make what is missing of the demo and return its users."""
    demo = _load(file, base_url)
    write_demo(file, demo)
    await _seed_assets(desk)
    await _seed_markets(desk)
    for user in USERS:
        demo.get(user.name).account_id = str(await _seed_user(desk, user, demo))
    write_demo(file, demo)
    return demo


def write_demo(file: Path, demo: DemoFile) -> None:
    """Write `demo.json`, readable by its owner alone."""
    write_private(file, msgspec.json.format(msgspec.json.encode(demo)).decode() + "\n")


def _load(file: Path, base_url: str) -> DemoFile:
    """Return the file as it is, or a new one with fresh passwords."""
    if file.exists():
        kept = msgspec.json.decode(file.read_bytes(), type=DemoFile)
        return replace(kept, base_url=base_url)
    logins = [
        DemoLogin(
            name=user.name,
            email=user.email,
            password=secrets.token_urlsafe(PASSWORD_BYTES),
            role=user.role,
            balances=user.balances,
        )
        for user in USERS
    ]
    return DemoFile(base_url, logins)


async def _seed_assets(desk: Desk) -> None:
    known = [asset.code for asset in await desk.list_assets()]
    for spec in ASSETS:
        if spec.code not in known:
            await desk.create_asset(spec)


async def _seed_markets(desk: Desk) -> None:
    known = [market.symbol for market in await desk.list_markets()]
    for spec in MARKETS:
        if spec.symbol not in known:
            await desk.create_market(replace(spec, reference=_reference(spec)))


def _reference(spec: MarketSpec) -> str:
    grid = Grid.of(spec)
    return grid.price(grid.ticks(WORTH[spec.base], WORTH[spec.quote]))


async def _seed_user(desk: Desk, user: DemoUser, demo: DemoFile) -> int:
    """Make a user and its deposits in one transaction, so that money is given once."""
    found = await find_user_by_email(desk.conn, user.email)
    if found is not None:
        return found.account
    assets = {asset.code: asset for asset in await desk.list_assets()}
    spec = UserSpec(user.email, demo.get(user.name).password, user.role, user.tier)
    async with desk.conn.transaction():
        created = await create_user(desk.conn, spec, desk.hasher)
        deposits = [
            await enqueue_credit(desk.conn, AccountId(created.account), assets[code], amount)
            for code, amount in user.balances.items()
        ]
    await desk.check_done([created.outbox_number, *deposits])
    return created.account
