"""How much time exact reads may take: a tenth of the core's while commands wait, else any."""

from typing import Final

READ_SHARE: Final = 10
CREDIT_MAX_NS: Final = 10_000_000


class ReadBudget:
    """Time that reads have earned: work on commands pays in, reads take out, also below zero."""

    def __init__(self) -> None:
        self._credit_ns = 0

    @property
    def has_credit(self) -> bool:
        """Whether a read may go before the commands that wait."""
        return self._credit_ns > 0

    def earn(self, commands_ns: int) -> None:
        """Book time that went into commands."""
        earned_ns = commands_ns // (READ_SHARE - 1)
        self._credit_ns = min(self._credit_ns + earned_ns, CREDIT_MAX_NS)

    def spend(self, read_ns: int) -> None:
        """Book time that a read took."""
        self._credit_ns -= read_ns
