"""Time of the entries: always forward, close to UTC, and never taken from a clock that jumps.

This is the only place that reads a clock for the core (INV-07, L11.1).
"""

from typing import Final

from bezant.kit.clock import NS_PER_S, Clock
from bezant.sequencer.faults import ClockFault

STEP_MAX_NS: Final = 5 * NS_PER_S
STEER_SHARE: Final = 2  # Steering takes or adds at most 1/2 of the progress.


class SteeredTime:
    """Last time + monotonic progress, steered towards UTC.

    Raises ClockFault if the journal's last time lies over 5 s in the future, and later if UTC
    jumps by over 5 s against the monotonic clock.
    """

    def __init__(self, clock: Clock, tip_ts_ns: int) -> None:
        utc_ns = clock.now_ns()
        if tip_ts_ns - utc_ns > STEP_MAX_NS:
            raise ClockFault(
                f"the journal ends {(tip_ts_ns - utc_ns) // NS_PER_S} s in the future of this "
                "machine's clock: set the clock right, or wait"
            )
        self._clock = clock
        self._last_ns = max(tip_ts_ns, utc_ns)
        self._monotonic_ns = clock.monotonic_ns()
        self._offset_ns = utc_ns - self._monotonic_ns

    def now_ns(self) -> int:
        """Return the time for the next entry, at or after all times before. Raises ClockFault."""
        monotonic_ns = self._clock.monotonic_ns()
        utc_ns = self._clock.now_ns()
        self._check_step(utc_ns - monotonic_ns)
        progress_ns = monotonic_ns - self._monotonic_ns
        reached_ns = self._last_ns + progress_ns
        steer_max_ns = progress_ns // STEER_SHARE
        steer_ns = min(max(utc_ns - reached_ns, -steer_max_ns), steer_max_ns)
        self._last_ns = reached_ns + steer_ns
        self._monotonic_ns = monotonic_ns
        return self._last_ns

    def _check_step(self, offset_ns: int) -> None:
        step_ns = offset_ns - self._offset_ns
        if abs(step_ns) > STEP_MAX_NS:
            raise ClockFault(
                f"the machine's clock jumped by {step_ns // NS_PER_S} s: the core stops rather "
                "than stamp entries with it; it goes on after a restart"
            )
        self._offset_ns = offset_ns
