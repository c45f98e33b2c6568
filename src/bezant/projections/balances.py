"""Balances: available and hold of each account and asset, at the cursor."""

from typing import Any, ClassVar, Final

from bezant.core.events import (
    Event,
    ListAccepted,
    ListWorking,
    OrderAccepted,
    OrderAmended,
    OrderDone,
    OrderTriggered,
    SelfTradePrevented,
    TradeExecuted,
    TransferHeld,
    TransferPosted,
    TransferSettled,
    TransferVoided,
)
from bezant.core.postings import BalanceKind, Posting
from bezant.projections.fold import At

_COLUMNS: Final = ("account", "asset", "available", "hold")

_READ: Final = """
SELECT account, asset, available, hold FROM balances
JOIN unnest($1::bigint[], $2::integer[]) AS touched (account, asset) USING (account, asset)
"""
_UPDATE: Final = """
UPDATE balances b SET available = u.available, hold = u.hold
FROM unnest($1::bigint[], $2::integer[], $3::bigint[], $4::bigint[])
     AS u (account, asset, available, hold)
WHERE b.account = u.account AND b.asset = u.asset
"""

_Key = tuple[int, int]


class BalancesFold:
    """What a batch moves, by account and asset."""

    events: ClassVar[tuple[type[Event], ...]] = (
        OrderAccepted,
        TradeExecuted,
        OrderDone,
        OrderTriggered,
        OrderAmended,
        SelfTradePrevented,
        ListAccepted,
        ListWorking,
        TransferPosted,
        TransferHeld,
        TransferSettled,
        TransferVoided,
    )

    def __init__(self) -> None:
        self._available: dict[_Key, int] = {}
        self._hold: dict[_Key, int] = {}
        self._before: dict[_Key, tuple[int, int]] = {}

    def fold(self, at: At, event: Event, moved: tuple[Posting, ...]) -> None:
        """Add up what the event's postings move."""
        del at, event
        for line in moved:
            sums = self._available if line.kind is BalanceKind.AVAILABLE else self._hold
            key = (line.account, line.asset)
            sums[key] = sums.get(key, 0) + line.units

    def before(self, account: int, asset: int) -> int:
        """Return the balance before this batch; known once `write` has begun."""
        return sum(self._before.get((account, asset), (0, 0)))

    async def write(self, connection: Any) -> None:
        """Read what there was, add what moved, write what there is."""
        touched = sorted(self._available.keys() | self._hold.keys())
        if not touched:
            return
        accounts, assets = zip(*touched, strict=True)
        for row in await connection.fetch(_READ, accounts, assets):
            self._before[row["account"], row["asset"]] = (row["available"], row["hold"])
        fresh: list[tuple[int, ...]] = []
        changed: list[tuple[int, ...]] = []
        for key in touched:
            available, hold = self._before.get(key, (0, 0))
            row = (*key, available + self._available.get(key, 0), hold + self._hold.get(key, 0))
            (changed if key in self._before else fresh).append(row)
        if changed:
            await connection.execute(_UPDATE, *zip(*changed, strict=True))
        if fresh:
            await connection.copy_records_to_table("balances", records=fresh, columns=_COLUMNS)
