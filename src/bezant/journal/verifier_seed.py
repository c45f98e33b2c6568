"""An audit that begins at a snapshot: what the state says becomes what the verifiers know.

It trusts the snapshot for everything before it, and says so; only genesis trusts nothing. What a
snapshot does not tell is not judged until it is seen again (a remembered command's content, how
much of an order's fills were at which price).
"""

import msgspec

from bezant.core.images import MarketImage, OrderImage, StateImage
from bezant.core.order import OrderState
from bezant.core.words import OrderType, Trigger
from bezant.journal.verifier import Verifier
from bezant.journal.verifier_house import AuditedMarket
from bezant.journal.verifier_orders import AuditedOrder, Stage

_STAGES = {
    OrderState.PENDING: Stage.PENDING,
    OrderState.RESTING: Stage.RESTING,
    OrderState.WAITING: Stage.PENDING,
}


def decode_image(state: bytes) -> StateImage:
    """Return what canonical bytes say; the engine has judged them when it restored them."""
    return msgspec.msgpack.decode(state, type=StateImage)


def seed(verifier: Verifier, image: StateImage, *, head: bytes) -> None:
    """Bring all verifiers to the state that a snapshot holds; `head` is its row's hash."""
    verifier.chain.seq, verifier.chain.head = image.seq, head
    verifier.chain.ts_ns = image.ts_ns
    house = verifier.house
    house.scales = {asset.asset: asset.scale for asset in image.assets}
    house.markets = {one.market: _market(one, house.scales) for one in image.markets}
    house.tiers = {one.account: one.tier for one in image.accounts}
    house.modes = {one.account: one.stp for one in image.accounts}
    _seed_ledger(verifier, image)
    for order in image.orders:
        verifier.orders.adopt(_order(order))
    for held in image.transfers:
        verifier.orders.adopt_transfer(held.id, (held.account, held.asset), held.units + held.fee)
    visible = {order.order: order.visible for order in image.orders}
    for market in image.markets:
        for levels in (market.bids, market.asks):
            for level in levels:
                for order_id in level.orders:
                    verifier.books.adopt(order_id, visible[order_id])
    for mark in image.marks:
        verifier.once.adopt_mark(mark.source, mark.number)
    open_ids = {order.order: None for order in image.orders}
    open_lists = {parent.list_id: None for parent in image.lists}
    for one in sorted(image.ids, key=lambda one: one.born):
        number = -one.number if one.is_list else one.number
        is_open = one.number in (open_lists if one.is_list else open_ids)
        verifier.once.adopt_id(
            one.account, one.client_id, number, accepted_ns=one.accepted_ns, is_ended=not is_open
        )


def _seed_ledger(verifier: Verifier, image: StateImage) -> None:
    ledger = verifier.ledger
    for account in image.accounts:
        for balance in account.balances:
            ledger.available[account.account, balance.asset] = balance.available
            ledger.hold[account.account, balance.asset] = balance.hold
    for house in image.house:
        for place, units in enumerate(house.balances):
            if units:
                ledger.available[place + 1, house.asset] = units
                ledger.hold[place + 1, house.asset] = 0


def _market(image: MarketImage, scales: dict[int, int]) -> AuditedMarket:
    base_scale, quote_scale = scales[image.base], scales[image.quote]
    units = image.tick_num * image.lot_units * 10**quote_scale
    return AuditedMarket(
        id=image.market,
        base=image.base,
        quote=image.quote,
        lot_units=image.lot_units,
        tick_lot_units=units // 10 ** (image.tick_scale + base_scale),
        algorithm=image.parameters.algorithm,
        top_percent=image.parameters.top_percent,
        min_allocation=image.parameters.min_allocation,
        base_step=10 ** max(0, base_scale - 8),
        quote_step=10 ** max(0, quote_scale - 8),
        status=image.status,
        until_ns=image.auction_end_ns,
        last=image.last,
        reference=image.reference,
        trade_no=image.trade_no,
        auction_price=None if image.uncross is None else image.uncross.price,
        rates={fee.tier: (fee.maker, fee.taker) for fee in image.fees},
    )


def _order(image: OrderImage) -> AuditedOrder:
    terms = image.terms
    return AuditedOrder(
        id=image.order,
        account=image.account,
        market=image.market,
        terms=terms,
        price=terms.price,
        qty=terms.qty,
        client_id=terms.client_id,
        stp=image.stp,
        hold_price=image.hold_price,
        has_hold=terms.type == OrderType.LIMIT or terms.trigger != Trigger.NONE,
        stage=_STAGES[OrderState(image.state)],
        created_ns=0,
        updated_ns=0,
        updated_seq=0,
        list_id=image.list_id,
        filled=image.filled,
        prevented=image.prevented,
        is_whole=False,
    )
