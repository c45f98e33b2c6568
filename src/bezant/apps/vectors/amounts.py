"""Which grid each field of an event is counted on: ticks, lots, or units of which asset."""

from fractions import Fraction
from typing import Any

from bezant.apps.vectors.numbers import decimal, span_ns, steps, whole
from bezant.apps.vectors.world import START_NS, Asset, World
from bezant.core import events as e
from bezant.core.units import from_wide

_TICKS = {"price", "trigger_price"}
_LOTS = {"qty", "visible", "filled", "prevented", "display", "volume", "surplus"}
_MOMENTS = {"due_ns", "until_ns", "expires_ns"}
_OF_SIDE = {"held", "released", "taker_released"}
WIDE = {"volume", "surplus", "available_diff", "hold_diff"}


def step_of(world: World, event: Any, name: str) -> Fraction:
    """Return what one of the field's integers is worth in the decimals of the vector."""
    if name in _TICKS:
        return world.market_of(event.market).tick
    if name in _LOTS:
        return world.market_of(event.market).lot
    asset = _asset_of(world, event, name)
    return asset.step if asset is not None else Fraction(1)


def value_of(event: Any, name: str) -> Any:
    """Return a field of an event, of its order terms if it carries them; wide ones as integers."""
    holder = event if hasattr(event, name) else event.order
    value = getattr(holder, name)
    return from_wide(value) if name in WIDE and value else value


def read(world: World, event: Any, name: str, text: str) -> Any:
    """Return what a field must be where a vector writes `text`."""
    actual = value_of(event, name)
    if isinstance(actual, bool):
        return text == "yes"
    if isinstance(actual, str):
        return text
    if name in _MOMENTS:
        return START_NS + span_ns(text) if text != "0" else 0
    if name in {"account", "from_account", "to_account", "custody"}:
        return world.account(text)
    if name in {"source", "number"}:
        return whole(text)
    return steps(text, step_of(world, event, name))


def show(world: World, event: Any, name: str) -> str:
    """Return a field as a vector would write it."""
    actual = value_of(event, name)
    if isinstance(actual, bool):
        return "yes" if actual else "no"
    if name in _MOMENTS and actual:
        return f"{decimal(actual - START_NS, Fraction(1))}ns"
    if not isinstance(actual, int):
        return str(actual)
    return decimal(actual, step_of(world, event, name))


def _asset_of(world: World, event: Any, name: str) -> Asset | None:
    """The asset that a field of units is counted in, None for plain numbers."""
    match event:
        case e.TradeExecuted():
            return _asset_of_trade(world, event, name)
        case e.TransferPosted() | e.TransferHeld() | e.TransferSettled() | e.TransferVoided():
            return world.asset_of(event.asset) if name in {"units", "fee"} else None
        case e.SelfTradePrevented() if name == "maker_released":
            return world.market_of(event.market).of_side(1 - event.taker_side)
        case e.SelfTradePrevented() if name == "taker_released":
            return world.market_of(event.market).of_side(event.taker_side)
        case e.OrderAccepted() if name == "quote_units":
            return world.market_of(event.market).quote
        case _ if name in _OF_SIDE:
            return world.market_of(event.market).of_side(value_of(event, "side"))
        case _:
            return None


def _asset_of_trade(world: World, trade: e.TradeExecuted, name: str) -> Asset | None:
    market = world.market_of(trade.market)
    received = market.of_side(1 - trade.taker_side)
    match name:
        case "taker_fee":
            return received
        case "maker_fee":
            return received if trade.maker_fee < 0 else market.of_side(trade.taker_side)
        case "improvement":
            return market.quote
        case _:
            return None
