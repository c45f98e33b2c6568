"""One exchange with one market, shared by the tests that leave it running."""

from collections.abc import Iterator

import pytest

from tests.e2e.house import House, open_house


@pytest.fixture(scope="session")
def house() -> Iterator[House]:
    with open_house() as running:
        running.run("asset", "create", "BTC", "--name", "Bitcoin", "--scale", "11")
        running.run("asset", "create", "USDT", "--name", "Tether")
        running.run(
            *("market", "create", "BTC", "USDT", "--tick", "0.01", "--lot", "0.00001"),
            *("--maker-ppm", "1000", "--taker-ppm", "2000"),
        )
        yield running
