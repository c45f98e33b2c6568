"""A batch: all read models' shares of many entries, folded in memory before anything is written."""

from collections.abc import Callable, Iterable
from typing import Any, Final

from bezant.core.codec import Outcome
from bezant.core.events import (
    AssetCreated,
    AssetSet,
    AuctionUncrossed,
    BalancesAsserted,
    CanceledAll,
    CommandRefused,
    CommandRepeated,
    DigestAsserted,
    FeesSet,
    MarketCanceled,
    MarketSet,
    ReferencePriceSet,
    RulesActivated,
    TierSet,
)
from bezant.core.postings import Posting, postings
from bezant.projections.account_settings import AccountSettingsFold
from bezant.projections.balances import BalancesFold
from bezant.projections.cancel_timers import CancelTimersFold
from bezant.projections.candles import CandlesFold
from bezant.projections.fold import At, Fold
from bezant.projections.known import Known
from bezant.projections.ledger_lines import LedgerLinesFold
from bezant.projections.order_lists import OrderListsFold
from bezant.projections.orders import OrdersFold
from bezant.projections.statistics import StatisticsFold
from bezant.projections.trades import TradesFold
from bezant.projections.transfers import TransfersFold

# Events that no read model tells of: gateways follow them, or their rows are somebody else's.
NOT_PROJECTED: Final = (
    CommandRefused,
    CommandRepeated,
    CanceledAll,
    TierSet,
    AssetCreated,
    AssetSet,
    MarketSet,
    FeesSet,
    ReferencePriceSet,
    MarketCanceled,
    AuctionUncrossed,
    BalancesAsserted,
    DigestAsserted,
    RulesActivated,
)

_Take = Callable[[At, Any, tuple[Posting, ...]], None]


class EventUnknown(Exception):
    """No read model knows what to make of an event; to leave it out would make them wrong."""


class Batch:
    """What entries after a cursor do to all read models."""

    def __init__(self, known: Known) -> None:
        """`known` is what is known before this batch; the batch teaches it more."""
        self._known = known
        grids = known.grids
        balances = BalancesFold()
        self.folds: tuple[Fold, ...] = (
            AccountSettingsFold(),
            CancelTimersFold(),
            balances,
            LedgerLinesFold(balances, grids),  # Reads what the balances were: comes after them.
            OrdersFold(known),
            OrderListsFold(known),
            TradesFold(grids),
            TransfersFold(),
            CandlesFold(grids),
            StatisticsFold(grids),
        )
        self._takers: dict[type, tuple[_Take, ...]] = dict.fromkeys(NOT_PROJECTED, ())
        for fold in self.folds:
            for kind in fold.events:
                self._takers[kind] = (*self._takers.get(kind, ()), fold.fold)
        self.seq_last = 0
        self.ts_ns = 0
        self.count = 0

    def fold(self, ts_ns: int, outcomes: Iterable[Outcome]) -> None:
        """Fold the outcomes of one time. Raises EventUnknown."""
        takers, known = self._takers, self._known
        for outcome in outcomes:
            for index, event in enumerate(outcome.events):
                wanted = takers.get(type(event))
                if wanted is None:
                    raise EventUnknown(
                        f"no read model knows {type(event).__name__} (seq {outcome.seq}, index "
                        f"{index}): this release's projector is older than its core"
                    )
                if not wanted:
                    continue
                known.learn(event)
                at = At(outcome.seq, index, ts_ns)
                moved = postings(event, known.grids)
                for take in wanted:
                    take(at, event, moved)
                known.forget(event)
            self.seq_last = outcome.seq
            self.count += 1
        self.ts_ns = ts_ns
