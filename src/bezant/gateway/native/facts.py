"""The numbers that a refusal's sentence may name: the market's limits and the order's own."""

from bezant.core.commands import OrderTerms
from bezant.core.units import Units
from bezant.core.words import OrderType, Side, Trigger
from bezant.gateway.native.combinations import find_fault
from bezant.gateway.native.render import BIPS_SCALE, SIDES, status_word
from bezant.kit.decimals import from_units, shorten
from bezant.marketdata.catalogue import Market

Facts = dict[str, str]

_PERCENT_SCALE = BIPS_SCALE - 2


def market_facts(market: Market) -> Facts:
    """Return what a market allows."""
    grid, limits = market.grid, market.parameters
    return {
        "symbol": market.code,
        "status": status_word(market),
        "quote": market.quote.code,
        "tickSize": grid.tick_size,
        "minQuantity": grid.qty_text(limits.qty_min),
        "maxQuantity": grid.qty_text(limits.qty_max),
        "maxPrice": grid.price_text(limits.price_max),
        "minNotional": grid.quote_text(limits.notional_min),
        "maxNotional": grid.quote_text(limits.notional_max),
        "bandPercent": shorten(from_units(limits.band_bips, _PERCENT_SCALE)),
        "minTrailingBips": str(limits.trailing_min),
        "maxTrailingBips": str(limits.trailing_max),
        "maxOpenOrders": str(limits.open_orders_max),
        "maxStopOrders": str(limits.stop_orders_max),
        "maxIcebergs": str(limits.icebergs_max),
        "maxIcebergParts": str(limits.parts_max),
        "maxLists": str(limits.lists_max),
        "maxAmends": str(limits.amends_max),
    }


def order_facts(terms: OrderTerms, market: Market) -> Facts:
    """Return what the market allows, and what the order asked for."""
    grid = market.grid
    is_buy = terms.side == Side.BUY
    # A stop buy and a take-profit sell are met from below, the others from above (L8.1).
    is_rising = (terms.trigger == Trigger.STOP) == is_buy
    facts = market_facts(market) | {
        "side": SIDES[terms.side],
        "spends": (market.quote if is_buy else market.base).code,
        "clientOrderId": terms.client_id,
        "quantity": grid.qty_text(terms.qty),
        "quoteQuantity": grid.quote_text(Units(terms.quote_units)),
        "displayQuantity": grid.qty_text(terms.display),
        "triggerPrice": grid.price_text(terms.trigger_price),
        "trailingBips": str(terms.trailing_bips),
        **_price_facts(terms, market),
        "triggerSide": "above" if is_rising else "below",
        "trigger": "stop" if terms.trigger == Trigger.STOP else "take-profit",
    }
    if terms.type == OrderType.LIMIT:
        facts["price"] = grid.price_text(terms.price)
    if fault := find_fault(terms):
        facts |= {"combination": fault.sentence, "combinationField": fault.field}
    return facts


def _price_facts(terms: OrderTerms, market: Market) -> Facts:
    """Return which price is the highest, and what the order is worth by it."""
    grid = market.grid
    is_trigger = terms.trigger_price > terms.price
    high = terms.trigger_price if is_trigger else terms.price
    facts = {
        "tooHigh": "triggerPrice" if is_trigger else "price",
        "tooHighPrice": grid.price_text(high),
        "sizeField": "quantity",
    }
    if terms.quote_units:
        worth = f"quoteQuantity {grid.quote_text(terms.quote_units)}"
        return facts | {"sizeField": "quoteQuantity", "notional": worth}
    if terms.type == OrderType.LIMIT:
        units = grid.quote_text(terms.price * terms.qty * grid.tick_lot_units)
        return facts | {"notional": f"price × quantity, {units} {market.quote.code},"}
    start = "triggerPrice" if terms.trigger_price else "the last price"
    return facts | {"notional": f"{start} × quantity"}
