"""One statement, one command: every verb of the grammar that is not set-up and not a check."""

from collections.abc import Callable
from typing import Any

import msgspec

from bezant.apps.vectors.grammar import Statement, VectorSyntax
from bezant.apps.vectors.numbers import span_ns, steps, whole
from bezant.apps.vectors.orders import leg, terms
from bezant.apps.vectors.setup import DEFAULTS
from bezant.apps.vectors.world import World
from bezant.core import commands as c
from bezant.core.ids import MarketId, OrderId, Source
from bezant.core.units import Lots, Ticks, Units
from bezant.core.words import ListKind, MarketStatus, Only, ReplaceMode, TransferReason

Built = tuple[c.Command, tuple[str, ...]]  # The command, and the names of the orders it makes.


def place(world: World, line: Statement) -> Built:
    """`place alice a1 buy limit 100 x 5 gtc [market=B-Q]`."""
    person, *words = line.words
    market = world.market(line.options.get("market"))
    options = {k: v for k, v in line.options.items() if k != "market"}
    name, order = terms(world, market, tuple(words), options)
    return c.PlaceOrder(world.account(person), market.id, order), (name,)


def place_list(world: World, line: Statement) -> Built:
    """`list alice l1 oto { a3 buy limit 100 x 10 ; a4 sell limit 120 x 10 }`."""
    person, name, kind = line.words
    market = world.market(line.options.get("market"))
    legs = [leg(world, market, text) for text in line.legs]
    command = c.PlaceList(
        world.account(person),
        market.id,
        line.options.get("id", name),
        whole(kind) if kind.isdigit() else ListKind[kind.upper()],
        tuple(order for _, order in legs),
    )
    return command, tuple(order_name for order_name, _ in legs)


def cancel(world: World, line: Statement) -> Built:
    """`cancel alice a1 [only=new]`; `@a1` names the order by its id instead of its client id."""
    person, name = line.words
    only = _word(Only, line.options.get("only", "any"))
    return c.CancelOrder(world.account(person), *_target(world, name), only), ()


def amend(world: World, line: Statement) -> Built:
    """`amend alice a3 qty=3 price=101 id=a9`: what is left out stays."""
    person, name = line.words
    market = world.market(line.options.get("market"))
    command = c.AmendOrder(
        world.account(person),
        *_target(world, name),
        Lots(steps(line.options["qty"], market.lot)) if "qty" in line.options else None,
        Ticks(steps(line.options["price"], market.tick)) if "price" in line.options else None,
        line.options.get("id", ""),
    )
    return command, ()


def replace(world: World, line: Statement) -> Built:
    """`replace alice a9 allow_failure { a5 buy limit 11 x 10 } [only=new] [market=B-Q]`."""
    person, name, mode = line.words
    market = world.market(line.options.get("market"))
    new_name, order = leg(world, market, line.legs[0])
    command = c.ReplaceOrder(
        world.account(person),
        *_target(world, name),
        _word(ReplaceMode, mode),
        _word(Only, line.options.get("only", "any")),
        market.id,
        order,
    )
    return command, (new_name,)


def cancel_all(world: World, line: Statement) -> Built:
    """`cancel-all alice [B-Q]`: without a market, in all."""
    person, *market = line.words
    return c.CancelAll(world.account(person), _market_or_all(world, market)), ()


def timer(world: World, line: Statement) -> Built:
    """`timer alice 60s [B-Q]`; 0 takes it away."""
    person, span, *market = line.words
    timeout_ms, rest = divmod(span_ns(span), 1_000_000)
    if rest:
        raise VectorSyntax("a timer's time-out is whole milliseconds")
    return c.SetCancelTimer(world.account(person), _market_or_all(world, market), timeout_ms), ()


def transfer(world: World, line: Statement) -> Built:
    """`transfer hot promo 5 Q custody`."""
    from_name, to_name, amount, asset_name, reason = line.words
    asset = world.asset(asset_name)
    command = c.Transfer(
        *world.number(line.options),
        world.account(from_name),
        world.account(to_name),
        asset.id,
        Units(world.amount(amount, asset)),
        _word(TransferReason, reason),
    )
    return command, ()


def hold(world: World, line: Statement) -> Built:
    """`hold alice w1 900 Q [fee=5]`."""
    person, name, amount, asset_name = line.words
    asset = world.asset(asset_name)
    command = c.HoldTransfer(
        *world.number(line.options),
        world.transfer(name),
        world.account(person),
        asset.id,
        Units(world.amount(amount, asset)),
        Units(world.amount(line.options.get("fee", "0"), asset)),
    )
    return command, ()


def settle(world: World, line: Statement) -> Built:
    """`settle w1 hot`."""
    name, custody = line.words
    transfer_id, account = world.transfer(name), world.account(custody)
    return c.SettleTransfer(*world.number(line.options), transfer_id, account), ()


def void(world: World, line: Statement) -> Built:
    """`void w1`."""
    return c.VoidTransfer(*world.number(line.options), world.transfer(line.words[0])), ()


