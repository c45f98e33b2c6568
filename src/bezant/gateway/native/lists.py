"""Order lists: placed in one entry, shown with their legs together, canceled whole.

What a list did when it was placed follows from its entry; what became of it comes from the read
models.
"""

from collections.abc import Sequence
from typing import Final, cast

from msgspec import UNSET, Struct, UnsetType
from msgspec.structs import replace

from bezant.core.codec import Outcome
from bezant.core.commands import CancelOrder, PlaceList
from bezant.core.events import Event, ListAccepted, ListDone, OrderAccepted
from bezant.core.ids import AccountId, MarketId, OrderId
from bezant.core.reads import OrderFound, ReadOrder
from bezant.core.refusals import RefusalCode
from bezant.core.words import ListKind, Only
from bezant.gateway.house import House
from bezant.gateway.native.bodies import ListFields, PlaceListBody
from bezant.gateway.native.core_calls import (
    find_repeated,
    query,
    read_last_price,
    refuse,
    refuse_order,
    submit,
)
from bezant.gateway.native.documents import FillDocument, OrderDocument
from bezant.gateway.native.facts import market_facts, order_facts
from bezant.gateway.native.list_faults import find_leg, find_list_fault, pair_facts
from bezant.gateway.native.named_orders import NamedOrders
from bezant.gateway.native.names import to_client_id, to_order_id
from bezant.gateway.native.operation_documents import ListKindWord, OrderListDocument
from bezant.gateway.native.order_terms import to_terms, to_valid_until
from bezant.gateway.native.outcomes import begin_list, fold
from bezant.gateway.native.placing import first_outcome
from bezant.gateway.native.problems import Problem, Refusal, field_refusal, inside
from bezant.gateway.native.render import render_fill, render_order
from bezant.gateway.native.times import time_text
from bezant.marketdata.catalogue import Market
from bezant.queries.cursor import wait_for_seq
from bezant.queries.order_lists import (
    OrderList,
    find_order_list_by_client_id,
    get_order_list,
)
from bezant.queries.orders import Order

LIST_CLIENT_ID: Final = "listClientOrderId"
_KINDS: Final = {one.name.lower(): one for one in ListKind}
_CATCH_UP_S: Final = 1.0


class PlacedList(Struct, frozen=True):
    """A list that exists, its legs, and whether this request made it or an earlier one."""

    document: OrderListDocument
    legs: tuple[Order, ...]
    is_repeat: bool


async def place_list(house: House, account: int, body: PlaceListBody) -> PlacedList:
    """Place an order list and return what its committed entry did. Raises Refusal."""
    command = to_place_list(house, account, body)
    submission = await submit(house, [command], valid_until_ns=to_valid_until(body.valid_until))
    return await read_placed_list(house, command, submission.outcomes[0], submission.ts_ns)


def to_place_list(house: House, account: int, fields: ListFields) -> PlaceList:
    """Return the command that places the list. Raises Refusal with the field at fault."""
    market = house.get_market(fields.symbol)
    legs = []
    for index, leg in enumerate(fields.legs):
        with inside(f"legs[{index}]"):
            legs.append(to_terms(market, leg))
    return PlaceList(
        AccountId(account),
        MarketId(market.market),
        to_client_id(fields.list_client_order_id, LIST_CLIENT_ID),
        _KINDS[fields.kind.lower()],
        tuple(legs),
    )


async def read_placed_list(
    house: House, command: PlaceList, outcome: Outcome, ts_ns: int
) -> PlacedList:
    """Return what became of a PlaceList. Raises Refusal if the core refused it."""
    if outcome.code:
        raise await _refuse(house, command, outcome.code)
    repeated = find_repeated(outcome.events)
    if repeated is not None:
        ts_ns, outcome = await first_outcome(house, repeated)
    accepted = next(
        (
            event
            for event in outcome.events
            if isinstance(event, ListAccepted) and event.account == command.account
        ),
        None,
    )
    if accepted is None:
        raise Refusal(Problem.FAULT)
    return _placed(house, accepted, outcome, ts_ns, is_repeat=repeated is not None)


