"""Exact reads of the state (`reads.Read`): questions in, answers out, nothing changes."""

from itertools import islice
from typing import assert_never

from msgspec import structs

from bezant.core import chart, reads, remembered
from bezant.core.book import BookSide
from bezant.core.digest import digest
from bezant.core.ids import ListId, OrderId
from bezant.core.market import Market
from bezant.core.order import WAITING, Order
from bezant.core.state import State
from bezant.core.words import AcceptedState


def answer(state: State, question: reads.Read) -> reads.Answer:
    """Return the answer at the state's seq; what is not there is answered with ReadFailed."""
    match question:
        case reads.ReadCatalogue():
            return _catalogue(state)
        case reads.ReadAccount():
            return _account(state, question)
        case reads.ReadOpenOrders():
            return _open_orders(state, question)
        case reads.ReadOrder():
            return _order(state, question)
        case reads.ReadBook():
            return _book(state, question)
        case reads.ReadMarks():
            marks = tuple(reads.MarkView(one, state.marks[one]) for one in sorted(state.marks))
            return reads.Marks(state.seq, marks)
        case reads.ReadDigest():
            return reads.StateDigest(state.seq, state.ts_ns, digest(state))
        case _:
            assert_never(question)


def _catalogue(state: State) -> reads.Catalogue:
    return reads.Catalogue(
        state.seq,
        state.ts_ns,
        state.rules_next,
        tuple(
            reads.AssetView(asset.id, asset.scale, asset.issued_max, asset.enabled)
            for asset in state.assets.values()
        ),
        tuple(_market_view(market) for market in state.markets.values()),
    )


def _market_view(market: Market) -> reads.MarketView:
    return reads.MarketView(
        market.id,
        market.base,
        market.quote,
        market.lot_units,
        market.tick_num,
        market.tick_scale,
        market.tick_lot_units,
        market.parameters,
        int(market.status),
        market.last,
        market.set_reference,
        market.trade_no,
        market.book.sequence,
        tuple(reads.FeeView(tier, rates.maker, rates.taker) for tier, rates in market.fees.items()),
    )


def _account(state: State, question: reads.ReadAccount) -> reads.Account:
    number = question.account
    account = state.accounts.get(number)
    if account is None:
        is_house = chart.is_house(number)
        assets = state.assets.values() if is_house else ()
        balances = tuple(reads.BalanceView(one.id, one.house[number], 0) for one in assets)
        return reads.Account(state.seq, number, is_house, False, 0, 0, False, False, 0, balances)
    return reads.Account(
        state.seq,
        number,
        True,
        account.is_closed,
        account.trade_group,
        account.stp,
        account.orders_frozen,
        account.withdrawals_frozen,
        account.tier,
        tuple(
            reads.BalanceView(asset, balance.available, balance.hold)
            for asset, balance in sorted(account.balances.items(), key=lambda item: item[0])
            if balance.available or balance.hold
        ),
    )


def _open_orders(
    state: State, question: reads.ReadOpenOrders
) -> reads.OpenOrders | reads.ReadFailed:
    if not 1 <= question.limit <= reads.PAGE_MAX:
        return _page_failed(state, "limit", question.limit)
    orders = state.orders
    if question.account:
        account = state.accounts.get(question.account)
        if account is None:
            return reads.ReadFailed(state.seq, f"account {question.account} is unknown")
        orders = account.orders
    found = (
        order
        for order in orders.values()
        if order.id > question.after and question.market in (0, order.market)
    )
    page = tuple(islice(found, question.limit + 1))
    views = tuple(_order_view(order) for order in page[: question.limit])
    return reads.OpenOrders(state.seq, views, len(page) > question.limit)


def _order(state: State, question: reads.ReadOrder) -> reads.OrderFound | reads.ReadFailed:
    account = state.accounts.get(question.account)
    if account is None:
        return reads.ReadFailed(state.seq, f"account {question.account} is unknown")
    number = question.order_id
    if number == 0:
        named = remembered.find(state, account, question.client_id)
        number = OrderId(0) if named is None or named.is_list else OrderId(named.id)
    order = account.orders.get(number)
    if order is None and question.order_id:
        return reads.OrderFound(state.seq, OrderId(0), None)
    view = _order_view(order) if order is not None else None
    return reads.OrderFound(state.seq, number, view)


def _order_view(order: Order) -> reads.OrderView:
    state = AcceptedState.PENDING if order.state is WAITING else AcceptedState(int(order.state))
    return reads.OrderView(
        order.id,
        order.account,
        order.market,
        structs.replace(order.terms, stp=order.stp),
        int(state),
        order.filled,
        order.prevented,
        order.visible,
        order.hold,
        order.parent.id if order.parent is not None else ListId(0),
    )


def _book(state: State, question: reads.ReadBook) -> reads.Book | reads.ReadFailed:
    if not 1 <= question.depth <= reads.PAGE_MAX:
        return _page_failed(state, "depth", question.depth)
    market = state.markets.get(question.market)
    if market is None:
        return reads.ReadFailed(state.seq, f"market {question.market} is unknown")
    book = market.book
    return reads.Book(
        state.seq,
        market.id,
        book.sequence,
        _levels(book.bids, question.depth),
        _levels(book.asks, question.depth),
    )


def _levels(side: BookSide, depth: int) -> tuple[reads.LevelView, ...]:
    levels = (side.levels[key] for key in islice(reversed(side.keys), depth))
    return tuple(reads.LevelView(level.price, level.visible, level.count) for level in levels)


def _page_failed(state: State, name: str, asked: int) -> reads.ReadFailed:
    text = f"{name} {asked} is not allowed: ask for 1 to {reads.PAGE_MAX}"
    return reads.ReadFailed(state.seq, text)
