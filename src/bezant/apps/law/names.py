"""LAW's names and words for what messages carry as fields and numbers."""

import enum
from collections.abc import Mapping
from functools import cache
from typing import Final

from bezant.core import words
from bezant.core.commands import MarketParameters, OrderTerms

FLAT: Final = (OrderTerms, MarketParameters)  # Their fields stand beside the message's own.

# Which enumeration a field counts in; by message where one name has two meanings.
_WORDS: Final[dict[str, type[enum.IntEnum]]] = {
    "side": words.Side,
    "taker_side": words.Side,
    "type": words.OrderType,
    "tif": words.TimeInForce,
    "trigger": words.Trigger,
    "stp": words.STPMode,
    "kind": words.ListKind,
    "only": words.Only,
    "mode": words.ReplaceMode,
    "reason": words.TransferReason,
    "algorithm": words.Algorithm,
    "status": words.MarketStatus,
    "cause": words.StatusCause,
    "state": words.AcceptedState,
    "part": words.Part,
}
_WORDS_OF: Final[dict[tuple[str, str], type[enum.IntEnum]]] = {
    ("OrderDone", "status"): words.DoneStatus,
    ("OrderDone", "reason"): words.DoneReason,
    ("SelfTradePrevented", "mode"): words.STPMode,
}
# Where LAW writes a field otherwise than the message does.
_NAMES: Final = {"from_account": "from", "to_account": "to"}
_NAMES_OF: Final = {("ReplaceOrder", "order"): "new"}
# Other spellings of LAW §2 that a command may use.
ALIASES: Final = {
    ("CreateAsset", "id"): "asset",
    ("SetAsset", "id"): "asset",
    ("CreateMarket", "id"): "market",
    ("CreateMarket", "L"): "lot_units",
    ("SetMarket", "id"): "market",
    ("AmendOrder", "qty"): "new_qty",
    ("AmendOrder", "price"): "new_price",
    ("SettleTransfer", "account"): "custody",
    ("SettleTransfer", "custody_account"): "custody",
    ("OpenAccount", "default_stp"): "stp",
    ("SetAccount", "default_stp"): "stp",
}


@cache
def words_of(message: str, field: str) -> Mapping[str, int]:
    """Return the words of a message's field with their numbers; none for a plain number."""
    found = _WORDS_OF.get((message, field), _WORDS.get(field))
    return {} if found is None else {word.name.lower(): word.value for word in found}


@cache
def numbers_of(message: str, field: str) -> Mapping[int, str]:
    """Return the numbers of a message's field with their words; none for a plain number."""
    return {number: word for word, number in words_of(message, field).items()}


def name_of(message: str, field: str) -> str:
    """Return LAW's name of a message's field."""
    return _NAMES_OF.get((message, field), _NAMES.get(field, field))
