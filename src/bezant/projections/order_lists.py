"""Order lists: one row each, with what its legs hold together. The legs are rows of `orders`."""

from typing import Any, ClassVar, Final

from msgspec import Struct

from bezant.core.events import (
    Event,
    ListAccepted,
    ListDone,
    ListWorking,
    OrderAccepted,
    OrderAmended,
    OrderDone,
    OrderTriggered,
    SelfTradePrevented,
    TradeExecuted,
)
from bezant.core.postings import Posting
from bezant.projections.fold import At
from bezant.projections.holds import hold_changes
from bezant.projections.known import Known

_COLUMNS: Final = (
    "list_id", "account", "hold", "created_ns", "done_ns", "market", "kind", "side", "client_id",
)  # fmt: skip
_UPDATE: Final = """
UPDATE order_lists l SET hold = l.hold + u.hold, done_ns = coalesce(u.done_ns, l.done_ns)
FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) AS u (list_id, hold, done_ns)
WHERE l.list_id = u.list_id
"""


class ListMissing(Exception):
    """An event names a list that has no row: the read model does not belong to this journal."""


class _Progress(Struct):
    hold: int = 0
    done_ns: int | None = None


class OrderListsFold:
    """The lists that a batch makes, and what it changes in earlier ones."""

    events: ClassVar[tuple[type[Event], ...]] = (
        ListAccepted,
        ListWorking,
        ListDone,
        OrderAccepted,
        TradeExecuted,
        SelfTradePrevented,
        OrderTriggered,
        OrderAmended,
        OrderDone,
    )

    def __init__(self, known: Known) -> None:
        self._known = known
        self._accepted: dict[int, tuple[int, ListAccepted]] = {}
        self._progress: dict[int, _Progress] = {}

    def fold(self, at: At, event: Event, moved: tuple[Posting, ...]) -> None:
        """Take in a step of a list, or what one of its legs holds from now on."""
        del moved
        match event:
            case ListAccepted():
                self._accepted[event.list_id] = (at.ts_ns, event)
                self._reach(event.list_id).hold += event.held
            case ListWorking():
                self._reach(event.list_id).hold += event.held
            case ListDone():
                self._reach(event.list_id).done_ns = at.ts_ns
            case _ if self._known.legs:
                for order_id, units in hold_changes(event, self._known.grids):
                    list_id = self._known.legs.get(order_id)
                    if list_id is not None:
                        self._reach(list_id).hold += units
            case _:
                pass

    async def write(self, connection: Any) -> None:
        """Change the earlier lists, then copy the new ones. Raises ListMissing."""
        changed = [
            (list_id, one.hold, one.done_ns)
            for list_id, one in self._progress.items()
            if list_id not in self._accepted
        ]
        if changed:
            answer = await connection.execute(_UPDATE, *zip(*changed, strict=True))
            if answer != f"UPDATE {len(changed)}":
                raise ListMissing(
                    f"events change {len(changed)} earlier lists, the table answered {answer}: "
                    "run `bezant projections rebuild`"
                )
        if self._accepted:
            await connection.copy_records_to_table(
                "order_lists",
                records=[self._record(list_id) for list_id in self._accepted],
                columns=_COLUMNS,
            )

    def _reach(self, list_id: int) -> _Progress:
        found = self._progress.get(list_id)
        if found is None:
            found = self._progress[list_id] = _Progress()
        return found

    def _record(self, list_id: int) -> tuple[object, ...]:
        created_ns, event = self._accepted[list_id]
        progress = self._progress[list_id]
        return (
            list_id,
            event.account,
            progress.hold,
            created_ns,
            progress.done_ns,
            event.market,
            event.kind,
            event.side,
            event.list_client_id,
        )
