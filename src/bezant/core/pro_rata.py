"""How a pro-rata market shares a taker's quantity among a level's orders (L6)."""

from collections.abc import Sequence

from bezant.core import prevention, taker, trade
from bezant.core.book import Level
from bezant.core.commands import MarketParameters
from bezant.core.market import Market
from bezant.core.order import Order
from bezant.core.state import State
from bezant.core.units import Lots, divide_down
from bezant.core.words import STPMode


def match_level(
    state: State, market: Market, aggressor: Order, level: Level, cap: Lots
) -> tuple[int, bool]:
    """Match a taker once with a level; return the matches and whether they were preventions."""
    if aggressor.stp != STPMode.NONE:
        prevented = _prevent(state, market, aggressor, level)
        if prevented:
            return prevented, True
    makers = queue_of(level)
    price = level.price
    shares = allocate(cap, [maker.visible for maker in makers], market.parameters)
    matches = 0
    for maker, lots in zip(makers, shares, strict=True):
        if lots:
            matches += 1
            trade.execute(state, market, taker=aggressor, maker=maker, price=price, qty=lots)
            trade.fill_taker(market, aggressor, price, lots)
            trade.fill_maker(state, market, maker, lots)
    return matches, False


def allocate(cap: Lots, visible: Sequence[Lots], parameters: MarketParameters) -> list[Lots]:
    """Return what each order of a level gets, in queue order (L6.1 b)."""
    total = sum(visible)
    lots = min(cap, total)
    if lots == total:
        return list(visible)
    head = min(visible[0], divide_down(lots * parameters.top_percent, 100))
    weights = [visible[0] - head, *visible[1:]]
    rest = lots - head
    shares = [_share(rest, weight, total - head, parameters) for weight in weights]
    shares[0] += head
    left = lots - sum(shares)
    for index, most in enumerate(visible):
        more = min(left, most - shares[index])
        shares[index] += more
        left -= more
    return [Lots(share) for share in shares]


def queue_of(level: Level) -> tuple[Order, ...]:
    """Return the orders of a level from its head."""
    orders: list[Order] = []
    order = level.head
    while order is not None:
        orders.append(order)
        order = order.next
    return tuple(orders)


def _share(rest: int, weight: int, weights: int, parameters: MarketParameters) -> int:
    share = divide_down(rest * weight, weights) if weights else 0
    return share if share >= parameters.min_allocation else 0


def _prevent(state: State, market: Market, aggressor: Order, level: Level) -> int:
    """Apply prevention to each own order of the level, until the taker can take no more."""
    account = state.accounts[aggressor.account]
    count = 0
    for maker in queue_of(level):
        if not prevention.is_self(state, account, maker):
            continue
        cap = taker.cap(state, market, aggressor, level.price)
        if cap == 0:
            break
        count += 1
        if not prevention.prevent(
            state, market, taker=aggressor, maker=maker, price=level.price, cap=cap
        ):
            break
    return count
