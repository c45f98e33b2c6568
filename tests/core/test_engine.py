"""The contract of the engine: dense seqs, time that never runs back, bytes in and bytes out."""

import msgspec
import pytest

from bezant.core import codec, reads
from bezant.core.codec import MalformedMessage
from bezant.core.commands import ActivateRules, Tick
from bezant.core.engine import Engine
from bezant.core.entries import split_entries
from bezant.core.ids import AccountId, MarketId, OrderId, Seq
from tests.core.house import ALICE, BASE, BUY, MARKET, QUOTE, SECOND, SELL, House


def tick(seq: int) -> bytes:
    return codec.encode_entry(Seq(seq), codec.encode(Tick()))


def test_a_gap_in_seqs_is_an_error() -> None:
    with pytest.raises(ValueError, match="INV-07: seq 2 does not follow 0"):
        Engine().apply(0, 2, tick(2))
    with pytest.raises(ValueError, match="INV-07: seq 3 stands where 2 must"):
        Engine().apply(0, 1, tick(1) + tick(3))


def test_time_that_runs_back_is_an_error() -> None:
    engine = Engine()
    engine.apply(5, 1, tick(1))
    with pytest.raises(ValueError, match="INV-07: time 4 is before 5"):
        engine.apply(4, 2, tick(2))


def test_unknown_bytes_stop_the_engine() -> None:
    for bad in (b"\xc1", b"\x92\x01\x91\x7f", b"\x92\x01", tick(1) + b"\x92"):
        with pytest.raises(MalformedMessage):
            Engine().apply(0, 1, bad)


def test_an_empty_batch_is_nothing() -> None:
    assert Engine().apply(0, 1, b"") == b""


@pytest.mark.parametrize("first", [1, 120, 127, 250, 65_530, 131_070, 2**32 - 5, 2**45])
@pytest.mark.parametrize("count", [1, 2, 3, 300])
def test_a_batch_is_counted_whatever_its_seqs(first: int, count: int) -> None:
    raw = b"".join(tick(first + index) for index in range(count))
    entries = split_entries(raw, Seq(first))
    assert [entry.seq for entry in entries] == list(range(first, first + count))


def test_a_batch_is_the_same_as_its_entries_one_by_one() -> None:
    house = House()
    house.place(ALICE, SELL, 5, 100, "a1")
    house.place(ALICE, BUY, 7, 101, "a2", stp=1)
    entries = b"".join(entry for _, entry, _ in house.journal)
    outcomes = b"".join(outcome for _, _, outcome in house.journal)
    again = Engine()
    assert again.apply(0, 1, entries) == outcomes
    assert again.digest() == house.engine.digest()


def test_a_shard_is_one_of_sixteen() -> None:
    with pytest.raises(ValueError, match="shard 16"):
        Engine(16)


def test_a_snapshot_that_says_it_otherwise_is_refused() -> None:
    house = House()
    raw = house.engine.snapshot()
    for bad in (b"", raw[:-1], raw + b"\xc0", raw.replace(b"\x01", b"\xcc\x01", 1)):
        with pytest.raises(MalformedMessage):
            Engine().restore(bad)
    Engine().restore(raw)


def test_a_snapshot_of_newer_rules_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    house = House()
    monkeypatch.setattr("bezant.core.handlers.assertions.RULES_NEWEST", 2)
    house.do(ActivateRules(*house.sourced(), 2))
    assert house.engine.rules == 2
    with pytest.raises(MalformedMessage, match="rules version 2"):
        Engine().restore(house.engine.snapshot())


def test_new_rules_count_from_the_next_entry(monkeypatch: pytest.MonkeyPatch) -> None:
    house = House()
    monkeypatch.setattr("bezant.core.handlers.assertions.RULES_NEWEST", 2)
    house.do(ActivateRules(*house.sourced(), 2))
    assert house.engine.state.rules == 1
    house.do(Tick())
    assert house.engine.state.rules == 2


def ask(house: House, read: reads.Read) -> reads.Answer:
    raw = house.engine.query(codec.encode(read))
    answer: reads.Answer = msgspec.msgpack.decode(raw, type=reads.Answer)
    return answer


def test_reads_answer_at_one_seq() -> None:
    house = House()
    house.place(ALICE, SELL, 5, 100, "a1", display=2)
    house.place(ALICE, BUY, 3, 90)
    seq = house.engine.seq
    book = ask(house, reads.ReadBook(MARKET, 10))
    assert isinstance(book, reads.Book)
    assert (book.seq, book.sequence) == (seq, seq)
    assert [(one.price, one.visible, one.orders) for one in book.asks] == [(100, 2, 1)]
    account = ask(house, reads.ReadAccount(ALICE))
    assert isinstance(account, reads.Account)
    assert [(one.asset, one.hold) for one in account.balances] == [(BASE, 5), (QUOTE, 270)]
    found = ask(house, reads.ReadOrder(ALICE, OrderId(0), "a1"))
    assert isinstance(found, reads.OrderFound)
    assert found.order is not None
    assert found.order.visible == 2


def test_open_orders_are_paged() -> None:
    house = House()
    for price in range(1, 6):
        house.place(ALICE, BUY, 1, price)
    after, seen = OrderId(0), []
    while True:
        page = ask(house, reads.ReadOpenOrders(AccountId(0), MarketId(0), after, 2))
        assert isinstance(page, reads.OpenOrders)
        seen += [order.order.price for order in page.orders]
        if not page.has_more:
            break
        after = page.orders[-1].order_id
    assert seen == [1, 2, 3, 4, 5]


def test_reads_of_what_is_not_there_fail_in_words() -> None:
    house = House()
    for read in (
        reads.ReadBook(MarketId(9), 5),
        reads.ReadBook(MARKET, 0),
        reads.ReadOpenOrders(AccountId(9_999), MARKET, OrderId(0), 5),
        reads.ReadOpenOrders(ALICE, MARKET, OrderId(0), 1_001),
        reads.ReadOrder(AccountId(9_999), OrderId(1), ""),
    ):
        assert isinstance(ask(house, read), reads.ReadFailed)
    with pytest.raises(MalformedMessage):
        house.engine.query(b"\x91\x63")


def test_the_next_deadline_is_the_earliest_timer() -> None:
    house = House()
    assert house.engine.next_deadline() == 0
    house.place(ALICE, BUY, 1, 10, "a1", tif=3, expires_ns=9 * SECOND)
    house.place(ALICE, BUY, 1, 10, "a2", tif=3, expires_ns=5 * SECOND)
    assert house.engine.next_deadline() == 5 * SECOND
    house.ts_ns = 6 * SECOND
    house.do(Tick())
    assert house.engine.next_deadline() == 9 * SECOND
