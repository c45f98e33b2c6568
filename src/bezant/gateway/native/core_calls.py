"""Asking the core: what an endpoint sends, and what it answers when the core cannot.

One place turns the ways in which the core may be away into problems that say what was done.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, TypeVar

from bezant.core.commands import Command, OrderTerms
from bezant.core.events import CommandRepeated, Event
from bezant.core.reads import Answer, Catalogue, Read, ReadCatalogue, ReadFailed, ReadOrder
from bezant.core.refusals import RefusalCode
from bezant.gateway.house import House
from bezant.gateway.native.facts import order_facts
from bezant.gateway.native.problems import Problem, Refusal
from bezant.gateway.native.refusals import explain
from bezant.ingress.client import (
    CoreStopping,
    CoreUnavailable,
    MalformedRequest,
    OutcomeUnknown,
    Overloaded,
    RequestExpired,
    Submission,
)
from bezant.marketdata.catalogue import Market

T = TypeVar("T")

RETRY_AFTER_S: Final = 1
_SOON: Final = {"Retry-After": str(RETRY_AFTER_S)}
_ASK_FOR_THE_PRICE: Final = (
    RefusalCode.PRICE_OUT_OF_BAND,
    RefusalCode.WOULD_TRIGGER_NOW,
)


async def submit(
    house: House, commands: Sequence[Command], *, valid_until_ns: int = 0
) -> Submission:
    """Return the durable outcomes of commands. Raises Refusal (SYSTEM_001 …, ORDER_019)."""
    try:
        return await house.core.submit(commands, valid_until_ns=valid_until_ns)
    except (CoreUnavailable, CoreStopping) as error:
        raise Refusal(Problem.CORE_AWAY, headers=_SOON) from error
    except OutcomeUnknown as error:
        raise Refusal(Problem.OUTCOME_UNKNOWN, headers=_SOON) from error
    except Overloaded as error:
        raise Refusal(Problem.OVERLOADED, headers=_SOON) from error
    except RequestExpired as error:
        raise Refusal(Problem.EXPIRED) from error
    except MalformedRequest as error:
        raise Refusal(Problem.FAULT) from error


async def query(house: House, read: Read, answers: type[T]) -> T:
    """Return the core's exact answer of the type `answers`. Raises Refusal (SYSTEM_001, _003)."""
    try:
        answer: Answer = await house.core.query(read)
    except Overloaded as error:
        raise Refusal(Problem.OVERLOADED, headers=_SOON) from error
    except (CoreUnavailable, CoreStopping) as error:
        raise Refusal(Problem.CORE_AWAY, headers=_SOON) from error
    if isinstance(answer, ReadFailed):
        if isinstance(read, ReadOrder):  # It fails only where the account is not open yet.
            raise refuse(RefusalCode.ACCOUNT_UNKNOWN, {})
        raise Refusal(Problem.FAULT, answer.text)
    if not isinstance(answer, answers):
        raise Refusal(Problem.FAULT)
    return answer


def find_repeated(events: Iterable[Event]) -> int | None:
    """Return the id of the first result if the command was done before (L3.1), else None."""
    return next((one.id for one in events if isinstance(one, CommandRepeated)), None)


def refuse(code: int, facts: Mapping[str, str]) -> Refusal:
    """Return what a client is told of the core's refusal."""
    refusal = explain(code, facts)
    if code == RefusalCode.CATCHING_UP:
        refusal.headers.update(_SOON)
    return refusal


async def refuse_order(house: House, code: int, terms: OrderTerms, market: Market) -> Refusal:
    """Return what a client is told of the refusal of an order, with the price it hung on."""
    facts = order_facts(terms, market)
    if code in _ASK_FOR_THE_PRICE:
        price = await read_last_price(house, market)
        facts["lastPrice"] = f"the last price {market.grid.price_text(price)}"
    return refuse(code, facts)


async def read_last_price(house: House, market: Market) -> int:
    """Return the price in ticks that triggers and bands go by now (LAW's R); 0 without one."""
    catalogue = await query(house, ReadCatalogue(), Catalogue)
    for view in catalogue.markets:
        if view.market == market.market:
            return view.last or view.reference
    return 0
