"""Root needs somebody else to run PostgreSQL: `postgres`, else `nobody`, else it says so."""

import pwd
from pathlib import Path

import pytest

from bezant.kit.postgres.server_user import ServerUserError, choose_server_user

_NOBODY = pwd.struct_passwd(("nobody", "x", 65_534, 65_534, "", "/", "/bin/false"))


@pytest.fixture
def cluster(tmp_path: Path) -> Path:
    if tmp_path.stat().st_uid != 0:
        pytest.skip("only root needs another user")
    return tmp_path / "cluster"


def _only(monkeypatch: pytest.MonkeyPatch, *entries: pwd.struct_passwd) -> None:
    known = {entry.pw_name: entry for entry in entries}
    monkeypatch.setattr(pwd, "getpwnam", known.__getitem__)


def test_nobody_stands_in_where_there_is_no_postgres(
    monkeypatch: pytest.MonkeyPatch, cluster: Path
) -> None:
    _only(monkeypatch, _NOBODY)
    user = choose_server_user(cluster)
    assert (user.uid, user.name, user.is_other) == (65_534, "nobody", True)
    assert user.process_options == {"user": 65_534, "group": 65_534, "extra_groups": []}


def test_a_machine_without_either_is_told_the_ways_out(
    monkeypatch: pytest.MonkeyPatch, cluster: Path
) -> None:
    _only(monkeypatch)
    with pytest.raises(ServerUserError, match="ordinary user, or set BEZANT_DATABASE_URL"):
        choose_server_user(cluster)
