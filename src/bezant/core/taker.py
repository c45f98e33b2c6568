"""What an order in its taker phase may still take (L5.2). Not for whom it takes from."""

from bezant.core.market import Market
from bezant.core.order import Order, has_hold, is_by_quote
from bezant.core.state import State
from bezant.core.units import Lots, Ticks, divide_down
from bezant.core.words import BUY, LIMIT


def is_used_up(taker: Order) -> bool:
    """Return whether no leaves, or no budget, are left."""
    return (taker.budget if is_by_quote(taker.terms) else taker.leaves) == 0


def cap(state: State, market: Market, taker: Order, price: Ticks) -> Lots:
    """Return the most lots that leaves, budget and (without hold) available allow at a price."""
    terms = taker.terms
    if terms.type == LIMIT:
        return taker.leaves
    lot_cost = market.notional(price, 1)
    lots = divide_down(taker.budget, lot_cost) if is_by_quote(terms) else taker.leaves
    if not has_hold(terms):
        account = state.accounts[taker.account]
        if taker.side == BUY:
            affordable = divide_down(account.balance(market.quote).available, lot_cost)
        else:
            affordable = divide_down(account.balance(market.base).available, market.lot_units)
        lots = min(lots, affordable)
    return Lots(lots)
