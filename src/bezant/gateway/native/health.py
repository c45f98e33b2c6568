"""Health: whether the house works and whether this gateway may be given work."""

import asyncio
from typing import Final

from litestar import Response, get

from bezant.gateway.house import House
from bezant.gateway.native.documents import HealthDocument, ProjectorHealth, ReadyDocument
from bezant.gateway.native.endpoint import NativeRequest, house_of
from bezant.gateway.native.faults import DATABASE_ERRORS
from bezant.kit.clock import NS_PER_S
from bezant.queries.cursor import Cursor, get_cursor

CHECK_TIMEOUT_S: Final = 1.0
_TAGS: Final = ["Health"]


@get("/health", tags=_TAGS, operation_id="getHealth", summary="Get the house's health")
async def read_health(request: NativeRequest) -> HealthDocument:
    """Return how each part is; always 200 while the gateway itself answers."""
    house = house_of(request)
    cursor = await _find_cursor(house)
    is_core_up = house.core.is_connected
    is_whole = is_core_up and cursor is not None and house.catalogue is not None
    return HealthDocument(
        status="ok" if is_whole else "degraded",
        uptime_s=(house.clock.monotonic_ns() - house.started_ns) // NS_PER_S,
        database="up" if cursor is not None else "down",
        core="up" if is_core_up else "down",
        catalogue="up" if house.catalogue is not None else "down",
        projector=ProjectorHealth(cursor.seq, cursor.lag) if cursor is not None else None,
    )


@get(
    "/health/ready",
    tags=_TAGS,
    operation_id="getReadiness",
    summary="Get whether this gateway takes orders",
)
async def read_ready(request: NativeRequest) -> Response[ReadyDocument]:
    """Return 200 if an order sent now would reach the core, else 503."""
    house = house_of(request)
    cursor = await _find_cursor(house)
    is_ready = house.core.is_connected and cursor is not None and house.catalogue is not None
    return Response(ReadyDocument(is_ready), status_code=200 if is_ready else 503)


async def _find_cursor(house: House) -> Cursor | None:
    """Return the projector's cursor, or None while the database does not answer."""
    try:
        async with asyncio.timeout(CHECK_TIMEOUT_S):
            return await get_cursor(house.pool)
    except DATABASE_ERRORS:
        return None
