"""What streams keep from events is what the core itself answers, after any flow of all types.

Private: open orders, lists and balances of every account. Public: the books, visible lots only.
"""

import os
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest

from bezant.accounts.settings import prevention_of
from bezant.core import reads as r
from bezant.core.codec import Outcome
from bezant.core.commands import Command
from bezant.core.events import OrderEvent
from bezant.core.ids import AccountId, MarketId, OrderId
from bezant.core.words import ListKind
from bezant.gateway.native.outcomes import open_order
from bezant.gateway.stream.private_state import Entry, Owner, PrivateState
from bezant.marketdata.live_book import LiveBook
from bezant.queries.orders import Order
from tests.properties.drawn import MARKETS, USERS
from tests.properties.flow import Flow
from tests.properties.house import House

N = int(os.environ.get("FUZZ_N", "600"))
SEED = int(os.environ.get("FUZZ_SEED", "1"))
DEPTH = 1_000


class Follower(House):
    """A house whose accounts and books are followed from its events, and compared at each row."""

    def begin(self) -> None:
        catalogue = self.ask(r.ReadCatalogue())
        assert isinstance(catalogue, r.Catalogue)
        self.markets: dict[int, Any] = {view.market: _market(view) for view in catalogue.markets}
        self.states = {user: self._load(AccountId(user)) for user in USERS}
        self.books = {market: LiveBook(market) for market in MARKETS}
        self.fills = self.ended_legs = 0

    def submit(self, commands: list[Command], after_ns: int = 0) -> tuple[Outcome, ...]:
        outcomes = super().submit(commands, after_ns)
        if hasattr(self, "states"):
            for outcome in outcomes:
                self._follow(outcome)
            self._compare_streams()
        return outcomes

    def _follow(self, outcome: Outcome) -> None:
        entry = Entry(outcome.seq, self.known.ts_ns, outcome.events)
        for state in self.states.values():
            self.fills += len(state.apply(entry, self.markets, self.told.grids).fills)
        for event in outcome.events:
            if isinstance(event, OrderEvent) and hasattr(event, "market"):
                book = self.books.get(event.market)
                if book is not None:
                    book.apply(outcome.seq, event)

    def _compare_streams(self) -> None:
        for user, state in self.states.items():
            told = self._load(AccountId(user))
            assert {key: _known(one) for key, one in state.orders.items()} == {
                key: _known(one) for key, one in told.orders.items()
            }
            assert {k: v for k, v in state.balances.items() if any(v)} == {
                k: v for k, v in told.balances.items() if any(v)
            }
            self._compare_lists(state)
        for market, book in self.books.items():
            answer = self.ask(r.ReadBook(MarketId(market), DEPTH))
            assert isinstance(answer, r.Book)
            bids, asks = (
                tuple((level.price, level.visible) for level in levels)
                for levels in (answer.bids, answer.asks)
            )
            assert book.best(DEPTH) == (bids, asks), f"market {market}"

    def _compare_lists(self, state: PrivateState) -> None:
        open_legs = {key: one for key, one in state.orders.items() if one.list_id}
        assert set(state.lists) == {one.list_id for one in open_legs.values()}
        for known in state.lists.values():
            assert len(known.legs) == (3 if known.kind == ListKind.OTOCO else 2)
            for leg in known.legs:
                if leg.is_open:
                    assert leg == open_legs.pop(leg.order_id)
                else:
                    ended = self.told.ended[leg.order_id]
                    assert (leg.filled, leg.prevented) == (ended.filled, ended.prevented)
                    self.ended_legs += 1
        assert not open_legs

    def _load(self, account: AccountId) -> PrivateState:
        answer = self.ask(r.ReadOpenOrders(account, MarketId(0), OrderId(0), r.PAGE_MAX))
        known = self.ask(r.ReadAccount(account))
        assert isinstance(answer, r.OpenOrders)
        assert isinstance(known, r.Account)
        return PrivateState(
            Owner(account, prevention_of(known), known.seq),
            {view.order_id: open_order(view, created_ns=0) for view in answer.orders},
            {view.asset: (view.available, view.hold) for view in known.balances},
            {},
            seq=known.seq,
            loaded_seq=lambda _: known.seq,
        )


@pytest.mark.parametrize("seed", range(SEED, SEED + 4))
def test_streams_know_what_the_core_knows(seed: int) -> None:
    house = Follower()
    house.open()
    house.begin()
    Flow(Random(seed), house).run(N)
    assert house.fills > N // 20
    assert house.ended_legs, "no list outlived one of its legs"


def _market(view: r.MarketView) -> Any:
    """Return as much of a catalogue's market as following an order takes."""
    return SimpleNamespace(
        grid=SimpleNamespace(tick_lot_units=view.tick_lot_units),
        base=SimpleNamespace(asset=view.base),
        quote=SimpleNamespace(asset=view.quote),
    )


def _known(order: Order) -> dict[str, object]:
    """Return what the core can tell of an open order: not what its fills cost, nor times."""
    told = {name: getattr(order, name) for name in Order.__struct_fields__}
    for name in ("hold", "filled_quote", "created_ns", "updated_ns", "updated_seq"):
        del told[name]
    return told
