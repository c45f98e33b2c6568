"""What the core's events say of one order: folded into the order as it stands after them.

The same values as the read models give, so that one renderer serves both. Nothing is looked up.
"""

from collections.abc import Iterable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from bezant.core.commands import OrderTerms
from bezant.core.events import (
    Event,
    ListAccepted,
    OrderAccepted,
    OrderAmended,
    OrderDone,
    OrderFact,
    SelfTradePrevented,
    TradeExecuted,
)
from bezant.core.reads import OrderView
from bezant.core.words import AcceptedState, DoneReason, DoneStatus, ListKind, Side
from bezant.marketdata.catalogue import Market
from bezant.projections import icebergs
from bezant.queries.order_lists import OrderList
from bezant.queries.orders import Order, OrderStatus
from bezant.queries.places import Place
from bezant.queries.trades import Fill

Step = tuple[int, Event]  # An event of an entry with its index.


class Happened(Struct, frozen=True):
    """An order and its fills as of one entry."""

    order: Order
    fills: tuple[Fill, ...]


def find_accepted(events: Iterable[Event], order_id: int) -> OrderAccepted | None:
    """Return the event that made the order, if it is among these."""
    for event in events:
        if isinstance(event, OrderAccepted) and event.order_id == order_id:
            return event
    return None


def fold(
    accepted: OrderAccepted,
    events: Iterable[Event],
    *,
    seq: int,
    ts_ns: int,
    market: Market,
) -> Happened:
    """Return the order that `accepted` made, after all `events` of its entry `seq`."""
    order = replace(
        _order_of(accepted.order, accepted.order_id, accepted.account, accepted.market),
        list_id=accepted.list_id,
        status=_status(accepted.state, 0, None),
        visible=icebergs.begin(accepted).visible if accepted.order.display else 0,
        created_ns=ts_ns,
        updated_ns=ts_ns,
        updated_seq=seq,
    )
    steps = steps_by_order(events).get(order.order_id, ())
    return advance(order, steps, seq=seq, ts_ns=ts_ns, market=market)


def steps_by_order(events: Iterable[Event]) -> dict[int, list[Step]]:
    """Return the events of an entry by the orders that they change, each with its index."""
    found: dict[int, list[Step]] = {}
    for index, event in enumerate(events):
        if isinstance(event, OrderFact):
            found.setdefault(event.order_id, []).append((index, event))
        elif isinstance(event, TradeExecuted | SelfTradePrevented):
            found.setdefault(event.taker_order, []).append((index, event))
            found.setdefault(event.maker_order, []).append((index, event))
    return found


def advance(
    order: Order, steps: Sequence[Step], *, seq: int, ts_ns: int, market: Market
) -> Happened:
    """Return an order after all its steps in an entry, and its fills in them.

    What its fills cost stays unknown (0) where it is not known of those before.
    """
    if not steps:
        return Happened(order, ())
    order_id = order.order_id
    filled = prevented = tick_lots = 0
    is_pending = order.status is OrderStatus.PENDING_TRIGGER
    amended: OrderAmended | None = None
    done: OrderDone | None = None
    fills: list[Fill] = []
    leaves = order.qty - order.filled - order.prevented
    shown = icebergs.Shown(order.qty, leaves, order.visible) if order.display else None
    for index, event in steps:
        if shown is not None:
            shown.take(event)
        match event:
            case TradeExecuted():
                filled += event.qty
                tick_lots += event.price * event.qty
                fills.append(fill_of(event, order_id, Place(seq, index, 0), ts_ns, market))
            case SelfTradePrevented():
                prevented += event.qty
            case OrderDone():
                done = event
            case OrderAmended():
                amended = event
            case _:  # Triggered, or rested after it waited for its list.
                is_pending = False
    if amended is not None:
        order = replace(order, qty=amended.qty, price=amended.price, client_id=amended.client_id)
    is_cost_known = order.filled == 0 or order.filled_quote > 0
    cost = order.filled_quote + tick_lots * market.grid.tick_lot_units
    filled += order.filled
    state = AcceptedState.PENDING if is_pending and not filled else AcceptedState.RESTING
    order = replace(
        order,
        status=_status(state, filled, done),
        filled=filled,
        prevented=order.prevented + prevented,
        visible=0 if shown is None else shown.visible,
        filled_quote=cost if is_cost_known else 0,
        updated_ns=ts_ns,
        updated_seq=seq,
    )
    return Happened(end(order, done, seq=seq, ts_ns=ts_ns) if done else order, tuple(fills))


