"""S62: whatever is sent to any operation of the API, the answer is never a 5xx of our making."""

import json
import random
from typing import Any
from urllib.parse import quote

import pytest

from tests.gateway.exchange import Client, Document, Exchange

pytestmark = pytest.mark.asyncio(loop_scope="module")

SEED = 20_261_121
ROUNDS = 25
SCRAPS: tuple[Any, ...] = (
    None, True, False, 0, -1, 1.5, 2**63, 10**30, "", "0", "1", "-1", "1e9", "NaN", "a" * 300,
    "BTCUSDT", "btcusdt", "buy", "limit", "GTC", "2099-01-01T00:00:00Z", "1.1.1", "' OR 1=1--",
    "{{7*7}}", "../../etc/passwd", "\x00", "\u202e", "é", "🦉", "\ud800", [], {}, [[]], {"a": {}},
)  # fmt: skip


def mutate(rng: random.Random, body: Any) -> Any:
    """Return a body that is almost right."""
    if isinstance(body, dict):
        out = {name: mutate(rng, value) for name, value in body.items()}
        if out and rng.random() < 0.2:
            del out[rng.choice(list(out))]
        if rng.random() < 0.1:
            out[str(rng.choice(SCRAPS))] = rng.choice(SCRAPS)
        return out
    if isinstance(body, list):
        return [mutate(rng, one) for one in body] * rng.choice((1, 1, 1, 0, 2))
    return rng.choice(SCRAPS) if rng.random() < 0.25 else body


ORDER = {
    "symbol": "BTCUSDT", "side": "buy", "type": "limit", "quantity": "1", "price": "10.00",
    "timeInForce": "GTC", "clientOrderId": "x", "postOnly": True,
}  # fmt: skip
STOP = ORDER | {"type": "trailing_stop", "triggerPrice": "9.00", "trailingBips": 50}
AMEND = {"quantity": "0.5", "price": "10.00", "newClientOrderId": "y"}
REPLACE = {"id": "64", "mode": "allow_failure", "only": "new", "order": ORDER}
LEG = {name: value for name, value in ORDER.items() if name not in {"symbol", "clientOrderId"}}
PAIR = {
    "symbol": "BTCUSDT",
    "kind": "oco",
    "listClientOrderId": "z",
    "legs": [LEG | {"type": "limit_maker"}, LEG | {"type": "stop", "triggerPrice": "12.00"}],
}
BODIES: dict[str, Any] = {
    "/api/v1/orders": ORDER,
    "/api/v1/orders/batch": {
        "operations": [
            {"op": "place"} | ORDER,
            {"op": "place"} | STOP | {"displayQuantity": "0.1"},
            {"op": "cancel", "id": "64", "only": "any"},
            {"op": "amend", "clientOrderId": "x"} | AMEND,
            {"op": "replace"} | REPLACE,
            {"op": "cancel_all", "symbol": "BTCUSDT"},
            {"op": "place_list"} | PAIR,
        ]
    },
    "/api/v1/orders/{order_id}": AMEND,
    "/api/v1/orders/by-client-id/{client_order_id}": AMEND,
    "/api/v1/orders/replace": REPLACE,
    "/api/v1/order-lists": PAIR,
    "/api/v1/cancel-timer": {"timeoutMs": 60_000, "symbol": "BTCUSDT"},
    "/api/auth/register": {"email": "fuzz@example.com", "password": "short"},
    "/api/auth/login": {"email": "fuzz@example.com", "password": "short"},
}


async def test_s62_no_operation_breaks(exchange: Exchange, alice: Client) -> None:
    rng = random.Random(SEED)
    schema = (await exchange.anybody.get("/schema")).json()
    count = 0
    for path, item in schema["paths"].items():
        for method, operation in item.items():
            for _ in range(ROUNDS):
                reply = await send(rng, alice, method.upper(), path, operation)
                count += 1
                told = (method, path, reply.request.url, reply.request.content, reply.text)
                is_ours = reply.status_code < 500 or reply.json()["code"] == "SYSTEM_004"
                assert is_ours, told
                if reply.status_code >= 400:
                    assert reply.headers["content-type"] == "application/problem+json", told
                    assert reply.json()["code"], told
    assert count > 500


async def send(
    rng: random.Random, alice: Client, method: str, path: str, operation: Document
) -> Any:
    """Send one request whose every part may be nonsense."""
    query = []
    body = BODIES.get(path)
    for parameter in operation.get("parameters", ()):
        scrap = rng.choice((*SCRAPS, "17", "BTCUSDT", "1m"))
        text = scrap if isinstance(scrap, str) else json.dumps(scrap)
        text = text.replace("\ud800", "%ff")
        if parameter["in"] == "path":
            path = path.replace("{" + parameter["name"] + "}", quote(text, safe="%"))
        elif rng.random() < 0.5:
            query.append((parameter["name"], text))
    options: dict[str, Any] = {"params": query}
    if "requestBody" in operation:
        options["content"] = json.dumps(mutate(rng, body))
        options["headers"] = {"Content-Type": "application/json"}
    return await alice.request(method, path, **options)
