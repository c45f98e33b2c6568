"""What a listed event claims, and whether the event that happened is so.

A claim names as much as is its point: `trade`, `trade a1×b1 5@100`, `trade … taker_fee=1`.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

from bezant.apps.vectors.amounts import read, value_of
from bezant.apps.vectors.grammar import VectorSyntax, event_words, options_of
from bezant.apps.vectors.numbers import BadNumber
from bezant.apps.vectors.world import World
from bezant.core import events as e
from bezant.core.commands import Message
from bezant.core.refusals import RefusalCode
from bezant.core.words import (
    AcceptedState,
    DoneReason,
    DoneStatus,
    ListKind,
    MarketStatus,
    Part,
    StatusCause,
    STPMode,
)

KINDS: dict[str, type] = {
    "refused": e.CommandRefused,
    "repeated": e.CommandRepeated,
    "accepted": e.OrderAccepted,
    "rested": e.OrderRested,
    "trade": e.TradeExecuted,
    "refilled": e.PeakRefilled,
    "prevented": e.SelfTradePrevented,
    "done": e.OrderDone,
    "triggered": e.OrderTriggered,
    "amended": e.OrderAmended,
    "posted": e.TransferPosted,
    "held": e.TransferHeld,
    "settled": e.TransferSettled,
    "voided": e.TransferVoided,
    "opened": e.AccountOpened,
    "closed": e.AccountClosed,
    "status": e.MarketStatusChanged,
    "uncrossed": e.AuctionUncrossed,
    "extended": e.AuctionExtended,
}
KINDS |= {
    name: kind
    for name, kind in vars(e).items()
    if isinstance(kind, type) and issubclass(kind, Message) and kind.__module__ == e.__name__
}
_NAME = re.compile(r"@?[A-Za-z][\w.-]*")
_AT = re.compile(r"([^@×]+)@([^@×]+)")
_ENUMS: dict[str, Any] = {"mode": STPMode, "kind": ListKind}

Claim = tuple[str, object]  # Field and value; a field of the order terms counts as the event's own.


def agrees(world: World, text: str, event: Any) -> bool:
    """Tell whether `event` is as `text` claims. Raises VectorSyntax if the text is no claim."""
    words = event_words(text)
    head, _, inside = words[0].partition("(")
    if head not in KINDS:
        raise VectorSyntax(f"{head!r} is no event")
    if not isinstance(event, KINDS[head]):
        return False
    inner = [part.strip() for part in inside.removesuffix(")").split(",")] if inside else []
    plain, options = options_of(words[1:])
    try:
        claims = list(_positional(world, event, inner, list(plain)))
        claims += [_option(world, event, key, value) for key, value in options.items()]
    except BadNumber as error:
        raise VectorSyntax(f"{text}: {error}") from error
    return all(value_of(event, field) == value for field, value in claims)


def _option(world: World, event: Any, key: str, text: str) -> Claim:
    try:
        value_of(event, key)
    except AttributeError:
        raise VectorSyntax(f"{type(event).__name__} has no field {key}") from None
    if key in _ENUMS:
        return key, _ENUMS[key][text.upper()]
    return key, read(world, event, key, text)


def _positional(world: World, event: Any, inner: list[str], words: list[str]) -> Iterator[Claim]:
    reader = _READERS.get(type(event), _nothing)
    yield from reader(world, event, inner, words)
    if words:
        raise VectorSyntax(f"words too many: {' '.join(words)}")


def _take_order(world: World, words: list[str], field: str = "order_id") -> Iterator[Claim]:
    if words and _NAME.fullmatch(words[0]):
        yield field, world.order(words.pop(0).removeprefix("@"))


def _refused(world: World, event: Any, inner: list[str], words: list[str]) -> Iterator[Claim]:
    parts = inner or words
    if parts:
        code = parts[0]
        yield "code", int(code) if code.isdigit() else RefusalCode[code]
        yield "part", Part[(parts[1] if len(parts) > 1 else "whole").upper()]
    words.clear()


def _repeated(world: World, event: Any, inner: list[str], words: list[str]) -> Iterator[Claim]:
    for word in inner or words:
        yield "id", int(word) if word.isdigit() else world.order(word)
    words.clear()


def _accepted(world: World, event: Any, inner: list[str], words: list[str]) -> Iterator[Claim]:
    for part in inner:
        if part[0].isdigit():
            yield "held", read(world, event, "held", part)
        else:
            yield "state", AcceptedState[part.upper()]
    yield from _take_order(world, words)


def _lots(name: str) -> Callable[[World, Any, list[str], list[str]], Iterator[Claim]]:
    def reader(world: World, event: Any, inner: list[str], words: list[str]) -> Iterator[Claim]:
        yield from _take_order(world, words)
        for word in inner or words:
            lots, at, price = word.partition("@")
            yield name, read(world, event, name, lots)
            if at:
                yield "price", read(world, event, "price", price)
        words.clear()

    return reader


def _pair(world: World, event: Any, inner: list[str], words: list[str]) -> Iterator[Claim]:
    """`a1×b1 5@100`: taker × maker, lots at price; then `released 2 4`, taker's and maker's."""
    if words and "×" in words[0]:
        taker, _, maker = words.pop(0).partition("×")
        yield "taker_order", world.order(taker)
        yield "maker_order", world.order(maker)
    if words and (match := _AT.fullmatch(words[0])):
        words.pop(0)
        yield "qty", read(world, event, "qty", match[1])
        yield "price", read(world, event, "price", match[2])
    elif words and words[0] != "released":
        yield "qty", read(world, event, "qty", words.pop(0))
    if words and words[0] == "released":
        yield "taker_released", read(world, event, "taker_released", words[1])
        yield "maker_released", read(world, event, "maker_released", words[2])
        words.clear()


def _done(world: World, event: Any, inner: list[str], words: list[str]) -> Iterator[Claim]:
    """`a1 expired(refused AVAILABLE_TOO_LOW) released 5`."""
    if words and words[0].partition("(")[0] not in {"filled", "canceled", "expired", "released"}:
        yield from _take_order(world, words)
    if words and words[0] != "released":
        status, _, reason = words.pop(0).partition("(")
        yield "status", DoneStatus[status.upper()]
        reason, _, code = reason.removesuffix(")").partition(" ")
        if reason:
            yield "reason", DoneReason[reason.upper()]
        if code:
            yield "code", int(code) if code.isdigit() else RefusalCode[code]
    yield from _released(world, event, words)


def _triggered(world: World, event: Any, inner: list[str], words: list[str]) -> Iterator[Claim]:
    if words and words[0] != "released":
        yield from _take_order(world, words)
    yield from _released(world, event, words)


def _released(world: World, event: Any, words: list[str]) -> Iterator[Claim]:
    if words and words[0] == "released":
        yield "released", read(world, event, "released", words[1])
        del words[:2]


def _amended(world: World, event: Any, inner: list[str], words: list[str]) -> Iterator[Claim]:
    yield from _take_order(world, words)
    for word in inner or [word.strip("()") for word in words]:
        yield "held", read(world, event, "held", word)
    words.clear()


def _list(world: World, event: Any, inner: list[str], words: list[str]) -> Iterator[Claim]:
    for part in inner:
        if part in {"oco", "oto", "otoco"}:
            yield "kind", ListKind[part.upper()]
        else:
            yield "held", read(world, event, "held", part)
    yield from _take_order(world, words, "list_id")


def _one(name: str) -> Callable[[World, Any, list[str], list[str]], Iterator[Claim]]:
    def reader(world: World, event: Any, inner: list[str], words: list[str]) -> Iterator[Claim]:
        for part in inner or words:
            yield name, read(world, event, name, part)
        words.clear()

    return reader


def _status(world: World, event: Any, inner: list[str], words: list[str]) -> Iterator[Claim]:
    if inner:
        yield "status", MarketStatus[inner[0].upper()]
    if len(inner) > 1:
        yield "cause", StatusCause[inner[1].upper()]


def _uncrossed(world: World, event: Any, inner: list[str], words: list[str]) -> Iterator[Claim]:
    for name, part in zip(("price", "volume", "surplus"), inner, strict=False):
        yield name, read(world, event, name, part)


def _nothing(world: World, event: Any, inner: list[str], words: list[str]) -> Iterator[Claim]:
    if inner:
        raise VectorSyntax(f"{type(event).__name__} takes nothing in parentheses")
    return iter(())


_READERS: dict[type, Callable[[World, Any, list[str], list[str]], Iterator[Claim]]] = {
    e.CommandRefused: _refused,
    e.CommandRepeated: _repeated,
    e.OrderAccepted: _accepted,
    e.OrderRested: _lots("visible"),
    e.PeakRefilled: _lots("visible"),
    e.TradeExecuted: _pair,
    e.SelfTradePrevented: _pair,
    e.OrderDone: _done,
    e.OrderTriggered: _triggered,
    e.OrderAmended: _amended,
    e.ListAccepted: _list,
    e.ListWorking: _list,
    e.ListDone: _list,
    e.CanceledAll: _one("count"),
    e.CancelTimerSet: _one("due_ns"),
    e.MarketCanceled: _one("left"),
    e.MarketStatusChanged: _status,
    e.AuctionUncrossed: _uncrossed,
    e.AuctionExtended: _one("until_ns"),
}
