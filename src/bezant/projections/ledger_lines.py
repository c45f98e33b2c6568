"""Ledger lines: one for each change of a balance, opening to its cause. None for moves of holds.

What an event changes in one account's balance of one asset is one line: a rebate is part of what
the maker paid, and one's own trade leaves the fee.
"""

from typing import Any, ClassVar, Final

from bezant.core.chart import FEES
from bezant.core.events import Event, TradeExecuted, TransferPosted, TransferSettled
from bezant.core.postings import Grids, Posting
from bezant.core.words import Side
from bezant.projections.balances import BalancesFold
from bezant.projections.fold import At

KIND_TRADE: Final = 0
KIND_TRANSFER_FIRST: Final = 1  # Plus LAW's transfer reason.
KIND_WITHDRAWAL: Final = 6

_COLUMNS: Final = (
    "account", "seq", "ts_ns", "units", "balance", "fee", "order_id", "trade_no", "transfer_id",
    "number", "source", "market", "asset", "idx", "kind",
)  # fmt: skip
# What a line says of its cause: order_id, trade_no, transfer_id, number, source, market.
_Cause = tuple[int | None, int | None, int | None, int | None, int | None, int | None]


class LedgerLinesFold:
    """The lines of a batch in order, their balances still to be summed."""

    events: ClassVar[tuple[type[Event], ...]] = (TradeExecuted, TransferPosted, TransferSettled)

    def __init__(self, balances: BalancesFold, grids: Grids) -> None:
        self._balances = balances
        self._grids = grids
        self._lines: list[tuple[At, int, int, int, int, _Cause, int]] = []

    def fold(
        self,
        at: At,
        event: TradeExecuted | TransferPosted | TransferSettled,
        moved: tuple[Posting, ...],
    ) -> None:
        """Make a line for each balance that the event changes."""
        changes: dict[tuple[int, int], int] = {}
        for line in moved:
            key = (line.account, line.asset)
            changes[key] = changes.get(key, 0) + line.units
        match event:
            case TradeExecuted():
                self._fold_trade(at, event, changes)
            case TransferPosted():
                cause = (None, None, None, event.number, event.source, None)
                self._add(at, changes, cause, KIND_TRANSFER_FIRST + event.reason)
            case TransferSettled():
                cause_id = event.transfer_id
                settlement = (None, None, cause_id, event.number, event.source, None)
                fees = {(int(event.account), int(event.asset)): int(event.fee)}
                self._add(at, changes, settlement, KIND_WITHDRAWAL, fees)

    async def write(self, connection: Any) -> None:
        """Sum up the balances and copy all lines; the batch's balances must be written before."""
        running: dict[tuple[int, int], int] = {}
        records = []
        for at, account, asset, units, fee, cause, kind in self._lines:
            key = (account, asset)
            found = running.get(key)
            balance = (self._balances.before(account, asset) if found is None else found) + units
            running[key] = balance
            records.append(
                (account, at.seq, at.ts_ns, units, balance, fee, *cause, asset, at.index, kind)
            )
        if records:
            await connection.copy_records_to_table(
                "ledger_lines", records=records, columns=_COLUMNS
            )

    def _fold_trade(
        self, at: At, event: TradeExecuted, changes: dict[tuple[int, int], int]
    ) -> None:
        terms = self._grids[event.market]
        bought, sold = int(terms.base), int(terms.quote)
        if event.taker_side == Side.SELL:
            bought, sold = sold, bought
        # A maker's rebate is paid in what the taker received, its fee in what it received itself.
        fees = {(int(event.taker_account), bought): int(event.taker_fee)}
        maker_key = (int(event.maker_account), bought if event.maker_fee < 0 else sold)
        fees[maker_key] = fees.get(maker_key, 0) + event.maker_fee
        for key, units in changes.items():
            if units == 0:
                continue
            order_id: int | None = None
            if key[0] == event.taker_account:
                order_id = event.taker_order
            elif key[0] != FEES:
                order_id = event.maker_order
            cause = (order_id, event.trade_no, None, None, None, event.market)
            self._lines.append((at, *key, units, fees.get(key, 0), cause, KIND_TRADE))

    def _add(
        self,
        at: At,
        changes: dict[tuple[int, int], int],
        cause: _Cause,
        kind: int,
        fees: dict[tuple[int, int], int] | None = None,
    ) -> None:
        for key, units in changes.items():
            if units != 0:
                fee = (fees or {}).get(key, 0)
                self._lines.append((at, *key, units, fee, cause, kind))