async def cancel_list(
    house: House, account: int, *, list_id: int = 0, client_id: str = ""
) -> OrderListDocument:
    """Cancel all open legs of a list and return it as it ended. Raises Refusal.

    The core knows a list by its legs: canceling one that is open takes the others along (L10.3).
    """
    seq = await _catch_up(house, account)
    found = await find_list(house, account, list_id=list_id, client_id=client_id)
    orders = NamedOrders(house, account)
    orders.take(found.legs, seq)
    for leg in found.legs:
        if not leg.is_open:
            continue
        command = CancelOrder(AccountId(account), OrderId(leg.order_id), "", Only.ANY)
        submission = await submit(house, [command])
        outcome, ts_ns = submission.outcomes[0], submission.ts_ns
        if outcome.code == RefusalCode.ORDER_UNKNOWN:
            continue  # This leg has ended meanwhile; another may be open.
        if outcome.code:
            raise refuse(outcome.code, market_facts(house.get_catalogue().markets[found.market]))
        await orders.catch_up(outcome.seq)
        orders.follow(outcome, ts_ns)
        legs = tuple(orders.find(one.order_id) or one for one in found.legs)
        return render_list(house, replace(found, legs=legs, done_ns=ts_ns), seq=outcome.seq)
    raise Refusal(
        Problem.ORDER_DONE,
        "The list has ended already and cannot be canceled: "
        "GET /api/v1/order-lists/{id} tells how its legs ended",
        reason=RefusalCode.ORDER_UNKNOWN.name,
    )


def to_list_name(list_id: str | UnsetType, client_id: str | UnsetType) -> tuple[OrderId, str]:
    """Return the list that `id` or `listClientOrderId` names. Raises Refusal."""
    if isinstance(list_id, UnsetType):
        name = to_client_id(client_id, LIST_CLIENT_ID)
        if name:
            return OrderId(0), name
        said = f"id is missing: give id or {LIST_CLIENT_ID}"
        raise field_refusal(Problem.MALFORMED, "id", "required", said)
    if not isinstance(client_id, UnsetType):
        said = f"give id or {LIST_CLIENT_ID}, not both"
        raise field_refusal(Problem.MALFORMED, LIST_CLIENT_ID, "one_of", said)
    return to_list_id(list_id), ""


def to_list_id(text: str) -> OrderId:
    """Return the id of a list. Raises Refusal: text that is no id names no list (ORDER_021)."""
    try:
        return to_order_id(text)
    except Refusal:
        raise unknown_list("id") from None


async def find_list(
    house: House, account: int, *, list_id: int = 0, client_id: str = ""
) -> OrderList:
    """Return a list of the account from the read models. Raises Refusal (ORDER_021)."""
    found = (
        await get_order_list(house.pool, account, list_id)
        if list_id
        else await find_order_list_by_client_id(house.pool, account, client_id)
    )
    if found is None:
        field = "id" if list_id else LIST_CLIENT_ID
        raise unknown_list(field)
    return found


def unknown_list(field: str) -> Refusal:
    """Return the refusal of a list that the account does not have."""
    said = f"There is no order list of yours with this {field}"
    return field_refusal(Problem.LIST_UNKNOWN, field, "list_unknown", said)


def render_list(
    house: House,
    found: OrderList,
    *,
    seq: int,
    fills: Sequence[Sequence[FillDocument]] | UnsetType = UNSET,
) -> OrderListDocument:
    """Return a list as a document, with the fills of each leg where they are known."""
    market = house.get_catalogue().markets[found.market]
    return OrderListDocument(
        id=str(found.list_id),
        list_client_order_id=found.client_id,
        symbol=market.code,
        kind=cast("ListKindWord", found.kind.name.lower()),
        status="open" if found.done_ns is None else "done",
        legs=tuple(
            _render_leg(leg, market, None if isinstance(fills, UnsetType) else fills[index])
            for index, leg in enumerate(found.legs)
        ),
        created_at=time_text(found.created_ns),
        seq=seq,
        done_at=UNSET if found.done_ns is None else time_text(found.done_ns),
    )


