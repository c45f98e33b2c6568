"""Each part is killed under load: it comes back without a hand, and every promise is kept.

BEZANT_KILLS says how often each part is killed (a release: 20), BEZANT_SEED which dice are thrown.
"""

import asyncio
import os
from random import Random
from typing import Final

import pytest

from bezant.accounts.staffing import UserSpec
from bezant.apps.operator import Desk
from bezant.client import Exchange, Session
from bezant.egress.client import follow
from bezant.egress.frames import FeedRow
from bezant.kit.config import Settings
from bezant.kit.paths import DataDir
from bezant.marketdata.listing import AssetSpec, MarketSpec
from tests.chaos.checker import check_history
from tests.chaos.load import History, Told, User, log_in_when_there
from tests.e2e.house import House, open_house

KILLS: Final = int(os.environ.get("BEZANT_KILLS", "2"))
SEED: Final = int(os.environ.get("BEZANT_SEED", "1"))
USERS: Final = 4
PASSWORD: Final = "correct horse battery"
ROLES: Final = ("core", "gateway", "projector", "postgres")
LOAD_S: Final = (0.3, 1.5)

pytestmark = pytest.mark.timeout(120 + 60 * KILLS)


@pytest.mark.parametrize("role", ROLES)
async def test_a_killed_part_loses_nothing(role: str) -> None:
    chance = Random(f"{SEED} {role}")
    with open_house() as house:
        await prepare(house)
        feed = Feed(house)
        async with Exchange(house.url) as exchange, asyncio.TaskGroup() as group:
            following = group.create_task(feed.run())
            sessions = {
                number: await log_in_when_there(exchange, f"u{number}@example.com", PASSWORD)
                for number in range(USERS)
            }
            history = await kill_under_load(house, role, sessions, chance)
            wrong = await check_history(history, sessions)
            following.cancel()
        assert not wrong, f"seed {SEED}: {wrong[:5]}{house.log()}"
        assert history.count(Told.OK) > 0
        house.run("verify", "--json")
        assert feed.seq > history.count(Told.OK) // 2
    print(
        f"{role}: {KILLS} kills, {history.count(Told.OK)} ok, {history.count(Told.FAIL)} fail, "
        f"{history.count(Told.INFO)} info, 0 violations, feed to seq {feed.seq}"
    )


class Feed:
    """A consumer of the event feed from genesis; `follow` raises if a seq is missing or doubled."""

    def __init__(self, house: House) -> None:
        self._places = DataDir(house.data_dir.resolve())
        self.seq = 0

    async def run(self) -> None:
        """Follow through every death of the core."""
        async for frame in follow(self._places.egress_socket, "chaos", 1):
            if isinstance(frame, FeedRow):
                assert frame.seq_first == self.seq + 1
                self.seq = frame.seq_last


async def prepare(house: House) -> None:
    """List the market and make the users."""
    async with Desk(Settings.load(data_dir=house.data_dir)) as desk:
        await desk.create_asset(AssetSpec(code="BTC", name="Bitcoin", scale=11))
        await desk.create_asset(AssetSpec(code="USDT", name="Tether"))
        await desk.create_market(MarketSpec(base="BTC", quote="USDT", tick="0.01", lot="0.0001"))
        for number in range(USERS):
            account = await desk.create_user(UserSpec(f"u{number}@example.com", PASSWORD))
            await desk.credit(account, {"BTC": "1000", "USDT": "1000000"})


async def kill_under_load(
    house: House, role: str, sessions: dict[int, Session], chance: Random
) -> History:
    """Kill the role KILLS times while the users trade; wait each time until it is back."""
    history = History()
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        for number, session in sessions.items():
            group.create_task(User(number, session, history, Random(f"{SEED} {number}")).run(stop))
        for _ in range(KILLS):
            await asyncio.sleep(chance.uniform(*LOAD_S))
            old = house.kill(role)
            await asyncio.to_thread(house.wait_restarted, role, old)
            await asyncio.to_thread(house.wait_ready)
        await asyncio.sleep(LOAD_S[0])
        stop.set()
    return history
