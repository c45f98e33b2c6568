"""What the read models must say, computed by the audit from events with code of its own.

Shares nothing with `projections`; not for reading tables, which `verify_read_models` does.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from msgspec import Struct

from bezant.core.events import (
    AccountClosed,
    AccountOpened,
    AccountSet,
    CancelTimerSet,
    Event,
    ListAccepted,
    ListDone,
    MarketCreated,
    OrderAccepted,
    OrderAmended,
    TimerFired,
    TradeExecuted,
    TransferHeld,
    TransferPosted,
    TransferSettled,
    TransferVoided,
)
from bezant.journal.verifier import Verifier
from bezant.journal.verifier_book import BookVerifier
from bezant.journal.verifier_house import House
from bezant.journal.verifier_ledger import BUY, LedgerVerifier, Move
from bezant.journal.verifier_orders import AuditedOrder, OrdersVerifier, Stage

Row = tuple[object, ...]

CANDLES_S: Final = (60, 900, 3_600, 86_400)
_WITHDRAWAL_LINE: Final = 6
_WITHDRAWAL: Final = 5
_MODE_UNLESS_SET: Final = 2
_POSTED, _HELD, _SETTLED, _VOIDED = range(4)


class Market(Struct):
    """What a market's row must say beside what the house knows of it."""

    last_ns: int = 0
    volume: int = 0
    quote_volume: int = 0


