"""Journals whose chain tells no lie, but whose events break the law: each law finds its own.

The engine's replay (INV-11) always differs too; the point is that the audit's own code sees it.
"""

from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace

from bezant.core import codec
from bezant.core.commands import (
    CancelOrder,
    HoldTransfer,
    SetFees,
    SetMarketStatus,
    SetReferencePrice,
    SettleTransfer,
    Transfer,
    VoidTransfer,
)
from bezant.core.events import (
    CommandRepeated,
    MarketCreated,
    OrderAccepted,
    OrderDone,
    OrderRested,
    SelfTradePrevented,
    TradeExecuted,
    TransferHeld,
    TransferPosted,
    TransferSettled,
    TransferVoided,
)
from bezant.core.words import DoneStatus
from bezant.journal.ports import Batch
from bezant.journal.verifier import Verifier
from tests.verify.conftest import Audit
from tests.verify.journals import (
    ALICE,
    BASE,
    BOB,
    BUY,
    CAROL,
    FIFO,
    PRO_RATA,
    QUOTE,
    SECOND_NS,
    SELL,
    Maker,
    link,
    made,
    order,
    relink,
    spoil_events,
)


def found(verifier: Verifier) -> list[str]:
    """Return the invariants that the audit's own code found broken."""
    return [name for name, n in verifier.findings.counts.items() if n and name != "INV-11"]


def small() -> Maker:
    """Bob asks 5 at 1,001 twice, Carol 5 at 1,002; Alice takes 7 and leaves 3 of the second."""
    maker = Maker()
    maker.open_house()
    maker.place(BOB, SELL, 1_001, 5, client_id="b1")
    maker.place(BOB, SELL, 1_001, 5, client_id="b2")
    maker.place(CAROL, SELL, 1_002, 5)
    maker.place(ALICE, BUY, 1_003, 7, client_id="a1")
    maker.place(ALICE, BUY, 990, 5, client_id="a2")
    return maker


def spoiled(kind: type, spoil: Callable[[Any], Any], *, count: int = 1) -> Any:
    return spoil_events(small().rows, spoil, kind, count=count)


def change(**more: Any) -> Callable[[Any], Any]:
    """Return what adds numbers to fields of an event."""
    return lambda e: replace(e, **{name: getattr(e, name) + by for name, by in more.items()})


def put(**more: Any) -> Callable[[Any], Any]:
    """Return what sets fields of an event."""
    return lambda e: replace(e, **more)


CHANGES: list[tuple[str, str, type, Callable[[Any], Any]]] = [
    ("a hold without owner", "INV-03", OrderAccepted, change(held=1)),
    ("a hold that is too small", "INV-03", OrderAccepted, change(held=-1)),
    ("a release that is too small", "INV-03", OrderDone, change(released=-1)),
    ("a trade missing", "INV-06", TradeExecuted, lambda e: None),
    ("a trade twice", "INV-06", TradeExecuted, lambda e: [e, change(trade_no=1)(e)]),
    ("a trade of more lots", "INV-06", TradeExecuted, change(qty=5)),
    ("a trade number left out", "INV-07", TradeExecuted, change(trade_no=1)),
    ("a taker's fee off by one", "L1.3", TradeExecuted, change(taker_fee=1)),
    ("a maker's rebate off by one", "L1.3", TradeExecuted, change(maker_fee=-1)),
    ("an improvement off by one", "L1.3", TradeExecuted, change(improvement=1)),
    ("a hold that is not told", "L1.3", TradeExecuted, put(taker_has_hold=False)),
    ("a price beyond the limit", "INV-05", TradeExecuted, put(price=1_004)),
    ("a price that is not the maker's", "INV-05", TradeExecuted, put(price=1_002)),
    ("a trade of somebody else", "INV-05", TradeExecuted, put(taker_account=CAROL)),
    ("an end that miscounts", "INV-06", OrderDone, change(filled=1)),
    ("an end twice", "INV-06", OrderDone, lambda e: [e, e]),
    ("no end at all", "INV-06", OrderDone, lambda e: None),
    ("an acceptance twice", "INV-06", OrderAccepted, lambda e: [e, e]),
    ("an id of another seq", "INV-06", OrderAccepted, change(order_id=64)),
    ("money from nowhere", "INV-02", TransferPosted, put(units=-(10**15))),
    ("a grid that is not whole", "L1.3", MarketCreated, change(tick_lot_units=1)),
]


@pytest.mark.parametrize(
    ("what", "invariant", "kind", "spoil"), CHANGES, ids=lambda x: x if isinstance(x, str) else ""
)
def test_a_changed_event_is_found(
    audit: Audit, what: str, invariant: str, kind: type, spoil: Callable[[Any], Any]
) -> None:
    clean = audit(small().rows)
    assert clean.findings.is_clean
    verifier = audit(spoiled(kind, spoil))
    assert invariant in found(verifier), what
    assert verifier.findings.counts["INV-11"] == 1


