"""Tokens live fifteen minutes by the house's clock; keys are kept private and rotated by file."""

from pathlib import Path

import pytest

from bezant.accounts import signing_keys
from bezant.accounts.models import Role, User
from bezant.accounts.signing_keys import KeyFileWrong, load_or_create
from bezant.accounts.tokens import LIFETIME_S, TokenRefused, Tokens
from bezant.kit.clock import NS_PER_S, FakeClock

ALICE = User(7, 1_007, "alice@example.com", Role.USER, 2, 0)
BITS = 2_048


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    keys = tmp_path_factory.mktemp("keys")
    load_or_create(keys, BITS)
    return keys


def test_a_token_says_who_and_ends_in_time(folder: Path) -> None:
    clock = FakeClock()
    tokens = Tokens(load_or_create(folder, BITS), clock)
    token = tokens.issue(ALICE)

    caller = tokens.verify(token)
    assert (caller.user_id, caller.account, caller.role, caller.tier) == (7, 1_007, Role.USER, 2)
    clock.advance((LIFETIME_S - 1) * NS_PER_S)
    assert tokens.verify(token) == caller
    clock.advance(NS_PER_S)
    with pytest.raises(TokenRefused):
        tokens.verify(token)
    with pytest.raises(TokenRefused):
        Tokens(load_or_create(folder, BITS), clock).verify(token)


def test_a_token_of_the_future_is_refused(folder: Path) -> None:
    clock = FakeClock()
    keys = load_or_create(folder, BITS)
    late = Tokens(keys, clock)
    clock.advance(3_600 * NS_PER_S)
    token = late.issue(ALICE)
    with pytest.raises(TokenRefused):
        Tokens(keys, FakeClock()).verify(token)


def test_no_two_tokens_are_alike(folder: Path) -> None:
    tokens = Tokens(load_or_create(folder, BITS), FakeClock())
    made = [tokens.verify(tokens.issue(ALICE)).token_id for _ in range(50)]
    assert len(set(made)) == 50
    assert min(len(one) for one in made) >= 22  # 128 bits in base64.


def test_a_new_key_signs_and_the_old_one_still_verifies(tmp_path: Path) -> None:
    clock = FakeClock()
    old = load_or_create(tmp_path, BITS)
    token = Tokens(old, clock).issue(ALICE)
    signing_keys._create(tmp_path, BITS)

    rotated = load_or_create(tmp_path, BITS)
    assert rotated.kid != old.kid
    assert Tokens(rotated, clock).verify(token).user_id == 7
    assert len(Tokens(rotated, clock).jwks()["keys"]) == 2
    (tmp_path / f"access-{old.kid}.pem").unlink()
    with pytest.raises(TokenRefused):
        Tokens(load_or_create(tmp_path, BITS), clock).verify(token)


def test_key_files_are_for_us_alone(tmp_path: Path) -> None:
    keys = load_or_create(tmp_path, BITS)
    file = tmp_path / f"access-{keys.kid}.pem"
    assert file.stat().st_mode & 0o777 == 0o600
    file.chmod(0o644)
    with pytest.raises(KeyFileWrong, match="chmod 600"):
        load_or_create(tmp_path, BITS)


def test_a_file_that_is_no_key_is_named(tmp_path: Path) -> None:
    file = tmp_path / "access-1.pem"
    file.write_text("not a key")
    file.chmod(0o600)
    with pytest.raises(KeyFileWrong, match=r"access-1\.pem is no private key"):
        load_or_create(tmp_path, BITS)
