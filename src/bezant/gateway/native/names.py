"""How a request names an order: by its id, or by its client order id."""

import unicodedata
from typing import Final

from msgspec import Struct, UnsetType

from bezant.core.ids import CLIENT_ID_SIZE_MAX, OrderId
from bezant.gateway.native.problems import Problem, Refusal, bad_cursor, field_refusal

ORDER_ID_MAX: Final = 2**53 - 1
ORDER_ID_DIGITS_MAX: Final = len(str(ORDER_ID_MAX))


class OrderName(Struct, frozen=True):
    """One order of an account: its id, or (id 0) a client order id that names it."""

    order_id: OrderId = OrderId(0)
    client_id: str = ""

    @property
    def field(self) -> str:
        """The field that names it."""
        return "id" if self.order_id else "clientOrderId"


def to_order_name(order_id: str | UnsetType, client_id: str | UnsetType) -> OrderName:
    """Return the order that a body's `id` or `clientOrderId` names. Raises Refusal."""
    if not isinstance(order_id, UnsetType):
        if not isinstance(client_id, UnsetType):
            raise field_refusal(
                Problem.MALFORMED, "clientOrderId", "one_of", "give id or clientOrderId, not both"
            )
        return OrderName(to_order_id(order_id))
    name = to_client_id(client_id)
    if not name:
        raise field_refusal(
            Problem.MALFORMED, "id", "required", "id is missing: give id or clientOrderId"
        )
    return OrderName(client_id=name)


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
