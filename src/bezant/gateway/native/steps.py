"""Decimal strings of a body become a market's ticks, lots and units: exactly, or not at all."""

from collections.abc import Callable

from msgspec import UnsetType

from bezant.core.units import Lots, Ticks, Units
from bezant.gateway.native.problems import Problem, field_refusal
from bezant.kit.decimals import NotDecimal
from bezant.marketdata.catalogue import Market
from bezant.marketdata.grid import OffGrid, TooLarge


def to_ticks(text: str | UnsetType, market: Market, field: str = "price") -> Ticks:
    """Return a price as ticks, 0 where there is none. Raises Refusal."""
    if isinstance(text, UnsetType):
        return Ticks(0)
    grid = market.grid
    return Ticks(
        _to_steps(
            text,
            grid.to_ticks,
            field,
            problem=Problem.PRICE,
            step=lambda: f"the tick size {grid.tick_size}",
        )
    )


def to_lots(text: str | UnsetType, market: Market, field: str = "quantity") -> Lots:
    """Return a quantity as lots, 0 where there is none. Raises Refusal."""
    if isinstance(text, UnsetType):
        return Lots(0)
    grid = market.grid
    return Lots(
        _to_steps(
            text,
            grid.to_lots,
            field,
            problem=Problem.QUANTITY,
            step=lambda: f"the lot size {grid.lot_size}",
        )
    )


def to_quote_units(text: str | UnsetType, market: Market, field: str = "quoteQuantity") -> Units:
    """Return an amount of the quote as units, 0 where there is none. Raises Refusal."""
    if isinstance(text, UnsetType):
        return Units(0)
    grid = market.grid
    return Units(
        _to_steps(
            text,
            grid.to_quote_units,
            field,
            problem=Problem.QUANTITY,
            step=lambda: f"the smallest unit {grid.quote_text(1)} of {market.quote.code}",
        )
    )


def _to_steps(
    text: str, parse: Callable[[str], int], field: str, *, problem: Problem, step: Callable[[], str]
) -> int:
    """Return the number of steps. Raises Refusal naming field, rule and way out."""
    try:
        return parse(text)
    except NotDecimal as error:
        raise field_refusal(Problem.MALFORMED, field, "decimal", f"{field}: {error}") from None
    except OffGrid:
        raise field_refusal(
            problem, field, "step", f"{field} {text} is not a multiple of {step()}"
        ) from None
    except TooLarge:
        raise field_refusal(
            problem, field, "maximum", f"{field} {text} is larger than any order can be"
        ) from None
