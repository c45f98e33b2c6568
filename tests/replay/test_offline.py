"""Flow played straight into a core: the same trades on every run and on both engines."""

import io
import lzma
from pathlib import Path

import pytest

from bezant.apps.engines import EngineName, is_native_built, named_engine_maker
from bezant.apps.replay.flow import read_flow
from bezant.apps.replay.offline import play_offline
from tools.make_flow import FILE, make_rows

ROOT = Path(__file__).parents[2]
BITSTAMP = ROOT.parent / "shared" / "data" / "bitstamp-btcusd-2015-05-01.orders.csv.xz"
SAMPLE_DIGEST = "eddaddedb0d88dfed58dd96b52f39a80ab36b74eb4995795e380959b135db182"
BITSTAMP_DIGEST = "7abe2721d0ac6d1143f41299eeae5eee5b0fe4ddd256b98d0b222b95d0f00249"


ENGINES: list[EngineName] = ["python", *(["native"] if is_native_built() else [])]  # type: ignore[list-item]


@pytest.mark.parametrize("engine", ENGINES)
def test_our_own_flow_is_executed_as_its_file_says(engine: EngineName) -> None:
    flow = read_flow(FILE)
    report = play_offline(flow, named_engine_maker(engine)(), lambda _count: None)
    assert report.executed_exactly == report.executed_in_file == 356
    assert (report.orders, report.trades, report.cancels, report.cancels_missed) == (
        1_500,
        311,
        1_052,
        0,
    )
    assert report.digest == SAMPLE_DIGEST


def test_our_own_flow_is_what_its_maker_makes() -> None:
    text = lzma.decompress(FILE.read_bytes()).decode("ascii")
    made = [",".join(row) for row in make_rows()]
    assert io.StringIO(text).read().splitlines()[1:] == made


@pytest.mark.parametrize("engine", ENGINES)
def test_five_hours_of_a_real_exchange_play_the_same_every_time(engine: EngineName) -> None:
    if not BITSTAMP.exists():
        pytest.skip(f"the recorded flow is not here: {BITSTAMP}")
    report = play_offline(read_flow(BITSTAMP), named_engine_maker(engine)(), lambda _count: None)
    assert report.digest == BITSTAMP_DIGEST
    assert (report.orders, report.preexisting, report.trades) == (25_054, 165, 560)
    assert (report.cancels, report.cancels_missed, report.ignored) == (24_295, 22, 49)
    assert (report.executed_in_file, report.executed_exactly) == (738, 659)
    assert report.volume == "783.57207004"
