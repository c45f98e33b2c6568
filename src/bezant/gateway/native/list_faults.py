"""What is wrong with an order list, in words, once the core has refused it.

The core tells one code for a whole list; a client needs to know which leg to change. Decides
nothing: where no leg is found at fault, the list is explained by the code alone.
"""

from typing import Final

from bezant.core.commands import MarketParameters, OrderTerms, PlaceList
from bezant.core.refusals import RefusalCode as Code
from bezant.core.words import ListKind, OrderType, Trigger
from bezant.gateway.native.combinations import Fault, find_fault
from bezant.gateway.native.facts import Facts
from bezant.gateway.native.render import SIDES
from bezant.marketdata.catalogue import Market

PAIR_SIZE: Final = 2
_SIZES: Final = {ListKind.OCO: 2, ListKind.OTO: 2, ListKind.OTOCO: 3}


def find_leg(code: int, command: PlaceList, market: Market, last_price: int) -> int | None:
    """Return the first leg that a code is about, None for one about the list."""
    for index, terms in enumerate(command.legs):
        if _has_fault(code, terms, market, last_price):
            return index
    return None


def find_list_fault(command: PlaceList) -> Fault | None:
    """Return the first rule of L10.1 that a list breaks, or None."""
    kind, legs = ListKind(command.kind), command.legs
    word, size = kind.name.lower(), _SIZES[kind]
    names = [one for one in (command.list_client_id, *(leg.client_id for leg in legs)) if one]
    if len(legs) != size:
        return Fault("legs", f"an {word} list has {size} legs, not {len(legs)}")
    if len(names) != len(dict.fromkeys(names)):
        return Fault("legs", "the client order ids of a list and its legs must all differ")
    if kind is not ListKind.OCO:
        if legs[0].type != OrderType.LIMIT or legs[0].trigger:
            return Fault("legs[0].type", "the first leg must be a limit order without a trigger")
        if kind is ListKind.OTO:
            return _oto_fault(legs[1])
    return _pair_fault(legs, size - PAIR_SIZE)


def pair_facts(command: PlaceList, market: Market, last_price: int) -> Facts:
    """Return how the prices of a pair must stand (L10.1, code 602)."""
    first, second = len(command.legs) - 2, len(command.legs) - 1
    target = command.legs[first]
    field = "triggerPrice" if target.trigger else "price"
    over, under = ("below", "above") if SIDES[target.side] == "buy" else ("above", "below")
    if command.kind == ListKind.OCO and last_price:
        last = f"the last price {market.grid.price_text(last_price)}"
        rule = (
            f"legs[{first}].{field} must be {over} {last}, legs[{second}].triggerPrice {under} it"
        )
    else:
        rule = f"legs[{first}].{field} must be {over} legs[{second}].triggerPrice"
    return {"pairRule": rule, "pairField": f"legs[{first}].{field}"}


def _oto_fault(leg: OrderTerms) -> Fault | None:
    if leg.quote_units:
        return Fault("legs[1].quoteQuantity", "a leg that waits needs quantity, not quoteQuantity")
    return None


def _pair_fault(legs: tuple[OrderTerms, ...], first: int) -> Fault | None:
    target, stop = legs[first], legs[first + 1]
    is_maker = target.type == OrderType.LIMIT and not target.trigger and target.post_only
    if not is_maker and target.trigger != Trigger.TAKE_PROFIT:
        return Fault(
            f"legs[{first}].type",
            f"legs[{first}] of the pair must be a limit_maker, take_profit or take_profit_limit",
        )
    if stop.trigger != Trigger.STOP:
        return Fault(
            f"legs[{first + 1}].type",
            f"legs[{first + 1}] of the pair must be a stop, stop_limit or trailing_stop",
        )
    if target.side != stop.side:
        return Fault(f"legs[{first + 1}].side", "both legs of the pair must be on the same side")
    if target.qty != stop.qty:
        return Fault(
            f"legs[{first + 1}].quantity", "both legs of the pair must have the same quantity"
        )
    return None


def _has_fault(code: int, terms: OrderTerms, market: Market, last_price: int) -> bool:
    limits: MarketParameters = market.parameters
    is_limit = terms.type == OrderType.LIMIT
    price = terms.price or terms.trigger_price
    worth = price * terms.qty * market.grid.tick_lot_units
    match code:
        case Code.COMBINATION_NOT_SUPPORTED:
            return find_fault(terms) is not None
        case Code.EXPIRY_NOT_AFTER_NOW:
            return terms.expires_ns != 0
        case Code.PRICE_NOT_POSITIVE:
            return is_limit and terms.price <= 0
        case Code.PRICE_TOO_HIGH:
            return max(terms.price, terms.trigger_price) > limits.price_max
        case Code.PRICE_OUT_OF_BAND:
            return is_limit and abs(terms.price - last_price) * 10_000 > (
                last_price * limits.band_bips
            )
        case Code.QTY_NOT_POSITIVE:
            return terms.qty <= 0
        case Code.QTY_TOO_LOW:
            return terms.qty < limits.qty_min
        case Code.QTY_TOO_HIGH:
            return terms.qty > limits.qty_max
        case Code.NOTIONAL_TOO_LOW:
            return price != 0 and worth < limits.notional_min
        case Code.NOTIONAL_TOO_HIGH:
            return worth > limits.notional_max
        case Code.TRAILING_OUT_OF_RANGE:
            return terms.trailing_bips != 0 and not (
                limits.trailing_min <= terms.trailing_bips <= limits.trailing_max
            )
        case _:
            return _has_late_fault(code, terms, market, last_price)


def _has_late_fault(code: int, terms: OrderTerms, market: Market, last_price: int) -> bool:
    limits = market.parameters
    is_rising = (terms.trigger == Trigger.STOP) == (SIDES[terms.side] == "buy")
    match code:
        case Code.DISPLAY_NOT_BELOW_QTY:
            return terms.display != 0 and terms.display >= terms.qty
        case Code.DISPLAY_TOO_LOW:
            return 0 < terms.display < limits.qty_min
        case Code.ICEBERG_PARTS_TOO_MANY:
            return terms.display != 0 and terms.qty > terms.display * limits.parts_max
        case Code.NO_LAST_PRICE:
            return terms.trigger != 0
        case Code.WOULD_TRIGGER_NOW:
            is_met = (
                last_price >= terms.trigger_price
                if is_rising
                else last_price <= terms.trigger_price
            )
            return terms.trigger_price != 0 and is_met
        case Code.POST_ONLY_WOULD_TAKE:
            return terms.type == OrderType.LIMIT and not terms.trigger
        case _:
            return False
