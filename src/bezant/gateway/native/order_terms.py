"""An order's fields become a PlaceOrder: strings to ticks, lots and units, words to numbers.

Exact or refused. Which combinations make sense is the core's to say; only what cannot even be
written as a command is refused here.
"""

import unicodedata
from collections.abc import Callable
from typing import Final

from msgspec import UnsetType

from bezant.core.commands import OrderTerms, PlaceOrder
from bezant.core.ids import CLIENT_ID_SIZE_MAX, AccountId, MarketId, OrderId
from bezant.core.units import Lots, Ticks, Units
from bezant.core.words import OrderType, Side, STPMode, TimeInForce
from bezant.gateway.native.bodies import OrderFields
from bezant.gateway.native.problems import Problem, Refusal, bad_cursor, field_refusal
from bezant.gateway.native.times import parse_time
from bezant.kit.decimals import NotDecimal
from bezant.marketdata.catalogue import Market
from bezant.marketdata.grid import OffGrid, TooLarge

LIMIT_MAKER: Final = "limit_maker"
ORDER_ID_MAX: Final = 2**53 - 1
ORDER_ID_DIGITS_MAX: Final = len(str(ORDER_ID_MAX))

_SIDES: Final = {side.name.lower(): side for side in Side}
_TYPES: Final = {
    "limit": OrderType.LIMIT,
    "market": OrderType.MARKET,
    LIMIT_MAKER: OrderType.LIMIT,
}
_TIFS: Final = {tif.name: tif for tif in TimeInForce}
_PREVENTIONS: Final = {mode.name.lower(): mode for mode in STPMode}


def to_place_order(account: int, market: Market, fields: OrderFields) -> PlaceOrder:
    """Return the command that places the order. Raises Refusal with the field at fault."""
    word = fields.type.lower()
    order_type = _TYPES[word]
    if order_type == OrderType.LIMIT:
        _require(fields, market)
    tif = fields.time_in_force
    prevention = fields.self_trade_prevention
    return PlaceOrder(
        AccountId(account),
        MarketId(market.market),
        OrderTerms(
            client_id=to_client_id(fields.client_order_id),
            side=_SIDES[fields.side.lower()],
            type=order_type,
            tif=_default_tif(order_type) if isinstance(tif, UnsetType) else _TIFS[tif.upper()],
            price=Ticks(_price(fields.price, market)),
            qty=Lots(_quantity(fields.quantity, market)),
            quote_units=Units(_quote_quantity(fields.quote_quantity, market)),
            trigger=0,
            trigger_price=Ticks(0),
            trailing_bips=0,
            post_only=_is_post_only(fields, word),
            display=Lots(0),
            stp=(
                STPMode.DEFAULT
                if isinstance(prevention, UnsetType)
                else _PREVENTIONS[prevention.lower()]
            ),
            expires_ns=(
                0
                if isinstance(fields.expires_at, UnsetType)
                else parse_time(fields.expires_at, "expiresAt")
            ),
        ),
    )


def to_client_id(text: str | UnsetType, field: str = "clientOrderId") -> str:
    """Return a client order id, or "" if there is none. Raises Refusal (VALIDATION_001)."""
    if isinstance(text, UnsetType):
        return ""
    if not text or len(text.encode("utf-8", "surrogatepass")) > CLIENT_ID_SIZE_MAX:
        raise field_refusal(
            Problem.MALFORMED,
            field,
            "length",
            f"{field} must have 1 to {CLIENT_ID_SIZE_MAX} bytes of UTF-8, or be left out",
        )
    if any(unicodedata.category(sign) in {"Cc", "Cs"} for sign in text):
        raise field_refusal(
            Problem.MALFORMED, field, "characters", f"{field} holds a control character: remove it"
        )
    return text


def to_order_id(text: str, field: str = "id") -> OrderId:
    """Return an order id. Raises Refusal: text that is no id names no order (ORDER_003)."""
    is_number = text.isascii() and text.isdecimal() and len(text) <= ORDER_ID_DIGITS_MAX
    if not is_number or not 0 < int(text) <= ORDER_ID_MAX:
        raise field_refusal(
            Problem.ORDER_UNKNOWN, field, "order_unknown", "There is no order with this id"
        )
    return OrderId(int(text))


def to_cursor(text: str) -> OrderId:
    """Return where a page of orders goes on. Raises Refusal (VALIDATION_001)."""
    try:
        return to_order_id(text)
    except Refusal:
        raise bad_cursor() from None


def to_valid_until(text: str | UnsetType) -> int:
    """Return until when a request may enter, in ns; 0 for always. Raises Refusal."""
    return 0 if isinstance(text, UnsetType) else parse_time(text, "validUntil")


def _require(fields: OrderFields, market: Market) -> None:
    """A limit order without a price or quantity is not even an order."""
    if isinstance(fields.price, UnsetType):
        raise field_refusal(
            Problem.MALFORMED,
            "price",
            "required",
            f"price is missing: a limit order needs one, in steps of {market.grid.tick_size}",
        )
    if isinstance(fields.quantity, UnsetType):
        raise field_refusal(
            Problem.MALFORMED,
            "quantity",
            "required",
            f"quantity is missing: a limit order needs one, in steps of {market.grid.lot_size}",
        )


def _is_post_only(fields: OrderFields, word: str) -> bool:
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


def _price(text: str | UnsetType, market: Market) -> int:
    if isinstance(text, UnsetType):
        return 0
    return _to_steps(
        text,
        market.grid.to_ticks,
        "price",
        problem=Problem.PRICE,
        step=f"the tick size {market.grid.tick_size}",
    )


def _quantity(text: str | UnsetType, market: Market) -> int:
    if isinstance(text, UnsetType):
        return 0
    return _to_steps(
        text,
        market.grid.to_lots,
        "quantity",
        problem=Problem.QUANTITY,
        step=f"the lot size {market.grid.lot_size}",
    )


def _quote_quantity(text: str | UnsetType, market: Market) -> int:
    if isinstance(text, UnsetType):
        return 0
    return _to_steps(
        text,
        market.grid.to_quote_units,
        "quoteQuantity",
        problem=Problem.QUANTITY,
        step=f"the smallest unit {market.grid.quote_text(1)} of {market.quote.code}",
    )


def _to_steps(
    text: str, parse: Callable[[str], int], field: str, *, problem: Problem, step: str
) -> int:
    """Return the number of steps. Raises Refusal naming field, rule and way out."""
    try:
        return parse(text)
    except NotDecimal as error:
        raise field_refusal(Problem.MALFORMED, field, "decimal", f"{field}: {error}") from None
    except OffGrid:
        raise field_refusal(
            problem, field, "step", f"{field} {text} is not a multiple of {step}"
        ) from None
    except TooLarge:
        raise field_refusal(
            problem, field, "maximum", f"{field} {text} is larger than any order can be"
        ) from None
