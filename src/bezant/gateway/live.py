"""What a gateway keeps in memory of its markets: the seams between feed, books and endpoints.

REST endpoints ask here, `marketdata.live_markets` answers. Not for private data.
"""

from typing import Protocol

from bezant.core.codec import Outcome
from bezant.egress.frames import FeedRow
from bezant.marketdata.live_markets import BookSnapshot


class FeedConsumer(Protocol):
    """Whatever follows the committed events of this gateway's feed, in order, without gaps."""

    async def begin(self, seq: int) -> None:
        """Start anew: the rows that follow begin at `seq` + 1 at the latest."""

    def apply(self, row: FeedRow, outcomes: tuple[Outcome, ...]) -> None:
        """Take in one row; must not wait."""


class LiveMarkets(FeedConsumer, Protocol):
    """Books kept in the gateway."""

    def book(self, market: int, depth: int) -> BookSnapshot | None:
        """Return the best `depth` levels a side, or None while the book is not built yet."""
