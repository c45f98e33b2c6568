"""Trades: one row each, with both sides."""

from typing import Any, ClassVar, Final

from bezant.core.events import Event, TradeExecuted
from bezant.core.postings import Grids, Posting
from bezant.projections.fold import At

_COLUMNS: Final = (
    "trade_no", "seq", "ts_ns", "price", "qty", "quote_units", "taker_order", "taker_account",
    "maker_order", "maker_account", "taker_fee", "maker_fee", "market", "idx", "taker_side",
)  # fmt: skip


class TradesFold:
    """The trades of a batch."""

    events: ClassVar[tuple[type[Event], ...]] = (TradeExecuted,)

    def __init__(self, grids: Grids) -> None:
        self._grids = grids
        self._records: list[tuple[int, ...]] = []

    def fold(self, at: At, event: TradeExecuted, moved: tuple[Posting, ...]) -> None:
        """Take in a trade."""
        del moved
        self._records.append(
            (
                event.trade_no,
                at.seq,
                at.ts_ns,
                event.price,
                event.qty,
                event.price * event.qty * self._grids[event.market].tick_lot_units,
                event.taker_order,
                event.taker_account,
                event.maker_order,
                event.maker_account,
                event.taker_fee,
                event.maker_fee,
                event.market,
                at.index,
                event.taker_side,
            )
        )

    async def write(self, connection: Any) -> None:
        """Copy all trades."""
        if self._records:
            await connection.copy_records_to_table(
                "trades", records=self._records, columns=_COLUMNS
            )
