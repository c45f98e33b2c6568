"""How a role runs and ends: one coroutine until SIGTERM or SIGINT, then its own clean-up."""

import asyncio
import signal
from collections.abc import Coroutine
from typing import Any

import uvloop


def run_until_stopped(work: Coroutine[Any, Any, None]) -> int:
    """Run `work` on uvloop until it ends or a signal asks for the stop; return exit status 0.

    A stop cancels `work`, whose `finally` blocks and context managers put things in order. What
    `work` raises is raised.
    """
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_until_stopped(work))
    return 0


async def _until_stopped(work: Coroutine[Any, Any, None]) -> None:
    task = asyncio.ensure_future(work)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, task.cancel)
    try:
        await task
    except asyncio.CancelledError:
        return
