"""Events in the short form of LAW's cases, with all that they say: for messages of failures."""

from typing import Any

from bezant.apps.vectors.amounts import show
from bezant.apps.vectors.world import World
from bezant.core import events as e
from bezant.core.refusals import RefusalCode
from bezant.core.words import (
    AcceptedState,
    DoneReason,
    DoneStatus,
    MarketStatus,
    Part,
    StatusCause,
    STPMode,
)


def short_form(world: World, event: Any) -> str:
    """Return an event as a vector would list it."""
    match event:
        case e.CommandRefused():
            part = "" if event.part == Part.WHOLE else f" {_word(Part, event.part)}"
            return f"refused {RefusalCode(event.code).name}{part}"
        case e.CommandRepeated():
            return f"repeated {world.order_names.get(event.id, event.id)}"
        case e.OrderAccepted():
            state = _word(AcceptedState, event.state)
            return f"accepted({state}, {show(world, event, 'held')}) {_name(world, event)}"
        case e.OrderRested() | e.PeakRefilled():
            word = "rested" if isinstance(event, e.OrderRested) else "refilled"
            visible, price = show(world, event, "visible"), show(world, event, "price")
            return f"{word} {_name(world, event)} {visible}@{price}"
        case e.TradeExecuted() | e.SelfTradePrevented():
            return _pair(world, event)
        case e.OrderDone():
            return _done(world, event)
        case e.OrderTriggered():
            return f"triggered {_name(world, event)} released {show(world, event, 'released')}"
        case e.OrderAmended():
            return f"amended {_name(world, event)} ({event.held:+d}u)"
        case e.MarketStatusChanged():
            status, cause = _word(MarketStatus, event.status), _word(StatusCause, event.cause)
            return f"status({status}, {cause})"
        case e.AuctionUncrossed():
            facts = (show(world, event, name) for name in ("price", "volume", "surplus"))
            return f"uncrossed({', '.join(facts)})"
        case _:
            return _plain(world, event)


def all_events(world: World, events: tuple[object, ...]) -> str:
    """Return an entry's events as one line, `nothing` for none."""
    return "; ".join(short_form(world, event) for event in events) or "nothing"


def _pair(world: World, event: Any) -> str:
    taker, maker = world.order_name(event.taker_order), world.order_name(event.maker_order)
    qty, price = show(world, event, "qty"), show(world, event, "price")
    if isinstance(event, e.SelfTradePrevented):
        released = f"{show(world, event, 'taker_released')} {show(world, event, 'maker_released')}"
        mode = _word(STPMode, event.mode)
        return f"prevented {taker}×{maker} {qty}@{price} released {released} mode={mode}"
    fees = (
        f"taker_fee={show(world, event, 'taker_fee')} maker_fee={show(world, event, 'maker_fee')}"
    )
    return f"trade {taker}×{maker} {qty}@{price} {fees}"


def _done(world: World, event: e.OrderDone) -> str:
    reason = "" if event.reason == DoneReason.NONE else _word(DoneReason, event.reason)
    reason += f" {RefusalCode(event.code).name}" if event.code else ""
    status = _word(DoneStatus, event.status) + (f"({reason})" if reason else "")
    return f"done {_name(world, event)} {status} released {show(world, event, 'released')}"


def _plain(world: World, event: Any) -> str:
    fields = " ".join(f"{name}={getattr(event, name)}" for name in event.__struct_fields__)
    return f"{type(event).__name__} {fields}"


def _name(world: World, event: Any) -> str:
    return world.order_name(event.order_id)


def _word(words: Any, number: int) -> str:
    return str(words(number).name.lower())
