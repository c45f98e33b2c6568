"""Listing of assets and markets: the row and the commands that make it tradable, in one step.

What an operator writes is decimal and by name; what the core gets is integers and ids. The core
judges; nothing here decides whether a market is sound beyond what text must obey.
"""

import re
from collections.abc import Callable
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from bezant.core.codec import encode
from bezant.core.commands import (
    CreateAsset,
    CreateMarket,
    MarketParameters,
    Message,
    SetFees,
    SetMarketStatus,
    SetReferencePrice,
)
from bezant.core.ids import AssetId, MarketId, Number, Source
from bezant.core.units import UNITS_MAX, Lots, Ticks, Units
from bezant.core.words import Algorithm, MarketStatus
from bezant.kit import outbox
from bezant.kit.decimals import parse_decimal, to_units

OPERATOR_SOURCE: Final = Source(1)  # Accounts and configuration (LAW L3.3).
CODE: Final = re.compile(r"[A-Z0-9]{2,12}", re.ASCII)
KINDS: Final = ("crypto", "fiat")
SCALE_MAX: Final = 18  # LAW L1.1.
TIER_MAX: Final = 99  # LAW §2.
MAKER_PPM_MIN: Final = -10_000  # LAW L1.3; negative rates are rebates.
PPM_MAX: Final = 100_000

_INSERT_ASSET: Final = """
INSERT INTO assets (code, name, kind, category, display_scale)
VALUES ($1, $2, $3, $4, $5) RETURNING id
"""
_MEND_ASSET: Final = """
UPDATE assets SET name = $2, kind = $3, category = $4, display_scale = $5
WHERE code = $1 RETURNING id
"""
_INSERT_MARKET: Final = """
INSERT INTO markets (symbol, name, base_id, quote_id, tick, step)
VALUES ($1, $2, $3, $4, $5::text::numeric, $6::text::numeric) RETURNING id
"""
_MEND_MARKET: Final = """
UPDATE markets SET name = $2, base_id = $3, quote_id = $4,
    tick = $5::text::numeric, step = $6::text::numeric
WHERE symbol = $1 RETURNING id
"""


class ListingError(ValueError):
    """What the operator wrote cannot be listed; the message names the field and the rule."""


class AssetSpec(Struct, frozen=True, kw_only=True):
    """An asset as an operator names it; `scale` is fixed for ever."""

    code: str
    name: str
    kind: str = "crypto"
    category: str = "other"
    scale: int = 8
    display_scale: int = 8
    issued_max: int = UNITS_MAX


class MarketSpec(Struct, frozen=True, kw_only=True):
    """A market as an operator names it; tick in quote coins, lot and quantities in base coins."""

    base: str
    quote: str
    tick: str
    lot: str
    notional_min: str = "0"
    maker_ppm: int = 0
    taker_ppm: int = 0
    reference: str | None = None
    status: MarketStatus = MarketStatus.TRADING
    parameters: MarketParameters | None = None  # Its notional_min is replaced by the above.

    @property
    def name(self) -> str:
        """The name inside, such as BTC-USDT."""
        return f"{self.base}-{self.quote}"

    @property
    def symbol(self) -> str:
        """The name on every API, such as BTCUSDT."""
        return self.base + self.quote


class AssetRow(Struct, frozen=True):
    """What listing a market must know of an asset."""

    id: int
    scale: int


class Listed(Struct, frozen=True):
    """What the core has: ledger scales by asset code, and symbols of markets.

    A row whose command was refused is not in it; listing again then uses that row's id and writes
    over the rest of it.
    """

    scales: dict[str, int]
    symbols: tuple[str, ...]


DEFAULT_PARAMETERS: Final = MarketParameters(
    price_max=Ticks(10**13),
    qty_min=Lots(1),
    qty_max=Lots(10**13),
    notional_min=Units(0),
    notional_max=Units(UNITS_MAX),
    band_bips=0,
    dynamic_bips=0,
    window_ms=0,
    auction_ms=300_000,
    extensions_max=2,
    open_orders_max=1_000,
    stop_orders_max=100,
    icebergs_max=100,
    lists_max=100,
    parts_max=100,
    amends_max=1_000,
    trailing_min=10,
    trailing_max=2_000,
    algorithm=Algorithm.FIFO,
    top_percent=0,
    min_allocation=Lots(1),
)


def create_asset(spec: AssetSpec, asset: AssetId, number: Number) -> CreateAsset:
    """Return the command that creates the asset."""
    return CreateAsset(
        source=OPERATOR_SOURCE,
        number=number,
        asset=asset,
        scale=spec.scale,
        issued_max=Units(spec.issued_max),
        enabled=True,
    )


def create_market(
    spec: MarketSpec, market: MarketId, *, base: AssetRow, quote: AssetRow, number: Number
) -> CreateMarket:
    """Return the command that creates the market. Raises ListingError for an impossible grid."""
    tick_num, tick_scale = parse_decimal(spec.tick)
    lot_units = to_units(spec.lot, base.scale)
    if tick_num < 1 or lot_units < 1:
        raise ListingError(f"market {spec.name}: tick and lot must be above zero")
    parameters = spec.parameters or DEFAULT_PARAMETERS
    notional_min = Units(max(to_units(spec.notional_min, quote.scale), 0))
    return CreateMarket(
        source=OPERATOR_SOURCE,
        number=number,
        market=market,
        base=AssetId(base.id),
        quote=AssetId(quote.id),
        lot_units=Units(lot_units),
        tick_num=tick_num,
        tick_scale=tick_scale,
        parameters=replace(parameters, notional_min=notional_min),
    )


