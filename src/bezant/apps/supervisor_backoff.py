"""How long to wait before starting something again: longer each time, never in step with others."""

import random
from typing import Final

FIRST_S: Final = 0.1
LONGEST_S: Final = 5.0
STABLE_S: Final = 2.0  # Who lived that long was past its start, and has earned a quick one.
_GROWTH: Final = 2
_JITTER: Final = 0.25


class Backoff:
    """Delays that double from `FIRST_S` to `LONGEST_S`, each moved by chance by a quarter."""

    def __init__(self, chance: random.Random | None = None) -> None:
        self._chance = chance or random.Random()  # noqa: S311 - Nothing secret is drawn.
        self._next_s = FIRST_S

    def delay_s(self, lived_s: float) -> float:
        """Return the next delay for one that lived `lived_s` seconds."""
        if lived_s >= STABLE_S:
            self.reset()
        delay = self._next_s
        self._next_s = min(self._next_s * _GROWTH, LONGEST_S)
        return delay * self._chance.uniform(1 - _JITTER, 1 + _JITTER)

    def reset(self) -> None:
        """Begin with the shortest delay again."""
        self._next_s = FIRST_S
