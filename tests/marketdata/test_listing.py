"""Listing: what an operator names becomes a row and commands, also after a first refused try."""

import asyncpg
import pytest
from msgspec.structs import replace

from bezant.marketdata.listing import (
    AssetSpec,
    Listed,
    ListingError,
    MarketSpec,
    check_fees,
    list_asset,
    list_market,
)
from tests.fixtures_postgres import Database

NOTHING = Listed({}, ())
ASSETS = Listed({"BTC": 11, "TRY": 8}, ())


async def listed_assets(conn: asyncpg.Connection) -> None:
    for code in ASSETS.scales:
        await list_asset(conn, AssetSpec(code=code, name=code, scale=8), NOTHING)


async def test_an_asset_that_was_refused_is_listed_anew_as_it_is_named_now(
    database: Database,
) -> None:
    conn = await asyncpg.connect(database.app_dsn)
    first = AssetSpec(code="XYZ", name="first", scale=9, display_scale=8)
    then = AssetSpec(code="XYZ", name="then", kind="fiat", scale=6, display_scale=2)
    async with conn.transaction():
        await list_asset(conn, first, NOTHING)
        await list_asset(conn, then, NOTHING)
    rows = await conn.fetch("SELECT name, kind, display_scale FROM assets WHERE code = 'XYZ'")
    assert [tuple(row) for row in rows] == [("then", "fiat", 2)]
    await conn.close()


async def test_a_market_that_was_refused_is_listed_anew_with_its_new_steps(
    database: Database,
) -> None:
    conn = await asyncpg.connect(database.app_dsn)
    async with conn.transaction():
        await listed_assets(conn)
        first = MarketSpec(base="BTC", quote="TRY", tick="0.00000001", lot="0.000001")
        await list_market(conn, first, ASSETS)
        await list_market(conn, replace(first, tick="0.01", lot="0.001"), ASSETS)
    rows = await conn.fetch("SELECT tick::text, step::text FROM markets")
    assert [tuple(row) for row in rows] == [("0.01", "0.001")]
    await conn.close()


async def test_a_market_of_one_asset_is_no_market(database: Database) -> None:
    conn = await asyncpg.connect(database.app_dsn)
    async with conn.transaction():
        await listed_assets(conn)
        with pytest.raises(ListingError, match="two assets"):
            await list_market(conn, MarketSpec(base="BTC", quote="BTC", tick="1", lot="1"), ASSETS)
    await conn.close()


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"scale": 19}, "scale 19 must be 0 to 18 decimals"),
        ({"scale": 2, "display_scale": 3}, "display_scale 3 must be 0 to 2"),
        ({"kind": "paper"}, "kind 'paper' must be one of crypto, fiat"),
        ({"code": "b t c"}, "code 'b t c' must be 2 to 12 of A-Z and 0-9"),
    ],
)
async def test_what_cannot_be_listed_is_named(
    database: Database, changes: dict[str, object], says: str
) -> None:
    conn = await asyncpg.connect(database.app_dsn)
    spec = replace(AssetSpec(code="ABC", name="abc"), **changes)
    with pytest.raises(ListingError, match=says):
        await list_asset(conn, spec, NOTHING)
    await conn.close()


def test_fees_outside_the_law_are_named() -> None:
    with pytest.raises(ListingError, match="taker-ppm 100001 must be 0 to 100000"):
        check_fees(0, maker=0, taker=100_001)
    with pytest.raises(ListingError, match="maker-ppm -10001 must be -10000 to 100000"):
        check_fees(0, maker=-10_001, taker=0)
    with pytest.raises(ListingError, match="tier 100 must be 0 to 99"):
        check_fees(100, maker=0, taker=0)
