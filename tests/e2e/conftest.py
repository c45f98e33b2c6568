"""One exchange with one market, shared by the tests that leave it running."""

from collections.abc import Iterator

import pytest

from bezant.apps.engines import is_native_built
from tests.e2e.house import House, open_house


@pytest.fixture(scope="session")
def house() -> Iterator[House]:
    """Run on both engines at once where both are here: whatever they differ in stops the core."""
    engine = "lockstep" if is_native_built() else "python"
    with open_house(BEZANT_ENGINE=engine) as running:
        running.run("asset", "create", "BTC", "--name", "Bitcoin", "--scale", "11")
        running.run("asset", "create", "USDT", "--name", "Tether")
        running.run(
            *("market", "create", "BTC", "USDT", "--tick", "0.01", "--lot", "0.00001"),
            *("--maker-ppm", "1000", "--taker-ppm", "2000"),
        )
        yield running
