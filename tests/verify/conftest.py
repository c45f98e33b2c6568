"""A journal with a bit of everything, and the audit of what a test made of it."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from bezant.core.engine import Engine
from bezant.journal.ports import Row
from bezant.journal.verifier import Verifier
from tests.fixtures_postgres import Database
from tests.verify.exchange import Exchange
from tests.verify.flows import flow
from tests.verify.journals import Maker

Audit = Callable[[Sequence[Row]], Verifier]


@pytest.fixture(scope="session")
def busy() -> Maker:
    """A flow that trades, holds, triggers, refills and prevents."""
    return flow(seed=1, steps=250)


@pytest.fixture
def audit() -> Audit:
    """Audit a journal from genesis."""

    def run(rows: Sequence[Row]) -> Verifier:
        verifier = Verifier(Engine())
        for row in rows:
            verifier.apply(row)
        verifier.finish()
        return verifier

    return run


@pytest.fixture(scope="session")
def maker() -> Maker:
    return flow(seed=5, steps=100)


@pytest.fixture
async def exchange(database: Database, tmp_path: Path, maker: Maker) -> Exchange:
    exchange = Exchange(database, tmp_path)
    await exchange.write(maker)
    return exchange
