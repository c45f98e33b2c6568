"""Passwords are long and rare, kept as bcrypt of the whole text, and slow for everybody."""

import asyncio

import pytest

from bezant.accounts.passwords import (
    COST,
    WAITING_MAX,
    HasherBusy,
    PasswordHasher,
    WeakPassword,
    check_password,
)

EMAIL = "ada.lovelace@example.com"


@pytest.fixture
def hasher() -> PasswordHasher:
    return PasswordHasher(cost=4)


@pytest.mark.parametrize(
    "password",
    [
        "correcthorsebattery",
        "x" * 64,
        "y" * 128,
        "spaces are fine",
        "🦉🦉🦉🦉🦉🦉🦉🦉🦉🦉",
        "ada1815countess",
    ],
)
async def test_good_ones_are_taken_and_fit(hasher: PasswordHasher, password: str) -> None:
    check_password(password, EMAIL)
    stored = await hasher.hash(password)
    assert await hasher.is_right(password, stored)
    assert not await hasher.is_right(password + "x", stored)


@pytest.mark.parametrize(
    ("password", "rule"),
    [
        ("ninechars", "length_min"),
        ("x" * 257, "length_max"),
        ("1234567890", "not_common"),
        ("QwertyUiop", "not_common"),
        (EMAIL, "not_guessable"),
        ("ada.lovelace", "not_guessable"),
        ("AdaLovelace1815", "not_guessable"),
        ("Bezant!2026", "not_guessable"),
        ("with a \x00 nul", "no_nul"),
    ],
)
def test_weak_ones_are_refused_by_rule(password: str, rule: str) -> None:
    with pytest.raises(WeakPassword) as refused:
        check_password(password, EMAIL)
    assert refused.value.rule == rule


async def test_s14_everything_beyond_72_bytes_counts(hasher: PasswordHasher) -> None:
    stored = await hasher.hash("a" * 72 + "x")
    assert not await hasher.is_right("a" * 72 + "y", stored)


async def test_s14_two_ways_to_write_one_text_are_one_password(hasher: PasswordHasher) -> None:
    stored = await hasher.hash("Cafe\u0301 Ångström")
    assert await hasher.is_right("Café Ångstro\u0308m", stored)


async def test_nobody_is_never_right(hasher: PasswordHasher) -> None:
    assert not await hasher.is_right("", None)
    assert not await hasher.is_right("anything at all", None)


async def test_a_hash_costs_what_it_should() -> None:
    assert COST == 12
    stored = await PasswordHasher().hash("a password of some length")
    assert stored.startswith("$2b$12$")


async def test_a_crowd_is_turned_away_at_once(hasher: PasswordHasher) -> None:
    done = await asyncio.gather(
        *(hasher.hash("some password") for _ in range(WAITING_MAX + 5)), return_exceptions=True
    )
    assert sum(isinstance(one, HasherBusy) for one in done) == 5
    assert await hasher.hash("and later there is room")
