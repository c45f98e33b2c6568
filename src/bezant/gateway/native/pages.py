"""What is not the API: the web app's files, metrics, and the answer for paths that are nothing."""

from typing import Final

from litestar import Response, get, route
from litestar.enums import HttpMethod

from bezant.gateway.access import address_group
from bezant.gateway.metrics import GatewayMetrics
from bezant.gateway.native.endpoint import NativeRequest, house_of
from bezant.gateway.native.faults import DATABASE_ERRORS
from bezant.gateway.native.problems import Problem, Refusal
from bezant.gateway.site import Site
from bezant.gateway.trail import trail_of
from bezant.kit.metrics import CONTENT_TYPE
from bezant.queries.cursor import get_cursor

API_PREFIXES: Final = ("api", "ws", "health", "metrics", "schema", "docs", ".well-known")
_LOCAL: Final = frozenset({"127.0.0.1", "::1", "local"})
_METHODS: Final = [HttpMethod.GET, HttpMethod.POST, HttpMethod.DELETE]


@get("/metrics", include_in_schema=False)
async def read_metrics(request: NativeRequest) -> Response[bytes]:
    """Return this process' metrics; in production only to callers on this machine (S65)."""
    house = house_of(request)
    if house.is_production and address_group(trail_of(request.scope).address) not in _LOCAL:
        raise Refusal(Problem.ROUTE)
    metrics: GatewayMetrics = request.app.state.metrics
    metrics.core_up.set(int(house.core.is_connected))
    metrics.feed_seq.set(house.catalogue.seq if house.catalogue is not None else 0)
    try:
        cursor = await get_cursor(house.pool)
    except DATABASE_ERRORS:
        cursor = None  # What is known without the database is told all the same.
    if cursor is not None:
        metrics.projector_seq.set(cursor.seq)
        metrics.projector_lag.set(cursor.lag)
    return Response(metrics.render(), media_type=CONTENT_TYPE)


@route(["/", "/{path:path}"], http_method=_METHODS, include_in_schema=False, status_code=200)
async def read_page(request: NativeRequest) -> Response[bytes]:
    """Return a file of the web app, or its page; 404 where the API would be."""
    path = request.scope["path"].lstrip("/")
    if request.method != "GET" or path.partition("/")[0] in API_PREFIXES:
        raise Refusal(Problem.ROUTE)
    site: Site = request.app.state.site
    file = site.get(path)
    headers = {"ETag": file.etag, "Cache-Control": file.cache_control}
    if request.headers.get("if-none-match") == file.etag:
        return Response(b"", status_code=304, headers=headers, media_type=file.media_type)
    return Response(file.body, headers=headers, media_type=file.media_type)
