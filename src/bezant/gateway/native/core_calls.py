"""Asking the core: what an endpoint sends, and what it answers when the core cannot.

One place turns the ways in which the core may be away into problems that say what was done.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, TypeVar

from bezant.core.commands import Command, PlaceOrder
from bezant.core.events import CommandRepeated, Event
from bezant.core.reads import Answer, Read, ReadFailed
from bezant.core.refusals import RefusalCode
from bezant.core.units import Units
from bezant.core.words import OrderType, Side
from bezant.gateway.house import House
from bezant.gateway.native.combinations import find_fault
from bezant.gateway.native.problems import Problem, Refusal
from bezant.gateway.native.refusals import explain
from bezant.gateway.native.render import BIPS_SCALE, status_word
from bezant.ingress.client import (
    CoreStopping,
    CoreUnavailable,
    MalformedRequest,
    OutcomeUnknown,
    Overloaded,
    RequestExpired,
    Submission,
)
from bezant.kit.decimals import from_units, shorten
from bezant.marketdata.catalogue import Market

T = TypeVar("T")

RETRY_AFTER_S: Final = 1
_SOON: Final = {"Retry-After": str(RETRY_AFTER_S)}
_PERCENT_SCALE: Final = BIPS_SCALE - 2


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


def order_facts(command: PlaceOrder, market: Market) -> dict[str, str]:
    """Return the numbers that a refusal of this order may name."""
    grid, limits, terms = market.grid, market.parameters, command.order
    is_buy = terms.side == Side.BUY
    facts = {
        "symbol": market.code,
        "status": status_word(market),
        "quote": market.quote.code,
        "spends": (market.quote if is_buy else market.base).code,
        "clientOrderId": terms.client_id,
        "quantity": grid.qty_text(terms.qty),
        "quoteQuantity": grid.quote_text(Units(terms.quote_units)),
        "tickSize": grid.tick_size,
        "minQuantity": grid.qty_text(limits.qty_min),
        "maxQuantity": grid.qty_text(limits.qty_max),
        "maxPrice": grid.price_text(limits.price_max),
        "minNotional": grid.quote_text(limits.notional_min),
        "maxNotional": grid.quote_text(limits.notional_max),
        "bandPercent": shorten(from_units(limits.band_bips, _PERCENT_SCALE)),
        "maxOpenOrders": str(limits.open_orders_max),
        "maxStopOrders": str(limits.stop_orders_max),
        "maxIcebergs": str(limits.icebergs_max),
        "maxLists": str(limits.lists_max),
    }
    if terms.type == OrderType.LIMIT:
        facts["price"] = grid.price_text(terms.price)
    if fault := find_fault(terms):
        facts |= {"combination": fault.sentence, "combinationField": fault.field}
    return facts
