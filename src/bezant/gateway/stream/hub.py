"""The hub of a gateway: one feed comes in, books, tapes and private streams go out.

Each row of the feed is one commit. Its frames are made once and put into the outlet of every
client that reads that stream; the feed never waits for a client.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from bezant.accounts.models import Caller, Tier
from bezant.core.codec import Outcome
from bezant.core.events import TradeExecuted
from bezant.egress.frames import FeedRow
from bezant.gateway.access import address_group
from bezant.gateway.house import House
from bezant.gateway.stream.connection import Socket
from bezant.gateway.stream.frames import (
    NS_PER_MS,
    TradeItem,
    snapshot_frame,
    trade_item,
    update_frame,
)
from bezant.gateway.stream.outlet import BOOK_FRAMES_MAX, TOO_MANY, TOO_SLOW, Close, Outlet
from bezant.gateway.stream.private_streams import PrivateStreams
from bezant.gateway.stream.tickets import Tickets
from bezant.gateway.trail import trail_of
from bezant.marketdata.catalogue import Market
from bezant.marketdata.live_markets import BookSnapshot, LiveMarkets, load_markets

# SPEC §9.6: private connections by tier; public ones are counted by address.
CONNECTIONS_MAX: Final[dict[int, int]] = {Tier.FREE: 1, Tier.BASIC: 5, Tier.PRO: 20, Tier.VIP: 100}
ADDRESS_CONNECTIONS_MAX: Final = 1_000


class BookReader:
    """A client of one book; `is_stale` when it must begin from a new snapshot."""

    def __init__(self, market: int, depth: int) -> None:
        self.market = market
        self.depth = depth
        self.outlet = Outlet(BOOK_FRAMES_MAX)
        self.is_stale = True
        self.outlet.wake()

    def offer(self, frame: str) -> None:
        """Give it an update; one that it has no room for makes it begin anew."""
        if not self.is_stale and not self.outlet.put(frame):
            self.restart()

    def begin(self) -> None:
        """Take updates from here on: the snapshot has just been made."""
        self.is_stale = False

    def restart(self) -> None:
        """Drop what waits and begin from a snapshot."""
        self.is_stale = True
        self.outlet.clear()
        self.outlet.wake()


class TapeReader:
    """A client of one market's trades; takes them in bundles."""

    def __init__(self, market: int, limit: int) -> None:
        self.market = market
        self.limit = limit
        self.trades: list[tuple[int, TradeItem]] = []  # With the seq of each.
        self.outlet = Outlet(1)

    def offer(self, seq: int, item: TradeItem) -> None:
        """Give it a trade; with too many waiting it ends, for a tape leaves nothing out."""
        if len(self.trades) >= self.limit:
            self.outlet.end(Close(TOO_SLOW, "too slow: trades came faster than they were read"))
            return
        self.trades.append((seq, item))
        self.outlet.wake()


class StreamHub:
    """Follows the feed and knows who reads what."""

    def __init__(self, house: House, *, is_limited: bool) -> None:
        """Make a hub; `is_limited` says whether connections are counted by caller."""
        self.house = house
        self.seq = 0  # How far the feed has come.
        self.tickets = Tickets(house.clock)
        self._is_limited = is_limited
        self._counts: Counter[str] = Counter()
        self._markets: LiveMarkets | None = None
        self._books: dict[int, list[BookReader]] = {}
        self._tapes: dict[int, list[TapeReader]] = {}
        self.private = PrivateStreams(house)

    async def begin(self, seq: int) -> None:
        """Load the books anew; the rows that follow begin at `seq` + 1 at the latest."""
        self._markets = await load_markets(self.house.core)
        for readers in self._books.values():
            for reader in readers:
                reader.restart()
        self.private.begin(seq)
        self.seq = seq

    def apply(self, row: FeedRow, outcomes: Sequence[Outcome]) -> None:
        """Take in one row of the feed and put its frames into the outlets."""
        self.seq = row.seq_last
        if self._markets is None:
            return
        self._markets.apply(row, outcomes)
        for change in self._markets.take_changes():
            readers = self._books.get(change.market)
            if readers:
                frame = update_frame(change, row.ts_ns, self._market(change.market))
                for reader in readers:
                    reader.offer(frame)
        if self._tapes:
            self._tell_trades(row, outcomes)
        self.private.apply(row, outcomes)

    def book(self, market: int, depth: int) -> BookSnapshot | None:
        """Return the best `depth` levels a side, or None while the books are not ready."""
        return None if self._markets is None else self._markets.book(market, depth)

    def snapshot(self, reader: BookReader) -> str | None:
        """Return the frame that a reader begins from, or None while the books are not ready."""
        book = self.book(reader.market, reader.depth)
        return None if book is None else snapshot_frame(book, self._market(reader.market))

    def join_book(self, reader: BookReader) -> None:
        """Let a reader follow its book."""
        self._books.setdefault(reader.market, []).append(reader)

    def leave_book(self, reader: BookReader) -> None:
        """Let a reader go."""
        self._books[reader.market].remove(reader)

    def join_tape(self, reader: TapeReader) -> None:
        """Let a reader follow its market's trades."""
        self._tapes.setdefault(reader.market, []).append(reader)

    def leave_tape(self, reader: TapeReader) -> None:
        """Let a reader go."""
        self._tapes[reader.market].remove(reader)

    @contextmanager
    def count(self, socket: Socket, caller: Caller | None = None) -> Iterator[None]:
        """Count a connection while the block runs. Raises Close where there are too many."""
        key = f"user {caller.user_id}" if caller else address_group(trail_of(socket.scope).address)
        limit = CONNECTIONS_MAX[caller.tier] if caller else ADDRESS_CONNECTIONS_MAX
        if self._is_limited and self._counts[key] >= limit:
            raise Close(TOO_MANY, f"at most {limit} connections at once")
        self._counts[key] += 1
        try:
            yield
        finally:
            self._counts[key] -= 1
            if not self._counts[key]:
                del self._counts[key]

    def pulse(self) -> dict[str, bool]:
        """Return what a pong says: whether the core is there."""
        return {"live": self.house.core.is_connected}

    def now_ms(self) -> int:
        """Return the time of the house in milliseconds."""
        return self.house.clock.now_ns() // NS_PER_MS

    def _tell_trades(self, row: FeedRow, outcomes: Sequence[Outcome]) -> None:
        for outcome in outcomes:
            for event in outcome.events:
                if isinstance(event, TradeExecuted) and (readers := self._tapes.get(event.market)):
                    item = trade_item(event, row.ts_ns, self._market(event.market))
                    for reader in readers:
                        reader.offer(outcome.seq, item)

    def _market(self, market: int) -> Market:
        return self.house.get_catalogue().markets[market]
