"""An order's fields become its terms: strings to ticks, lots and units, words to numbers.

Exact or refused. Which combinations make sense is the core's to say; only what cannot even be
written as a command is refused here.
"""

from typing import Final

from msgspec import Struct, UnsetType

from bezant.core.commands import OrderTerms, PlaceOrder
from bezant.core.ids import AccountId, MarketId
from bezant.core.words import OrderType, Side, STPMode, TimeInForce, Trigger
from bezant.gateway.native.bodies import LegFields, OrderFields
from bezant.gateway.native.names import to_client_id
from bezant.gateway.native.problems import Problem, field_refusal
from bezant.gateway.native.steps import to_lots, to_quote_units, to_ticks
from bezant.gateway.native.times import parse_time
from bezant.marketdata.catalogue import Market

LIMIT_MAKER: Final = "limit_maker"
ICEBERG: Final = "iceberg"
TRAILING_STOP: Final = "trailing_stop"


class Kind(Struct, frozen=True):
    """What a type of the API is in the law (L2.3), and the fields without which it is none."""

    type: OrderType
    trigger: Trigger
    needs: tuple[str, ...]


KINDS: Final = {
    "limit": Kind(OrderType.LIMIT, Trigger.NONE, ("price", "quantity")),
    LIMIT_MAKER: Kind(OrderType.LIMIT, Trigger.NONE, ("price", "quantity")),
    ICEBERG: Kind(OrderType.LIMIT, Trigger.NONE, ("price", "quantity", "displayQuantity")),
    "market": Kind(OrderType.MARKET, Trigger.NONE, ()),
    "stop": Kind(OrderType.MARKET, Trigger.STOP, ("quantity", "triggerPrice")),
    "stop_limit": Kind(OrderType.LIMIT, Trigger.STOP, ("price", "quantity", "triggerPrice")),
    "take_profit": Kind(OrderType.MARKET, Trigger.TAKE_PROFIT, ("quantity", "triggerPrice")),
    "take_profit_limit": Kind(
        OrderType.LIMIT, Trigger.TAKE_PROFIT, ("price", "quantity", "triggerPrice")
    ),
    TRAILING_STOP: Kind(OrderType.MARKET, Trigger.STOP, ("quantity", "trailingBips")),
}
_ATTRIBUTES: Final = {
    "price": "price",
    "quantity": "quantity",
    "triggerPrice": "trigger_price",
    "trailingBips": "trailing_bips",
    "displayQuantity": "display_quantity",
}
_SIDES: Final = {side.name.lower(): side for side in Side}
_TIFS: Final = {tif.name: tif for tif in TimeInForce}
PREVENTIONS: Final = {mode.name.lower(): mode for mode in STPMode}


def to_place_order(account: int, market: Market, fields: OrderFields) -> PlaceOrder:
    """Return the command that places the order. Raises Refusal with the field at fault."""
    return PlaceOrder(AccountId(account), MarketId(market.market), to_terms(market, fields))


def to_terms(market: Market, fields: LegFields) -> OrderTerms:
    """Return what an order asks for. Raises Refusal with the field at fault."""
    word = fields.type.lower()
    kind = KINDS[word]
    order_type = kind.type
    if word == TRAILING_STOP and not isinstance(fields.price, UnsetType):
        order_type = OrderType.LIMIT
    _check_needs(market, fields, kind, word)
    tif = fields.time_in_force
    prevention = fields.self_trade_prevention
    trailing = fields.trailing_bips
    return OrderTerms(
        client_id=to_client_id(fields.client_order_id),
        side=_SIDES[fields.side.lower()],
        type=order_type,
        tif=_default_tif(order_type) if isinstance(tif, UnsetType) else _TIFS[tif.upper()],
        price=to_ticks(fields.price, market),
        qty=to_lots(fields.quantity, market),
        quote_units=to_quote_units(fields.quote_quantity, market),
        trigger=kind.trigger,
        trigger_price=to_ticks(fields.trigger_price, market, "triggerPrice"),
        trailing_bips=0 if isinstance(trailing, UnsetType) else trailing,
        post_only=_is_post_only(fields, word),
        display=to_lots(fields.display_quantity, market, "displayQuantity"),
        stp=(
            STPMode.DEFAULT
            if isinstance(prevention, UnsetType)
            else PREVENTIONS[prevention.lower()]
        ),
        expires_ns=(
            0
            if isinstance(fields.expires_at, UnsetType)
            else parse_time(fields.expires_at, "expiresAt")
        ),
    )


def to_valid_until(text: str | UnsetType) -> int:
    """Return until when a request may enter, in ns; 0 for always. Raises Refusal."""
    return 0 if isinstance(text, UnsetType) else parse_time(text, "validUntil")


def _check_needs(market: Market, fields: LegFields, kind: Kind, word: str) -> None:
    """An order without what its type is made of is not even an order."""
    for name in kind.needs:
        if not isinstance(getattr(fields, _ATTRIBUTES[name]), UnsetType):
            continue
        if name == "triggerPrice" and not isinstance(fields.trailing_bips, UnsetType):
            continue  # It trails from the last price on.
        raise field_refusal(
            Problem.MALFORMED,
            name,
            "required",
            f"{name} is missing: an order of type {word} needs it, {_steps_of(name, market)}",
        )


def _steps_of(name: str, market: Market) -> str:
    if name == "trailingBips":
        limits = market.parameters
        return f"{limits.trailing_min} to {limits.trailing_max} hundredths of a percent"
    is_price = name in {"price", "triggerPrice"}
    return f"in steps of {market.grid.tick_size if is_price else market.grid.lot_size}"


def _is_post_only(fields: LegFields, word: str) -> bool:
    if word != LIMIT_MAKER:
        return fields.post_only is True
    if fields.post_only is False:
        raise field_refusal(
            Problem.COMBINATION,
            "postOnly",
            "combination",
            "postOnly cannot be false for a limit_maker order: use type limit",
        )
    return True


def _default_tif(order_type: OrderType) -> TimeInForce:
    return TimeInForce.IOC if order_type == OrderType.MARKET else TimeInForce.GTC