def _render_leg(leg: Order, market: Market, fills: Sequence[FillDocument] | None) -> OrderDocument:
    return render_order(leg, market, seq=leg.updated_seq, fills=fills)


def _placed(
    house: House, accepted: ListAccepted, outcome: Outcome, ts_ns: int, *, is_repeat: bool
) -> PlacedList:
    """Return the list that an entry made, as it stood at the entry's end."""
    catalogue = house.get_catalogue()
    market = catalogue.markets[accepted.market]
    legs = [
        fold(event, outcome.events, seq=outcome.seq, ts_ns=ts_ns, market=market)
        for event in outcome.events
        if isinstance(event, OrderAccepted) and event.list_id == accepted.list_id
    ]
    found = replace(
        begin_list(accepted, ts_ns),
        done_ns=ts_ns if _is_done(outcome.events, accepted.list_id) else None,
        legs=tuple(leg.order for leg in legs),
    )
    fills = [[render_fill(fill, market, catalogue) for fill in leg.fills] for leg in legs]
    document = render_list(house, found, seq=outcome.seq, fills=fills)
    return PlacedList(document, found.legs, is_repeat)


def _is_done(events: Sequence[Event], list_id: int) -> bool:
    return any(isinstance(event, ListDone) and event.list_id == list_id for event in events)


async def _refuse(house: House, command: PlaceList, code: int) -> Refusal:
    """Return what a client is told of a refused list: which leg, and what to do."""
    market = house.get_catalogue().markets[command.market]
    last_price = await read_last_price(house, market)
    leg = find_leg(code, command, market, last_price)
    if leg is not None:
        refusal = await refuse_order(house, code, command.legs[leg], market)
        refusal.put_inside(f"legs[{leg}]")
        return refusal
    if code == RefusalCode.CLIENT_ID_REUSED:
        return _refuse_names(command)
    facts = order_facts(command.legs[0], market) | pair_facts(command, market, last_price)
    if fault := find_list_fault(command):
        facts |= {"combination": fault.sentence, "combinationField": fault.field}
    refusal = refuse(code, facts)
    if code == RefusalCode.AVAILABLE_TOO_LOW:
        refusal.put_inside("legs[0]")
    return refusal


def _refuse_names(command: PlaceList) -> Refusal:
    """Return the refusal of client ids of which one belongs to something else."""
    names = [command.list_client_id, *(leg.client_id for leg in command.legs)]
    said = ", ".join(name for name in names if name)
    refusal = field_refusal(
        Problem.CLIENT_ID,
        LIST_CLIENT_ID,
        RefusalCode.CLIENT_ID_REUSED.name.lower(),
        f"One of the client order ids {said} belongs to another order or list, or to this list "
        "with another body: use new ones, or send the first body again",
    )
    refusal.reason = RefusalCode.CLIENT_ID_REUSED.name
    return refusal


async def _catch_up(house: House, account: int) -> int:
    """Wait until the read models hold all that the core has done by now; return that seq.

    Raises Refusal (SYSTEM_004), with nothing done, if they do not in time.
    """
    read = ReadOrder(AccountId(account), OrderId(1), "")
    seq = (await query(house, read, OrderFound)).seq
    if not await wait_for_seq(house.pool, seq, _CATCH_UP_S):
        raise Refusal(
            Problem.PROJECTION_BEHIND,
            "The read models are behind, so the list's legs are not known: nothing was done. Try "
            "again, or cancel one of its legs, which takes the others along",
            headers={"Retry-After": "1"},
        )
    return seq
