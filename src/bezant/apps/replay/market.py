"""The market that recorded flow is played on: limits at their largest, bands off, fees nothing."""

from typing import Final

from msgspec.structs import replace

from bezant.apps.replay.flow import Place
from bezant.core.commands import MarketParameters, OrderTerms
from bezant.core.units import UNITS_MAX, Lots, Ticks, Units
from bezant.core.words import OrderType, Side, STPMode, TimeInForce, Trigger
from bezant.marketdata.listing import DEFAULT_PARAMETERS

COUNT_MAX: Final = 10_000  # The largest that LAW L1.7 allows.


def replay_parameters() -> MarketParameters:
    """Return the parameters of the replay's market."""
    return replace(
        DEFAULT_PARAMETERS,
        price_max=Ticks(UNITS_MAX),
        qty_max=Lots(UNITS_MAX),
        open_orders_max=COUNT_MAX,
        stop_orders_max=COUNT_MAX,
        icebergs_max=COUNT_MAX,
        lists_max=COUNT_MAX,
        parts_max=COUNT_MAX,
        amends_max=COUNT_MAX,
    )


def replay_terms(step: Place) -> OrderTerms:
    """Return a GTC limit order that may trade with its own account."""
    return OrderTerms(
        client_id=str(step.id),
        side=Side.BUY if step.is_bid else Side.SELL,
        type=OrderType.LIMIT,
        tif=TimeInForce.GTC,
        price=Ticks(step.price_cents),
        qty=Lots(step.volume),
        quote_units=Units(0),
        trigger=Trigger.NONE,
        trigger_price=Ticks(0),
        trailing_bips=0,
        post_only=False,
        display=Lots(0),
        stp=STPMode.NONE,
        expires_ns=0,
    )