class Expected:
    """A watcher of the audit: fills rows event by event, up to the projector's cursor."""

    def __init__(self) -> None:
        self._house: House
        self._ledger: LedgerVerifier
        self._orders: OrdersVerifier
        self._books: BookVerifier
        self.is_open = True
        self.orders_count = 0
        self.orders: dict[int, Row] = {}  # Ended ones that are not compared yet.
        self.trades: list[Row] = []  # Not compared yet, as are the lines.
        self.lines: list[Row] = []
        self.transfers: dict[tuple[int, int], list[object]] = {}
        self.candles: dict[tuple[int, int, int], list[int]] = {}
        self.markets: dict[int, Market] = {}
        self.lists: dict[int, list[object]] = {}
        self.settings: dict[int, int] = {}  # Of accounts that chose.
        self.timers: dict[tuple[int, int], int] = {}
        self.names: dict[tuple[int, int, str], None] = {}  # Of amended orders.
        self._names: dict[int, str] = {}  # Of orders before an amend.
        self._held: dict[int, tuple[int, int]] = {}

    def attach(self, verifier: Verifier) -> None:
        """Say whom to ask what stands beside an event."""
        self._house, self._ledger = verifier.house, verifier.ledger
        self._orders, self._books = verifier.orders, verifier.books

    def see_ended(self, orders: Sequence[AuditedOrder]) -> None:
        """Take the last state of orders that ended."""
        if self.is_open:
            self.take_orders(orders)
            for order in orders:
                self._names.pop(order.id, None)

    def see_event(
        self, seq: int, index: int, ts_ns: int, event: Event, moves: Sequence[Move]
    ) -> None:
        """Take in what an event adds to any table."""
        if not self.is_open:
            return
        match event:
            case TradeExecuted():
                self._see_trade(seq, index, ts_ns, event)
                self._see_lines(seq, index, ts_ns, event, moves)
            case TransferPosted() | TransferHeld() | TransferSettled() | TransferVoided():
                self._see_transfer(seq, index, ts_ns, event)
                self._see_lines(seq, index, ts_ns, event, moves)
            case ListAccepted():
                self.lists[event.list_id] = [
                    event.account, event.market, event.kind, event.side, event.list_client_id,
                    ts_ns, None,
                ]  # fmt: skip
            case ListDone():
                self.lists[event.list_id][6] = ts_ns
            case OrderAccepted() if event.order.client_id:
                self._names[event.order_id] = event.order.client_id
            case OrderAmended():
                self._see_names(event)
            case AccountSet():
                self.settings[event.account] = self._house.mode(event.account)
            case AccountOpened() if self._house.mode(event.account) != _MODE_UNLESS_SET:
                self.settings[event.account] = self._house.mode(event.account)
            case CancelTimerSet():
                self.timers[event.account, event.market] = event.due_ns
            case TimerFired():
                self.timers[event.account, event.market] = 0
            case AccountClosed():
                self.timers |= {key: 0 for key in self.timers if key[0] == event.account}
            case MarketCreated():
                self.markets[event.market] = Market()
            case _:
                pass

    def list_rows(self) -> Iterable[Row]:
        """Return the lists in the columns of `verify_read_models.LIST_COLUMNS`."""
        for list_id, row in self.lists.items():
            yield (list_id, *row, self._orders.list_need(list_id))

    def take_orders(self, orders: Iterable[AuditedOrder]) -> None:
        """Expect these orders as they are now, those whose whole life was seen."""
        self.orders |= {order.id: self.order_row(order) for order in orders if order.is_whole}

    def order_row(self, order: AuditedOrder) -> Row:
        """Return an order in the columns of `verify_read_models.ORDER_COLUMNS`."""
        terms = order.terms
        if order.stage is Stage.DONE:
            status = 2 + order.status
        else:
            status = 0 if order.stage is Stage.PENDING else 1
        return (
            order.id,
            order.account,
            order.market,
            order.client_id,
            terms.side,
            terms.type,
            terms.tif,
            order.price,
            order.qty,
            terms.quote_units,
            terms.trigger,
            terms.trigger_price,
            terms.trailing_bips,
            terms.post_only,
            terms.display,
            order.stp,
            terms.expires_ns,
            order.list_id,
            status,
            order.reason,
            order.code,
            order.filled,
            order.prevented,
            self._books.visible(order.id) if terms.display else 0,
            order.filled_quote,
            0 if order.list_id else self._orders.need_of(order.id),
            order.created_ns,
            order.updated_ns,
            order.updated_seq,
        )

    def _see_trade(self, seq: int, index: int, ts_ns: int, event: TradeExecuted) -> None:
        quote = event.qty * event.price * self._house.markets[event.market].tick_lot_units
        self.trades.append(
            (
                seq,
                index,
                event.market,
                event.trade_no,
                ts_ns,
                event.price,
                event.qty,
                quote,
                event.taker_side,
                event.taker_order,
                event.taker_account,
                event.taker_fee,
                event.maker_order,
                event.maker_account,
                event.maker_fee,
            )
        )
        market = self.markets.setdefault(event.market, Market())
        market.last_ns = ts_ns
        market.volume += event.qty
        market.quote_volume += quote
        for length_s in CANDLES_S:
            open_ms = ts_ns // (length_s * 10**9) * length_s * 1_000
            candle = self.candles.setdefault(
                (event.market, length_s, open_ms),
                [event.price, event.price, event.price, event.price, 0, 0, 0],
            )
            candle[1] = max(candle[1], event.price)
            candle[2] = min(candle[2], event.price)
            candle[3] = event.price
            candle[4] += 1
            candle[5] += event.qty
            candle[6] += quote

    def _see_lines(
        self, seq: int, index: int, ts_ns: int, event: Event, moves: Sequence[Move]
    ) -> None:
        changes: dict[tuple[int, int], int] = {}
        for account, asset, free, held in moves:
            changes[account, asset] = changes.get((account, asset), 0) + free + held
        for (account, asset), units in changes.items():
            if units == 0:
                continue
            balance = self._ledger.balance((account, asset))
            cause = self._cause(event, account, asset)
            self.lines.append((seq, index, asset, account, ts_ns, units, balance, *cause))

    def _cause(self, event: Event, account: int, asset: int) -> Row:
        """Return fee, kind, market, order, trade, source, number and transfer of a line."""
        match event:
            case TradeExecuted():
                fee, order_id = self._share(event, account, asset)
                return (fee, 0, event.market, order_id, event.trade_no, None, None, None)
            case TransferPosted():
                kind = 1 + event.reason
                return (0, kind, None, None, None, event.source, event.number, None)
            case TransferSettled():
                fee = event.fee if account == event.account else 0
                numbers = (event.source, event.number, event.transfer_id)
                return (fee, _WITHDRAWAL_LINE, None, None, None, *numbers)
            case _:
                raise TypeError(f"{type(event).__name__} changes a balance and has no cause")

    def _share(self, event: TradeExecuted, account: int, asset: int) -> tuple[int, int | None]:
        """Return the fee that an account paid in an asset for a trade, and its order."""
        market = self._house.markets[event.market]
        taker_gets = market.base if event.taker_side == BUY else market.quote
        fee = 0
        if account == event.taker_account and asset == taker_gets:
            fee += event.taker_fee
        if account == event.maker_account and (asset == taker_gets) == (event.maker_fee < 0):
            fee += event.maker_fee
        if account == event.taker_account:
            return fee, event.taker_order
        return fee, event.maker_order if account == event.maker_account else None

    def _see_names(self, event: OrderAmended) -> None:
        for name in (self._names.get(event.order_id, ""), event.client_id):
            if name:
                self.names[event.account, event.order_id, name] = None

    def _see_transfer(
        self,
        seq: int,
        index: int,
        ts_ns: int,
        event: TransferPosted | TransferHeld | TransferSettled | TransferVoided,
    ) -> None:
        match event:
            case TransferPosted():
                self.transfers[event.source, event.number] = [
                    seq, index, ts_ns, event.reason, _POSTED, event.from_account,
                    event.to_account, event.asset, event.units, 0, None, None, None,
                ]  # fmt: skip
            case TransferHeld():
                self._held[event.transfer_id] = (event.source, event.number)
                self.transfers[event.source, event.number] = [
                    seq, index, ts_ns, _WITHDRAWAL, _HELD, event.account, None, event.asset,
                    event.units, event.fee, event.transfer_id, None, None,
                ]  # fmt: skip
            case TransferSettled() | TransferVoided():
                key = self._held.pop(event.transfer_id, None)
                row = None if key is None else self.transfers.get(key)
                if row is not None:
                    is_settled = isinstance(event, TransferSettled)
                    row[4] = _SETTLED if is_settled else _VOIDED
                    row[6] = event.custody if isinstance(event, TransferSettled) else None
                    row[11], row[12] = seq, ts_ns
