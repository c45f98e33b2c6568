"""Whether an order may enter: the codes from 130 to 800, the smallest first (L2.4, L2.5)."""

from typing import Final

from bezant.core import dry_run, holds, triggers
from bezant.core.commands import OrderTerms
from bezant.core.ids import CLIENT_ID_SIZE_MAX
from bezant.core.market import Market, is_beyond
from bezant.core.order import Order, is_by_quote
from bezant.core.refusals import RefusalCode
from bezant.core.rules import ACCOUNT_ORDERS_MAX
from bezant.core.state import Account, Counts, State
from bezant.core.units import Ticks, Units, divide_up
from bezant.core.words import (
    BUY,
    FOK,
    GTC,
    GTD,
    IOC,
    LIMIT,
    MARKET,
    POST_ONLY,
    PRE_OPEN,
    SELL,
    TRADING,
    STPMode,
    Trigger,
)

NO_COUNTS: Final = Counts()


def place_refusal(
    state: State, account: Account, market: Market | None, terms: OrderTerms
) -> RefusalCode | None:
    """Return the first code from 130 to 499 that keeps a single order out."""
    code = place_gate(state, account, market)
    if code is not None or market is None:
        return code
    if not is_allowed_now(market, terms):
        return RefusalCode.MARKET_STATUS
    return terms_refusal(state, market, terms)


def place_gate(state: State, account: Account, market: Market | None) -> RefusalCode | None:
    """Return 130, 201 or 210 where the account or the market lets no order in at all."""
    if account.orders_frozen:
        return RefusalCode.ORDERS_FROZEN
    if market is None:
        return RefusalCode.MARKET_UNKNOWN
    if not (state.assets[market.base].enabled and state.assets[market.quote].enabled):
        return RefusalCode.ASSET_DISABLED
    return None


def is_allowed_now(market: Market, terms: OrderTerms) -> bool:
    """Return whether the market's status takes such an order (L12.1's table)."""
    status = market.status
    if status == TRADING:
        return True
    if status not in (PRE_OPEN, POST_ONLY):
        return False
    if terms.post_only and status == PRE_OPEN:
        return False
    if terms.trigger:
        return True
    takes = terms.tif in (IOC, FOK)
    return terms.type != MARKET and not takes


def terms_refusal(state: State, market: Market, terms: OrderTerms) -> RefusalCode | None:
    """Return the first code from 300 to 499 that the terms alone deserve in this market."""
    if has_unknown_word(terms) or is_too_long(terms.client_id):
        return RefusalCode.FIELD_OUT_OF_RANGE
    if not is_supported(terms):
        return RefusalCode.COMBINATION_NOT_SUPPORTED
    if terms.expires_ns and terms.expires_ns <= state.ts_ns:
        return RefusalCode.EXPIRY_NOT_AFTER_NOW
    code = price_refusal(market, terms)
    if code is None:
        code = qty_refusal(market, terms, notional_price=notional_price(market, terms))
    if code is None:
        code = trailing_refusal(market, terms)
    return _display_refusal(market, terms) if code is None and terms.display else code


def has_unknown_word(terms: OrderTerms) -> bool:
    """Return whether an enumeration has a number without a meaning."""
    return (
        terms.side > SELL
        or terms.type > MARKET
        or terms.tif > GTD
        or terms.trigger > Trigger.TAKE_PROFIT
        or terms.stp > STPMode.DECREMENT
    )


def is_too_long(client_id: str) -> bool:
    """Return whether a client id has over 36 bytes."""
    size = len(client_id)
    return size > CLIENT_ID_SIZE_MAX or (
        not client_id.isascii() and len(client_id.encode()) > CLIENT_ID_SIZE_MAX
    )


def is_supported(terms: OrderTerms) -> bool:
    """Return whether the fields go together (L2.4)."""
    if not terms.trigger:
        if terms.trigger_price or terms.trailing_bips:
            return False
    elif not (terms.trigger_price or terms.trailing_bips):
        return False
    if (terms.expires_ns != 0) != (terms.tif == GTD):
        return False
    if terms.type == LIMIT:
        return _is_supported_limit(terms)
    return _is_supported_market(terms)


def _is_supported_limit(terms: OrderTerms) -> bool:
    if terms.post_only and (terms.trigger or terms.tif not in (GTC, GTD)):
        return False
    if terms.display and terms.tif != GTC:
        return False
    return terms.quote_units == 0


def _is_supported_market(terms: OrderTerms) -> bool:
    if terms.tif != IOC or terms.price or terms.display or terms.post_only:
        return False
    if is_by_quote(terms) == (terms.qty != 0):
        return False
    return not (is_by_quote(terms) and terms.trigger)


def price_refusal(market: Market, terms: OrderTerms) -> RefusalCode | None:
    """Return 400, 401 or 402 where a price is out of its range."""
    price, price_max = terms.price, market.parameters.price_max
    is_limit = terms.type == LIMIT
    if (is_limit and price <= 0) or terms.trigger_price < 0:
        return RefusalCode.PRICE_NOT_POSITIVE
    if price > price_max or terms.trigger_price > price_max:
        return RefusalCode.PRICE_TOO_HIGH
    if is_limit and is_beyond(price, market.price_band()):
        return RefusalCode.PRICE_OUT_OF_BAND
    return None


