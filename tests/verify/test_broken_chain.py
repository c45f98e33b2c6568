"""A journal that was touched by hand is found out, and the seq is named (INV-07, INV-10, F11)."""

from collections.abc import Sequence

from msgspec.structs import replace

from bezant.journal.ports import Row
from bezant.journal.verifier import Verifier
from tests.verify.conftest import Audit
from tests.verify.journals import Maker, link, relink


def kinds(verifier: Verifier) -> list[str]:
    return [name for name, count in verifier.findings.counts.items() if count]


def first_seq(verifier: Verifier, invariant: str) -> int | None:
    return verifier.findings.kept[invariant][0].seq


def test_one_byte_changed(busy: Maker, audit: Audit) -> None:
    rows = list(busy.rows)
    place = len(rows) // 2
    batch = rows[place].batch
    raw = bytearray(batch.events)
    raw[-1] ^= 1
    rows[place] = replace(rows[place], batch=replace(batch, events=bytes(raw)))
    verifier = audit(rows)
    assert "INV-07" in kinds(verifier)
    assert first_seq(verifier, "INV-07") == batch.seq_first


def test_a_row_deleted(busy: Maker, audit: Audit) -> None:
    rows: Sequence[Row] = [*busy.rows[:50], *busy.rows[51:]]
    verifier = audit(rows)
    assert first_seq(verifier, "INV-07") == busy.rows[50].batch.seq_first


def test_two_rows_swapped(busy: Maker, audit: Audit) -> None:
    rows = list(busy.rows)
    rows[50], rows[51] = rows[51], rows[50]
    verifier = audit(rows)
    assert first_seq(verifier, "INV-07") == busy.rows[50].batch.seq_first


def test_a_row_appended_by_hand(busy: Maker, audit: Audit) -> None:
    last = busy.rows[-1]
    count = last.batch.seq_last - last.batch.seq_first + 1
    forged = replace(
        last.batch, seq_first=last.batch.seq_last + 1, seq_last=last.batch.seq_last + count
    )
    verifier = audit([*busy.rows, link(busy.rows, forged)])
    assert first_seq(verifier, "INV-07") == forged.seq_first
    verifier = audit(busy.rows)
    verifier.chain.check_lease(epoch=1, tip_seq=last.batch.seq_last - 1, tip_hash=last.prev_hash)
    assert kinds(verifier) == ["INV-10"]


def test_time_that_runs_back(busy: Maker, audit: Audit) -> None:
    rows = list(busy.rows)
    batch = rows[-1].batch
    rows[-1] = replace(rows[-1], batch=replace(batch, ts_ns=rows[-2].batch.ts_ns - 1))
    verifier = audit(relink(rows))
    assert first_seq(verifier, "INV-07") == batch.seq_first
    assert "time runs back" in verifier.findings.kept["INV-07"][0].text


def test_an_epoch_that_goes_back(busy: Maker, audit: Audit) -> None:
    rows = [replace(row, epoch=2 if place < 60 else 1) for place, row in enumerate(busy.rows)]
    verifier = audit(relink(rows))
    assert kinds(verifier) == ["INV-10"]
    assert first_seq(verifier, "INV-10") == busy.rows[60].batch.seq_first


def test_a_lease_of_an_older_epoch(busy: Maker, audit: Audit) -> None:
    verifier = audit(busy.rows)
    tip = busy.rows[-1]
    verifier.chain.check_lease(epoch=0, tip_seq=tip.batch.seq_last, tip_hash=tip.hash)
    assert kinds(verifier) == ["INV-10"]


def test_bytes_of_another_format_end_the_audit(busy: Maker, audit: Audit) -> None:
    rows = list(busy.rows)
    rows[9] = replace(rows[9], batch=replace(rows[9].batch, format=9))
    verifier = audit(relink(rows))
    assert not verifier.is_going
    assert first_seq(verifier, "INV-07") == rows[9].batch.seq_first


def test_seqs_inside_a_row_that_are_not_dense(busy: Maker, audit: Audit) -> None:
    rows = list(busy.rows)
    place = next(n for n, row in enumerate(rows) if row.batch.seq_last > row.batch.seq_first)
    batch = rows[place].batch
    rows[place] = replace(rows[place], batch=replace(batch, entries=batch.entries[::-1]))
    verifier = audit(relink(rows))
    assert first_seq(verifier, "INV-07") == batch.seq_first
