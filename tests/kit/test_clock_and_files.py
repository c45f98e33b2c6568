"""Clocks, pid files, the lock, metrics: small parts that every role leans on."""

import multiprocessing
import os
import time
from decimal import Decimal
from pathlib import Path

import pytest

from bezant.kit.clock import NS_PER_S, FakeClock, SystemClock
from bezant.kit.lockfile import DataDirInUse, data_dir_lock
from bezant.kit.metrics import Metrics
from bezant.kit.pidfile import own_pid_file, pid_path, read_pid, remove_pid, write_pid


def test_an_offset_moves_the_wall_clock_alone() -> None:
    clock = SystemClock(Decimal("-3600.5"))
    behind = time.time_ns() - clock.now_ns()
    assert abs(behind - 3600 * NS_PER_S - NS_PER_S // 2) < NS_PER_S
    assert abs(clock.monotonic_ns() - time.monotonic_ns()) < NS_PER_S


def test_a_fake_clock_stands_still() -> None:
    clock = FakeClock(5)
    clock.advance(3)
    clock.step(-7)
    assert (clock.now_ns(), clock.monotonic_ns()) == (1, 3)
    with pytest.raises(ValueError, match="must not be negative"):
        clock.advance(-1)


def test_a_pid_file_lives_as_long_as_its_block(tmp_path: Path) -> None:
    with own_pid_file(tmp_path, "core") as path:
        assert read_pid(path) == os.getpid()
        assert path.name == "core.pid"
        with own_pid_file(tmp_path, "core") as second:
            assert second.name == f"core-{os.getpid()}.pid"
    assert list(tmp_path.iterdir()) == []


def test_a_stale_pid_file_is_taken_over(tmp_path: Path) -> None:
    write_pid(pid_path(tmp_path, "core"), 2**22 - 1)
    with own_pid_file(tmp_path, "core") as path:
        assert path.name == "core.pid"


@pytest.mark.parametrize("text", ["", "x", "-1", "1 2"])
def test_a_damaged_pid_file_names_nobody(tmp_path: Path, text: str) -> None:
    path = tmp_path / "core.pid"
    path.write_text(text)
    assert read_pid(path) is None
    remove_pid(path, 1)
    assert path.exists()


def _try_to_lock(run: Path) -> str:
    try:
        with data_dir_lock(run, purpose="a rival"):
            return "got it"
    except DataDirInUse as error:
        return str(error)


def test_one_process_holds_the_lock_and_is_named(tmp_path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        with data_dir_lock(tmp_path, purpose="`bezant up`"):
            said = pool.apply(_try_to_lock, (tmp_path,))
            assert f"in use by `bezant up`, pid {os.getpid()}" in said
        assert pool.apply(_try_to_lock, (tmp_path,)) == "got it"


def test_metrics_have_names_of_one_form() -> None:
    metrics = Metrics("demo-maker")
    metrics.counter("orders", "Orders placed.", ("side",)).labels("buy").inc()
    text = metrics.render().decode()
    assert 'bezant_demo_maker_orders_total{side="buy"} 1.0' in text
    assert "bezant_demo_maker" not in Metrics("core").render().decode()
