"""Why an order's fields do not go together, in words, once the core has said that they do not.

The core's code 310 covers all of LAW L2.4; a client needs to know which field to change. Decides
nothing: an order that this page finds nothing wrong with is explained by the code alone.
"""

from msgspec import Struct

from bezant.core.commands import OrderTerms
from bezant.core.words import OrderType, TimeInForce


class Fault(Struct, frozen=True):
    """The field to change, and what to do."""

    field: str
    sentence: str


def find_fault(terms: OrderTerms) -> Fault | None:
    """Return the first rule of L2.4 that an order without a trigger breaks, or None."""
    if terms.tif == TimeInForce.GTD and not terms.expires_ns:
        return Fault("expiresAt", "expiresAt is missing: a GTD order needs the time when it ends")
    if terms.expires_ns and terms.tif != TimeInForce.GTD:
        return Fault("expiresAt", "expiresAt goes only with timeInForce GTD: leave it out")
    if terms.type == OrderType.MARKET:
        return _market_fault(terms)
    if terms.quote_units:
        return Fault("quoteQuantity", "quoteQuantity goes only with a market order: send quantity")
    if terms.post_only and terms.tif in (TimeInForce.IOC, TimeInForce.FOK):
        return Fault(
            "postOnly", "a postOnly order must rest: use timeInForce GTC or GTD, not IOC or FOK"
        )
    return None


def _market_fault(terms: OrderTerms) -> Fault | None:
    if terms.price:
        return Fault("price", "a market order has no price: leave it out, or use type limit")
    if terms.tif != TimeInForce.IOC:
        return Fault("timeInForce", "a market order is always IOC: leave timeInForce out")
    if terms.post_only:
        return Fault("postOnly", "a market order takes at once: leave postOnly out")
    if terms.qty and terms.quote_units:
        return Fault("quoteQuantity", "send either quantity or quoteQuantity, not both")
    if not terms.qty and not terms.quote_units:
        return Fault("quantity", "a market order needs quantity, or quoteQuantity to spend")
    return None
