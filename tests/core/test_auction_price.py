"""The auction price is the one that a look at every tick finds (L12.3)."""

import random

from bezant.core import auction
from bezant.core.commands import SetReferencePrice
from bezant.core.units import Ticks
from bezant.core.words import MarketStatus
from tests.core.house import ALICE, BOB, BUY, MARKET, SELL, House


def expected(
    bids: list[tuple[int, int]], asks: list[tuple[int, int]], reference: int
) -> tuple[int, int, int] | None:
    best: list[tuple[int, int]] = []
    best_rank = (0, 0)
    for price in range(1, 40):
        demand = sum(qty for limit, qty in bids if limit >= price)
        supply = sum(qty for limit, qty in asks if limit <= price)
        rank = (min(demand, supply), -abs(demand - supply))
        if rank[0] == 0:
            continue
        if not best or rank > best_rank:
            best, best_rank = [(price, demand - supply)], rank
        elif rank == best_rank:
            best.append((price, demand - supply))
    if not best:
        return None
    low, high = best[0][0], best[-1][0]
    price = min(max(reference, low), high) if reference else (low + high) // 2
    return price, best_rank[0], dict(best)[price]


def test_the_price_is_the_one_that_a_look_at_every_tick_finds() -> None:
    chance = random.Random(12)
    for _ in range(150):
        house = House(status=MarketStatus.PRE_OPEN)
        reference = chance.choice([0, chance.randint(1, 40)])
        if reference:
            house.do(SetReferencePrice(*house.sourced(), MARKET, Ticks(reference)))
        sides: dict[object, list[tuple[int, int]]] = {BUY: [], SELL: []}
        for _ in range(chance.randint(0, 9)):
            side, price = chance.choice((BUY, SELL)), chance.randint(5, 25)
            qty = chance.randint(1, 6)
            sides[side].append((price, qty))
            house.place(chance.choice((ALICE, BOB)), side, qty, price)
        found = auction.indicative(house.engine.state.markets[MARKET])
        told = (found.price, found.volume, found.surplus) if found is not None else None
        assert told == expected(sides[BUY], sides[SELL], reference)
