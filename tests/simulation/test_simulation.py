"""Two cores, one lease, and everything that can go wrong: a failure is a seed.

Again: `SEED=… pytest tests/simulation`. More: `N=1000 pytest tests/simulation`.
"""

import asyncio
import os
from itertools import pairwise
from pathlib import Path

import pytest

from bezant.core.engine import Engine
from bezant.journal.memory import MemoryJournal
from bezant.journal.ports import GENESIS_HASH, Tip
from bezant.journal.replay import replay, replay_to_tip
from tests.contracts.recovery.history import History
from tests.sequencer.market import set_up
from tests.simulation.virtual_time import simulate
from tests.simulation.world import World

GENESIS = Tip(0, GENESIS_HASH)
FIRST_SEED = int(os.environ.get("SEED", "1"))
SEED_COUNT = int(os.environ.get("N", "1" if "SEED" in os.environ else "12"))
STORM_S = 12
COMMANDS_AIM = 500


@pytest.mark.parametrize("seed", range(FIRST_SEED, FIRST_SEED + SEED_COUNT))
def test_nothing_told_is_lost_and_nothing_is_done_twice(seed: int, tmp_path: Path) -> None:
    print(f"SEED={seed}")
    simulate(live(World(seed, tmp_path), History(seed)))


def test_a_seed_gives_the_same_run_again(tmp_path: Path) -> None:
    tips = []
    for number in range(2):
        folder = tmp_path / str(number)
        folder.mkdir()
        world = World(FIRST_SEED, folder)
        simulate(live(world, History(FIRST_SEED)))
        tips.append(world.store.tip)
    assert tips[0] == tips[1]


async def live(world: World, history: History) -> None:
    """A quiet beginning, a storm, peace, and then the reckoning."""
    supervising = [asyncio.create_task(node.supervise()) for node in world.nodes]
    consuming = asyncio.create_task(world.consumer.follow())
    try:
        await begin(world)
        hurting = asyncio.create_task(world.hurt())
        await storm(world, history)
        world.make_peace()
        await hurting
        await wait_for_leader(world)
        while history.unresolved_count:
            await history.resolve(world.client)
            await wait_for_leader(world)
        await asyncio.sleep(5)
        check_alive([*supervising, consuming])
        await check(world, history)
    finally:
        for task in (*supervising, consuming):
            task.cancel()
        await asyncio.gather(*supervising, consuming, return_exceptions=True)
        await asyncio.sleep(10)  # What dead cores have sent arrives.


async def begin(world: World) -> None:
    """Set the market up in peace."""
    world.chance.is_peace = True
    await wait_for_leader(world)
    await set_up(world.client)
    world.chance.is_peace = False


async def storm(world: World, history: History) -> None:
    """Work while things break, with a snapshot now and then."""
    loop = asyncio.get_running_loop()
    until_s = loop.time() + STORM_S
    while loop.time() < until_s or len(history.told) < COMMANDS_AIM:
        await asyncio.sleep(0.05)
        await wait_for_leader(world)
        try:
            async with asyncio.timeout(world.chance.random.uniform(0.5, 2)):
                await history.work(world.client)
        except TimeoutError:
            await save_snapshot(world)


async def save_snapshot(world: World) -> None:
    """Do what the snapshotter does."""
    journal, engine = MemoryJournal(world.store), Engine()
    tip = await replay(journal, engine, GENESIS)
    await world.snapshots.save(engine, tip, engine_name="python")


async def wait_for_leader(world: World) -> None:
    """Wait until a core has its doors open; the house must always come back (liveness)."""
    async with asyncio.timeout(120):
        while not world.client.is_connected:  # noqa: ASYNC110 - Cores come and go, nobody tells.
            await asyncio.sleep(0.05)


def check_alive(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        if task.done():
            task.result()


async def check(world: World, history: History) -> None:
    """Hold all that clients and consumer saw against the journal."""
    journal = MemoryJournal(world.store)
    rows = world.store.rows
    assert all(a.batch.ts_ns <= b.batch.ts_ns for a, b in pairwise(rows)), "time ran back (I15)"
    assert all(a.epoch <= b.epoch for a, b in pairwise(rows)), "a deposed core wrote (INV-10)"
    await history.check(journal)
    assert world.consumer.next_seq == world.store.tip.seq + 1
    assert b"".join(world.consumer.events) == b"".join(row.batch.events for row in rows)
    genesis = Engine()
    await replay_to_tip(journal, genesis, GENESIS, world.store.tip)
    restored, tip = await world.snapshots.restore_newest(Engine, journal, pytest.fail)
    await replay_to_tip(journal, restored, tip, world.store.tip)
    assert genesis.digest() == restored.digest()