def notional_price(market: Market, terms: OrderTerms) -> Ticks:
    """Return the price at which codes 420 and 421 value an order, 0 where there is none.

    A limit's own; of a market order by quantity that of L4.3 with a trigger, else R.
    """
    if terms.type == LIMIT:
        return terms.price
    if terms.trigger:
        return holds.hold_price(terms, market.reference())
    return market.reference()


def qty_refusal(
    market: Market, terms: OrderTerms, *, notional_price: Ticks, is_most_asked: bool = True
) -> RefusalCode | None:
    """Return the first code from 410 to 421 that quantity or notional deserve."""
    parameters = market.parameters
    if is_by_quote(terms):
        if terms.quote_units <= 0:
            return RefusalCode.QTY_NOT_POSITIVE
        return _notional_refusal(market, terms.quote_units)
    if terms.qty <= 0:
        return RefusalCode.QTY_NOT_POSITIVE
    if terms.qty < parameters.qty_min:
        return RefusalCode.QTY_TOO_LOW
    if is_most_asked and terms.qty > parameters.qty_max:
        return RefusalCode.QTY_TOO_HIGH
    if notional_price == 0:
        return None
    return _notional_refusal(market, market.notional(notional_price, terms.qty))


def _notional_refusal(market: Market, units: Units) -> RefusalCode | None:
    if units < market.parameters.notional_min:
        return RefusalCode.NOTIONAL_TOO_LOW
    if units > market.parameters.notional_max:
        return RefusalCode.NOTIONAL_TOO_HIGH
    return None


def trailing_refusal(market: Market, terms: OrderTerms) -> RefusalCode | None:
    """Return 430 where a trailing distance is out of the market's range."""
    bips = terms.trailing_bips
    parameters = market.parameters
    if bips and not parameters.trailing_min <= bips <= parameters.trailing_max:
        return RefusalCode.TRAILING_OUT_OF_RANGE
    return None


def _display_refusal(market: Market, terms: OrderTerms) -> RefusalCode | None:
    if terms.display >= terms.qty:
        return RefusalCode.DISPLAY_NOT_BELOW_QTY
    if terms.display < market.parameters.qty_min:
        return RefusalCode.DISPLAY_TOO_LOW
    if divide_up(terms.qty, terms.display) > market.parameters.parts_max:
        return RefusalCode.ICEBERG_PARTS_TOO_MANY
    return None


def trigger_refusal(market: Market, terms: OrderTerms) -> RefusalCode | None:
    """Return 600 or 601 where a trigger has nothing to compare with, or is met already (L8.1)."""
    if not terms.trigger:
        return None
    reference = market.reference()
    if reference == 0:
        return RefusalCode.NO_LAST_PRICE
    if triggers.would_trigger(terms, reference):
        return RefusalCode.WOULD_TRIGGER_NOW
    return None


def must_not_take(market: Market, terms: OrderTerms) -> bool:
    """Return whether the order would take although it, or the market, is post-only (610).

    Asked of what goes to the book now: not of pending orders, but of amended triggered ones.
    """
    if terms.type != LIMIT:
        return False
    if not terms.post_only and market.status != POST_ONLY:
        return False
    return market.book.opposite(terms.side).is_reached(terms.price)


def count_refusal(
    account: Account, market: Market, legs: tuple[OrderTerms, ...], *, list_count: int = 0
) -> RefusalCode | None:
    """Return the first code from 700 to 704 where these orders would be too many."""
    parameters = market.parameters
    counts = account.counts.get(market.id) or NO_COUNTS
    stops = icebergs = 0
    for terms in legs:
        stops += terms.trigger != 0
        icebergs += terms.display != 0
    if counts.orders + len(legs) > parameters.open_orders_max:
        return RefusalCode.OPEN_ORDERS_TOO_MANY
    if stops and counts.stops + stops > parameters.stop_orders_max:
        return RefusalCode.STOP_ORDERS_TOO_MANY
    if icebergs and counts.icebergs + icebergs > parameters.icebergs_max:
        return RefusalCode.ICEBERGS_TOO_MANY
    if list_count and counts.lists + list_count > parameters.lists_max:
        return RefusalCode.LISTS_TOO_MANY
    if len(account.orders) + len(legs) > ACCOUNT_ORDERS_MAX:
        return RefusalCode.ACCOUNT_ORDERS_TOO_MANY
    return None


def units_needed(state: State, market: Market, order: Order) -> Units:
    """Return what must be available for a drafted order: its hold, or what it would pay (L4.4)."""
    terms = order.terms
    if holds.holds_at_entry(terms) or (order.side == SELL and not is_by_quote(terms)):
        return holds.need_of(market, order)
    if order.side == BUY and is_by_quote(terms):
        return terms.quote_units
    run = dry_run.dry_run(state, market, order)
    if order.side == BUY:
        return run.quote_units
    return Units(run.lots * market.lot_units)


def late_refusal(
    state: State, account: Account, market: Market, order: Order
) -> RefusalCode | None:
    """Return the first code from 600 to 800 that keeps a drafted single order out."""
    terms = order.terms
    if (code := trigger_refusal(market, terms)) is not None:
        return code
    if not terms.trigger and must_not_take(market, terms):
        return RefusalCode.POST_ONLY_WOULD_TAKE
    if (code := count_refusal(account, market, (terms,))) is not None:
        return code
    if units_needed(state, market, order) > order.balance.available:
        return RefusalCode.AVAILABLE_TOO_LOW
    return None
