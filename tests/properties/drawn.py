"""Commands as people and programs send them: mostly right, sometimes bent, now and then wild."""

from dataclasses import dataclass, field
from typing import Any, get_args

import msgspec
from hypothesis import strategies as st

from bezant.core import commands as c
from bezant.core.ids import AccountId, MarketId, Number, OrderId, Source
from bezant.core.units import Lots, Ticks, Units
from bezant.core.words import MarketStatus, OrderType, Side, TimeInForce, Trigger
from tests.properties.messages import messages

USERS = (1_001, 1_002, 1_003)
MARKETS = (1, 2)
ASSETS = (1, 2, 3)
SOURCE = 10
SECOND = 1_000_000_000
DAY = 86_400 * SECOND
_STRANGE = (0, 1, -1, 2**31, 2**62, 2**63 - 1, -(2**63))

users = st.sampled_from(USERS).map(AccountId)
markets = st.sampled_from(MARKETS).map(MarketId)
prices = st.one_of(st.integers(9, 12), st.integers(5, 20)).map(Ticks)
lots = st.integers(1, 12).map(Lots)
client_ids = st.sampled_from(("", *(f"id{number}" for number in range(40))))
sides = st.sampled_from(tuple(Side))
steps_ns = st.sampled_from((0,) * 8 + (1, 1_000_000, SECOND, 3 * SECOND, 11 * SECOND, DAY))


@dataclass
class Known:
    """What a sender knows: the orders it was told of, the next number, the time."""

    ts_ns: int = 0
    orders: list[int] = field(default_factory=list)
    sent: list[c.Command] = field(default_factory=list)
    mark: int = 0


@st.composite
def terms(draw: st.DrawFn, known: Known) -> c.OrderTerms:
    """Draw what an order asks for, in any of the types that SPEC names."""
    is_market = draw(st.booleans()) and draw(st.booleans())
    is_by_quote = is_market and draw(st.booleans())
    is_triggered = not is_by_quote and draw(st.integers(0, 3)) == 0
    tif = TimeInForce.IOC
    if not is_market:
        tif = draw(st.sampled_from((TimeInForce.GTC,) * 7 + tuple(TimeInForce)))
    qty = Lots(0) if is_by_quote else draw(lots)
    may_hide = tif == TimeInForce.GTC and not is_market and qty > 1 and draw(st.booleans())
    may_post = tif in {TimeInForce.GTC, TimeInForce.GTD} and not is_triggered and not is_market
    trigger = draw(st.sampled_from((Trigger.STOP, Trigger.TAKE_PROFIT))) if is_triggered else 0
    trailing = draw(st.sampled_from((0, 500, 1_000, 3_000))) if is_triggered else 0
    is_plain_trailing = trailing != 0 and draw(st.booleans())
    later = known.ts_ns + draw(st.integers(1, 15)) * SECOND
    return c.OrderTerms(
        client_id=draw(client_ids),
        side=draw(sides),
        type=OrderType.MARKET if is_market else OrderType.LIMIT,
        tif=tif,
        price=Ticks(0) if is_market else draw(prices),
        qty=qty,
        quote_units=Units(draw(st.integers(1, 5_000))) if is_by_quote else Units(0),
        trigger=trigger,
        trigger_price=draw(prices) if is_triggered and not is_plain_trailing else Ticks(0),
        trailing_bips=trailing,
        post_only=may_post and draw(st.integers(0, 3)) == 0,
        display=Lots(draw(st.integers(1, qty - 1))) if may_hide else Lots(0),
        stp=draw(st.integers(0, 5)),
        expires_ns=later if tif == TimeInForce.GTD else 0,
    )


@st.composite
def legs(draw: st.DrawFn, known: Known, kind: int) -> tuple[c.OrderTerms, ...]:
    """Draw the legs of a list whose shape is right more often than not."""
    side = draw(sides)
    away = 1 if side == Side.SELL else -1
    qty = draw(lots)
    near, stop = Ticks(10 + away * draw(st.integers(1, 4))), Ticks(10 - away * 2)
    empty = {"quote_units": Units(0), "trailing_bips": 0, "stp": draw(st.integers(0, 5))}
    empty |= {"display": Lots(0), "expires_ns": 0, "tif": TimeInForce.GTC, "side": side, "qty": qty}
    limit = c.OrderTerms(
        **(empty | {"client_id": draw(client_ids), "type": OrderType.LIMIT, "price": near}),  # type: ignore[arg-type]
        trigger=Trigger.NONE,
        trigger_price=Ticks(0),
        post_only=True,
    )
    stopped = msgspec.structs.replace(
        limit,
        client_id=draw(client_ids),
        type=OrderType.MARKET,
        tif=TimeInForce.IOC,
        price=Ticks(0),
        trigger=Trigger.STOP,
        trigger_price=stop,
        post_only=False,
    )
    if kind == 0:
        return (limit, stopped)
    working = msgspec.structs.replace(
        limit, client_id=draw(client_ids), side=1 - side, price=draw(prices), post_only=False
    )
    return (working, draw(terms(known))) if kind == 1 else (working, limit, stopped)


