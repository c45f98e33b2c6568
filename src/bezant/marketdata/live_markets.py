"""All live books of a gateway: loaded from the core page by page, then kept by the event feed.

Pages are read at different seqs, so until the feed has passed the last of them an order's events
count only from after its own page. Market data costs the core no more than this one load.
"""

from bisect import bisect_left
from collections.abc import Sequence
from typing import Final, Protocol

from msgspec import Struct

from bezant.core.codec import Outcome
from bezant.core.events import (
    OrderAccepted,
    OrderAmended,
    OrderDone,
    OrderRested,
    PeakRefilled,
    SelfTradePrevented,
    TradeExecuted,
)
from bezant.core.ids import AccountId, MarketId, OrderId
from bezant.core.reads import (
    PAGE_MAX,
    Answer,
    Catalogue,
    OpenOrders,
    Read,
    ReadCatalogue,
    ReadOpenOrders,
)
from bezant.egress.frames import FeedRow
from bezant.marketdata.live_book import BookChange, Level, LiveBook

_BOOK_EVENTS: Final = (
    OrderAccepted,
    OrderRested,
    TradeExecuted,
    OrderDone,
    PeakRefilled,
    SelfTradePrevented,
    OrderAmended,
)


class Core(Protocol):
    """The part of the core's client that loading uses."""

    async def query(self, read: Read, timeout_s: float = 5) -> Answer:
        """Ask an exact read."""


class BookSnapshot(Struct, frozen=True):
    """The best levels of a book, best first: (ticks, lots) a level; `sequence` as in L15.1."""

    market: int
    sequence: int
    ts_ns: int
    bids: tuple[Level, ...]
    asks: tuple[Level, ...]


class LiveMarkets:
    """The live books by market; feed it rows from `from_seq` on."""

    def __init__(self, loading: "Loading") -> None:
        self.from_seq = loading.first_seq + 1
        self.ts_ns = loading.ts_ns
        self._ready_seq = loading.last_seq
        self._loading: Loading | None = loading
        self._books = loading.books

    @property
    def is_ready(self) -> bool:
        """Whether the feed has passed all that was loaded, so that the books are the core's."""
        return self._loading is None

    def book(self, market: int, depth: int) -> BookSnapshot | None:
        """Return the best `depth` levels a side, or None while the books are not ready."""
        if self._loading is not None:
            return None
        book = self._book(market)
        bids, asks = book.best(depth)
        return BookSnapshot(market, book.sequence, self.ts_ns, bids, asks)

    def apply(self, row: FeedRow, outcomes: Sequence[Outcome]) -> None:
        """Follow one row of the feed."""
        for outcome in outcomes:
            for event in outcome.events:
                if isinstance(event, _BOOK_EVENTS):
                    self._book(event.market).apply(outcome.seq, event)
        self.ts_ns = row.ts_ns
        self.advance(row.seq_last)

    def advance(self, seq: int) -> None:
        """Take note that the feed has come to `seq`; the books are ready once that is enough."""
        if self._loading is not None and seq >= self._ready_seq:
            for market, book in self._books.items():
                book.begin(self._loading.sequences.get(market, 0))
            self._loading = None

    def take_changes(self) -> list[BookChange]:
        """Return what changed in each book since this was last asked."""
        if self._loading is not None:
            return []
        changes = (book.take_change() for book in self._books.values())
        return [change for change in changes if change is not None]

    def _book(self, market: int) -> LiveBook:
        book = self._books.get(market)
        if book is None:
            book = self._books[market] = LiveBook(market)
        return book


class PageSeqs:
    """At which seq each order was read, where open orders were read in pages by id."""

    def __init__(self) -> None:
        self._ends: list[int] = []  # The last order id of each full page.
        self._seqs: list[int] = []  # The seq of each page.

    @property
    def first(self) -> int:
        """The seq of the first page."""
        return self._seqs[0]

    @property
    def last(self) -> int:
        """The seq of the last page."""
        return self._seqs[-1]

    def add(self, page: OpenOrders) -> None:
        """Take note of the next page."""
        self._seqs.append(page.seq)
        if page.has_more:
            self._ends.append(page.orders[-1].order_id)

    def seq_of(self, order_id: int) -> int:
        """Return the seq up to which an order's events are in what was read."""
        return self._seqs[bisect_left(self._ends, order_id)]


class Loading:
    """What was read of the core, and at which seq each order was."""

    def __init__(self) -> None:
        self.books: dict[int, LiveBook] = {}
        self.sequences: dict[int, int] = {}
        self.last_seq = 0
        self.ts_ns = 0
        self._pages = PageSeqs()

    @property
    def first_seq(self) -> int:
        """The seq of the first page."""
        return self._pages.first

    def add_page(self, page: OpenOrders) -> None:
        """Take in one page of open orders."""
        self._pages.add(page)
        for view in page.orders:
            self._book(view.market).load(view)

    def end(self, catalogue: Catalogue) -> None:
        """Take in where each book stood when loading ended."""
        self.last_seq = catalogue.seq
        self.ts_ns = catalogue.ts_ns
        for view in catalogue.markets:
            self._book(view.market)
            self.sequences[view.market] = view.sequence

    def _book(self, market: int) -> LiveBook:
        book = self.books.get(market)
        if book is None:
            book = self.books[market] = LiveBook(market, self._pages.seq_of)
        return book


class LoadFailed(Exception):
    """The core did not answer a read as it should."""


async def load_markets(core: Core) -> LiveMarkets:
    """Read all open orders of the core and return the books, to be fed from `from_seq` on.

    Raises LoadFailed, and what `core.query` raises.
    """
    loading = Loading()
    after = OrderId(0)
    while True:
        page = await core.query(ReadOpenOrders(AccountId(0), MarketId(0), after, PAGE_MAX))
        if not isinstance(page, OpenOrders):
            raise LoadFailed(f"the core answered open orders with {page}")
        loading.add_page(page)
        if not page.has_more:
            break
        after = page.orders[-1].order_id
    catalogue = await core.query(ReadCatalogue())
    if not isinstance(catalogue, Catalogue):
        raise LoadFailed(f"the core answered the catalogue with {catalogue}")
    loading.end(catalogue)
    markets = LiveMarkets(loading)
    markets.advance(loading.first_seq)
    return markets
