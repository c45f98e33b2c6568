"""The audit of a whole exchange: one cut of the database, from genesis or from a snapshot.

Reads the journal row by row through `journal.verifier`, stops at the projector's cursor to compare
the read models, and goes on to the tip. Changes nothing and may run beside a living exchange.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, Final

from msgspec import Struct

from bezant.apps.database_session import reachable_database
from bezant.apps.engines import engine_maker
from bezant.apps.verify_cut import Cut, RowUnreadable
from bezant.apps.verify_expected import Expected
from bezant.apps.verify_outbox import OutboxVerifier
from bezant.apps.verify_read_models import ReadModels
from bezant.core.codec import MalformedMessage
from bezant.journal.ports import Row
from bezant.journal.snapshot import BadSnapshot, SnapshotPointer, read_object
from bezant.journal.verifier import Verifier
from bezant.journal.verifier_findings import (
    INV_07,
    INV_08,
    INV_11,
    INV_12,
    NO_SUBJECT,
    TITLES,
    Finding,
)
from bezant.journal.verifier_seed import decode_image, seed
from bezant.kit import db
from bezant.kit.config import Settings
from bezant.kit.operator_error import OperatorError
from bezant.kit.paths import DataDir

PROJECTOR: Final = "projector"

_IS_SNAPSHOT: Final = "SELECT true FROM snapshot WHERE shard = $1 AND seq = $2"

Progress = Callable[[int, int], None]


class InvariantReport(Struct, frozen=True, rename="camel"):
    """How one invariant fared; `holds` is None where there is nothing yet that it speaks of."""

    id: str
    title: str
    holds: bool | None
    count: int
    note: str
    findings: tuple[Finding, ...]


class AssetSums(Struct, frozen=True, rename="camel"):
    """What is owed to users and house, and what custody mirrors, in units; they sum to zero."""

    asset: int
    code: str
    scale: int
    users: int
    house: int
    custody: int


class Report(Struct, frozen=True, rename="camel"):
    """What an audit found."""

    ok: bool
    from_seq: int
    seq: int
    chain_head: str
    state_digest: str | None
    read_models_seq: int
    open_orders: int
    invariants: tuple[InvariantReport, ...]
    sums: tuple[AssetSums, ...]


class _Audit:
    """One run: the cut, the verifier, and what they are compared with on the way."""

    def __init__(self, settings: Settings, cut: Cut) -> None:
        self._settings = settings
        self._cut = cut
        self._folder = DataDir.of(settings).snapshots
        self._engine = engine_maker(settings)()
        self._expected = Expected()
        self.verifier = Verifier(self._engine, [self._expected])
        self._expected.attach(self.verifier)
        self.notes: dict[str, str] = dict(NO_SUBJECT)
        self.from_seq = 0
        self.cursor = 0

    async def run(self, *, from_snapshot: bool, progress: Progress) -> None:
        """Audit everything; what is found is in the verifier's findings."""
        lease = await self._cut.lease()
        cursors = await self._cut.cursors()
        snapshots = await self._cut.snapshots()
        self.cursor = cursors.get(PROJECTOR, 0)
        if from_snapshot:
            self._start_at_snapshot(snapshots)
        models = ReadModels(self._cut.connection, self.verifier, self._expected, self.cursor)
        self.notes[INV_12] = f"not compared: the audit never came to the cursor {self.cursor}"
        if self.cursor <= self.from_seq:
            await self._compare(models)
        digests = {pointer.seq: pointer for pointer in snapshots}
        outbox = OutboxVerifier(self.verifier.findings, await self._cut.answers())
        async for row in self._walk(models, digests):
            outbox.apply(row.batch)
            progress(self.verifier.seq, lease.tip_seq)
        self.verifier.finish()
        if self.verifier.is_going:
            outbox.finish(lease.tip_seq)
        self.verifier.chain.check_lease(
            epoch=lease.epoch, tip_seq=lease.tip_seq, tip_hash=lease.tip_hash
        )
        self._check_visible(lease.tip_seq, cursors, snapshots)

    async def check_objects(self, live: Any) -> None:
        """Check the snapshots' files; `live` sees which of them are pointed at by now."""
        for pointer in await self._cut.snapshots():
            try:
                read_object(self._folder / pointer.name, pointer)
            except BadSnapshot as error:
                if await live.fetchval(_IS_SNAPSHOT, self._settings.shard, pointer.seq):
                    text = f"snapshot {pointer.name} is bad: {error}"
                    self.verifier.findings.add(INV_11, pointer.seq, text)

    async def _walk(
        self, models: ReadModels, digests: dict[int, SnapshotPointer]
    ) -> AsyncIterator[Row]:
        """Audit the rows one by one, stop at the cursor to compare, and yield what was audited."""
        verifier = self.verifier
        try:
            async for row in self._cut.rows(verifier.seq):
                verifier.apply(row)
                if not verifier.is_going:
                    return
                yield row
                if verifier.seq < self.cursor:
                    await models.follow()
                elif row.batch.seq_first <= self.cursor:
                    await self._compare(models)
                if (pointer := digests.get(verifier.seq)) is not None:
                    what = f"snapshot {pointer.name}"
                    verifier.replay.check_digest(pointer.seq, pointer.digest, what)
        except RowUnreadable as error:
            verifier.findings.add(INV_07, error.seq, str(error))
            verifier.is_going = False

    async def _compare(self, models: ReadModels) -> None:
        """Compare the read models; the audit stands at their cursor, or should."""
        verifier = self.verifier
        if self.cursor < self.from_seq:
            self._expected.is_open = False
            return
        if verifier.seq != self.cursor:
            text = f"the cursor {self.cursor} stands within a row of the journal"
            verifier.findings.add(INV_12, self.cursor, text)
        await models.finish()
        self.notes[INV_12] = f"at seq {self.cursor}"
        if self.from_seq:
            self.notes[INV_12] += f": balances, and rows of entries after {self.from_seq}"
        else:
            await models.finish_history()

    def _check_visible(
        self, tip_seq: int, cursors: dict[str, int], snapshots: list[SnapshotPointer]
    ) -> None:
        """Check that nobody has seen what is not committed (INV-08)."""
        seen = [(f"the cursor of {name}", seq) for name, seq in cursors.items()]
        seen += [(f"the snapshot {one.name}", one.seq) for one in snapshots]
        for what, seq in seen:
            if seq > tip_seq:
                text = f"{what} is at seq {seq}, the journal ends at {tip_seq}"
                self.verifier.findings.add(INV_08, seq, text)

    def _start_at_snapshot(self, snapshots: list[SnapshotPointer]) -> None:
        for pointer in reversed(snapshots):
            try:
                header, state = read_object(self._folder / pointer.name, pointer)
                self._engine.restore(state)
            except (BadSnapshot, MalformedMessage):
                continue
            seed(self.verifier, decode_image(state), head=header.row_hash)
            self.from_seq = self.verifier.seq
            return
        raise OperatorError(
            f"there is no good snapshot in {self._folder}: leave --from-snapshot out to audit "
            "from genesis"
        )


