"""One trade: prices, fees, postings and what it does to the maker (L5.3, L13.2)."""

from bezant.core import book, fees, holds, ledger, lifecycle, lists, triggers
from bezant.core.chart import FEES
from bezant.core.contract import invariant
from bezant.core.events import PeakRefilled, TradeExecuted
from bezant.core.market import Market, roll_window
from bezant.core.order import Order, has_hold, is_by_quote
from bezant.core.state import Asset, State
from bezant.core.units import Lots, Ticks, Units
from bezant.core.words import BUY, FILLED, LIMIT, SELL, DoneReason


def execute(
    state: State, market: Market, *, taker: Order, maker: Order, price: Ticks, qty: Lots
) -> None:
    """Let two orders trade, mark the triggers and emit `TradeExecuted`.

    Books and queues are the caller's: it takes the lots from the orders with `fill`.
    """
    _set_last(state, market, price)
    buyer, seller = (maker, taker) if taker.side == SELL else (taker, maker)
    invariant(_is_within(buyer, price) and _is_within(seller, price), "INV-05: beyond a limit")
    base_units = Units(qty * market.lot_units)
    quote_units = market.notional(price, qty)
    cost = fees.trade_fees(
        market,
        taker=state.accounts[taker.account],
        maker=state.accounts[maker.account],
        taker_side=taker.side,
        base_units=base_units,
        quote_units=quote_units,
    )
    improvement = _improvement(market, buyer, price, qty)
    buyer_fee, seller_fee = (cost.taker, cost.maker) if buyer is taker else (cost.maker, cost.taker)

    _pay_base(seller, base_units)
    base_asset, quote_asset = state.assets[market.base], state.assets[market.quote]
    _receive(state, buyer, base_asset, base_units, buyer_fee)
    _pay_quote(buyer, quote_units, improvement)
    _receive(state, seller, quote_asset, quote_units, seller_fee)
    if cost.rebate:
        asset = base_asset if buyer is taker else quote_asset
        ledger.receive_house(asset, FEES, Units(-cost.rebate))
        ledger.receive(state.accounts[maker.account].balance(asset.id), cost.rebate)

    market.trade_no += 1
    state.events.append(
        TradeExecuted(
            market.id,
            market.trade_no,
            taker.id,
            taker.account,
            maker.id,
            maker.account,
            taker.side,
            price,
            qty,
            cost.taker,
            Units(-cost.rebate) if cost.rebate else cost.maker,
            improvement,
            has_hold(taker.terms),
        )
    )


def fill_maker(state: State, market: Market, maker: Order, qty: Lots) -> None:
    """Take lots from a maker in the book; end it, refill its peak, run its list (L5.3, L9.1)."""
    maker.filled = Lots(maker.filled + qty)
    visible = Lots(maker.visible - qty)
    book.reduce(market.book, maker, lots=qty, visible=visible, seq=state.seq)
    if maker.leaves == 0:
        lifecycle.end(state, market, maker, FILLED, DoneReason.NONE)
    elif visible == 0:
        peak = min(maker.terms.display, maker.leaves)
        book.show(market.book, maker, peak, state.seq)
        book.requeue(market.book, maker)
        emit_refilled(state, market, maker)
    if maker.parent is not None:
        lists.executed(state, market, maker)


def emit_refilled(state: State, market: Market, order: Order) -> None:
    """Emit that an iceberg shows its next peak."""
    state.events.append(
        PeakRefilled(order.id, order.account, market.id, order.side, order.price, order.visible)
    )


def fill_taker(market: Market, taker: Order, price: Ticks, qty: Lots) -> None:
    """Take lots, or what they cost or earn, from an order in its taker phase."""
    taker.filled = Lots(taker.filled + qty)
    if is_by_quote(taker.terms):
        taker.budget = Units(taker.budget - market.notional(price, qty))
    else:
        taker.leaves = Lots(taker.leaves - qty)


def _is_within(order: Order, price: Ticks) -> bool:
    """Return whether the price is no worse than the order's limit, if it has one."""
    better = order.price - price if order.side == BUY else price - order.price
    return better >= 0 or order.terms.type != LIMIT


def _set_last(state: State, market: Market, price: Ticks) -> None:
    roll_window(market, seq=state.seq, ts_ns=state.ts_ns)
    market.last = price
    if market.rising or market.falling or market.trailing:
        triggers.mark(state, market, price)


def _improvement(market: Market, buyer: Order, price: Ticks, qty: Lots) -> Units:
    """Return what a buyer with a hold gets back for trading under its limit (L4.2)."""
    if not has_hold(buyer.terms):
        return Units(0)
    return market.notional(Ticks(buyer.hold_price - price), qty)


def _pay_base(seller: Order, units: Units) -> None:
    if has_hold(seller.terms):
        holds.pay(seller, units)
    else:
        ledger.pay_from_available(seller.balance, units)


def _pay_quote(buyer: Order, units: Units, improvement: Units) -> None:
    if not has_hold(buyer.terms):
        ledger.pay_from_available(buyer.balance, units)
        return
    holds.pay(buyer, units)
    if improvement:
        holds.release_part(buyer, improvement)


def _receive(state: State, order: Order, asset: Asset, units: Units, fee: Units) -> None:
    """Credit what a trade brings, less its fee, which the house receives."""
    ledger.receive(state.accounts[order.account].balance(asset.id), Units(units - fee))
    if fee:
        ledger.receive_house(asset, FEES, fee)
