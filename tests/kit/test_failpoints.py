"""An armed failpoint strikes where and when it was told to, and nowhere else."""

import asyncio
import subprocess
import sys
import time

import pytest

from bezant.kit.failpoints import (
    EXIT_STATUS,
    FAILPOINTS,
    FailpointError,
    FailpointHit,
    arm,
    failpoint,
    failpoint_async,
)


@pytest.fixture(autouse=True)
def _disarm() -> object:
    yield
    arm(None)


def test_nothing_happens_unless_armed() -> None:
    for name in FAILPOINTS:
        failpoint(name)


def test_another_failpoint_is_not_struck() -> None:
    arm("core.mid_batch:error")
    failpoint("core.after_apply")
    with pytest.raises(FailpointHit, match=r"core\.mid_batch"):
        failpoint("core.mid_batch")


def test_the_nth_hit_alone() -> None:
    arm("core.mid_batch:error:3")
    failpoint("core.mid_batch")
    failpoint("core.mid_batch")
    with pytest.raises(FailpointHit):
        failpoint("core.mid_batch")
    failpoint("core.mid_batch")


def test_a_delay_sleeps_and_lets_others_run() -> None:
    arm("core.mid_batch:delay=50")
    started = time.monotonic()
    failpoint("core.mid_batch")
    assert time.monotonic() - started >= 0.05

    async def run() -> list[str]:
        order = []

        async def slow() -> None:
            await failpoint_async("core.mid_batch")
            order.append("slow")

        async def quick() -> None:
            order.append("quick")

        await asyncio.gather(slow(), quick())
        return order

    assert asyncio.run(run()) == ["quick", "slow"]


@pytest.mark.parametrize("text", ["core.mid_batch", "core.mid_batch:exit", "core.mid_batch:1"])
def test_exit_ends_the_process_at_once(text: str) -> None:
    code = (
        f"from bezant.kit.failpoints import arm, failpoint; arm({text!r});"
        "failpoint('core.mid_batch'); print('alive')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (EXIT_STATUS, b"")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nowhere",
        "core.mid_batch:explode",
        "core.mid_batch:delay",
        "core.mid_batch:delay=x",
        "core.mid_batch:delay=-1",
        "core.mid_batch:delay=9999999",
        "core.mid_batch:exit=3",
        "core.mid_batch:error:0",
        "core.mid_batch:error:x",
        "core.mid_batch:error:1:2",
    ],
)
def test_a_wrong_one_is_refused(text: str) -> None:
    with pytest.raises(FailpointError, match="BEZANT_FAILPOINT"):
        arm(text)
