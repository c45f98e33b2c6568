"""The port of the quarantine: commands that broke an invariant and must not come again (L15.5).

It stands beside the journal, in a transaction of its own: nothing of the broken batch is written.
"""

from typing import Protocol


class Quarantine(Protocol):
    """Remembers commands by the SHA-256 of their canonical bytes. Both journals implement it."""

    async def quarantine(self, command_sha256: bytes, error: str) -> None:
        """Remember a command for good, durably; the first error stays."""

    async def list_quarantined(self) -> frozenset[bytes]:
        """Return the SHA-256 of each command that must not reach the engine again."""
