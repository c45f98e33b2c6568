"""What stands for what a line says and no message can carry: the core refuses it as LAW would.

A message has so many bits for a number, some bytes for a client id and three places for legs. What
a line says beyond them is refused by LAW all the same, and with which code is the core's business.
So the nearest number stands for one that is too large or too small (401, 412, 430, 800, 902), a
number that nothing has for an id (100, 105, 200, 210), one that no word has for a word (300), and
three legs that deserve what all of them do for four. Where the core would take the stand-in, a
field beside it keeps it out (300, or 902 for what is created). What stays an error would be told
wrongly: a source's own number, and balances that are asserted, whose differences are told.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any, Final, TypeVar

from msgspec import inspect, msgpack, structs

from bezant.apps.law.names import words_of
from bezant.apps.law.reading import NO_SUCH_WORD, LineError, fields_of
from bezant.core import codec
from bezant.core.commands import Command, Message, OrderTerms, PlaceList
from bezant.core.contract import EngineContract
from bezant.core.handlers.admission import has_unknown_word, is_too_long
from bezant.core.ids import AccountId, OrderId
from bezant.core.reads import Answer, Catalogue, OrderFound, Read, ReadCatalogue, ReadOrder
from bezant.core.units import I64_MAX
from bezant.core.words import FOK, IOC, MARKET, ListKind

LEGS_MAX: Final = 3
NUMBER_MAX: Final = 2**16 - 1  # Of assets and markets.
# Ids that nothing ever has: accounts and sources count from 1, orders of entries from 64.
_NOTHING: Final = {
    "account": 0,
    "from_account": 0,
    "to_account": 0,
    "custody": 0,
    "source": 0,
    "order_id": 1,
}
_ASSETS: Final = frozenset({"asset", "base", "quote"})
# What the core would take: the field beside it that is then said wrongly, and how.
_KEPT_OUT_BY: Final[dict[tuple[str, str], tuple[str, int]]] = {
    ("OrderTerms", "expires_ns"): ("stp", NO_SUCH_WORD),
    ("OpenAccount", "trade_group"): ("stp", NO_SUCH_WORD),
    ("SetAccount", "trade_group"): ("stp", NO_SUCH_WORD),
    ("CreateAsset", "asset"): ("scale", -1),
    ("CreateMarket", "market"): ("tick_scale", -1),
    ("CreateMarket", "lot_units"): ("tick_scale", -1),
    ("CreateMarket", "tick_num"): ("tick_scale", -1),
    ("MarketParameters", "min_allocation"): ("price_max", 0),
}
_TOLD: Final = frozenset({"number", "available", "hold"})
_ANSWERS: Final = msgpack.Decoder(Answer)

M = TypeVar("M", bound=Message)


@dataclass(frozen=True)
class StandIns:
    """Makes what lines say to an engine writable, by what that engine has at the time."""

    engine: EngineContract

    def writable(self, command: Command) -> Command:
        """Return the command if it can be written, else one that is refused as it deserves.

        Raises LineError where there is none.
        """
        written = self._written(command)
        if isinstance(written, PlaceList) and len(written.legs) > LEGS_MAX:
            return structs.replace(written, legs=self._three_legs(written))
        return written

    def _written(self, message: M) -> M:
        changes: dict[str, Any] = {}
        bounds = _bounds_of(type(message))
        for name in message.__struct_fields__:
            value = getattr(message, name)
            if type(value) is int:
                least, most = bounds[name]
                if not least <= value <= most:
                    changes |= self._instead(type(message), name, value)
            elif isinstance(value, str):
                changes[name] = value[: bounds[name][1]]
            elif isinstance(value, Message):
                changes[name] = self._written(value)
            elif isinstance(value, tuple):
                changes[name] = tuple(map(self._written, value))
        return structs.replace(message, **changes) if changes else message

    def _instead(self, message: type[Message], name: str, value: int) -> dict[str, int]:
        """Return what is said instead of a number outside its bounds."""
        kind = message.__name__
        least, most = _bounds_of(message)[name]
        if name in _TOLD:
            raise LineError(f"`{name}` must be {least} to {most}, not {value}")
        changes = {name: min(max(value, least), most)}
        if name in _NOTHING:
            changes[name] = _NOTHING[name]
        elif name == "market" or name in _ASSETS:
            changes[name] = self._unused(name)
        elif words_of(kind, name):
            changes[name] = NO_SUCH_WORD
        if (kind, name) in _KEPT_OUT_BY and (value > most or least == 0):
            other, wrong = _KEPT_OUT_BY[kind, name]
            changes[other] = wrong
        return changes

    def _unused(self, name: str) -> int:
        """Return a number that no asset, or no market, of the engine has."""
        found = self._ask(ReadCatalogue())
        if not isinstance(found, Catalogue):
            raise TypeError(f"the engine answered {found!r}")
        used: list[int] = [one.asset for one in found.assets]
        if name not in _ASSETS:
            used = [one.market for one in found.markets]
        return next((one for one in range(NUMBER_MAX, 0, -1) if one not in used), 0)

    def _three_legs(self, command: PlaceList) -> tuple[OrderTerms, ...]:
        """Return legs that no list has (310) and that deserve whatever smaller code all of them do.

        Those codes are 20, 220 of what would enter now, and 300.
        """
        legs = command.legs
        for leg in legs:
            if leg.client_id and self._is_remembered(command.account, leg.client_id):
                return (leg,)
        entering = legs if command.kind == ListKind.OCO else legs[:1]
        first = max(entering, key=_standing)
        wrong = (leg for leg in legs if has_unknown_word(leg) or is_too_long(leg.client_id))
        second = next(wrong, legs[1])
        return (first, second, second)

    def _is_remembered(self, account: AccountId, client_id: str) -> bool:
        found = self._ask(ReadOrder(account, OrderId(0), client_id))
        return isinstance(found, OrderFound) and found.order_id != 0

    def _ask(self, question: Read) -> Answer:
        answer: Answer = _ANSWERS.decode(self.engine.query(codec.encode(question)))
        return answer


def _standing(terms: OrderTerms) -> int:
    """Return how many of the statuses pre_open and post_only keep an order out (L12.1)."""
    takes = not terms.trigger and (terms.type == MARKET or terms.tif in (IOC, FOK))
    return 2 if takes else int(terms.post_only)


@cache
def _bounds_of(kind: type[Message]) -> dict[str, tuple[int, int]]:
    """Return the least and the most that a message's numbers can be; of a text its length."""
    found: dict[str, tuple[int, int]] = {}
    for field in fields_of(kind):
        types = field.type.types if isinstance(field.type, inspect.UnionType) else (field.type,)
        for one in types:
            if isinstance(one, inspect.IntType):
                found[field.name] = (one.ge or 0, I64_MAX if one.le is None else one.le)
            elif isinstance(one, inspect.StrType):
                found[field.name] = (0, one.max_length or 0)
    return found
