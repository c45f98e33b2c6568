"""Replacing: one order goes and another comes in one entry, each part with its own result.

Both parts are told from the entry's events alone, so that a repeat tells them in the same bytes.
"""

from typing import Final

from msgspec import Struct, UnsetType

from bezant.core.codec import Outcome
from bezant.core.commands import ReplaceOrder
from bezant.core.events import CommandRefused
from bezant.core.ids import AccountId, MarketId
from bezant.core.words import DoneReason, Only, Part, ReplaceMode
from bezant.gateway.house import House
from bezant.gateway.native.bodies import ReplaceFields, ReplaceOrderBody
from bezant.gateway.native.canceling import find_done, to_only
from bezant.gateway.native.core_calls import find_repeated, refuse, refuse_order, submit
from bezant.gateway.native.facts import market_facts
from bezant.gateway.native.names import OrderName, to_order_name
from bezant.gateway.native.operation_documents import (
    CancelPart,
    PlacePart,
    ReplaceDocument,
    ReplacedOrder,
)
from bezant.gateway.native.order_terms import to_terms, to_valid_until
from bezant.gateway.native.outcomes import Happened
from bezant.gateway.native.placing import first_outcome, placed_by
from bezant.gateway.native.problems import Refusal, inside

_MODES: Final = {one.name.lower(): one for one in ReplaceMode}
_NEW_ORDER: Final = "order"


class Replaced(Struct, frozen=True):
    """What a replacement did, the new order if there is one, and whether it was done before."""

    document: ReplaceDocument
    happened: Happened | None
    is_repeat: bool

    @property
    def is_new(self) -> bool:
        """Whether this request made an order."""
        return self.happened is not None and not self.is_repeat


async def replace(house: House, account: int, body: ReplaceOrderBody) -> Replaced:
    """Replace one order by another. Raises Refusal if neither part was done."""
    command = to_replace_order(house, account, body)
    submission = await submit(house, [command], valid_until_ns=to_valid_until(body.valid_until))
    return await read_replaced(house, command, submission.outcomes[0], submission.ts_ns)


def to_replace_order(house: House, account: int, fields: ReplaceFields) -> ReplaceOrder:
    """Return the command that replaces an order. Raises Refusal with the field at fault."""
    name = to_order_name(fields.id, fields.client_order_id)
    with inside(_NEW_ORDER):
        market = house.get_market(fields.order.symbol)
        terms = to_terms(market, fields.order)
    mode = fields.mode
    return ReplaceOrder(
        AccountId(account),
        name.order_id,
        name.client_id,
        ReplaceMode.STOP_ON_FAILURE if isinstance(mode, UnsetType) else _MODES[mode.lower()],
        to_only(fields.only),
        MarketId(market.market),
        terms,
    )


async def read_replaced(
    house: House, command: ReplaceOrder, outcome: Outcome, ts_ns: int
) -> Replaced:
    """Return what became of a ReplaceOrder. Raises Refusal if it did nothing."""
    repeated = find_repeated(outcome.events)
    if repeated is not None:
        ts_ns, outcome = await first_outcome(house, repeated)
    refused = {
        event.part: event.code for event in outcome.events if isinstance(event, CommandRefused)
    }
    if Part.WHOLE in refused:
        raise await _refuse_new(house, command, refused[Part.WHOLE])
    canceled = _cancel_part(house, command, outcome, refused.get(Part.CANCEL, 0))
    if Part.PLACE in refused:
        refusal = await _refuse_new(house, command, refused[Part.PLACE])
        if not canceled.ok:
            raise refusal
        placed = PlacePart(ok=False, error=refusal.document())
        return Replaced(ReplaceDocument(canceled, placed, outcome.seq), None, is_repeat=False)
    if not canceled.ok and command.mode == ReplaceMode.STOP_ON_FAILURE:
        raise _refuse_old(house, command, refused[Part.CANCEL])
    made = placed_by(house, outcome, command.account, ts_ns)
    document = ReplaceDocument(canceled, PlacePart(ok=True, order=made.document), outcome.seq)
    return Replaced(document, made.happened, is_repeat=repeated is not None)


def _cancel_part(house: House, command: ReplaceOrder, outcome: Outcome, code: int) -> CancelPart:
    if code:
        return CancelPart(ok=False, error=_refuse_old(house, command, code).document())
    done = find_done(outcome.events, command.account, DoneReason.REPLACED)
    if done is None:
        return CancelPart(ok=True)
    market = house.get_catalogue().markets[done.market]
    filled = market.grid.qty_text(done.filled)
    order = ReplacedOrder(str(done.order_id), market.code, filled, "canceled", "replaced")
    return CancelPart(ok=True, order=order)


def _refuse_old(house: House, command: ReplaceOrder, code: int) -> Refusal:
    """Return why the old order was not canceled: in words that depend on the request alone."""
    facts = market_facts(house.get_catalogue().markets[command.market])
    name = OrderName(command.order_id, command.client_id)
    only = Only(command.only).name.lower()
    return refuse(code, facts | {"only": only, "nameField": name.field})


async def _refuse_new(house: House, command: ReplaceOrder, code: int) -> Refusal:
    """Return why the new order was not placed."""
    market = house.get_catalogue().markets[command.market]
    refusal = await refuse_order(house, code, command.order, market)
    refusal.put_inside(_NEW_ORDER)
    return refusal
