"""Order terms from their words: `a1 sell limit 90 x 5 gtd until=10s stop=95 stp=decrement`."""

import msgspec

from bezant.apps.vectors.grammar import VectorSyntax, options_of
from bezant.apps.vectors.numbers import steps, whole
from bezant.apps.vectors.world import Market, World
from bezant.core.commands import OrderTerms
from bezant.core.units import Lots, Ticks, Units
from bezant.core.words import OrderType, Side, STPMode, TimeInForce, Trigger

_TIFS = {"gtc", "ioc", "fok", "gtd"}
_OPTIONS = {
    "until", "stop", "take_profit", "trailing", "display", "stp", "quote", "id",
}  # fmt: skip


def leg(world: World, market: Market, text: str) -> tuple[str, OrderTerms]:
    """Return name and terms of a leg written in braces."""
    words, options = options_of(text.split())
    return terms(world, market, words, options)


def terms(
    world: World, market: Market, words: tuple[str, ...], options: dict[str, str]
) -> tuple[str, OrderTerms]:
    """Return name and terms from `NAME SIDE limit PRICE x QTY [tif] [post_only]` and options."""
    name, side, kind, *rest = words
    price, qty, flags = _price_and_qty(rest, kind)
    tif = next((flag for flag in flags if flag in _TIFS), "gtc" if kind == "limit" else "ioc")
    unknown = [flag for flag in flags if flag not in _TIFS and flag != "post_only"]
    unknown += [key for key in options if key not in _OPTIONS and not key.startswith("raw.")]
    if unknown:
        raise VectorSyntax(f"unknown words of an order: {' '.join(unknown)}")
    trigger, trigger_price = _trigger(market, options)
    order = OrderTerms(
        client_id=options.get("id", name),
        side=Side[side.upper()],
        type=OrderType[kind.upper()],
        tif=TimeInForce[tif.upper()],
        price=Ticks(steps(price, market.tick)),
        qty=Lots(steps(qty, market.lot)),
        quote_units=Units(world.amount(options.get("quote", "0"), market.quote)),
        trigger=trigger,
        trigger_price=trigger_price,
        trailing_bips=whole(options.get("trailing", "0")),
        post_only="post_only" in flags,
        display=Lots(steps(options.get("display", "0"), market.lot)),
        stp=STPMode[options.get("stp", "default").upper()],
        expires_ns=world.time_ns(options["until"]) if "until" in options else 0,
    )
    return name, with_raw(order, options)


def with_raw(message: OrderTerms, options: dict[str, str]) -> OrderTerms:
    """Return the message with its fields overwritten by the integers of `raw.FIELD=` options."""
    raw = {k[4:]: whole(v) for k, v in options.items() if k.startswith("raw.")}
    mine = {k: v for k, v in raw.items() if k in message.__struct_fields__}
    return msgspec.structs.replace(message, **mine) if mine else message


def _price_and_qty(rest: list[str], kind: str) -> tuple[str, str, list[str]]:
    if "x" not in rest:
        if kind == "market":
            return "0", "0", rest
        raise VectorSyntax("an order says `PRICE x QTY`; a market order `x QTY` or quote=")
    at = rest.index("x")
    before, after = rest[:at], rest[at + 1 :]
    if kind == "limit" and len(before) != 1:
        raise VectorSyntax("a limit order says `limit PRICE x QTY`")
    return (before[0] if before else "0"), after[0], after[1:]


def _trigger(market: Market, options: dict[str, str]) -> tuple[Trigger, Ticks]:
    for word, trigger in (("stop", Trigger.STOP), ("take_profit", Trigger.TAKE_PROFIT)):
        if word in options:
            return trigger, Ticks(steps(options[word], market.tick))
    if "trailing" in options:
        return Trigger.STOP, Ticks(0)
    return Trigger.NONE, Ticks(0)
