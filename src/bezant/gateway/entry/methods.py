"""The methods of order entry: the shape of each one's params, who may, what it costs and does.

Nothing is decided here: each calls what the REST endpoint of the same work calls.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final, Protocol

from msgspec import UNSET, Struct, UnsetType

from bezant.accounts.models import Caller, Role
from bezant.gateway.access import EVERYONE, TRADERS
from bezant.gateway.house import House
from bezant.gateway.native import amending, canceling, lists, replacing
from bezant.gateway.native.batching import count_places, run_batch
from bezant.gateway.native.bodies import (
    AmendOperation,
    AmendOrderBody,
    BatchBody,
    Body,
    CancelTimerBody,
    ListClientOrderId,
    OldClientOrderId,
    OnlyIn,
    PlaceListBody,
    PlaceOrderBody,
    ReplaceOrderBody,
    SymbolIn,
)
from bezant.gateway.native.documents import Document, Identifier, Moment
from bezant.gateway.native.names import to_order_name
from bezant.gateway.native.placing import place
from bezant.gateway.native.problems import Problem, field_refusal
from bezant.gateway.strict_json import shorten


class CancelListParams(Body, frozen=True):
    """Which list to cancel: by its id or by its client order id."""

    id: str | UnsetType = UNSET
    list_client_order_id: ListClientOrderId | UnsetType = UNSET


class Standing(Document, frozen=True):
    """How a session stands: whose it is, until when, and how much it may have in flight."""

    account_id: Identifier
    expires_at: Moment
    in_flight: int
    in_flight_max: int


class Pulse(Document, frozen=True):
    """How the house is: its time in ms, how far the feed has come, whether the core is there."""

    time: int
    sequence: int
    live: bool


class Session(Protocol):
    """What methods may ask of the connection that they came by."""

    def renew(self, token: str) -> Standing:
        """Go on with a fresh token of the same account. Raises Refusal (AUTH_005)."""

    def stand(self) -> Standing:
        """Return how the session stands."""

    def pulse(self) -> Pulse:
        """Return how the house is."""


class Nothing(Body, frozen=True):
    """The params of a method that takes none."""


class AuthParams(Body, frozen=True):
    """A token to go on with, of the same account."""

    token: str


class CancelParams(Body, frozen=True):
    """Which order to cancel: by its id or by its client order id."""

    id: str | UnsetType = UNSET
    client_order_id: OldClientOrderId | UnsetType = UNSET
    only: OnlyIn | UnsetType = UNSET


class AmendParams(AmendOrderBody, frozen=True):
    """Which order to change, and how."""

    id: str | UnsetType = UNSET
    client_order_id: OldClientOrderId | UnsetType = UNSET


class CancelAllParams(Body, frozen=True):
    """Of which market; all without one."""

    symbol: SymbolIn | UnsetType = UNSET


class Visit(Struct, frozen=True):
    """What a method may use: the house with this request's turn at the core, who asks, where."""

    house: House
    caller: Caller
    session: Session


class Done(Struct, frozen=True):
    """What a method answers: the status and the document that REST would."""

    status: int
    document: object


class Method(Struct, frozen=True):
    """One method.

    `count_orders` says how many orders it is charged for, 0 as a request; `needs_answers` whether
    its params can be understood only once all before it are answered.
    """

    params: type[Any]
    run: Callable[[Visit, Any], Awaitable[Done]]
    roles: frozenset[Role] = TRADERS
    count_orders: Callable[[Any], int] = lambda _: 0
    needs_answers: Callable[[Any], bool] = lambda _: False


async def _place(visit: Visit, params: PlaceOrderBody) -> Done:
    placed = await place(visit.house, visit.caller.account, params)
    return Done(200 if placed.is_repeat else 201, placed.document)


async def _cancel(visit: Visit, params: CancelParams) -> Done:
    name = to_order_name(params.id, params.client_order_id)
    document = await canceling.cancel(visit.house, visit.caller.account, name, params.only)
    return Done(200, document)


