"""The frames of the native WebSocket: `{type, symbol, timestamp, sequence, data}` as JSON text.

Encoded once for all who read a stream. A frame of a sequence carries that of the frame before it,
so a reader can prove that it missed nothing.
"""

from typing import Any, Final

import msgspec
from msgspec import UNSET, Struct, UnsetType

from bezant.core.events import TradeExecuted
from bezant.gateway.native.render import SIDES
from bezant.marketdata.catalogue import Market
from bezant.marketdata.live_book import BookChange, Level
from bezant.marketdata.live_markets import BookSnapshot

NS_PER_MS: Final = 1_000_000

_ENCODER: Final = msgspec.json.Encoder()


class Frame(Struct, rename="camel", frozen=True):
    """One message to a client; what says nothing is left out."""

    type: str
    timestamp: int
    sequence: int
    data: Any
    symbol: str | UnsetType = UNSET
    index: int | UnsetType = UNSET
    prev_sequence: int | UnsetType = UNSET
    prev_index: int | UnsetType = UNSET


class Levels(Struct, frozen=True):
    """Levels as [price, quantity]; in an update a quantity of 0 removes the level."""

    bids: list[tuple[str, str]]
    asks: list[tuple[str, str]]


class TradeItem(Struct, frozen=True):
    """A public trade; `side` is the taker's, `time` in milliseconds."""

    id: str
    price: str
    quantity: str
    side: str
    time: int


def encode(frame: Frame) -> str:
    """Return the text of a frame."""
    return _ENCODER.encode(frame).decode()


def snapshot_frame(book: BookSnapshot, market: Market) -> str:
    """Return a whole book as a frame."""
    data = Levels(_levels(book.bids, market), _levels(book.asks, market))
    return encode(
        Frame("orderbook_snapshot", book.ts_ns // NS_PER_MS, book.sequence, data, market.code)
    )


def update_frame(change: BookChange, ts_ns: int, market: Market) -> str:
    """Return the levels that changed as a frame."""
    data = Levels(_levels(change.bids, market), _levels(change.asks, market))
    return encode(
        Frame(
            "orderbook_update",
            ts_ns // NS_PER_MS,
            change.sequence,
            data,
            market.code,
            prev_sequence=change.previous,
        )
    )


def trade_item(event: TradeExecuted, ts_ns: int, market: Market) -> TradeItem:
    """Return a trade as the tape shows it."""
    return TradeItem(
        str(event.trade_no),
        market.grid.price_text(event.price),
        market.grid.qty_text(event.qty),
        SIDES[event.taker_side],
        ts_ns // NS_PER_MS,
    )


def _levels(levels: tuple[Level, ...], market: Market) -> list[tuple[str, str]]:
    grid = market.grid
    return [(grid.price_text(price), grid.qty_text(lots)) for price, lots in levels]
