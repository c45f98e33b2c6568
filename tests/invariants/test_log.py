"""INV-07, INV-09, INV-11: gaps, things done twice, and states that replay differently are found."""

import msgspec
import pytest

from bezant.apps.vectors.runner import Run
from bezant.apps.vectors.target import EngineTarget
from bezant.core import codec
from bezant.core.codec import MalformedMessage
from bezant.core.commands import Tick
from bezant.core.engine import Engine
from bezant.core.events import OrderAccepted
from bezant.core.ids import AccountId, AssetId, OrderId, Seq
from bezant.core.invariants import check
from bezant.core.units import Units
from tests.invariants.house import engine_of
from tests.properties.retelling import Retelling


def log_of(house: Run) -> list[tuple[int, bytes, bytes]]:
    """Return the journal of a run: time, entry, outcome."""
    assert isinstance(house.target, EngineTarget)
    return house.target.log


def entry(seq: int) -> bytes:
    return codec.encode_entry(Seq(seq), codec.encode(Tick()))


@pytest.mark.parametrize("step", [-1, 0, 2])
def test_inv_07_a_seq_that_is_not_the_next_stops_the_engine(house: Run, step: int) -> None:
    engine = engine_of(house)
    wrong = engine.seq + step
    with pytest.raises(ValueError, match="INV-07"):
        engine.apply(engine.ts_ns, wrong, entry(wrong))


def test_inv_07_a_gap_within_a_batch_stops_the_engine(house: Run) -> None:
    engine = engine_of(house)
    first = engine.seq + 1
    with pytest.raises(ValueError, match="INV-07"):
        engine.apply(engine.ts_ns, first, entry(first) + entry(first + 2))


def test_inv_07_an_entry_that_names_another_seq_stops_the_engine(house: Run) -> None:
    engine = engine_of(house)
    with pytest.raises(ValueError, match="INV-07"):
        engine.apply(engine.ts_ns, engine.seq + 1, entry(engine.seq + 5))


def test_inv_07_time_that_runs_back_stops_the_engine(house: Run) -> None:
    engine = engine_of(house)
    with pytest.raises(ValueError, match="INV-07"):
        engine.apply(engine.ts_ns - 1, engine.seq + 1, entry(engine.seq + 1))


def test_inv_07_the_same_time_is_allowed(house: Run) -> None:
    engine = engine_of(house)
    engine.apply(engine.ts_ns, engine.seq + 1, entry(engine.seq + 1))


def test_inv_09_a_forgotten_mark_is_found_by_a_reader_of_events(house: Run) -> None:
    engine = engine_of(house)
    told = Retelling()
    for _, _, raw in log_of(house):
        for event in codec.decode_outcomes(raw, 1)[0].events:
            told.tell(event)
    engine.state.marks.clear()
    _, old, _ = log_of(house)[0]
    (command,) = codec.decode_entries(old, 1)
    again = codec.encode_entry(Seq(engine.seq + 1), codec.encode(command.command))
    (outcome,) = codec.decode_outcomes(engine.apply(engine.ts_ns, engine.seq + 1, again), 1)
    with pytest.raises(AssertionError, match="INV-09"):
        for event in outcome.events:
            told.tell(event)


def test_inv_09_a_forgotten_client_id_is_found_by_a_reader_of_events(house: Run) -> None:
    told = Retelling()
    accepted: OrderAccepted | None = None
    for _, _, raw in log_of(house):
        for event in codec.decode_outcomes(raw, 1)[0].events:
            told.tell(event)
            accepted = event if isinstance(event, OrderAccepted) else accepted
    assert accepted is not None
    again = msgspec.structs.replace(accepted, order_id=OrderId(accepted.order_id + 64))
    with pytest.raises(AssertionError, match="INV-09: b4"):
        told.tell(again)


def test_inv_11_a_replay_gives_the_same_bytes_and_another_state_shows(house: Run) -> None:
    again = Engine()
    for seq, (ts_ns, raw, outcome) in enumerate(log_of(house), start=1):
        assert again.apply(ts_ns, seq, raw) == outcome
    assert again.digest() == engine_of(house).digest()
    balance = again.state.accounts[AccountId(1001)].balances[AssetId(2)]
    balance.available = Units(balance.available - 1)
    assert again.digest() != engine_of(house).digest()


def test_inv_11_a_journal_with_one_entry_less_ends_elsewhere(house: Run) -> None:
    again = Engine()
    digests = set()
    for seq, (ts_ns, raw, _) in enumerate(log_of(house), start=1):
        again.apply(ts_ns, seq, raw)
        digests.add(again.digest())
    assert len(digests) == len(log_of(house)), "each entry leaves another state"


def test_inv_11_a_broken_snapshot_is_refused_or_shows_in_its_digest(house: Run) -> None:
    engine = engine_of(house)
    snapshot = engine.snapshot()
    for place in range(len(snapshot)):
        broken = snapshot[:place] + bytes([snapshot[place] ^ 1]) + snapshot[place + 1 :]
        other = Engine()
        try:
            other.restore(broken)
        except MalformedMessage:
            continue
        assert other.digest() != engine.digest(), f"byte {place} says nothing"


def test_inv_11_a_snapshot_cut_short_is_refused(house: Run) -> None:
    snapshot = engine_of(house).snapshot()
    for size in range(0, len(snapshot), 7):
        with pytest.raises(MalformedMessage):
            Engine().restore(snapshot[:size])


def test_inv_11_a_restored_state_keeps_every_invariant(house: Run) -> None:
    other = Engine()
    other.restore(engine_of(house).snapshot())
    check(other.state)
    assert other.snapshot() == engine_of(house).snapshot()


def test_events_are_values(house: Run) -> None:
    """A reader cannot change what it was told (messages are frozen)."""
    (outcome,) = codec.decode_outcomes(log_of(house)[-1][2], 1)
    with pytest.raises(AttributeError):
        outcome.seq = Seq(0)  # type: ignore[misc]
    assert msgspec.structs.replace(outcome, seq=Seq(1)).seq == 1
