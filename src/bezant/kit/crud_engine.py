"""SQLAlchemy's async engine for the CRUD domains. Apart from `db`, because it is slow to load."""

from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bezant.kit.db import COMMAND_TIMEOUT_S, CONNECT_TIMEOUT_S, POOL_SIZE_MAX


def create_engine(dsn: str, *, size_max: int = POOL_SIZE_MAX) -> AsyncEngine:
    """Return an engine for the same DSN that asyncpg takes. It connects late."""
    url = make_url(dsn).set(drivername="postgresql+asyncpg")
    return create_async_engine(
        url,
        pool_size=size_max,
        max_overflow=0,
        pool_pre_ping=True,
        connect_args={"timeout": CONNECT_TIMEOUT_S, "command_timeout": COMMAND_TIMEOUT_S},
    )
