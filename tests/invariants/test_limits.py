"""Limits too large for a vector: a million pending transfers, twenty million client ids."""

from pathlib import Path

from bezant.apps.vectors.grammar import Place, statement
from bezant.apps.vectors.runner import Run
from bezant.apps.vectors.verbs import place
from bezant.core import codec
from bezant.core import commands as c
from bezant.core.events import CommandRefused, CommandRepeated, Event, OrderAccepted, TransferHeld
from bezant.core.ids import AccountId, AssetId, Number, Source, TransferId
from bezant.core.refusals import RefusalCode
from bezant.core.rules import HOUSE_IDS_MAX, PENDING_TRANSFERS_MAX
from bezant.core.units import Units
from tests.invariants.house import engine_of

ALICE, Q = AccountId(1001), AssetId(2)
HERE = Place(Path("limits"), 1)


def first_event(house: Run, command: c.Command) -> Event:
    """Apply one command and return its first event."""
    outcome = house.target.submit(engine_of(house).ts_ns, command)
    return outcome.events[0]


def hold(number: int) -> c.HoldTransfer:
    return c.HoldTransfer(
        Source(77), Number(number), TransferId(10_000_000 + number), ALICE, Q, Units(1), Units(0)
    )


def buy(house: Run, name: str) -> c.Command:
    line = statement(HERE, f"place alice {name} buy limit 1 x 1")
    return place(house.world, line)[0]


def test_the_house_has_a_million_pending_transfers_at_most(house: Run) -> None:
    state = engine_of(house).state
    (one,) = state.transfers.values()
    missing = PENDING_TRANSFERS_MAX - 1 - len(state.transfers)
    state.transfers.update(dict.fromkeys((TransferId(100 + n) for n in range(missing)), one))
    assert isinstance(first_event(house, hold(1)), TransferHeld)
    refused = first_event(house, hold(2))
    assert isinstance(refused, CommandRefused)
    assert refused.code == RefusalCode.PENDING_TRANSFERS_TOO_MANY


def test_the_house_forgets_its_oldest_ended_id_when_it_has_too_many(house: Run) -> None:
    state = engine_of(house).state
    old = buy(house, "old")
    assert isinstance(first_event(house, old), OrderAccepted)
    assert isinstance(first_event(house, old), CommandRepeated)
    cancel = c.CancelOrder(ALICE, state.orders[max(state.orders)].id, "", 0)
    first_event(house, cancel)
    state.ids_count = HOUSE_IDS_MAX
    assert isinstance(first_event(house, buy(house, "one")), OrderAccepted)
    assert isinstance(first_event(house, buy(house, "two")), OrderAccepted)
    assert state.ids_count <= HOUSE_IDS_MAX + 1, "open orders' ids are never forgotten"
    again = first_event(house, old)
    assert isinstance(again, OrderAccepted), "the oldest ended id made room"


def test_codes_are_what_the_wire_says(house: Run) -> None:
    outcome = house.target.submit(engine_of(house).ts_ns, hold(5))
    assert outcome.code == RefusalCode.NUMBER_GAP
    assert codec.outcome(outcome.seq, outcome.events) == outcome
