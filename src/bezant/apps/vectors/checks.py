"""The lines that ask: order, book, balance, mark, deadline, zero-sum, digest."""

from collections.abc import Callable
from typing import Any

from bezant.apps.vectors.grammar import Statement, VectorSyntax
from bezant.apps.vectors.numbers import decimal, span, steps, whole
from bezant.apps.vectors.target import Target
from bezant.apps.vectors.world import HOUSE, START_NS, Asset, Market, World
from bezant.core import reads as r
from bezant.core.words import AcceptedState, MarketStatus

Difference = tuple[str, str]  # What was expected, what is.
_DEPTH = 1_000


def order(world: World, target: Target, line: Statement) -> Difference | None:
    """`order b1 visible=2 leaves=6 hold=5`, or `order b1 gone`."""
    name, *words = line.words
    number = world.order(name)
    answer = target.ask(r.ReadOrder(world.order_owner[number], number, ""))
    found = answer.order if isinstance(answer, r.OrderFound) else None
    if words == ["gone"] or found is None:
        wanted = "gone" if words == ["gone"] else "open"
        return _differ(wanted, "gone" if found is None else "open")
    market = world.market_of(found.market)
    for key, text in line.options.items():
        is_text = _order_fact(world, market, found, key)
        if _number_like(text, key, market, found) != is_text:
            return f"{key}={text}", f"{key}={is_text}"
    return None


def book(world: World, target: Target, line: Statement) -> Difference | None:
    """`book B-Q bids 2@101 3@100 asks 5@105`: whole sides; also `status=`, `last=`, `trades=`."""
    name, *words = line.words
    market = world.market(name)
    answer = target.ask(r.ReadBook(market.id, _DEPTH))
    if not isinstance(answer, r.Book):
        return "a book", repr(answer)
    for side, levels in (("bids", answer.bids), ("asks", answer.asks)):
        if side not in words:
            continue
        wanted = _levels_of(words, side)
        actual = [
            f"{decimal(level.visible, market.lot)}@{decimal(level.price, market.tick)}"
            for level in levels
        ]
        if wanted != actual:
            return f"{side} {' '.join(wanted)}", f"{side} {' '.join(actual)}"
    return _market_facts(target, market, line.options)


def balance(world: World, target: Target, line: Statement) -> Difference | None:
    """`balance alice Q available=5 hold=0 B available=1`; `balance fees Q 5`."""
    person, rest = line.words[0], line.text.split()[2:]
    account = world.account(person)
    asset: Asset | None = None
    for word in rest:
        key, equals, text = word.partition("=")
        if not equals and word in world.assets:
            asset = world.asset(word)
            continue
        if asset is None:
            raise VectorSyntax(f"balance: an asset comes before {word}")
        field, text = (key, text) if equals else ("available", key)
        actual = balances(target, account).get(asset.id, (0, 0))[field == "hold"]
        if actual != world.amount(text, asset):
            label = f"{person} {asset.name} {field}="
            return label + text, label + world.amount_text(actual, asset)
    return None


def zero_sum(world: World, target: Target, line: Statement) -> Difference | None:
    """`zero-sum`: per asset the sum over all accounts is 0 (INV-01)."""
    totals: dict[int, int] = {asset.id: 0 for asset in world.assets.values()}
    for account in [*HOUSE.values(), *world.people.values()]:
        for asset_id, (available, hold) in balances(target, account).items():
            totals[asset_id] += available + hold
    return _differ("0 of each asset", _unbalanced(world, totals) or "0 of each asset")


def mark(world: World, target: Target, line: Statement) -> Difference | None:
    """`mark 10 8`: source 10's last number is 8."""
    source, number = (whole(word) for word in line.words)
    answer = target.ask(r.ReadMarks())
    rows = answer.marks if isinstance(answer, r.Marks) else ()
    actual = {row.source: row.number for row in rows}.get(source, 0)  # type: ignore[call-overload]
    return _differ(str(number), str(actual))


def deadline(world: World, target: Target, line: Statement) -> Difference | None:
    """`deadline 60s`, or `deadline none`."""
    actual = target.deadline_ns()
    wanted = 0 if line.words[0] == "none" else world.time_ns(line.words[0])
    if actual == wanted:
        return None
    return line.words[0], span(actual - START_NS) if actual else "none"


def balances(target: Target, account: int) -> dict[int, tuple[int, int]]:
    """Return what an account has, by asset: available and hold."""
    answer = target.ask(r.ReadAccount(account))  # type: ignore[arg-type]
    rows = answer.balances if isinstance(answer, r.Account) else ()
    return {row.asset: (row.available, row.hold) for row in rows}


CHECKS: dict[str, Callable[[World, Target, Statement], Difference | None]] = {
    "order": order,
    "book": book,
    "balance": balance,
    "zero-sum": zero_sum,
    "mark": mark,
    "deadline": deadline,
}


def _differ(wanted: str, actual: str) -> Difference | None:
    return None if wanted == actual else (wanted, actual)


def _levels_of(words: list[str], side: str) -> list[str]:
    levels: list[str] = []
    for word in words[words.index(side) + 1 :]:
        if word in {"bids", "asks"}:
            break
        levels.append(word)
    return levels


def _order_fact(world: World, market: Market, found: r.OrderView, key: str) -> str:
    terms = found.order
    leaves = terms.qty - found.filled - found.prevented
    lots: dict[str, int] = {
        "visible": found.visible,
        "leaves": leaves,
        "filled": found.filled,
        "prevented": found.prevented,
        "qty": terms.qty,
    }
    if key in lots:
        return decimal(lots[key], market.lot)
    if key == "price":
        return decimal(terms.price, market.tick)
    if key == "hold":
        return world.amount_text(found.hold, market.of_side(terms.side))
    if key == "state":
        return AcceptedState(found.state).name.lower()
    raise VectorSyntax(f"order: unknown key {key}")


def _number_like(text: str, key: str, market: Market, found: r.OrderView) -> str:
    """Return a number written in any way in the one way that facts are written."""
    if key == "state":
        return text
    step = market.lot
    if key == "price":
        step = market.tick
    if key == "hold":
        step = market.of_side(found.order.side).step
    return decimal(steps(text, step), step)


def _market_facts(target: Target, market: Market, options: dict[str, str]) -> Difference | None:
    if not options:
        return None
    answer: Any = target.ask(r.ReadCatalogue())
    view: r.MarketView = next(row for row in answer.markets if row.market == market.id)
    facts = {
        "status": MarketStatus(view.status).name.lower(),
        "last": decimal(view.last, market.tick),
        "reference": decimal(view.reference, market.tick),
        "trades": str(view.trade_no),
        "sequence": str(view.sequence),
    }
    for key, text in options.items():
        if facts[key] != text:
            return f"{key}={text}", f"{key}={facts[key]}"
    return None


def _unbalanced(world: World, totals: dict[int, int]) -> str:
    wrong = {world.asset_of(number): total for number, total in totals.items() if total}
    return " ".join(f"{asset.name} {total}u" for asset, total in wrong.items())