async def verify(settings: Settings, *, from_snapshot: bool, progress: Progress) -> Report:
    """Audit an exchange and report. Raises OperatorError where there is nothing to audit."""
    async with reachable_database(settings, purpose="`bezant verify`") as dsn:
        connection = await db.connect(dsn, command_timeout_s=None)
        try:
            cut = Cut(connection, shard=settings.shard)
            await cut.begin()
            audit = _Audit(settings, cut)
            await _with_live(dsn, audit.check_objects)
            await audit.run(from_snapshot=from_snapshot, progress=progress)
            codes = await cut.asset_codes()
            await cut.end()
        finally:
            await connection.close()
    return _report(audit, codes)


async def _with_live(dsn: str, check: Callable[[Any], Awaitable[None]]) -> None:
    """Run a check with a connection that sees the present, not the cut."""
    connection = await db.connect(dsn)
    try:
        await check(connection)
    finally:
        await connection.close()


def _report(audit: _Audit, codes: dict[int, str]) -> Report:
    verifier = audit.verifier
    findings = verifier.findings
    digest = verifier.replay.digest() if verifier.is_going else None
    return Report(
        ok=findings.is_clean,
        from_seq=audit.from_seq,
        seq=verifier.seq,
        chain_head=verifier.chain.head.hex(),
        state_digest=None if digest is None else digest.hex(),
        read_models_seq=audit.cursor,
        open_orders=len(verifier.orders.orders),
        invariants=tuple(
            InvariantReport(
                id=name,
                title=title,
                holds=None if name in NO_SUBJECT else findings.counts[name] == 0,
                count=findings.counts[name],
                note=audit.notes.get(name, ""),
                findings=tuple(findings.kept[name]),
            )
            for name, title in TITLES.items()
        ),
        sums=tuple(
            AssetSums(asset, codes.get(asset, str(asset)), verifier.house.scales[asset], *one)
            for asset, one in verifier.ledger.sums().items()
        ),
    )
