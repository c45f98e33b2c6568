"""Transfers: posted at once, or held and then settled or voided."""

import enum
from typing import Any, ClassVar, Final

from msgspec import Struct
from msgspec.structs import astuple

from bezant.core.events import (
    Event,
    TransferHeld,
    TransferPosted,
    TransferSettled,
    TransferVoided,
)
from bezant.core.postings import Posting
from bezant.projections.fold import At

KIND_WITHDRAWAL: Final = 5  # Below it LAW's transfer reasons.


class StoredStatus(enum.IntEnum):
    """The column `status`."""

    POSTED = 0
    HELD = 1
    SETTLED = 2
    VOIDED = 3


_END: Final = """
UPDATE transfers t
SET status = u.status, to_account = u.to_account, done_seq = u.done_seq, done_ns = u.done_ns
FROM unnest($1::bigint[], $2::smallint[], $3::bigint[], $4::bigint[], $5::bigint[])
     AS u (transfer_id, status, to_account, done_seq, done_ns)
WHERE t.transfer_id = u.transfer_id AND t.status = 1
"""


class TransferMissing(Exception):
    """An event ends a transfer that has no row: the read model is not of this journal."""


class _Transfer(Struct):
    """A new row, in the order of its fields."""

    source: int
    number: int
    seq: int
    idx: int
    ts_ns: int
    kind: int
    status: int
    from_account: int
    to_account: int | None
    asset: int
    units: int
    fee: int
    transfer_id: int | None
    done_seq: int | None = None
    done_ns: int | None = None


class TransfersFold:
    """The transfers that a batch makes, and the earlier ones that it ends."""

    events: ClassVar[tuple[type[Event], ...]] = (
        TransferPosted,
        TransferHeld,
        TransferSettled,
        TransferVoided,
    )

    def __init__(self) -> None:
        self._rows: list[_Transfer] = []
        self._held: dict[int, _Transfer] = {}
        self._ended: list[tuple[int, int, int | None, int, int]] = []

    def fold(self, at: At, event: Event, moved: tuple[Posting, ...]) -> None:
        """Take in a transfer, or the end of a held one."""
        del moved
        match event:
            case TransferPosted():
                self._rows.append(
                    _Transfer(
                        source=event.source,
                        number=event.number,
                        seq=at.seq,
                        idx=at.index,
                        ts_ns=at.ts_ns,
                        kind=event.reason,
                        status=StoredStatus.POSTED,
                        from_account=event.from_account,
                        to_account=event.to_account,
                        asset=event.asset,
                        units=event.units,
                        fee=0,
                        transfer_id=None,
                    )
                )
            case TransferHeld():
                self._hold(at, event)
            case TransferSettled():
                self._end(at, event.transfer_id, StoredStatus.SETTLED, event.custody)
            case TransferVoided():
                self._end(at, event.transfer_id, StoredStatus.VOIDED, None)
            case _:
                pass

    async def write(self, connection: Any) -> None:
        """End the earlier ones, so that their ids are free, then copy the new ones."""
        if self._ended:
            answer = await connection.execute(_END, *zip(*self._ended, strict=True))
            if answer != f"UPDATE {len(self._ended)}":
                raise TransferMissing(
                    f"events end {len(self._ended)} held transfers, the table answered {answer}: "
                    "run `bezant projections rebuild`"
                )
        if self._rows:
            await connection.copy_records_to_table(
                "transfers",
                records=[astuple(row) for row in self._rows],
                columns=_Transfer.__struct_fields__,
            )

    def _hold(self, at: At, event: TransferHeld) -> None:
        row = _Transfer(
            source=event.source,
            number=event.number,
            seq=at.seq,
            idx=at.index,
            ts_ns=at.ts_ns,
            kind=KIND_WITHDRAWAL,
            status=StoredStatus.HELD,
            from_account=event.account,
            to_account=None,
            asset=event.asset,
            units=event.units,
            fee=event.fee,
            transfer_id=event.transfer_id,
        )
        self._rows.append(row)
        self._held[event.transfer_id] = row

    def _end(self, at: At, transfer_id: int, status: StoredStatus, custody: int | None) -> None:
        row = self._held.pop(transfer_id, None)
        if row is None:
            self._ended.append((transfer_id, status, custody, at.seq, at.ts_ns))
            return
        row.status, row.to_account, row.done_seq, row.done_ns = status, custody, at.seq, at.ts_ns
