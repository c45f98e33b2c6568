"""`bezant verify` on a database: clean as it was written, and loud about whatever was changed."""

import hashlib
from pathlib import Path

import pytest

from bezant.apps.verify import Report
from bezant.kit.operator_error import OperatorError
from tests.fixtures_postgres import Database
from tests.verify.exchange import SNAPSHOT_ROW, Exchange
from tests.verify.journals import Maker


def broken(report: Report) -> list[str]:
    return [one.id for one in report.invariants if one.holds is False]


def texts(report: Report, invariant: str) -> str:
    return "\n".join(
        f.text for one in report.invariants if one.id == invariant for f in one.findings
    )


def note(report: Report, invariant: str) -> str:
    return next(one.note for one in report.invariants if one.id == invariant)


async def test_what_was_written_is_clean(exchange: Exchange, maker: Maker) -> None:
    await exchange.project()
    report = await exchange.verify()
    assert [(one.id, one.findings) for one in report.invariants if one.holds is False] == []
    assert report.ok
    assert report.seq == report.read_models_seq == maker.seq
    assert report.state_digest == maker.engine.digest().hex()
    assert report.chain_head == maker.rows[-1].hash.hex()
    assert {one.id for one in report.invariants if one.holds is None} == {"INV-13", "INV-14"}
    assert all(one.users + one.house + one.custody == 0 for one in report.sums)


async def test_an_audit_from_a_snapshot_is_clean_too(exchange: Exchange, maker: Maker) -> None:
    await exchange.project()
    report = await exchange.verify(from_snapshot=True)
    assert [(one.id, one.findings) for one in report.invariants if one.holds is False] == []
    assert report.from_seq == maker.rows[SNAPSHOT_ROW].batch.seq_last
    assert report.state_digest == maker.engine.digest().hex()


async def test_an_audit_from_a_snapshot_at_the_tip_is_clean(
    exchange: Exchange, maker: Maker
) -> None:
    await exchange.project()
    await exchange.tamper("DELETE FROM snapshot")
    await exchange.save_snapshot(maker.rows)
    report = await exchange.verify(from_snapshot=True)
    assert report.ok
    assert report.from_seq == report.seq == maker.seq