@st.composite
def orders(draw: st.DrawFn, known: Known) -> c.Command:
    """Draw a command that places, lists, amends, replaces or cancels."""
    kind = draw(st.integers(0, 14))
    account = draw(users)
    is_about_one = kind in {1, 2, 3}
    target = (draw(order_ids(known)), draw(client_ids)) if is_about_one else (OrderId(0), "")
    match kind:
        case 0:
            shape = draw(st.integers(0, 2))
            list_id = draw(client_ids)
            return c.PlaceList(account, draw(markets), list_id, shape, draw(legs(known, shape)))
        case 1:
            return c.CancelOrder(account, *target, draw(st.integers(0, 2)))
        case 2:
            new_id = draw(st.sampled_from(("", "", "new1", "new2")))
            qty = draw(st.one_of(st.none(), lots))
            return c.AmendOrder(account, *target, qty, draw(st.one_of(st.none(), prices)), new_id)
        case 3:
            mode, only = draw(st.integers(0, 1)), draw(st.integers(0, 2))
            order = draw(terms(known))
            return c.ReplaceOrder(account, *target, mode, only, draw(markets), order)
        case 4 if draw(st.integers(0, 3)) == 0:
            return c.CancelAll(account, draw(st.sampled_from((0, *MARKETS)).map(MarketId)))
        case 5 if draw(st.integers(0, 3)) == 0:
            timeout = draw(st.sampled_from((0, 1_000, 2_000, 60_000)))
            return c.SetCancelTimer(account, draw(markets), timeout)
        case _:
            return c.PlaceOrder(account, draw(markets), draw(terms(known)))


def order_ids(known: Known) -> st.SearchStrategy[OrderId]:
    """Draw an order that the sender was told of, or none."""
    return st.sampled_from((0, *known.orders[-20:])).map(OrderId)


@st.composite
def operations(draw: st.DrawFn, known: Known) -> c.Command:
    """Draw a command of a source: money and configuration."""
    number = Number(draw(st.sampled_from((known.mark + 1,) * 8 + (known.mark, known.mark + 2))))
    source = Source(SOURCE)
    account, units = draw(users), Units(draw(st.integers(1, 3_000)))
    asset, market = draw(st.sampled_from(ASSETS)), draw(markets)
    drawn: dict[str, Any] = {
        "source": source,
        "number": number,
        "account": account,
        "asset": asset,
        "units": units,
        "market": market,
        "transfer_id": draw(st.integers(1, 6)),
        "fee": Units(draw(st.integers(0, 5))),
        "custody": draw(st.sampled_from((1, 5, 6, 7, 1_001))),
        "reason": draw(st.integers(0, 4)),
        "from_account": draw(st.sampled_from((1, 3, 5, *USERS, 1_004))),
        "to_account": draw(st.sampled_from((1, 3, 5, *USERS, 1_004))),
        "trade_group": draw(st.sampled_from((0, 0, 7))),
        "stp": draw(st.integers(0, 5)),
        "orders_frozen": draw(st.integers(0, 9)) == 0,
        "withdrawals_frozen": draw(st.integers(0, 9)) == 0,
        "tier": draw(st.integers(0, 2)),
        "maker": draw(st.integers(-10_000, 5_000)),
        "taker": draw(st.integers(0, 100_000)),
        "status": draw(st.sampled_from((MarketStatus.TRADING, *MarketStatus))),
        "price": draw(prices),
        "enabled": draw(st.integers(0, 9)) != 0,
        "scale": 1,
        "issued_max": Units(2**62),
        "available": draw(st.integers(0, 5)),
        "hold": 0,
        "version": draw(st.integers(0, 3)),
        "digest": bytes(32),
        "sha256": bytes(32),
    }
    kind = draw(st.sampled_from(_OPERATIONS))
    command: c.Command = kind(**{name: drawn[name] for name in kind.__struct_fields__})
    return command


_OPERATIONS: tuple[Any, ...] = (
    c.Transfer,
    c.Transfer,
    c.Transfer,
    c.HoldTransfer,
    c.HoldTransfer,
    c.SettleTransfer,
    c.VoidTransfer,
    c.SetAccount,
    c.OpenAccount,
    c.CloseAccount,
    c.SetTier,
    c.SetFees,
    c.SetAsset,
    c.SetMarketStatus,
    c.SetMarketStatus,
    c.SetReferencePrice,
    c.CancelMarket,
    c.AssertBalances,
    c.AssertDigest,
    c.ActivateRules,
    c.Quarantined,
)


@st.composite
def bent(draw: st.DrawFn, command: c.Command) -> c.Command:
    """Draw the command with one number changed to something strange."""
    inner = getattr(command, "order", None)
    if isinstance(inner, c.OrderTerms):
        return msgspec.structs.replace(command, order=draw(_with_one_changed(inner)))
    changed: c.Command = draw(_with_one_changed(command))
    return changed


@st.composite
def _with_one_changed(draw: st.DrawFn, message: Any) -> Any:
    numbers = [
        name
        for name in message.__struct_fields__
        if isinstance(getattr(message, name), int) and not isinstance(getattr(message, name), bool)
    ]
    if not numbers:
        return message
    name = draw(st.sampled_from(numbers))
    changed = msgspec.structs.replace(message, **{name: draw(st.sampled_from(_STRANGE))})
    try:
        return type(message)(*msgspec.structs.astuple(_checked(changed)))
    except msgspec.ValidationError:
        return message  # The door would not let it in.


def _checked(message: Any) -> Any:
    return msgspec.msgpack.decode(msgspec.msgpack.encode(message), type=type(message))


wild = st.one_of([messages(kind) for kind in get_args(c.Command)])
