"""Time goes forward, near UTC, whatever the wall clock does (INV-07, F18)."""

import pytest

from bezant.kit.clock import NS_PER_S, FakeClock
from bezant.sequencer.faults import ClockFault
from bezant.sequencer.steered_time import SteeredTime

S = NS_PER_S


def test_it_is_the_clock_while_that_runs_evenly() -> None:
    clock = FakeClock()
    time = SteeredTime(clock, 0)
    for _ in range(10):
        clock.advance(S // 7)
        assert time.now_ns() == clock.now_ns()


def test_a_small_step_back_slows_it_down_until_the_clock_catches_up() -> None:
    clock = FakeClock()
    time = SteeredTime(clock, 0)
    clock.step(-2 * S)
    before = time.now_ns()
    for _ in range(5):
        clock.advance(S)
        now = time.now_ns()
        assert before < now
        before = now
    assert before == clock.now_ns()


def test_a_small_step_forward_is_made_up_for_by_and_by() -> None:
    clock = FakeClock()
    time = SteeredTime(clock, 0)
    start = clock.now_ns()
    clock.step(S)
    clock.advance(S)
    assert time.now_ns() == start + S + S // 2
    clock.advance(S)
    assert time.now_ns() == clock.now_ns()


@pytest.mark.parametrize("step_s", [-6, 6, -86_400])
def test_a_step_over_five_seconds_stops_it(step_s: int) -> None:
    clock = FakeClock()
    time = SteeredTime(clock, 0)
    clock.advance(S)
    time.now_ns()
    clock.step(step_s * S)
    with pytest.raises(ClockFault, match=f"jumped by {step_s} s"):
        time.now_ns()


def test_a_long_pause_is_no_step() -> None:
    clock = FakeClock()
    time = SteeredTime(clock, 0)
    clock.advance(3_600 * S)
    assert time.now_ns() == clock.now_ns()


def test_a_journal_from_the_future_is_refused() -> None:
    clock = FakeClock()
    with pytest.raises(ClockFault, match="ends 7 s in the future"):
        SteeredTime(clock, clock.now_ns() + 7 * S)


def test_a_journal_a_little_ahead_is_waited_for_without_going_back() -> None:
    clock = FakeClock()
    tip = clock.now_ns() + 3 * S
    time = SteeredTime(clock, tip)
    assert time.now_ns() == tip
    clock.advance(2 * S)
    assert time.now_ns() == tip + S
    clock.advance(10 * S)
    assert time.now_ns() == clock.now_ns()
