"""Why an order's fields do not go together, in words, once the core has said that they do not.

The core's code 310 covers all of LAW L2.4; a client needs to know which field to change. Decides
nothing: an order that this page finds nothing wrong with is explained by the code alone.
"""

from msgspec import Struct

from bezant.core.commands import OrderTerms
from bezant.core.words import OrderType, TimeInForce, Trigger


class Fault(Struct, frozen=True):
    """The field to change, and what to do."""

    field: str
    sentence: str


def find_fault(terms: OrderTerms) -> Fault | None:
    """Return the first rule of L2.4 that an order breaks, or None."""
    if terms.tif == TimeInForce.GTD and not terms.expires_ns:
        return Fault("expiresAt", "expiresAt is missing: a GTD order needs the time when it ends")
    if terms.expires_ns and terms.tif != TimeInForce.GTD:
        return Fault("expiresAt", "expiresAt goes only with timeInForce GTD: leave it out")
    fault = _trigger_fault(terms)
    if fault is None:
        is_market = terms.type == OrderType.MARKET
        fault = _market_fault(terms) if is_market else _limit_fault(terms)
    return fault


def _trigger_fault(terms: OrderTerms) -> Fault | None:
    if terms.trigger:
        if not terms.trigger_price and not terms.trailing_bips:
            return Fault("triggerPrice", "triggerPrice must be above 0 for an order with a trigger")
        return None
    limit = "_limit" if terms.type == OrderType.LIMIT else ""
    if terms.trigger_price:
        return Fault(
            "triggerPrice",
            "triggerPrice goes only with an order that waits for it: leave it out, or use type "
            f"stop{limit} or take_profit{limit}",
        )
    if terms.trailing_bips:
        return Fault(
            "trailingBips",
            "trailingBips goes only with an order that trails: leave it out, or use type "
            "trailing_stop",
        )
    return None


def _limit_fault(terms: OrderTerms) -> Fault | None:
    if terms.quote_units:
        return Fault("quoteQuantity", "quoteQuantity goes only with a market order: send quantity")
    if terms.post_only and terms.trigger:
        return Fault("postOnly", "an order with a trigger cannot be postOnly: leave postOnly out")
    if terms.post_only and terms.tif in (TimeInForce.IOC, TimeInForce.FOK):
        return Fault(
            "postOnly", "a postOnly order must rest: use timeInForce GTC or GTD, not IOC or FOK"
        )
    if terms.display and terms.tif != TimeInForce.GTC:
        return Fault(
            "displayQuantity",
            "displayQuantity goes only with timeInForce GTC: leave one of them out",
        )
    return None


def _market_fault(terms: OrderTerms) -> Fault | None:
    if terms.price:
        with_limit = {Trigger.STOP: "stop_limit", Trigger.TAKE_PROFIT: "take_profit_limit"}
        other = with_limit.get(Trigger(terms.trigger), "limit")
        return Fault("price", f"a market order has no price: leave it out, or use type {other}")
    if terms.tif != TimeInForce.IOC:
        return Fault("timeInForce", "a market order is always IOC: leave timeInForce out")
    if terms.post_only:
        return Fault("postOnly", "a market order takes at once: leave postOnly out")
    if terms.display:
        return Fault("displayQuantity", "a market order never rests: leave displayQuantity out")
    if terms.quote_units and terms.trigger:
        return Fault(
            "quoteQuantity", "quoteQuantity does not go with a trigger: send quantity alone"
        )
    if terms.qty and terms.quote_units:
        return Fault("quoteQuantity", "send either quantity or quoteQuantity, not both")
    if not terms.qty and not terms.quote_units:
        return Fault("quantity", "a market order needs quantity, or quoteQuantity to spend")
    return None
