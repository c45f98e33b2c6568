"""Replay through the public API of a running exchange: one ordered channel, the batch endpoint."""

import asyncio
import time
from collections.abc import Callable, Sequence
from typing import Any, Final

from bezant.apps.replay.flow import Cancel, Flow, Place
from bezant.apps.replay.tally import Report, Tally
from bezant.client import APIProblem, ExchangeAway, Session
from bezant.kit.decimals import to_units

OPERATIONS_PER_BATCH: Final = 100
PAGE: Final = 1_000
AWAY_RETRIES_MAX: Final = 50
AWAY_PAUSE_S: Final = 0.2
GONE: Final = "ORDER_UNKNOWN"
PRICE_SCALE: Final = 2
VOLUME_SCALE: Final = 8


class MarketInUse(Exception):
    """The market has orders, of this account or of others: the replay would not be the file's."""


class ReplayFailed(Exception):
    """The exchange refused an order of the flow; the message has its problem document."""


class Player:
    """Plays a flow on one market as one user."""

    def __init__(
        self, session: Session, symbol: str, run_id: str, on_progress: Callable[[int], None]
    ) -> None:
        self._session = session
        self._symbol = symbol
        self._run_id = run_id
        self._on_progress = on_progress
        self._file_ids: dict[str, int] = {}  # The exchange's order id to the file's.

    async def clear(self) -> None:
        """Cancel what this user has in the market."""
        while (await self._session.cancel_all(self._symbol))["canceled"]:
            continue

    async def check_empty(self) -> None:
        """Raise MarketInUse unless the market's book is empty."""
        book = await self._session.exchange.get_order_book(self._symbol, depth=1)
        if book["bids"] or book["asks"]:
            raise MarketInUse(
                f"{self._symbol} has open orders: the replay needs the market to itself. "
                "--reset cancels those of the replay's own account; those of others (a market "
                "maker) must be gone first"
            )

    async def play(self, flow: Flow, pace: int | None) -> Report:
        """Play the flow and return what it gave.

        `pace` is how many times faster than recorded; None is as fast as it goes.
        """
        tally = Tally(flow)
        first_trade = await self._newest_trade() + 1
        started = time.monotonic_ns()
        seq = await self._play_steps(flow.preexisting, tally)
        seq = max(seq, await self._play_paced(flow.steps, tally, pace))
        elapsed_ns = time.monotonic_ns() - started
        await self._count_trades(tally, first_trade, seq)
        return tally.report(elapsed_ns)

    async def _play_paced(
        self, steps: Sequence[Place | Cancel], tally: Tally, pace: int | None
    ) -> int:
        if pace is None or not steps:
            return await self._play_steps(steps, tally)
        began_ms, began_ns, seq, at = steps[0].time_ms, time.monotonic_ns(), 0, 0
        while at < len(steps):
            played_ms = (time.monotonic_ns() - began_ns) * pace // 1_000_000
            due = at
            while due < len(steps) and steps[due].time_ms - began_ms <= played_ms:
                due += 1
            if due == at:
                await asyncio.sleep(0.01)
                continue
            seq = max(seq, await self._play_steps(steps[at:due], tally))
            at = due
        return seq

    async def _play_steps(self, steps: Sequence[Place | Cancel], tally: Tally) -> int:
        seq = 0
        for first in range(0, len(steps), OPERATIONS_PER_BATCH):
            part = steps[first : first + OPERATIONS_PER_BATCH]
            document, is_repeat = await self._send([self._operation(step) for step in part])
            seq = int(document["seq"])
            for step, result in zip(part, document["results"], strict=True):
                if isinstance(step, Place):
                    self._read_place(step, result)
                    continue
                is_done = _is_canceled(step, result)
                if is_repeat and not is_done:
                    is_done = await self._was_canceled(step, seq)
                tally.add_cancel(is_done=is_done)
            self._on_progress(len(part))
        return seq

    async def _send(self, operations: Sequence[dict[str, Any]]) -> tuple[dict[str, Any], bool]:
        """Send a batch until it is answered; return the answer and whether it was sent again.

        Places are idempotent by their client order ids. A cancel whose answer was lost comes back
        as missed, so the caller looks at what became of the order.
        """
        is_repeat = False
        for _ in range(AWAY_RETRIES_MAX):
            try:
                document: dict[str, Any] = await self._session.request(
                    "POST", "/api/v1/orders/batch", json={"operations": operations}
                )
            except APIProblem as problem:
                if problem.status not in (429, 503, 504):
                    raise
                is_repeat = True
                await asyncio.sleep(max(problem.retry_after_s, AWAY_PAUSE_S))
            except ExchangeAway:
                is_repeat = True
                await asyncio.sleep(AWAY_PAUSE_S)
            else:
                return document, is_repeat
        raise ReplayFailed("the exchange is away: is `bezant up` running?")

    def _operation(self, step: Place | Cancel) -> dict[str, Any]:
        client_order_id = f"{self._run_id}-{step.id}"
        if isinstance(step, Cancel):
            return {"op": "cancel", "clientOrderId": client_order_id}
        return {
            "op": "place",
            "symbol": self._symbol,
            "side": "buy" if step.is_bid else "sell",
            "type": "limit",
            "timeInForce": "GTC",
            "price": f"{step.price_cents // 100}.{step.price_cents % 100:02}",
            "quantity": f"{step.volume // 10**8}.{step.volume % 10**8:08}",
            "clientOrderId": client_order_id,
            "selfTradePrevention": "none",
        }

    def _read_place(self, step: Place, result: dict[str, Any]) -> None:
        if not result["ok"]:
            raise ReplayFailed(f"order {step.id}: {result['error']}")
        self._file_ids[result["order"]["id"]] = step.id

    async def _was_canceled(self, step: Cancel, seq: int) -> bool:
        path = f"/api/v1/orders/by-client-id/{self._run_id}-{step.id}"
        order = await self._session.request("GET", path, params={"minSeq": seq})
        return bool(order["status"] == "canceled")

    async def _newest_trade(self) -> int:
        trades = await self._session.exchange.list_trades(self._symbol, limit=1)
        return int(trades[0]["id"]) if trades else 0

    async def _count_trades(self, tally: Tally, first_trade: int, seq: int) -> None:
        """Read both fills of each trade from the account's history, in trade order."""
        sides: dict[int, dict[str, dict[str, Any]]] = {}
        params: dict[str, str | int] = {"symbol": self._symbol, "limit": PAGE, "minSeq": seq}
        while True:
            page = await self._fills(params)
            for fill in page["fills"]:
                sides.setdefault(int(fill["tradeId"]), {})[fill["role"]] = fill
            is_past = bool(page["fills"]) and int(page["fills"][-1]["tradeId"]) < first_trade
            if is_past or not page["nextCursor"]:
                break
            params["cursor"] = page["nextCursor"]
        for trade_id in sorted(sides):
            if trade_id >= first_trade:
                self._add_trade(tally, sides[trade_id])

    async def _fills(self, params: dict[str, str | int]) -> dict[str, Any]:
        for _ in range(AWAY_RETRIES_MAX):
            try:
                page: dict[str, Any] = await self._session.request(
                    "GET", "/api/v1/fills", params=params
                )
            except APIProblem as problem:
                if problem.status not in (429, 503):  # 503: the projection is still behind.
                    raise
                await asyncio.sleep(max(problem.retry_after_s, AWAY_PAUSE_S))
            else:
                return page
        raise ReplayFailed("the read model stays behind: is `bezant projector` running?")

    def _add_trade(self, tally: Tally, fills: dict[str, dict[str, Any]]) -> None:
        taker, maker = fills["taker"], fills["maker"]
        tally.add_trade(
            self._file_ids[taker["orderId"]],
            self._file_ids[maker["orderId"]],
            price_cents=to_units(taker["price"], PRICE_SCALE),
            volume=to_units(taker["quantity"], VOLUME_SCALE),
        )


def _is_canceled(step: Cancel, result: dict[str, Any]) -> bool:
    if not result["ok"] and result["error"].get("reason") != GONE:
        raise ReplayFailed(f"cancel of {step.id}: {result['error']}")
    return bool(result["ok"])
