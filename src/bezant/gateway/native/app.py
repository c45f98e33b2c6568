"""The gateway as one ASGI app: routes, error handlers and the gate around them."""

from collections.abc import Sequence
from typing import Any, Final

from litestar import Litestar, Request
from litestar.types import ControllerRouterHandler

from bezant.gateway.gate import BODY_SIZE_MAX, ASGIApp, Gate
from bezant.gateway.house import House
from bezant.gateway.metrics import GatewayMetrics
from bezant.gateway.native import (
    account,
    auth,
    batch,
    cancel_timer,
    changes,
    docs,
    faults,
    health,
    market,
    openapi,
    order_lists,
    orders,
    pages,
    trades,
    wallet,
)
from bezant.gateway.native.parameters import check_query
from bezant.gateway.native.problems import Problem, Refusal
from bezant.gateway.site import Site

HANDLERS: Final[tuple[ControllerRouterHandler, ...]] = (
    auth.register,
    auth.log_in,
    auth.read_profile,
    auth.read_jwks,
    account.read_settings,
    account.change_settings,
    orders.place_order,
    orders.read_orders,
    orders.read_order,
    orders.read_order_by_client_id,
    orders.cancel_order,
    orders.cancel_order_by_client_id,
    orders.cancel_all,
    changes.amend_order,
    changes.amend_order_by_client_id,
    changes.replace_order,
    batch.batch_orders,
    order_lists.place_order_list,
    order_lists.read_order_lists,
    order_lists.read_order_list,
    order_lists.read_order_list_by_client_id,
    order_lists.cancel_order_list,
    order_lists.cancel_order_list_by_client_id,
    cancel_timer.read_cancel_timers,
    cancel_timer.put_cancel_timer,
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
        before_request=_check,
        openapi_config=openapi.make_config(version),
        request_max_body_size=BODY_SIZE_MAX,
        logging_config=None,
    )
    app.state.house = house
    app.state.site = site
    app.state.metrics = metrics
    return app


async def _check(request: Request[Any, Any, Any]) -> None:
    """Stop what no handler of ours would: parameters, and pages that Litestar adds by itself."""
    if request.scope["path"].rstrip("/").startswith("/schema/"):
        raise Refusal(Problem.ROUTE)
    await check_query(request)
