"""Private streams: one an account, shared by its connections, with a short memory for resuming.

An entry gives an account its frames in one order: fills as they happened, each order that changed,
each list, each balance. Frames are numbered (sequence, index) and name the one before, so nothing
can be missed unseen. The memory lives a while after the last connection; beyond it a client begins
anew.
"""

import asyncio
from collections import deque
from collections.abc import Iterable, Sequence
from typing import Any, Final

from msgspec import UNSET, Struct, UnsetType

from bezant.core.codec import Outcome
from bezant.core.events import Event
from bezant.core.ids import AccountId, AssetId, MarketId
from bezant.core.postings import Grid, Grids
from bezant.core.units import Units
from bezant.egress.frames import FeedRow
from bezant.gateway.house import House
from bezant.gateway.native.lists import render_list
from bezant.gateway.native.render import render_balance, render_fill, render_order
from bezant.gateway.stream.beginning import read_state
from bezant.gateway.stream.frames import NS_PER_MS, Frame, encode
from bezant.gateway.stream.outlet import AGAIN, TOO_SLOW, Close, Outlet
from bezant.gateway.stream.private_state import Changes, Entry, PrivateState
from bezant.marketdata.catalogue import Catalogue

MEMORY_FRAMES: Final = 2_000
MEMORY_S: Final = 300.0
CATCH_UP_S: Final = 5.0
_PARTIES: Final = ("account", "taker_account", "maker_account", "from_account", "to_account")

Place = tuple[int, int]  # Sequence and index of a frame.


class Kept(Struct, frozen=True):
    """A frame that was sent, and its place."""

    place: Place
    text: str


class PrivateStream:
    """One account's state, memory and connections."""

    def __init__(self, account: int) -> None:
        self.account = account
        self.state: PrivateState | None = None  # None while it is being read.
        self.behind: list[Entry] = []  # Entries that came while it was being read.
        self.memory: deque[Kept] = deque(maxlen=MEMORY_FRAMES)
        self.last: Place = (0, 0)
        self.outlets: list[Outlet] = []
        self.ready = asyncio.Event()

    def put(self, frame: Frame) -> None:
        """Number a frame, keep it, give it to every connection."""
        place = (frame.sequence, frame.index if isinstance(frame.index, int) else 0)
        text = encode(frame)
        self.memory.append(Kept(place, text))
        self.last = place
        for outlet in self.outlets:
            if not outlet.put(text):
                outlet.end(Close(TOO_SLOW, "too slow: resume from the last frame that you have"))


