"""Reads of the catalogue's rows: the names that people give to assets and markets."""

from typing import Any, Final

from bezant.marketdata.catalogue import AssetRow, MarketRow

_ASSETS: Final = "SELECT id, code, name, kind, category, display_scale FROM assets ORDER BY id"
_MARKETS: Final = (
    "SELECT id, symbol, name, tick::text AS tick, step::text AS step FROM markets ORDER BY id"
)


async def list_asset_rows(conn: Any) -> tuple[AssetRow, ...]:
    """Return the rows of all assets; `conn` is an asyncpg connection or pool."""
    return tuple(
        AssetRow(
            row["id"], row["code"], row["name"], row["kind"], row["category"], row["display_scale"]
        )
        for row in await conn.fetch(_ASSETS)
    )


async def list_market_rows(conn: Any) -> tuple[MarketRow, ...]:
    """Return the rows of all markets; `conn` is an asyncpg connection or pool."""
    return tuple(
        MarketRow(row["id"], row["symbol"], row["name"], row["tick"], row["step"])
        for row in await conn.fetch(_MARKETS)
    )
