"""What a reply tells is what the read models show at its seq: random days of all operations."""

import random
from collections.abc import Iterator
from typing import Any, Final

import pytest

from tests.gateway.exchange import Client, Document, Exchange

pytestmark = pytest.mark.asyncio(loop_scope="module")

STEPS: Final = 150
ONLY_TOLD: Final = ("fills", "keptPriority", "seq", "averagePrice")
KINDS: Final = (
    "limit", "limit", "limit_maker", "iceberg", "market", "stop", "stop_limit", "take_profit",
    "take_profit_limit", "trailing_stop",
)  # fmt: skip


def draw_price(rng: random.Random) -> str:
    return f"{100 + rng.randint(-8, 8)}.00"


def draw_leg(rng: random.Random, kind: str, side: str, quantity: str) -> Document:
    """Return an order of a kind, which the core may well refuse."""
    leg: Document = {"side": side, "type": kind, "quantity": quantity}
    if kind not in {"market", "stop", "take_profit", "trailing_stop"}:
        leg["price"] = draw_price(rng)
    if kind.startswith(("stop", "take")):
        leg["triggerPrice"] = draw_price(rng)
    if kind == "trailing_stop":
        leg["trailingBips"] = rng.choice((50, 100, 300))
    if kind == "iceberg":
        leg["displayQuantity"] = "0.1"
    return leg


def draw_order(rng: random.Random) -> Document:
    quantity = rng.choice(("0.2", "0.4", "1"))
    return {
        "symbol": "BTCUSDT",
        "selfTradePrevention": rng.choice(("expire_taker", "expire_maker", "decrement", "none")),
        **draw_leg(rng, rng.choice(KINDS), rng.choice(("buy", "sell")), quantity),
    }


def draw_list(rng: random.Random) -> Document:
    kind = rng.choice(("oco", "oto", "otoco"))
    side = rng.choice(("buy", "sell"))
    pair = [
        draw_leg(rng, rng.choice(("limit_maker", "take_profit")), side, "0.3"),
        draw_leg(rng, rng.choice(("stop", "stop_limit")), side, "0.3"),
    ]
    first = draw_leg(rng, "limit", "sell" if side == "buy" else "buy", "0.3")
    legs = {"oco": pair, "oto": [first, pair[1]], "otoco": [first, *pair]}[kind]
    return {"symbol": "BTCUSDT", "kind": kind, "legs": legs}


async def step(rng: random.Random, user: Client, known: list[str]) -> Any:
    """Do one thing at random."""
    order_id = rng.choice(known[-8:] or ["64"])
    match rng.randrange(10):
        case 0 | 1 | 2 | 3:
            return await user.post("/api/v1/orders", draw_order(rng))
        case 4 | 5:
            return await user.post("/api/v1/order-lists", draw_list(rng))
        case 6:
            return await user.delete(f"/api/v1/orders/{order_id}")
        case 7:
            mode = rng.choice(("allow_failure", "stop_on_failure"))
            body = {"id": order_id, "mode": mode, "order": draw_order(rng)}
            return await user.post("/api/v1/orders/replace", body)
        case _:
            changes = rng.choice(
                ({"quantity": "0.1"}, {"quantity": "0.5"}, {"price": draw_price(rng)})
            )
            return await user.patch(f"/api/v1/orders/{order_id}", changes)


def orders_in(document: Document) -> Iterator[Document]:
    """Yield the orders that a reply tells of."""
    if "legs" in document:
        yield from document["legs"]
    elif "place" in document:
        if document["place"]["ok"]:
            yield document["place"]["order"]
    else:
        yield document


def plain(order: Document) -> Document:
    return {name: value for name, value in order.items() if name not in ONLY_TOLD}


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_a_reply_tells_what_the_read_models_show(exchange: Exchange, seed: int) -> None:
    rng = random.Random(seed)
    await exchange.trade("100.00")
    users = [await exchange.user() for _ in range(3)]
    known: dict[int, list[str]] = {index: [] for index in range(len(users))}
    counts: dict[int, int] = {}
    for _ in range(STEPS):
        index = rng.randrange(len(users))
        user = users[index]
        reply = await step(rng, user, known[index])
        counts[reply.status_code] = counts.get(reply.status_code, 0) + 1
        assert reply.status_code < 500, reply.text
        if not reply.is_success:
            assert reply.json()["detail"], reply.text
            continue
        document = reply.json()
        for told in orders_in(document):
            shown = await user.order(told["id"], document["seq"])
            if told["selfTradePrevention"] == "default":  # Its account's, which reads know.
                told["selfTradePrevention"] = "expire_taker"
            assert plain(shown) == plain(told), document
            if "averagePrice" in told:
                assert told["averagePrice"] == shown["averagePrice"]
            known[index].append(told["id"])
        if "legs" in document:
            path = f"/api/v1/order-lists/{document['id']}"
            listed = (await user.get(path, minSeq=document["seq"])).json()
            assert (listed["status"], listed.get("doneAt")) == (
                document["status"], document.get("doneAt"),
            )  # fmt: skip
    assert counts[201] > STEPS // 4
    assert counts[200] > STEPS // 20
    for user in users:
        await user.delete("/api/v1/orders")