def price_ticks(tick: str, price: str) -> Ticks:
    """Return a price in ticks of the market. Raises ListingError if it is off the tick."""
    tick_num, tick_scale = parse_decimal(tick)
    digits, scale = parse_decimal(price)
    whole, rest = divmod(digits * 10**tick_scale, tick_num * 10**scale)
    if rest:
        raise ListingError(f"reference price {price} is not a multiple of the tick {tick}")
    return Ticks(whole)


async def list_asset(conn: outbox.Connection, spec: AssetSpec, listed: Listed) -> int:
    """Write the asset's row and its command; return the command's number.

    Runs in the caller's transaction. Raises ListingError.
    """
    _check_asset(spec)
    if spec.code in listed.scales:
        raise ListingError(f"asset {spec.code} exists already: choose another code")
    row = (spec.code, spec.name, spec.kind, spec.category, spec.display_scale)
    found = await conn.fetchval(_MEND_ASSET, *row)
    if found is None:
        found = await conn.fetchval(_INSERT_ASSET, *row)
    asset = AssetId(_id(found))
    return await _enqueue(conn, lambda number: create_asset(spec, asset, number))


async def list_market(conn: outbox.Connection, spec: MarketSpec, listed: Listed) -> tuple[int, ...]:
    """Write the market's row and its commands; return the commands' numbers in order.

    Runs in the caller's transaction. Raises ListingError, NotDecimal, TooManyDecimals.
    """
    check_fees(0, maker=spec.maker_ppm, taker=spec.taker_ppm)
    if spec.base == spec.quote:
        raise ListingError(f"market {spec.name}: base and quote must be two assets")
    base = await _asset(conn, spec.base, listed)
    quote = await _asset(conn, spec.quote, listed)
    if spec.symbol in listed.symbols:
        raise ListingError(f"market {spec.symbol} exists already")
    create_market(spec, MarketId(0), base=base, quote=quote, number=Number(1))  # Checks the text.
    row = (spec.symbol, spec.name, base.id, quote.id, spec.tick, spec.lot)
    found = await conn.fetchval(_MEND_MARKET, *row)
    if found is None:
        found = await conn.fetchval(_INSERT_MARKET, *row)
    market = MarketId(_id(found))
    makers = _market_commands(spec, market, base=base, quote=quote)
    return tuple([await _enqueue(conn, make) for make in makers])


def _market_commands(
    spec: MarketSpec, market: MarketId, *, base: AssetRow, quote: AssetRow
) -> list[Callable[[Number], Message]]:
    """Return what makes the commands that bring a market to the status that was asked for."""
    source = OPERATOR_SOURCE
    makers: list[Callable[[Number], Message]] = [
        lambda number: create_market(spec, market, base=base, quote=quote, number=number),
        lambda number: SetFees(source, number, market, 0, spec.maker_ppm, spec.taker_ppm),
    ]
    if spec.reference is not None:
        ticks = price_ticks(spec.tick, spec.reference)
        makers.append(lambda number: SetReferencePrice(source, number, market, ticks))
    if spec.status is not MarketStatus.PRE_OPEN:
        makers.append(lambda number: SetMarketStatus(source, number, market, spec.status))
    return makers


def check_fees(tier: int, *, maker: int, taker: int) -> None:
    """Stop rates that the law does not allow (L1.3). Raises ListingError."""
    if not 0 <= tier <= TIER_MAX:
        raise ListingError(f"tier {tier} must be 0 to {TIER_MAX}")
    if not MAKER_PPM_MIN <= maker <= PPM_MAX:
        raise ListingError(f"maker-ppm {maker} must be {MAKER_PPM_MIN} to {PPM_MAX} (10 %)")
    if not 0 <= taker <= PPM_MAX:
        raise ListingError(f"taker-ppm {taker} must be 0 to {PPM_MAX} (10 %)")


def _check_asset(spec: AssetSpec) -> None:
    if CODE.fullmatch(spec.code) is None:
        raise ListingError(f"code {spec.code!r} must be 2 to 12 of A-Z and 0-9")
    if spec.kind not in KINDS:
        raise ListingError(f"kind {spec.kind!r} must be one of {', '.join(KINDS)}")
    if not 0 <= spec.scale <= SCALE_MAX:
        raise ListingError(f"scale {spec.scale} must be 0 to {SCALE_MAX} decimals")
    if not 0 <= spec.display_scale <= min(spec.scale, 8):
        raise ListingError(
            f"display_scale {spec.display_scale} must be 0 to {min(spec.scale, 8)}: "
            "at most 8 and at most the ledger scale"
        )


async def _asset(conn: outbox.Connection, code: str, listed: Listed) -> AssetRow:
    found = await conn.fetchval("SELECT id FROM assets WHERE code = $1", code)
    if not isinstance(found, int) or code not in listed.scales:
        raise ListingError(f"asset {code} does not exist: create it first (bezant asset create)")
    return AssetRow(found, listed.scales[code])


def _id(found: object) -> int:
    if not isinstance(found, int):
        raise TypeError(f"an identity column gave {found!r}")
    return found


async def _enqueue(conn: outbox.Connection, make: Callable[[Number], Message]) -> int:
    return await outbox.enqueue(conn, OPERATOR_SOURCE, lambda number: encode(make(Number(number))))
