"""The demo's market maker: two users of the public API, one that quotes and one that takes.

Knows nothing that any other user could not know. Each market has its own loop; whatever goes wrong
is logged, and the next turn starts from what the exchange says is open.
"""

import asyncio
from collections.abc import Sequence
from random import Random
from typing import Any, Final

import structlog

from bezant.apps.demo.catalogue import WORTH
from bezant.apps.demo.ladder import Grid, Quote, Turn, plan_turn, walk
from bezant.client import APIProblem, ExchangeAway, Session
from bezant.marketdata.listing import MarketSpec

TURN_S: Final = 1.0
AWAY_PAUSE_S: Final = 1.0
OPERATIONS_MAX: Final = 100
OPEN_MAX: Final = 200
TAKES: Final = (50, 1_500)  # Dollars a take.
TAKE_CHANCE_PERCENT: Final = 60
GONE: Final = ("ORDER_UNKNOWN", "POST_ONLY_WOULD_TAKE")

log = structlog.get_logger()


class Worths:
    """What each coin is worth now; all markets look at the same walk, so their prices agree."""

    def __init__(self, chance: Random) -> None:
        self._chance = chance
        self._now = dict(WORTH)

    def get_pair(self, spec: MarketSpec) -> tuple[int, int]:
        """Return the worths of base and quote."""
        return self._now[spec.base], self._now[spec.quote]

    async def run(self) -> None:
        """Let the coins walk until canceled; the dollar coins stay where they are."""
        while True:
            for code, start in WORTH.items():
                if code not in ("USDT", "USDC"):
                    self._now[code] = walk(self._now[code], start, self._chance)
            await asyncio.sleep(TURN_S)


class Maker:
    """Keeps one market's book filled and its tape moving."""

    def __init__(
        self,
        *,
        spec: MarketSpec,
        quoting: Session,
        taking: Session,
        worths: Worths,
        chance: Random,
    ) -> None:
        self._spec = spec
        self._grid = Grid.of(spec)
        self._quoting = quoting
        self._taking = taking
        self._worths = worths
        self._chance = chance
        self._seq = 0

    async def run(self) -> None:
        """Take a turn each TURN_S until canceled."""
        is_first = True
        while True:
            try:
                await self._quote()
                if is_first or self._chance.randint(1, 100) <= TAKE_CHANCE_PERCENT:
                    await self._take()
                is_first = False
                await asyncio.sleep(TURN_S)
            except (APIProblem, ExchangeAway) as error:
                log.info("maker.pause", market=self._spec.symbol, reason=str(error))
                await asyncio.sleep(AWAY_PAUSE_S)

    async def _quote(self) -> None:
        turn = plan_turn(
            self._grid, self._worths.get_pair(self._spec), await self._list_open(), self._chance
        )
        operations = self._operations(turn)
        for first in range(0, len(operations), OPERATIONS_MAX):
            await self._send(operations[first : first + OPERATIONS_MAX])

    async def _send(self, operations: Sequence[dict[str, Any]]) -> None:
        document = await self._quoting.request(
            "POST", "/api/v1/orders/batch", json={"operations": operations}
        )
        self._seq = max(self._seq, int(document["seq"]))
        refused = [
            result["error"]
            for result in document["results"]
            if not result["ok"] and result["error"].get("reason") not in GONE
        ]
        if refused:
            log.warning("maker.refused", market=self._spec.symbol, first=refused[0])

    async def _take(self) -> None:
        """Buy or sell a little at the best opposite price."""
        book = await self._taking.exchange.get_order_book(self._spec.symbol, depth=1)
        side = self._chance.choice(("buy", "sell"))
        levels = book["asks"] if side == "buy" else book["bids"]
        if not levels:
            return
        dollars = self._chance.randint(*TAKES)
        lots = self._grid.lots(dollars, self._worths.get_pair(self._spec)[0])
        await self._taking.place_order(
            {
                "symbol": self._spec.symbol,
                "side": side,
                "type": "limit",
                "timeInForce": "IOC",
                "price": levels[0][0],
                "quantity": self._grid.quantity(lots),
            }
        )

    async def _list_open(self) -> tuple[Quote, ...]:
        orders = await self._quoting.list_orders(
            symbol=self._spec.symbol, status="open", limit=OPEN_MAX, minSeq=self._seq
        )
        return tuple(
            Quote(
                is_bid=order["side"] == "buy",
                price_ticks=self._grid.ticks_of(order["price"]),
                order_id=order["id"],
            )
            for order in orders
        )

    def _operations(self, turn: Turn) -> list[dict[str, Any]]:
        cancels = [{"op": "cancel", "id": quote.order_id} for quote in turn.cancels]
        places = [
            {
                "op": "place",
                "symbol": self._spec.symbol,
                "side": "buy" if quote.is_bid else "sell",
                "type": "limit_maker",
                "price": self._grid.price(quote.price_ticks),
                "quantity": self._grid.quantity(quote.qty_lots),
            }
            for quote in turn.places
        ]
        return cancels + places
