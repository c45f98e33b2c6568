"""Attempts are counted in the database: per window, before they are judged, through restarts."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from bezant.accounts.attempts import SWEEP_EVERY_S, Attempts, AttemptsUsedUp, Budget
from bezant.kit import db
from bezant.kit.clock import NS_PER_S, FakeClock
from tests.fixtures_postgres import Database

LOGIN = Budget("login", 3, 60, 600)


@pytest_asyncio.fixture
async def pool(database: Database) -> AsyncIterator[Any]:
    pool = await db.create_pool(database.app_dsn)
    yield pool
    await pool.close()


async def test_one_too_many_waits_and_then_begins_anew(pool: Any) -> None:
    clock = FakeClock()
    attempts = Attempts(pool, clock)
    for _ in range(3):
        await attempts.take(LOGIN, "alice")
    with pytest.raises(AttemptsUsedUp) as used_up:
        await attempts.take(LOGIN, "alice")
    assert used_up.value.retry_after_s == 600
    clock.advance(599 * NS_PER_S)
    with pytest.raises(AttemptsUsedUp) as still:
        await Attempts(pool, clock).take(LOGIN, "alice")  # As after a restart.
    assert still.value.retry_after_s == 1
    clock.advance(NS_PER_S)
    await attempts.take(LOGIN, "alice")


async def test_a_window_ends_by_itself(pool: Any) -> None:
    clock = FakeClock()
    attempts = Attempts(pool, clock)
    for _ in range(4):
        await attempts.take(LOGIN, "alice")
        clock.advance(30 * NS_PER_S)


async def test_subjects_and_budgets_are_counted_apart(pool: Any) -> None:
    attempts = Attempts(pool, FakeClock())
    other = Budget("register", 3, 60, 60)
    for _ in range(3):
        await attempts.take(LOGIN, "alice")
        await attempts.take(LOGIN, "bob")
        await attempts.take(other, "alice")


async def test_success_gives_back(pool: Any) -> None:
    attempts = Attempts(pool, FakeClock())
    for _ in range(10):
        await attempts.take(LOGIN, "address")
        await attempts.give_back(LOGIN, "address")
    for _ in range(3):
        await attempts.take(LOGIN, "alice")
    await attempts.forget(LOGIN, "alice")
    await attempts.take(LOGIN, "alice")


async def test_parallel_attempts_are_all_counted(pool: Any) -> None:
    attempts = Attempts(pool, FakeClock())
    done = await asyncio.gather(
        *(attempts.take(LOGIN, "alice") for _ in range(40)), return_exceptions=True
    )
    assert sum(one is None for one in done) == 3


async def test_old_windows_are_swept(pool: Any) -> None:
    clock = FakeClock()
    attempts = Attempts(pool, clock)
    await attempts.take(LOGIN, "alice")
    clock.advance(SWEEP_EVERY_S * NS_PER_S)
    await attempts.take(LOGIN, "bob")
    assert await pool.fetchval("SELECT count(*) FROM attempts") == 1