def test_an_end_as_filled_with_lots_left(audit: Audit) -> None:
    maker = small()
    last = maker.place(CAROL, SELL, 1_010, 4)
    maker.do(made_cancel(CAROL, order_of(last)))
    rows = spoil_events(
        maker.rows, lambda e: replace(e, status=DoneStatus.FILLED, reason=0), OrderDone
    )
    assert found(audit(rows)) == ["INV-06"]


def test_an_order_that_jumped_the_queue(audit: Audit) -> None:
    maker = small()
    second = order_of_client(maker, "b2")
    rows = spoil_events(
        maker.rows, lambda e: replace(e, maker_order=second), TradeExecuted, count=2
    )
    assert "INV-05" in found(audit(rows))


def test_a_better_price_that_was_passed_over(audit: Audit) -> None:
    maker = small()
    carol = next(one.id for one in maker.engine.state.orders.values() if one.account == CAROL)
    rows = spoil_events(
        maker.rows,
        lambda e: replace(e, maker_order=carol, maker_account=CAROL, price=1_002),
        TradeExecuted,
    )
    texts = [one.text for one in audit(rows).findings.kept["INV-05"]]
    assert any("the best price is 1001" in text for text in texts)


def test_a_book_that_is_left_crossed(audit: Audit) -> None:
    maker = small()
    maker.place(ALICE, BUY, 1_001, 1, stp=1)
    rows = list(maker.rows)
    batch = rows[-1].batch
    (outcome,) = codec.decode_outcomes(batch.events, 1)
    accepted: Any = outcome.events[0]
    rested = made(OrderRested, accepted.order_id, ALICE, FIFO, BUY, 1_001, 1)
    raw = codec.encode_outcomes([replace(outcome, events=(accepted, rested))])
    rows[-1] = replace(rows[-1], batch=replace(batch, events=raw))
    assert found(audit(relink(rows))) == ["INV-04"]


def test_an_order_that_neither_rests_nor_ends(audit: Audit) -> None:
    maker = small()
    maker.place(ALICE, BUY, 995, 1, tif=1)
    rows = spoil_events(maker.rows, lambda e: None, OrderDone)
    assert found(audit(rows)) == ["INV-06"]


def test_pro_rata_shares_that_favor_one(audit: Audit) -> None:
    maker = Maker()
    maker.open_house()
    for person, qty in ((BOB, 10), (CAROL, 30), (BOB, 60)):
        maker.place(person, SELL, 1_001, qty, market=PRO_RATA)
    maker.place(ALICE, BUY, 1_001, 50, market=PRO_RATA)
    assert audit(maker.rows).findings.is_clean
    moved = iter((1, -1))
    rows = spoil_events(
        maker.rows, lambda e: replace(e, qty=e.qty + next(moved)), TradeExecuted, count=2
    )
    assert "INV-05" in found(audit(rows))


def test_an_auction_at_another_price(audit: Audit) -> None:
    maker = Maker()
    maker.open_house()
    maker.do(made(SetMarketStatus, 1, maker.number(), FIFO, 0))
    maker.place(BOB, SELL, 990, 5)
    maker.place(ALICE, BUY, 1_010, 5)
    maker.do(made(SetMarketStatus, 1, maker.number(), FIFO, 1))
    assert audit(maker.rows).findings.is_clean
    rows = spoil_events(maker.rows, lambda e: replace(e, price=e.price + 1), TradeExecuted)
    assert "INV-05" in found(audit(rows))


def test_a_decrement_that_takes_too_much(audit: Audit) -> None:
    maker = Maker()
    maker.open_house()
    maker.place(ALICE, SELL, 1_001, 5)
    maker.place(ALICE, BUY, 1_001, 3, stp=5)
    assert audit(maker.rows).findings.is_clean
    rows = spoil_events(maker.rows, lambda e: replace(e, qty=e.qty + 1), SelfTradePrevented)
    assert "INV-06" in found(audit(rows))


WITHDRAWALS: list[tuple[type, Callable[[Any], Any]]] = [
    (TransferHeld, lambda e: None),
    (TransferHeld, lambda e: replace(e, fee=e.fee + 1)),
    (TransferSettled, lambda e: replace(e, units=e.units + 1)),
    (TransferVoided, lambda e: replace(e, transfer_id=9)),
]


@pytest.mark.parametrize(("kind", "spoil"), WITHDRAWALS)
def test_a_withdrawal_s_hold_that_is_not_its_own(
    audit: Audit, kind: type, spoil: Callable[[Any], Any]
) -> None:
    maker = Maker()
    maker.open_house()
    maker.do(made(HoldTransfer, 2, maker.number(2), 1, ALICE, BASE, 50, 2))
    maker.do(made(HoldTransfer, 2, maker.number(2), 2, BOB, BASE, 70, 2))
    maker.do(made(SettleTransfer, 2, maker.number(2), 1, 5))
    maker.do(made(VoidTransfer, 2, maker.number(2), 2))
    assert audit(maker.rows).findings.is_clean
    assert "INV-03" in found(audit(spoil_events(maker.rows, spoil, kind)))


