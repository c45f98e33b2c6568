"""The set-up lines: account, asset, market, deposit. Each may come again and be several entries."""

from collections.abc import Iterator
from fractions import Fraction

import msgspec

from bezant.apps.vectors.grammar import Statement, VectorSyntax
from bezant.apps.vectors.numbers import steps, whole
from bezant.apps.vectors.world import Asset, Market, World
from bezant.core import commands as c
from bezant.core.ids import AccountId, AssetId, MarketId
from bezant.core.units import I64_MAX, UNITS_MAX, Lots, Ticks, Units
from bezant.core.words import Algorithm, MarketStatus, STPMode, TransferReason

DEFAULTS = c.MarketParameters(
    price_max=Ticks(UNITS_MAX),
    qty_min=Lots(1),
    qty_max=Lots(UNITS_MAX),
    notional_min=Units(0),
    notional_max=Units(I64_MAX),
    band_bips=0,
    dynamic_bips=0,
    window_ms=0,
    auction_ms=300_000,
    extensions_max=2,
    open_orders_max=10_000,
    stop_orders_max=10_000,
    icebergs_max=10_000,
    lists_max=10_000,
    parts_max=10_000,
    amends_max=10_000,
    trailing_min=1,
    trailing_max=9_999,
    algorithm=Algorithm.FIFO,
    top_percent=0,
    min_allocation=Lots(1),
)
_TICKS = {"price_max"}
_LOTS = {"qty_min", "qty_max", "min_allocation"}
_QUOTE = {"notional_min", "notional_max"}


def entries(world: World, line: Statement) -> Iterator[c.Command]:
    """Yield the commands of a set-up line, one by one as the ones before are done."""
    match line.verb:
        case "account":
            yield from account(world, line)
        case "asset":
            yield from asset(world, line)
        case "market":
            yield from market(world, line)
        case _:
            yield from deposit(world, line)


def account(world: World, line: Statement) -> Iterator[c.Command]:
    """`account dan group=7 tier=1 stp=none frozen=orders,withdrawals`: what is left out is off."""
    (name,) = line.words
    is_new = name not in world.people
    number = world.account(name)
    world.to_open = [other for other in world.to_open if other != name]
    if is_new or set(line.options) - {"tier"}:
        yield opened(world, number, line.options, is_new=is_new)
    if "tier" in line.options:
        yield c.SetTier(*world.number({}), number, whole(line.options["tier"]))


def openings(world: World) -> Iterator[c.Command]:
    """Yield the commands that open the accounts of people met for the first time."""
    while world.to_open:
        yield opened(world, world.account(world.to_open.pop(0)), {}, is_new=True)


def opened(
    world: World, number: AccountId, options: dict[str, str], *, is_new: bool
) -> c.OpenAccount | c.SetAccount:
    """Return the command that opens an account, or sets it anew."""
    frozen = options.get("frozen", "").split(",")
    kind = c.OpenAccount if is_new else c.SetAccount
    return kind(
        *world.number(options),
        number,
        whole(options.get("group", "0")),
        STPMode[options.get("stp", "default").upper()],
        "orders" in frozen,
        "withdrawals" in frozen,
    )


def asset(world: World, line: Statement) -> Iterator[c.Command]:
    """`asset BTC scale=8 issued_max=21000000 enabled=no`; again: what is left out stays."""
    (name,) = line.words
    before = world.assets.get(name)
    scale = whole(line.options.get("scale", str(before.scale if before else 0)))
    is_changed = before is not None and scale != before.scale
    known = before or Asset(name, AssetId(len(world.assets) + 1), scale)
    world.assets[name] = known
    step = Fraction(1, 10 ** (known.scale if is_changed else max(scale, 0)))
    units = steps(line.options["issued_max"], step) if "issued_max" in line.options else UNITS_MAX
    is_enabled = line.options.get("enabled", "yes") == "yes"
    kind = c.CreateAsset if before is None else c.SetAsset
    yield kind(*world.number(line.options), known.id, scale, Units(units), is_enabled)


