"""What of a file of order events is played, by the rules of the flow format."""

from pathlib import Path

import pytest

from bezant.apps.replay.flow import Cancel, Flow, FlowError, Place, read_flow

HEADER = "id,timestamp,exchange.timestamp,price,volume,action,direction\n"


def flow_of(tmp_path: Path, *rows: str) -> Flow:
    file = tmp_path / "flow.csv"
    file.write_text(HEADER + "".join(f"{row}\n" for row in rows))
    return read_flow(file)


def test_created_places_and_deleted_with_volume_cancels(tmp_path: Path) -> None:
    flow = flow_of(tmp_path, "7,5,0,10.25,300,created,bid", "7,6,0,10.25,300,deleted,bid")
    assert flow.steps == (
        Place(id=7, time_ms=5, price_cents=1025, volume=300, is_bid=True),
        Cancel(id=7, time_ms=6),
    )
    assert (flow.orders, flow.ignored, flow.executed) == (1, 0, {})


def test_changed_and_deleted_empty_tell_what_was_executed(tmp_path: Path) -> None:
    flow = flow_of(
        tmp_path,
        "7,5,0,10.00,300,created,ask",
        "7,6,0,10.00,100,changed,ask",
        "7,7,0,10.00,0,deleted,ask",
    )
    assert len(flow.steps) == 1
    assert flow.executed == {7: 300}


def test_old_orders_are_placed_first_by_id(tmp_path: Path) -> None:
    flow = flow_of(
        tmp_path,
        "9,5,0,10.00,50,changed,bid",
        "8,6,0,11.00,20,deleted,ask",
        "9,7,0,10.00,10,deleted,bid",
    )
    assert [place.id for place in flow.preexisting] == [8, 9]
    assert [place.volume for place in flow.preexisting] == [20, 50]
    assert [step.id for step in flow.steps] == [8, 9]
    assert flow.executed == {9: 40}


def test_rows_outside_an_orders_life_are_ignored(tmp_path: Path) -> None:
    flow = flow_of(
        tmp_path,
        "3,1,0,10.00,0,deleted,bid",  # Nothing left and never created: it never lived.
        "4,2,0,10.00,5,created,bid",
        "4,3,0,10.00,5,deleted,bid",
        "4,4,0,10.00,5,deleted,bid",
        "4,5,0,10.00,9,created,bid",
    )
    assert flow.ignored == 3
    assert flow.orders == 1


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("x,1,0,10.00,5,created,bid", "line 2: id 'x' is not a whole number"),
        ("1,1,0,10.0,5,created,bid", "line 2: price '10.0' must have two decimals"),
        ("1,1,0,10.00,-5,created,bid", "line 2: volume '-5' is not a whole number"),
        ("1,1,0,10.00,5,made,bid", "line 2: action 'made' is none of"),
        ("1,1,0,10.00,5,created,up", "line 2: direction 'up' must be bid or ask"),
        ("1,1,0,10.00,5,created", "line 2: 6 columns, must be 7"),
    ],
)
def test_a_bad_row_is_named(tmp_path: Path, row: str, says: str) -> None:
    with pytest.raises(FlowError, match=says):
        flow_of(tmp_path, row)


def test_a_file_that_is_not_flow_is_named(tmp_path: Path) -> None:
    file = tmp_path / "flow.csv"
    file.write_text("a,b\n1,2\n")
    with pytest.raises(FlowError, match="the columns must be id,timestamp"):
        read_flow(file)