def order_of(outcome: codec.Outcome) -> int:
    event: Any = outcome.events[0]
    number: int = event.order_id
    return number


def order_of_client(maker: Maker, client_id: str) -> int:
    orders = maker.engine.state.orders.values()
    return next(int(one.id) for one in orders if one.terms.client_id == client_id)


def made_cancel(account: int, order_id: int) -> Any:
    return made(CancelOrder, account, order_id, "", 0)


def forge(maker: Maker, command: Any, events: Any) -> list[Any]:
    """Append an entry whose events are made up."""
    seq = maker.seq + 1
    outcome = made(codec.Outcome, seq, 0, tuple(events(seq)))
    batch = Batch(
        seq,
        seq,
        maker.ts_ns + SECOND_NS,
        1,
        codec.FORMAT,
        codec.encode_entry(made(int, seq), codec.encode(command)),
        codec.encode_outcomes([outcome]),
    )
    return [*maker.rows, link(maker.rows, batch)]


def accepted(command: Any, seq: int) -> Any:
    held = command.order.price * command.order.qty * 10
    return made(OrderAccepted, seq * 64, command.account, command.market, command.order, 1, held, 0)


def test_a_client_id_that_is_done_twice(audit: Audit) -> None:
    maker = small()
    again = order(ALICE, BUY, 990, 5, client_id="a2")
    rows = forge(maker, again, lambda seq: [accepted(again, seq)])
    assert found(audit(rows)) == ["INV-09"]


def test_another_order_under_a_remembered_client_id(audit: Audit) -> None:
    maker = small()
    other = order(ALICE, BUY, 980, 1, client_id="a1")  # a1 is filled, but not 24 h ago.
    rows = forge(maker, other, lambda seq: [accepted(other, seq)])
    assert found(audit(rows)) == ["INV-09"]


def test_a_repeat_that_never_was(audit: Audit) -> None:
    fresh = order(ALICE, BUY, 980, 1, client_id="a9")
    rows = forge(small(), fresh, lambda seq: [made(CommandRepeated, 64, 0, 0)])
    assert found(audit(rows)) == ["INV-09"]


def test_a_repeat_that_names_another_order(audit: Audit) -> None:
    again = order(ALICE, BUY, 990, 5, client_id="a2")
    rows = forge(small(), again, lambda seq: [made(CommandRepeated, 64, 0, 0)])
    assert found(audit(rows)) == ["INV-09"]


@pytest.mark.parametrize("number", [1, 99])
def test_a_number_of_a_source_that_is_done_twice_or_too_early(audit: Audit, number: int) -> None:
    maker = small()
    command = made(Transfer, 2, number, 5, ALICE, QUOTE, 10, 0)
    rows = forge(
        maker, command, lambda seq: [made(TransferPosted, 2, number, 5, ALICE, QUOTE, 10, 0)]
    )
    assert found(audit(rows)) == ["INV-09"]


def test_rates_count_from_the_next_entry(audit: Audit) -> None:
    maker = small()
    maker.do(made(SetFees, 1, maker.number(), FIFO, 0, 0, 77))
    maker.do(made(SetReferencePrice, 1, maker.number(), FIFO, 1_001))
    maker.place(ALICE, BUY, 1_002, 4)
    assert audit(maker.rows).findings.is_clean
    rows = spoil_events(maker.rows, lambda e: replace(e, taker_fee=e.taker_fee + 7), TradeExecuted)
    verifier = audit(rows)
    assert found(verifier) == ["L1.3"]
    assert verifier.findings.kept["L1.3"][0].seq == maker.seq


def test_replay_that_differs_names_the_seq(audit: Audit) -> None:
    maker = small()
    rows = spoil_events(maker.rows, lambda e: replace(e, visible=e.visible), OrderRested)
    assert audit(rows).findings.is_clean
    rows = spoil_events(maker.rows, lambda e: replace(e, code=1), OrderDone)
    verifier = audit(rows)
    (finding,) = verifier.findings.kept["INV-11"]
    assert finding.seq == maker.seq - 1
    assert "OrderDone" in finding.text
    assert verifier.replay.digest() is None


def test_a_digest_that_differs(audit: Audit) -> None:
    maker = small()
    verifier = audit(maker.rows)
    verifier.replay.check_digest(verifier.seq, maker.engine.digest(), "the snapshot")
    assert verifier.findings.is_clean
    verifier.replay.check_digest(verifier.seq, bytes(32), "the snapshot")
    assert verifier.findings.counts["INV-11"] == 1