def end(order: Order, done: OrderDone, *, seq: int, ts_ns: int) -> Order:
    """Return an open order as it is after the event that ended it."""
    return replace(
        order,
        status=_status(AcceptedState.RESTING, done.filled, done),
        reason=DoneReason(done.reason),
        code=done.code,
        filled=done.filled,
        prevented=done.prevented,
        visible=0,
        hold=0,
        updated_ns=ts_ns,
        updated_seq=seq,
    )


def open_order(view: OrderView, *, created_ns: int, seq: int = 0) -> Order:
    """Return an open order as the core had it at `seq`; what its fills cost is not known here."""
    order = _order_of(view.order, view.order_id, view.account, view.market)
    return replace(
        order,
        list_id=view.list_id,
        status=_status(view.state, view.filled, None),
        filled=view.filled,
        prevented=view.prevented,
        visible=view.visible if view.order.display else 0,
        hold=view.hold,
        created_ns=created_ns,
        updated_ns=created_ns,
        updated_seq=seq,
    )


def terms_of(order: Order) -> OrderTerms:
    """Return what an order asks for by now."""
    return OrderTerms(**{name: getattr(order, name) for name in OrderTerms.__struct_fields__})


def begin_list(accepted: ListAccepted, ts_ns: int) -> OrderList:
    """Return a list as its own event tells it, without its legs yet."""
    return OrderList(
        list_id=accepted.list_id,
        account=accepted.account,
        market=accepted.market,
        kind=ListKind(accepted.kind),
        side=accepted.side,
        client_id=accepted.list_client_id,
        hold=accepted.held,
        created_ns=ts_ns,
        done_ns=None,
        legs=(),
    )


def _order_of(terms: OrderTerms, order_id: int, account: int, market: int) -> Order:
    return Order(
        order_id=order_id,
        account=account,
        market=market,
        client_id=terms.client_id,
        side=terms.side,
        type=terms.type,
        tif=terms.tif,
        price=terms.price,
        qty=terms.qty,
        quote_units=terms.quote_units,
        trigger=terms.trigger,
        trigger_price=terms.trigger_price,
        trailing_bips=terms.trailing_bips,
        post_only=terms.post_only,
        display=terms.display,
        stp=terms.stp,
        expires_ns=terms.expires_ns,
        list_id=0,
        status=OrderStatus.NEW,
        reason=DoneReason.NONE,
        code=0,
        filled=0,
        prevented=0,
        visible=0,
        filled_quote=0,
        hold=0,
        created_ns=0,
        updated_ns=0,
        updated_seq=0,
    )


def _status(state: int, filled: int, done: OrderDone | None) -> OrderStatus:
    """Return SPEC's word for where an order stands (L14.2)."""
    if done is None:
        if state == AcceptedState.PENDING:
            return OrderStatus.PENDING_TRIGGER
        return OrderStatus.PARTIALLY_FILLED if filled else OrderStatus.NEW
    if done.status == DoneStatus.FILLED:
        return OrderStatus.FILLED
    if done.status == DoneStatus.CANCELED:
        return OrderStatus.CANCELED
    if done.reason == DoneReason.REFUSED:
        return OrderStatus.REJECTED
    return OrderStatus.EXPIRED


def fill_of(event: TradeExecuted, order_id: int, place: Place, ts_ns: int, market: Market) -> Fill:
    """Return one order's share of a trade, with the fee that it paid or the rebate it got."""
    is_maker = event.maker_order == order_id
    side = 1 - event.taker_side if is_maker else event.taker_side
    fee = event.maker_fee if is_maker else event.taker_fee
    # A fee is taken from what this side received, a rebate paid from what the other did (L1.4).
    in_base = (side == Side.BUY) == (fee >= 0)
    return Fill(
        place=replace(place, part=int(is_maker)),
        market=event.market,
        trade_no=event.trade_no,
        order_id=order_id,
        side=side,
        ts_ns=ts_ns,
        price=event.price,
        qty=event.qty,
        quote_units=event.price * event.qty * market.grid.tick_lot_units,
        fee=fee,
        fee_asset=market.base.asset if in_base else market.quote.asset,
        is_maker=is_maker,
    )
