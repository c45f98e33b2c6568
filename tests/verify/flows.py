"""A seeded flow of commands that touches all that the audit judges."""

import random
from typing import Any

from bezant.core.commands import (
    AmendOrder,
    CancelAll,
    CancelOrder,
    HoldTransfer,
    PlaceList,
    ReplaceOrder,
    SetAccount,
    SetCancelTimer,
    SetMarketStatus,
    SettleTransfer,
    Tick,
    Transfer,
    VoidTransfer,
)
from tests.verify.journals import (
    BASE,
    BUY,
    FIFO,
    HOT,
    PEOPLE,
    PRO_RATA,
    QUOTE,
    SECOND_NS,
    SELL,
    Maker,
    made,
    order,
)


def flow(seed: int, steps: int) -> Maker:
    """Return a journal of a seeded flow that touches all that the audit judges."""
    chance = random.Random(seed)
    maker = Maker()
    maker.open_house()
    for step in range(steps):
        if step % (steps // 4 + 1) == 0:
            for person in PEOPLE:
                stp = (person + step) % 6
                maker.do(made(SetAccount, 1, maker.number(), person, 0, stp, False, False))
        maker.ts_ns += chance.choice((0, 1, SECOND_NS // 10, SECOND_NS))
        maker.do(*[_command(chance, maker, step) for _ in range(chance.randint(1, 4))])
    return maker


def _command(chance: random.Random, maker: Maker, step: int) -> Any:
    roll = chance.random()
    person = chance.choice(PEOPLE)
    market = chance.choice((FIFO, PRO_RATA))
    if roll < 0.03 and maker.sent:
        return chance.choice(maker.sent)
    if roll < 0.13:
        return _list(chance, maker, person, market, step)
    if roll < 0.20:
        return _change(chance, maker, step)
    if roll < 0.70:
        maker.sent.append(_order(chance, maker, person, market, step))
        return maker.sent[-1]
    if roll < 0.86:
        known = list(maker.engine.state.orders.values())
        if known:
            found = chance.choice(known)
            return made(CancelOrder, found.account, found.id, "", 0)
        return made(Tick)
    if roll < 0.862:
        return made(CancelAll, person, chance.choice((0, market)))
    if roll < 0.87:
        return made(SetCancelTimer, person, 0, chance.choice((0, 0, 5_000)))
    if roll < 0.90:
        status = chance.choice((0, 1, 1, 1, 2, 3))
        return made(SetMarketStatus, 1, maker.number(), market, status)
    if roll < 0.97:
        return _transfer(chance, maker, person)
    return made(Tick)


def _transfer(chance: random.Random, maker: Maker, person: int) -> Any:
    transfer_id = chance.randint(1, 4)
    kind = chance.random()
    number = maker.number(2)
    asset = chance.choice((BASE, QUOTE))
    if kind < 0.4:
        return made(HoldTransfer, 2, number, transfer_id, person, asset, 1_000, 7)
    if kind < 0.6:
        return made(SettleTransfer, 2, number, transfer_id, HOT)
    if kind < 0.8:
        return made(VoidTransfer, 2, number, transfer_id)
    other = chance.choice(PEOPLE)
    return made(Transfer, 2, number, person, other, asset, chance.randint(1, 50), 1)


def _order(chance: random.Random, maker: Maker, person: int, market: int, step: int) -> Any:
    side = chance.choice((BUY, SELL))
    price = chance.randint(985, 1_015)
    more: dict[str, Any] = {"market": market, "stp": chance.choice((0, 1, 2, 3, 4, 5))}
    if chance.random() < 0.5:
        more["client_id"] = f"c{chance.randint(0, step + 3)}"
    kind = chance.random()
    if kind < 0.5:
        more["tif"] = chance.choice((0, 0, 0, 1, 2))
    elif kind < 0.6:
        more["post_only"] = True
    elif kind < 0.7:
        more |= {"tif": 3, "expires_ns": maker.ts_ns + chance.randint(1, 9) * SECOND_NS}
    elif kind < 0.8:
        return order(person, side, price, chance.randint(8, 30), display=4, **more)
    elif kind < 0.88:
        return order(person, side, 0, chance.randint(1, 20), type=1, tif=1, **more)
    elif kind < 0.93:
        units = chance.randint(1, 40) * 10_000
        return order(person, side, 0, 0, type=1, tif=1, quote_units=units, **more)
    else:
        return _stop(chance, person, side, price, more)
    return order(person, side, price, chance.randint(1, 20), **more)


def _list(chance: random.Random, maker: Maker, person: int, market: int, step: int) -> Any:
    """An order list whose prices are right more often than not."""
    side = chance.choice((BUY, SELL))
    up = 1 if side == SELL else -1
    last = maker.engine.state.markets[made(int, market)].last or 1_000
    qty = chance.randint(1, 15)

    def leg(number: int, leg_side: int, price: int, **more: Any) -> Any:
        name = f"l{step}.{number}" if chance.random() < 0.5 else ""
        return order(person, leg_side, price, qty, client_id=name, **more).order

    near, far = last + up * chance.randint(1, 8), last - up * chance.randint(1, 8)
    stop: dict[str, Any] = {"trigger": 1, "trigger_price": far}
    if chance.random() < 0.3:
        stop |= {"type": 1, "tif": 1}
    kind = chance.randint(0, 2)
    stop_price = 0 if "type" in stop else far - up
    pair = leg(1, side, near, post_only=True), leg(2, side, stop_price, **stop)
    working = leg(0, 1 - side, last + chance.randint(-3, 3))
    legs = {0: pair, 1: (working, chance.choice(pair)), 2: (working, *pair)}[kind]
    list_id = f"l{step}" if chance.random() < 0.5 else ""
    return made(PlaceList, person, market, list_id, kind, legs)


def _change(chance: random.Random, maker: Maker, step: int) -> Any:
    """An amend or a replace of some open order."""
    known = list(maker.engine.state.orders.values())
    if not known:
        return made(Tick)
    found = chance.choice(known)
    if chance.random() < 0.3:
        fresh = _order(chance, maker, found.account, found.market, step)
        mode = chance.choice((0, 1))
        return made(ReplaceOrder, found.account, found.id, "", mode, 0, found.market, fresh.order)
    qty = max(found.terms.qty + chance.randint(-4, 3), 1)
    price = found.price + chance.choice((0, 0, 0, 1, -1)) if found.price else None
    name = f"a{step}" if chance.random() < 0.4 else ""
    return made(AmendOrder, found.account, found.id, "", qty, price, name)


def _stop(chance: random.Random, person: int, side: int, price: int, more: dict[str, Any]) -> Any:
    more |= {"trigger": chance.choice((1, 2)), "trigger_price": chance.randint(980, 1_020)}
    if chance.random() < 0.3:
        more |= {"trigger": 1, "trigger_price": 0, "trailing_bips": chance.randint(5, 100)}
    if chance.random() < 0.5:
        return order(person, side, price, chance.randint(1, 20), **more)
    return order(person, side, 0, chance.randint(1, 20), type=1, tif=1, **more)
