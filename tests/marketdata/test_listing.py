"""Listing: what an operator names becomes a row and commands, also after a first refused try."""

import asyncpg
import pytest
from msgspec.structs import replace

from bezant.marketdata.listing import (
    AssetSpec,
    Listed,
    ListingError,
    MarketSpec,
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
    first = AssetSpec(code="XYZ", name="first", scale=99, display_scale=8)
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