async def test_a_projector_that_lags_is_judged_at_its_cursor(
    exchange: Exchange, maker: Maker
) -> None:
    report = await exchange.verify()
    assert report.ok
    assert note(report, "INV-12") == "at seq 0"
    middle = maker.rows[len(maker.rows) // 2].batch.seq_last
    await exchange.project(middle)
    report = await exchange.verify()
    assert report.ok
    assert note(report, "INV-12") == f"at seq {middle}"
    early = maker.rows[5].batch.seq_last
    await exchange.tamper(f"UPDATE cursor SET seq = {early}")
    assert "INV-12" in broken(await exchange.verify())
    report = await exchange.verify(from_snapshot=True)
    assert "not compared" in note(report, "INV-12")


TAMPERED = [
    ("INV-01", "UPDATE balances SET available = available + 1 WHERE account = 1000"),
    (
        "INV-12",
        "UPDATE balances SET available = available - 1, hold = hold + 1 WHERE account = 1000",
    ),
    ("INV-12", "DELETE FROM balances WHERE account = 1001"),
    ("INV-12", "UPDATE orders SET filled = filled - 1 WHERE filled > 0"),
    ("INV-12", "UPDATE orders SET client_id = 'x' WHERE client_id = ''"),
    ("INV-12", "DELETE FROM orders WHERE order_id = (SELECT min(order_id) FROM orders)"),
    (
        "INV-12",
        "UPDATE orders SET order_id = 7 WHERE order_id = (SELECT min(order_id) FROM orders)",
    ),
    ("INV-12", "DELETE FROM trades WHERE trade_no = 3"),
    ("INV-12", "UPDATE trades SET taker_fee = taker_fee + 1 WHERE trade_no = 3"),
    ("INV-12", "UPDATE trades SET seq = 9000000 WHERE trade_no = 3"),
    ("INV-12", "DELETE FROM ledger_lines WHERE trade_no = 2 AND account = 1"),
    ("INV-01", "DELETE FROM ledger_lines WHERE trade_no = 2 AND account >= 1000 AND asset = 1"),
    ("INV-12", "UPDATE ledger_lines SET balance = balance + 1 WHERE trade_no = 2 AND account = 1"),
    ("INV-12", "UPDATE transfers SET units = units + 1"),
    ("INV-12", "UPDATE candles SET high = high + 1 WHERE interval_s = 60"),
    ("INV-12", "DELETE FROM candles WHERE interval_s = 86400"),
    ("INV-12", "UPDATE market_states SET last_price = last_price + 1"),
    ("INV-12", "UPDATE order_lists SET client_id = 'x'"),
    ("INV-12", "DELETE FROM order_clients"),
    ("INV-12", "UPDATE account_settings SET stp = (stp + 1) % 6"),
    ("INV-12", "UPDATE orders SET stp = 0"),
    ("INV-12", "UPDATE orders SET visible = visible + 1 WHERE display <> 0"),
    ("INV-12", "UPDATE cancel_timers SET due_ns = due_ns + 1"),
    ("INV-08", "UPDATE cursor SET seq = 1000000000"),
    ("INV-08", "INSERT INTO cursor (consumer, shard, seq) VALUES ('mail', 0, 1000000000)"),
    ("INV-10", "UPDATE lease SET tip_seq = tip_seq - 1"),
    ("INV-10", "UPDATE lease SET epoch = 0"),
]


@pytest.mark.parametrize(("invariant", "statement"), TAMPERED)
async def test_a_row_that_was_changed_is_named(
    exchange: Exchange, invariant: str, statement: str
) -> None:
    await exchange.project()
    await exchange.tamper(statement)
    report = await exchange.verify()
    assert not report.ok
    assert invariant in broken(report)


async def test_the_journal_s_rows_are_looked_at_in_the_database(
    exchange: Exchange, maker: Maker
) -> None:
    await exchange.project()
    middle = maker.rows[60].batch.seq_first
    changed = f"""
        UPDATE journal SET entries = set_byte(entries, length(entries) - 5, 255)
        WHERE seq_first = {middle}
    """
    await exchange.tamper(changed)
    report = await exchange.verify()
    assert "INV-07" in broken(report)
    assert str(middle) in texts(report, "INV-07")


async def test_a_journal_row_that_is_gone_is_named(exchange: Exchange, maker: Maker) -> None:
    middle = maker.rows[60].batch.seq_first
    await exchange.tamper(f"DELETE FROM journal WHERE seq_first = {middle}")
    report = await exchange.verify()
    assert "INV-07" in broken(report)
    assert f"expected a row from seq {middle} on" in texts(report, "INV-07")


async def test_a_snapshot_that_lies_is_found(exchange: Exchange, maker: Maker) -> None:
    lie = hashlib.sha256(b"lie").hexdigest()
    await exchange.tamper(f"UPDATE snapshot SET digest = decode('{lie}', 'hex')")
    report = await exchange.verify()
    assert broken(report) == ["INV-11"]
    assert lie in texts(report, "INV-11")
    with pytest.raises(OperatorError, match="no good snapshot"):
        await exchange.verify(from_snapshot=True)


async def test_a_snapshot_s_file_that_is_gone_is_found(exchange: Exchange) -> None:
    for path in (exchange.folder / "snapshots").iterdir():
        path.unlink()
    report = await exchange.verify()
    assert broken(report) == ["INV-11"]
    assert "cannot be read" in texts(report, "INV-11")


async def test_an_answer_that_the_journal_does_not_give_is_found(
    exchange: Exchange, maker: Maker
) -> None:
    batch = maker.rows[0].batch
    answer = batch.events.hex()
    await exchange.tamper(
        "INSERT INTO outbox_source VALUES (1, 1)",
        "INSERT INTO command_outbox (source, number, command, submitted_seq, outcome) "
        f"VALUES (1, 1, '', 1, decode('{answer}', 'hex'))",
    )
    assert (await exchange.verify()).ok
    assert (await exchange.verify(from_snapshot=True)).ok
    await exchange.tamper("UPDATE command_outbox SET outcome = 'other'")
    report = await exchange.verify()
    assert broken(report) == ["INV-08"]
    assert "answered otherwise" in texts(report, "INV-08")
    await exchange.tamper("UPDATE command_outbox SET submitted_seq = 1000000")
    assert "the journal ends at" in texts(await exchange.verify(), "INV-08")


async def test_an_empty_exchange_is_clean(database: Database, tmp_path: Path) -> None:
    exchange = Exchange(database, tmp_path)
    report = await exchange.verify()
    assert report.ok
    assert report.seq == 0
