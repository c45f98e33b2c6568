"""Sockets have short paths in a folder that is ours alone, however long the data path is."""

import os
from pathlib import Path

import pytest

from bezant.kit.paths import DataDir, PathError
from tests.contracts.postgres_lifecycle.conftest import StartHouse
from tests.contracts.postgres_lifecycle.users import ourselves


@pytest.mark.slow
def test_a_data_path_of_150_characters(start_house: StartHouse, folder: Path) -> None:
    name = "a" * 60 + "/" + "b" * (150 - len(str(folder)) - 62)
    house = start_house(name)
    assert len(str(house.places.root)) == 150
    house.wait_started()
    assert house.ask("SELECT current_user::text") == "bezant_app"
    for path in (house.places.ingress_socket, house.places.egress_socket):
        assert len(os.fsencode(path)) < 100
    assert len(house.ask("SHOW unix_socket_directories", "superuser") + "/.s.PGSQL.5432.lock") < 100


@pytest.mark.slow
def test_a_data_path_with_a_space_an_apostrophe_and_an_umlaut(start_house: StartHouse) -> None:
    house = start_house("Zoë's exchange")
    house.wait_started()
    assert house.ask("SELECT 1") == 1


@pytest.mark.parametrize("sign", ['"', "$", "`", "\\", "\n"])
def test_a_data_path_that_a_shell_would_read_is_refused(tmp_path: Path, sign: str) -> None:
    with pytest.raises(PathError, match="choose a path without it"):
        DataDir(tmp_path / f"a{sign}b").prepare()
    assert list(tmp_path.iterdir()) == []


def test_two_data_directories_have_two_socket_folders(tmp_path: Path) -> None:
    assert DataDir(tmp_path / "a").sockets != DataDir(tmp_path / "b").sockets


def test_a_symbolic_link_names_the_same_exchange(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert DataDir(tmp_path / "link").sockets == DataDir(tmp_path / "real").sockets


@pytest.fixture
def places(folder: Path, tmp_path: Path) -> DataDir:
    sockets = folder / "s"
    sockets.mkdir(exist_ok=True)
    return DataDir(tmp_path / "data", sockets)


def test_a_socket_folder_that_others_may_enter_is_refused(places: DataDir) -> None:
    places.sockets.mkdir()
    places.sockets.chmod(0o755)
    with pytest.raises(PathError, match="mode 0755, it must be 0700"):
        places.prepare()


def test_a_symbolic_link_in_place_of_the_socket_folder_is_refused(
    places: DataDir, tmp_path: Path
) -> None:
    (tmp_path / "mine").mkdir(mode=0o700)
    places.sockets.symlink_to(tmp_path / "mine")
    with pytest.raises(PathError, match="no folder"):
        places.prepare()


def test_a_socket_folder_of_somebody_else_is_refused(places: DataDir) -> None:
    if ourselves().uid != 0:
        pytest.skip("only root can give a folder to somebody else")
    places.sockets.mkdir(mode=0o700)
    os.chown(places.sockets, 65_534, 65_534)
    with pytest.raises(PathError, match="does not belong to user 0"):
        places.prepare()


def test_a_root_of_sockets_that_is_too_long_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PathError, match="BEZANT_SOCKET_ROOT is too long"):
        _ = DataDir(tmp_path, Path("/tmp") / ("x" * 80)).sockets


def test_a_file_in_the_way_is_named(places: DataDir) -> None:
    places.root.mkdir()
    places.log.write_text("")
    with pytest.raises(PathError, match="log is in the way"):
        places.prepare()
