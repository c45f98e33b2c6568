"""The one place that reads the wall clock. Everybody else takes a `Clock` as an argument."""

import time
from decimal import Decimal
from typing import Final, Protocol

NS_PER_S: Final = 1_000_000_000


class Clock(Protocol):
    """Tells the time in nanoseconds."""

    def now_ns(self) -> int:
        """Return UTC as nanoseconds since 1970. It may step; never order by it."""

    def monotonic_ns(self) -> int:
        """Return nanoseconds since some fixed moment of this process. It never goes back."""


class SystemClock:
    """The machine's clocks, moved by an offset outside production (`BEZANT_CLOCK_OFFSET_S`)."""

    def __init__(self, offset_s: Decimal = Decimal(0)) -> None:
        self._offset_ns = int(offset_s * NS_PER_S)

    def now_ns(self) -> int:
        """Return UTC plus the offset, in nanoseconds since 1970."""
        return time.time_ns() + self._offset_ns

    def monotonic_ns(self) -> int:
        """Return the monotonic clock, which no offset moves."""
        return time.monotonic_ns()


class FakeClock:
    """A clock that stands still until a test advances it."""

    def __init__(self, now_ns: int = 1_700_000_000 * NS_PER_S) -> None:
        self._now_ns = now_ns
        self._monotonic_ns = 0

    def now_ns(self) -> int:
        """Return the set time."""
        return self._now_ns

    def monotonic_ns(self) -> int:
        """Return how far the clock was advanced in all."""
        return self._monotonic_ns

    def advance(self, by_ns: int) -> None:
        """Move both clocks forward by `by_ns` nanoseconds; ValueError if it is negative."""
        if by_ns < 0:
            raise ValueError(f"by_ns must not be negative, got {by_ns}: use step() for a step back")
        self._now_ns += by_ns
        self._monotonic_ns += by_ns

    def step(self, by_ns: int) -> None:
        """Move the wall clock alone, as an administrator or NTP would; negative goes back."""
        self._now_ns += by_ns
