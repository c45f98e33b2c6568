"""The audit finds nothing in journals that an engine made."""

from collections import Counter

import pytest

from bezant.core import codec
from bezant.core.engine import Engine
from bezant.journal.verifier import Verifier
from tests.verify.flows import flow
from tests.verify.journals import BASE, QUOTE, Maker


def audit(rows: list[object]) -> Verifier:
    verifier = Verifier(Engine())
    for row in rows:
        verifier.apply(row)  # type: ignore[arg-type]
    verifier.finish()
    return verifier


@pytest.mark.parametrize("seed", range(12))
def test_a_seeded_flow_is_clean(seed: int) -> None:
    maker = flow(seed, 400)
    verifier = audit(list(maker.rows))
    assert {name: kept for name, kept in verifier.findings.kept.items() if kept} == {}
    assert verifier.replay.digest() == maker.engine.digest()
    for asset in (BASE, QUOTE):
        assert sum(verifier.ledger.sums()[asset]) == 0


def test_the_flow_touches_what_the_audit_judges() -> None:
    kinds: Counter[str] = Counter()
    codes: Counter[int] = Counter()
    for seed in range(4):
        for row in flow(seed, 400).rows:
            count = row.batch.seq_last - row.batch.seq_first + 1
            for outcome in codec.decode_outcomes(row.batch.events, count):
                kinds.update(type(event).__name__ for event in outcome.events)
                codes[outcome.code] += 1
    wanted = (
        "TradeExecuted", "OrderRested", "PeakRefilled", "SelfTradePrevented", "OrderTriggered",
        "TimerFired", "AuctionUncrossed", "TransferHeld", "TransferSettled", "TransferVoided",
        "CommandRepeated", "ListAccepted", "ListWorking", "ListDone", "OrderAmended",
    )  # fmt: skip
    print(kinds, codes)
    assert [kind for kind in wanted if not kinds[kind]] == []


def test_an_empty_journal_is_clean() -> None:
    assert audit([]).findings.is_clean
    assert audit(list(Maker().rows)).seq == 0
