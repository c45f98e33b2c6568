"""The gateway's own place at the feed: it keeps the catalogue fresh and feeds books and streams.

What is kept here is memory and can be made anew at any time, so there is no stored cursor: after a
loss it starts from the core's present state.
"""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from bezant.core import reads
from bezant.egress.client import FeedGap, FeedRefused, decode, follow
from bezant.egress.frames import FeedRow
from bezant.gateway.house import House
from bezant.gateway.live import FeedConsumer
from bezant.gateway.native.faults import DATABASE_ERRORS
from bezant.ingress.client import CoreError
from bezant.kit.log import get_logger
from bezant.marketdata.catalogue import Catalogue
from bezant.marketdata.queries import list_asset_rows, list_market_rows

RETRY_S: Final = 0.2
CONSUMER: Final = "gateway"

log = get_logger(__name__)


async def keep_fresh(house: House, egress: Path, consumers: Sequence[FeedConsumer] = ()) -> None:
    """Load the catalogue, then follow the feed for ever; start over whenever that breaks."""
    while True:
        try:
            catalogue = await _load(house)
            for consumer in consumers:
                await consumer.begin(catalogue.seq)
            house.catalogue = catalogue
            log.info("catalogue.loaded", seq=catalogue.seq, markets=len(catalogue.markets))
            await _follow(house, catalogue, egress, consumers)
        except (CoreError, FeedGap, FeedRefused, *DATABASE_ERRORS) as error:
            if house.catalogue is not None:
                log.warning("feed.lost", reason=f"{type(error).__name__}: {error}")
            await asyncio.sleep(RETRY_S)


async def _load(house: House) -> Catalogue:
    view = await house.core.query(reads.ReadCatalogue())
    if not isinstance(view, reads.Catalogue):
        raise FeedGap("the core did not answer with its catalogue")
    return Catalogue(view, await list_asset_rows(house.pool), await list_market_rows(house.pool))


async def _follow(
    house: House, catalogue: Catalogue, egress: Path, consumers: Sequence[FeedConsumer]
) -> None:
    async for frame in follow(egress, CONSUMER, catalogue.seq + 1):
        if not isinstance(frame, FeedRow):
            continue
        outcomes = decode(frame)
        for outcome in outcomes:
            catalogue.apply(outcome.seq, outcome.events)
        if not catalogue.is_named:
            # A row is committed before its command is submitted, so it is there to be read.
            catalogue.name(await list_asset_rows(house.pool), await list_market_rows(house.pool))
        for consumer in consumers:
            consumer.apply(frame, outcomes)