def close(world: World, line: Statement) -> Built:
    """`close alice`."""
    return c.CloseAccount(*world.number(line.options), world.account(line.words[0])), ()


def status(world: World, line: Statement) -> Built:
    """`status B-Q halted`."""
    name, word = line.words
    market = world.market(name)
    new = _word(MarketStatus, word)
    return c.SetMarketStatus(*world.number(line.options), market.id, new), ()


def reference(world: World, line: Statement) -> Built:
    """`reference B-Q 100`."""
    name, price = line.words
    market = world.market(name)
    ticks = Ticks(steps(price, market.tick))
    return c.SetReferencePrice(*world.number(line.options), market.id, ticks), ()


def cancel_market(world: World, line: Statement) -> Built:
    """`cancel-market B-Q`."""
    market = world.market(line.words[0])
    return c.CancelMarket(*world.number(line.options), market.id), ()


def assert_balances(world: World, line: Statement) -> Built:
    """`assert alice Q available=5 hold=0`."""
    person, asset_name = line.words
    asset = world.asset(asset_name)
    available = world.amount(line.options.get("available", "0"), asset)
    held = world.amount(line.options.get("hold", "0"), asset)
    source, number = world.number(line.options)
    account = world.account(person)
    return c.AssertBalances(source, number, account, asset.id, available, held), ()


def assert_digest(world: World, line: Statement) -> Built:
    """`assert-digest`: of the state before it; `assert-digest wrong`: of no state."""
    digest = bytes(32) if line.words else world.digest()
    return c.AssertDigest(*world.number(line.options), digest), ()


def rules(world: World, line: Statement) -> Built:
    """`rules 2`."""
    return c.ActivateRules(*world.number(line.options), whole(line.words[0])), ()


def quarantined(world: World, line: Statement) -> Built:
    """`quarantined [source=10 number=7]`: stands for a command that broke an invariant."""
    if "source" not in line.options:
        return c.Quarantined(bytes(32), Source(0), world.number({"number": "0"})[1]), ()
    return c.Quarantined(bytes(32), *world.number(line.options)), ()


def tick(world: World, line: Statement) -> Built:
    """`tick`."""
    if line.words or line.options:
        raise VectorSyntax("`tick` stands alone")
    return c.Tick(), ()


def send(world: World, line: Statement) -> Built:
    """`send CreateMarket market=3 base=B quote=Q lot_units=1 …`: any command, field by field."""
    kind: Any = getattr(c, line.words[0])
    known: dict[str, Any] = {key: _field(world, key, text) for key, text in line.options.items()}
    if "source" in kind.__struct_fields__:
        source, number = world.number(line.options)
        known |= {"source": source, "number": number}
    if "parameters" in kind.__struct_fields__:
        named = [key for key in known if key in DEFAULTS.__struct_fields__]
        new = {key: known.pop(key) for key in named}
        known["parameters"] = msgspec.structs.replace(DEFAULTS, **new)
    for key in kind.__struct_fields__:
        known.setdefault(key, False if key in _FLAGS else "" if key.endswith("client_id") else 0)
    return kind(**{key: known[key] for key in kind.__struct_fields__}), ()


_FLAGS = {"orders_frozen", "withdrawals_frozen", "enabled"}
_ACCOUNTS = {"account", "from_account", "to_account", "custody"}


def _field(world: World, key: str, text: str) -> int | str | bool:
    if key in _FLAGS:
        return text == "yes"
    if key.endswith("client_id"):
        return text
    if key in _ACCOUNTS:
        return world.account(text)
    if key in {"asset", "base", "quote"} and not text.isdigit():
        return world.asset(text).id
    if key == "market" and not text.isdigit():
        return world.market(text).id
    if key == "order_id" and not text.isdigit():
        return world.order(text)
    return whole(text)


def _target(world: World, name: str) -> tuple[OrderId, str]:
    """An order by id (`@a1`, `@17`), or by its client id."""
    if not name.startswith("@"):
        return OrderId(0), name
    return (OrderId(int(name[1:])) if name[1:].isdigit() else world.order(name[1:])), ""


def _market_or_all(world: World, names: list[str]) -> MarketId:
    return world.market(names[0]).id if names else MarketId(0)


def _word(words: Any, text: str) -> int:
    """An enumeration's word, or the bare number where a wrong one is the point."""
    return int(words[text.upper()]) if not text.isdigit() else whole(text)


VERBS: dict[str, Callable[[World, Statement], Built]] = {
    "place": place,
    "list": place_list,
    "cancel": cancel,
    "amend": amend,
    "replace": replace,
    "cancel-all": cancel_all,
    "timer": timer,
    "transfer": transfer,
    "hold": hold,
    "settle": settle,
    "void": void,
    "close": close,
    "status": status,
    "reference": reference,
    "cancel-market": cancel_market,
    "assert": assert_balances,
    "assert-digest": assert_digest,
    "rules": rules,
    "quarantined": quarantined,
    "tick": tick,
    "send": send,
}
