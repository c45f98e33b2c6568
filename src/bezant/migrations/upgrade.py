"""Alembic at work, on one connection and in one transaction. Apart from `runner`: slow to load."""

from typing import Final

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

_LOCK: Final = 0x62657A616E74  # "bezant": one migrator at a time.


async def upgrade(owner_dsn: str, app_role: str) -> None:
    """Run the migrations that are missing, all or none, as the owner."""
    engine = create_async_engine(
        make_url(owner_dsn).set(drivername="postgresql+asyncpg"), poolclass=NullPool
    )
    try:
        async with engine.begin() as connection:
            await connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
            await connection.run_sync(_upgrade, app_role)
    finally:
        await engine.dispose()


def configuration() -> Config:
    """Return Alembic's configuration: the scripts of this package, no file."""
    config = Config()
    config.set_main_option("script_location", "bezant:migrations")
    config.set_main_option("path_separator", "os")
    return config


def _upgrade(connection: Connection, app_role: str) -> None:
    config = configuration()
    config.attributes["connection"] = connection
    config.attributes["app_role"] = app_role
    command.upgrade(config, "head")
