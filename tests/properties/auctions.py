"""The auction price of L12.3, found by trying every tick."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Uncrossed:
    """Price, volume and surplus of an auction."""

    price: int
    volume: int
    surplus: int


def uncross(
    bids: Iterable[tuple[int, int]], asks: Iterable[tuple[int, int]], reference: int
) -> Uncrossed | None:
    """Return what an auction of (price, leaves) does, None if nothing is crossed."""
    demand, supply = list(bids), list(asks)
    prices = [price for price, _ in (*demand, *supply)]
    best: list[int] = []
    best_key = (0, 0)
    for price in range(1, max(prices, default=0) + 2):
        bought = sum(leaves for limit, leaves in demand if limit >= price)
        sold = sum(leaves for limit, leaves in supply if limit <= price)
        key = (min(bought, sold), -abs(bought - sold))
        if not best or key > best_key:
            best, best_key = [price], key
        elif key == best_key:
            best.append(price)
    if best_key[0] == 0:
        return None
    low, high = best[0], best[-1]
    assert best == list(range(low, high + 1)), "the best prices are an interval"
    price = min(max(reference, low), high) if reference else (low + high) // 2
    bought = sum(leaves for limit, leaves in demand if limit >= price)
    sold = sum(leaves for limit, leaves in supply if limit <= price)
    return Uncrossed(price, best_key[0], bought - sold)