async def _cancel_all(visit: Visit, params: CancelAllParams) -> Done:
    return Done(200, await canceling.cancel_all(visit.house, visit.caller.account, params.symbol))


async def _amend(visit: Visit, params: AmendParams) -> Done:
    name = to_order_name(params.id, params.client_order_id)
    return Done(200, await amending.amend(visit.house, visit.caller.account, name, params))


async def _replace(visit: Visit, params: ReplaceOrderBody) -> Done:
    replaced = await replacing.replace(visit.house, visit.caller.account, params)
    return Done(201 if replaced.is_new else 200, replaced.document)


async def _place_list(visit: Visit, params: PlaceListBody) -> Done:
    placed = await lists.place_list(visit.house, visit.caller.account, params)
    return Done(200 if placed.is_repeat else 201, placed.document)


async def _cancel_list(visit: Visit, params: CancelListParams) -> Done:
    list_id, client_id = lists.to_list_name(params.id, params.list_client_order_id)
    document = await lists.cancel_list(
        visit.house, visit.caller.account, list_id=list_id, client_id=client_id
    )
    return Done(200, document)


async def _set_cancel_timer(visit: Visit, params: CancelTimerBody) -> Done:
    return Done(200, await canceling.set_cancel_timer(visit.house, visit.caller.account, params))


async def _batch(visit: Visit, params: BatchBody) -> Done:
    return Done(200, await run_batch(visit.house, visit.caller.account, params))


async def _auth(visit: Visit, params: AuthParams) -> Done:
    return Done(200, visit.session.renew(params.token))


async def _status(visit: Visit, _: Nothing) -> Done:
    return Done(200, visit.session.stand())


async def _ping(visit: Visit, _: Nothing) -> Done:
    return Done(200, visit.session.pulse())


def one_order(_: object) -> int:
    """Charge one order."""
    return 1


def _count_legs(params: PlaceListBody) -> int:
    return len(params.legs)


def _always(_: object) -> bool:
    return True


def _names_client_id(params: AmendParams | AmendOperation) -> bool:
    """Whether it must be known first which market the order is in: it may just be on its way."""
    return not isinstance(params.client_order_id, UnsetType)


def _amends_by_client_id(params: BatchBody) -> bool:
    """Whether an amend in a batch names its order so."""
    return any(
        isinstance(one, AmendOperation) and _names_client_id(one) for one in params.operations
    )


METHODS: Final[Mapping[str, Method]] = {
    "order.place": Method(PlaceOrderBody, _place, count_orders=one_order),
    "order.cancel": Method(CancelParams, _cancel),
    "order.cancelAll": Method(CancelAllParams, _cancel_all),
    "order.amend": Method(
        AmendParams, _amend, count_orders=one_order, needs_answers=_names_client_id
    ),
    "order.replace": Method(ReplaceOrderBody, _replace, count_orders=one_order),
    "orderList.place": Method(PlaceListBody, _place_list, count_orders=_count_legs),
    "orderList.cancel": Method(CancelListParams, _cancel_list, needs_answers=_always),
    "cancelTimer.set": Method(CancelTimerBody, _set_cancel_timer),
    "batch": Method(
        BatchBody, _batch, count_orders=count_places, needs_answers=_amends_by_client_id
    ),
    "session.auth": Method(AuthParams, _auth, EVERYONE),
    "session.status": Method(Nothing, _status, EVERYONE),
    "ping": Method(Nothing, _ping, EVERYONE),
}


def get_method(name: str) -> Method:
    """Return a method by its name. Raises Refusal (VALIDATION_001)."""
    method = METHODS.get(name)
    if method is None:
        raise field_refusal(
            Problem.MALFORMED,
            "method",
            "method_unknown",
            f"method {shorten(name)!r} is not known: the methods are {', '.join(METHODS)}",
        )
    return method