class PrivateStreams:
    """All accounts that are connected, or were a moment ago."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._streams: dict[int, PrivateStream] = {}
        self._grids: dict[MarketId, Grid] = {}
        self._seq = 0  # How far the feed has come.
        self._moved = asyncio.Event()

    def begin(self, seq: int) -> None:
        """Start over: what was kept may have a gap before `seq`, so all begin anew."""
        self._seq = seq
        for stream in self._streams.values():
            for outlet in stream.outlets:
                outlet.end(Close(AGAIN, "the feed began anew: connect again"))
        self._streams.clear()

    async def join(self, account: int, outlet: Outlet, resume: Place | None) -> list[str]:
        """Let a connection follow an account; return the frames that it begins with.

        With `resume` those after that frame, where they are still remembered; else a snapshot.
        Raises Refusal where the core is away.
        """
        stream = self._streams.get(account)
        if stream is None:
            stream = self._streams[account] = PrivateStream(account)
            await self._load(stream)
        await stream.ready.wait()
        if stream.state is None:
            raise Close(AGAIN, "the account could not be read: connect again")
        stream.outlets.append(outlet)
        missed = _after(stream, resume)
        if missed is not None:
            return [self._greeting(stream, is_resumed=True), *missed]
        return [self._greeting(stream, is_resumed=False)]

    def leave(self, account: int, outlet: Outlet) -> None:
        """Let a connection go; the account is forgotten a while after the last one."""
        stream = self._streams.get(account)
        if stream is None or outlet not in stream.outlets:
            return
        stream.outlets.remove(outlet)
        if not stream.outlets:
            asyncio.get_running_loop().call_later(MEMORY_S, self._forget, stream)

    def apply(self, row: FeedRow, outcomes: Sequence[Outcome]) -> None:
        """Follow one row for every account that has a stream."""
        self._seq = row.seq_last
        self._moved.set()
        if not self._streams:
            return
        for outcome in outcomes:
            for account in _accounts(outcome.events):
                stream = self._streams.get(account)
                if stream is not None:
                    self._follow(stream, Entry(outcome.seq, row.ts_ns, outcome.events))

    def _follow(self, stream: PrivateStream, entry: Entry) -> None:
        if stream.state is None:
            stream.behind.append(entry)
            return
        catalogue = self._house.get_catalogue()
        changes = stream.state.apply(entry, catalogue.markets, self._all_grids(catalogue))
        for index, (kind, symbol, data) in enumerate(self._items(changes, entry.seq, catalogue)):
            stream.put(
                Frame(
                    kind,
                    entry.ts_ns // NS_PER_MS,
                    entry.seq,
                    data,
                    symbol,
                    index=index,
                    prev_sequence=stream.last[0],
                    prev_index=stream.last[1],
                )
            )

    def _items(
        self, changes: Changes, seq: int, catalogue: Catalogue
    ) -> Iterable[tuple[str, str | UnsetType, Any]]:
        """Yield kind, symbol and document of each frame that an entry gives."""
        for fill in changes.fills:
            market = catalogue.markets[fill.market]
            yield "fill", market.code, render_fill(fill, market, catalogue)
        for order in changes.orders.values():
            market = catalogue.markets[order.market]
            yield "order", market.code, render_order(order, market, seq=seq)
        for one in changes.lists.values():
            yield "list", catalogue.markets[one.market].code, render_list(self._house, one, seq=seq)
        for asset, parts in changes.balances.items():
            yield "balance", UNSET, render_balance(catalogue.assets[asset], *parts)

    async def _load(self, stream: PrivateStream) -> None:
        """Read an account of the core, and wait until the feed has come as far as that."""
        try:
            state = await read_state(self._house, AccountId(stream.account))
            async with asyncio.timeout(CATCH_UP_S):
                while self._seq < state.seq:
                    self._moved.clear()
                    await self._moved.wait()
        except BaseException:
            self._streams.pop(stream.account, None)
            raise
        finally:
            stream.ready.set()
        read_seq = state.seq
        catalogue = self._house.get_catalogue()
        behind, stream.behind = stream.behind, []
        for entry in behind:
            if entry.seq <= read_seq:
                state.apply(entry, catalogue.markets, self._all_grids(catalogue))
        stream.state = state
        stream.last = (read_seq, 0)
        for entry in behind:
            if entry.seq > read_seq:
                self._follow(stream, entry)

    def _greeting(self, stream: PrivateStream, *, is_resumed: bool) -> str:
        """Return the first frame: all there is, or that the missed frames follow."""
        state = stream.state
        if state is None:
            raise Close(AGAIN, "the account could not be read: connect again")
        catalogue = self._house.get_catalogue()
        data: dict[str, Any] = {"resumed": is_resumed, "accountId": str(stream.account)}
        if not is_resumed:
            data["orders"] = [
                render_order(order, catalogue.markets[order.market], seq=state.seq)
                for order in state.orders.values()
            ]
            data["lists"] = [
                render_list(self._house, one, seq=state.seq) for one in state.lists.values()
            ]
            data["balances"] = [
                render_balance(catalogue.assets[asset], *parts)
                for asset, parts in sorted(state.balances.items())
            ]
        now_ms = self._house.clock.now_ns() // NS_PER_MS
        return encode(Frame("authenticated", now_ms, stream.last[0], data, index=stream.last[1]))

    def _all_grids(self, catalogue: Catalogue) -> Grids:
        """Return the grid of every market; a grid never changes, so each is made once."""
        if len(self._grids) != len(catalogue.markets):
            self._grids = {
                MarketId(market.market): Grid(
                    AssetId(market.base.asset),
                    AssetId(market.quote.asset),
                    Units(market.grid.lot_units),
                    Units(market.grid.tick_lot_units),
                )
                for market in catalogue.markets.values()
            }
        return self._grids

    def _forget(self, stream: PrivateStream) -> None:
        if not stream.outlets and self._streams.get(stream.account) is stream:
            del self._streams[stream.account]


def _accounts(events: Iterable[Event]) -> dict[int, None]:
    """Return the accounts that events are about, each once."""
    found: dict[int, None] = {}
    for event in events:
        for party in _PARTIES:
            account = getattr(event, party, None)
            if account is not None:
                found[account] = None
    return found


def _after(stream: PrivateStream, resume: Place | None) -> list[str] | None:
    """Return the frames after a place, or None where that place is not remembered."""
    if resume is None:
        return None
    if resume == stream.last:
        return []
    places = [kept.place for kept in stream.memory]
    if resume not in places:
        return None
    return [kept.text for kept in list(stream.memory)[places.index(resume) + 1 :]]