def market(world: World, line: Statement) -> Iterator[c.Command]:
    """`market B-Q tick=1 lot=1 …`: made and trading unless said; again: only what is named."""
    (name,) = line.words
    options = dict(line.options)
    is_new = name not in world.markets
    if is_new:
        yield _created(world, name, options)
    here = world.market(name)
    parameters = _parameters(here, options)
    if not is_new and parameters != here.parameters:
        yield c.SetMarket(*world.number({}), here.id, parameters)
    here.parameters = parameters  # Not reached if the line was refused.
    yield from _fees(world, here, options)
    if "reference" in options:
        price = Ticks(steps(options.pop("reference"), here.tick))
        yield c.SetReferencePrice(*world.number({}), here.id, price)
    status = options.pop("status", "trading" if is_new else "")
    if options:
        raise VectorSyntax(f"unknown keys of a market: {' '.join(options)}")
    if status not in {"", "pre_open"} or (status and not is_new):
        yield c.SetMarketStatus(*world.number({}), here.id, MarketStatus[status.upper()])


def deposit(world: World, line: Statement) -> Iterator[c.Command]:
    """`deposit alice 1000.00 USDT 2 BTC`: from `hot`."""
    name, *pairs = line.words
    account_id = world.account(name)
    yield from openings(world)
    for amount, asset_name in zip(pairs[::2], pairs[1::2], strict=True):
        coin = world.asset(asset_name)
        yield c.Transfer(
            *world.number(line.options),
            world.account("hot"),
            account_id,
            coin.id,
            Units(world.amount(amount, coin)),
            TransferReason.DEPOSIT,
        )


def _created(world: World, name: str, options: dict[str, str]) -> c.CreateMarket:
    base, quote = (world.asset(part) for part in name.split("-"))
    tick, lot = options.pop("tick"), options.pop("lot")
    _, _, fraction = tick.partition(".")
    here = Market(
        name=name,
        id=MarketId(len(world.markets) + 1),
        base=base,
        quote=quote,
        tick=Fraction(tick),
        lot=Fraction(lot),
        parameters=DEFAULTS,
    )
    world.markets[name] = here
    here.parameters = _parameters(here, options)
    return c.CreateMarket(
        *world.number({}),
        here.id,
        base.id,
        quote.id,
        Units(steps(lot, base.step)),
        whole(tick.replace(".", "")),
        len(fraction),
        here.parameters,
    )


def _parameters(here: Market, options: dict[str, str]) -> c.MarketParameters:
    """Return the market's parameters with the line's keys over them; takes the keys out."""
    new: dict[str, int] = {}
    for key in [key for key in options if key in DEFAULTS.__struct_fields__]:
        text = options.pop(key)
        if key == "algorithm":
            new[key] = Algorithm[text.upper()] if not text.isdigit() else whole(text)
        elif key in _TICKS:
            new[key] = steps(text, here.tick)
        elif key in _LOTS:
            new[key] = steps(text, here.lot)
        elif key in _QUOTE:
            new[key] = steps(text, here.quote.step)
        else:
            new[key] = whole(text)
    return msgspec.structs.replace(here.parameters, **new)


def _fees(world: World, here: Market, options: dict[str, str]) -> Iterator[c.Command]:
    if "maker_ppm" in options or "taker_ppm" in options:
        maker, taker = options.pop("maker_ppm", "0"), options.pop("taker_ppm", "0")
        yield c.SetFees(*world.number({}), here.id, 0, whole(maker), whole(taker))
    for key in [key for key in options if key.startswith("fees.")]:
        maker, taker = options.pop(key).split(",")
        tier = whole(key.removeprefix("fees."))
        yield c.SetFees(*world.number({}), here.id, tier, whole(maker), whole(taker))
