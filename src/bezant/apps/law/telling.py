"""What goes in and comes out, as JSON objects with LAW's names: commands, outcomes, the state."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import msgspec

from bezant.apps.law.names import FLAT, name_of, numbers_of
from bezant.core import codec
from bezant.core.codec import Outcome
from bezant.core.commands import Command, Message
from bezant.core.contract import EngineContract
from bezant.core.events import Event
from bezant.core.ids import AccountId, MarketId, OrderId
from bezant.core.images import LevelImage, MarketImage, StateImage
from bezant.core.reads import PAGE_MAX, Answer, OpenOrders, OrderView, ReadOpenOrders
from bezant.core.units import from_wide

_WIDE: Final = frozenset({"available_diff", "hold_diff", "volume", "surplus"})
_ANSWERS: Final = msgspec.msgpack.Decoder(Answer)

Object = dict[str, Any]


def tell_outcome(outcome: Outcome) -> Object:
    """Return an outcome: seq, code and the events in order."""
    events = [tell_event(event) for event in outcome.events]
    return {"seq": outcome.seq, "code": outcome.code, "events": events}


def tell_event(event: Event) -> Object:
    """Return an event with its name; an order's terms and a market's parameters beside the rest."""
    return {"event": type(event).__name__, **_fields(event)}


def tell_command(command: Command, ts_ns: int) -> Object:
    """Return a command at its time as `reading.read_line` reads it."""
    return {"cmd": type(command).__name__, "ts": ts_ns, **_fields(command)}


def tell_state(engine: EngineContract) -> Object:
    """Return balances, open orders, books and the digest of the state (L15.3)."""
    image = msgspec.msgpack.decode(engine.snapshot(), type=StateImage)
    orders = list(_open_orders(engine))
    visible = {order.order_id: order.visible for order in orders}
    return {
        "seq": image.seq,
        "ts": image.ts_ns,
        "rules": image.rules,
        "balances": list(_balances(image)),
        "open_orders": [_tell_order(order) for order in orders],
        "books": [_tell_book(market, visible) for market in image.markets],
        "digest": engine.digest().hex(),
    }


def _fields(message: Message) -> Object:
    kind = type(message).__name__
    told: Object = {}
    for name in message.__struct_fields__:
        value = getattr(message, name)
        said = name_of(kind, name)
        if isinstance(value, FLAT) and said == name:
            told |= _fields(value)
        elif isinstance(value, Message):
            told[said] = _fields(value)
        elif isinstance(value, tuple):
            told[said] = [_fields(one) for one in value]
        else:
            told[said] = _plain(kind, name, value)
    return told


def _plain(kind: str, name: str, value: Any) -> Any:
    if isinstance(value, bytes):
        if name in _WIDE:
            return from_wide(value) if value else None
        return value.hex()
    return numbers_of(kind, name).get(value, value)


def _balances(image: StateImage) -> Iterator[Object]:
    """Yield the balances that are not zero, by account and asset, the house's first."""
    house = [
        (place, one.asset, units, 0)
        for one in image.house
        for place, units in enumerate(one.balances, start=1)
        if units
    ]
    users = [
        (int(account.account), one.asset, one.available, one.hold)
        for account in image.accounts
        for one in account.balances
    ]
    for account, asset, available, hold in (*sorted(house), *users):
        yield {"account": account, "asset": asset, "available": available, "hold": hold}


def _open_orders(engine: EngineContract) -> Iterator[OrderView]:
    after = OrderId(0)
    while True:
        question = ReadOpenOrders(AccountId(0), MarketId(0), after, PAGE_MAX)
        page = _ANSWERS.decode(engine.query(codec.encode(question)))
        if not isinstance(page, OpenOrders):
            raise TypeError(f"the engine answered {page!r}")
        yield from page.orders
        if not page.has_more:
            return
        after = page.orders[-1].order_id


def _tell_order(order: OrderView) -> Object:
    leaves = order.order.qty - order.filled - order.prevented
    return {**_fields(order), "leaves": leaves}


def _tell_book(market: MarketImage, visible: Mapping[OrderId, int]) -> Object:
    def levels(found: Sequence[LevelImage]) -> list[Object]:
        return [
            {
                "price": level.price,
                "visible": sum(visible[order] for order in level.orders),
                "orders": level.orders,
            }
            for level in found
        ]

    return {
        "market": market.market,
        "status": numbers_of("MarketStatusChanged", "status")[market.status],
        "last": market.last,
        "trade_no": market.trade_no,
        "sequence": market.sequence,
        "bids": levels(market.bids),
        "asks": levels(market.asks),
    }
