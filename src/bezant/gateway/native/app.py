"""The gateway as one ASGI app: routes, error handlers and the gate around them."""

from collections.abc import Sequence
from typing import Any, Final

from litestar import Litestar, Request
from litestar.types import ControllerRouterHandler

from bezant.gateway.gate import BODY_SIZE_MAX, ASGIApp, Gate
from bezant.gateway.house import House
from bezant.gateway.metrics import GatewayMetrics
from bezant.gateway.native import (
    auth,
    batch,
    docs,
    faults,
    health,
    market,
    openapi,
    orders,
    pages,
    trades,
    wallet,
)
from bezant.gateway.native.problems import FieldError, Problem, Refusal
from bezant.gateway.site import Site
from bezant.gateway.strict_json import shorten

HANDLERS: Final[tuple[ControllerRouterHandler, ...]] = (
    auth.register,
    auth.log_in,
    auth.read_profile,
    auth.read_jwks,
    orders.place_order,
    orders.read_orders,
    orders.read_order,
    orders.read_order_by_client_id,
    orders.cancel_order,
    orders.cancel_order_by_client_id,
    orders.cancel_all,
    batch.batch_orders,
    trades.read_trades,
    trades.read_fills,
    wallet.read_balances,
    wallet.read_balance,
    wallet.read_ledger,
    market.read_assets,
    market.read_markets,
    market.read_tickers,
    market.read_candles,
    market.read_order_book,
    health.read_health,
    health.read_ready,
    docs.read_docs,
    pages.read_metrics,
    pages.read_page,
)
_NOT_OF_THE_QUERY: Final = frozenset({"data", "request"})


def make_app(
    house: House, site: Site, *, version: str, streams: Sequence[ControllerRouterHandler] = ()
) -> ASGIApp:
    """Return the gateway's app; `streams` are the handlers of `gateway.stream`."""
    metrics = GatewayMetrics()
    app = make_routes(house, site, metrics, version=version, streams=streams)
    return Gate(app, metrics)


def make_routes(
    house: House,
    site: Site,
    metrics: GatewayMetrics,
    *,
    version: str,
    streams: Sequence[ControllerRouterHandler] = (),
) -> Litestar:
    """Return the routes without the gate around them."""
    app = Litestar(
        [*HANDLERS, *streams],
        exception_handlers=faults.HANDLERS,
        before_request=_check_query,
        openapi_config=openapi.make_config(version),
        request_max_body_size=BODY_SIZE_MAX,
        logging_config=None,
    )
    app.state.house = house
    app.state.site = site
    app.state.metrics = metrics
    return app


async def _check_query(request: Request[Any, Any, Any]) -> None:
    """Stop parameters that the endpoint does not know, and any that is there twice."""
    if not request.scope["query_string"] or not request.route_handler.include_in_schema:
        return
    known = _query_names(request.route_handler)
    names = [name for name, _ in request.query_params.multi_items()]
    for name in names:
        if name not in known:
            shown = shorten(name)
            raise _bad_parameter(
                shown, "unknown_parameter", f"{shown} is not known here: remove it"
            )
        if names.count(name) > 1:
            raise _bad_parameter(name, "duplicate", f"{name} is there twice: send it once")


def _query_names(handler: Any) -> frozenset[str]:
    """Return the names of a handler's query parameters, as clients write them."""
    known: frozenset[str] | None = handler.opt.get("query_names")
    if known is None:
        fields = handler.parsed_fn_signature.parameters
        known = frozenset(
            getattr(field.kwarg_definition, "name", None) or name
            for name, field in fields.items()
            if name not in _NOT_OF_THE_QUERY
        )
        handler.opt["query_names"] = known
    return known


def _bad_parameter(name: str, rule: str, message: str) -> Refusal:
    return Refusal(Problem.MALFORMED, message, errors=(FieldError(name, rule, message),))
