"""SECURITY N01 and N02: what a number may look like, and what a market takes, on every field."""

import asyncio
import json
import time

import pytest

from tests.gateway.exchange import Client, Exchange

pytestmark = pytest.mark.asyncio(loop_scope="module")

FIELDS = ("price", "quantity", "quoteQuantity")
# Raw JSON, so that what JSON itself forbids can be sent too.
NOT_NUMBERS = (
    '"1\\n"', '"-1"', '"-0"', '"+1"', '"1e5"', '"1E+1000000"', '"1e309"', '"NaN"', '"Infinity"',
    '"0x10"', '"1_000"', '"١٢٣"', '"\uff11\uff12.\uff15"', '" 1 "', '""', "null", "true", "[1]",
    "{}", '"1."',
    '".5"', '"00.1"', '"1,5"', '"1 000"', '"1\\u0000"', '"1.2.3"', '"½"', '"1.1234567890123456789"',
    '"1234567890123456789"', "0.1", "1", "9007199254740993", "NaN", "-1", "1e5", "Infinity",
    '"' + "1" * 100_000 + '"', '"0.' + "0" * 100_000 + '"', "1" * 100_000,
)  # fmt: skip


def body(field: str, raw: str) -> bytes:
    """Return an order whose `field` is exactly the JSON text `raw`."""
    fields = {"symbol": '"BTCUSDT"', "side": '"buy"', "type": '"limit"'}
    fields |= {"price": '"100.00"', "quantity": '"1"'}
    if field == "quoteQuantity":
        fields |= {"type": '"market"'}
        del fields["price"], fields["quantity"]
    fields[field] = raw
    text = ",".join(f'"{name}":{value}' for name, value in fields.items())
    return f"{{{text}}}".encode()


@pytest.mark.parametrize("field", FIELDS)
async def test_what_is_no_plain_decimal_is_refused(alice: Client, field: str) -> None:
    for raw in NOT_NUMBERS:
        started = time.perf_counter()
        reply = await alice.send("/api/v1/orders", body(field, raw))
        elapsed_ms = (time.perf_counter() - started) * 1_000
        assert (reply.status_code, reply.json()["code"]) == (400, "VALIDATION_001"), raw[:40]
        if raw not in {"NaN", "Infinity"}:  # Which are not even JSON.
            assert reply.json()["errors"][0]["field"] == field, (raw[:40], reply.text)
        assert elapsed_ms < 500, raw[:40]  # Far above the aim of 50, for a busy machine.
    assert (await alice.balance("USDT"))["hold"] == "0.00000000"


async def test_the_loop_is_never_held_up_by_a_bad_body(alice: Client) -> None:
    longest = 0.0

    async def beat() -> None:
        nonlocal longest
        while True:
            started = time.perf_counter()
            await asyncio.sleep(0.001)
            longest = max(longest, time.perf_counter() - started)

    beating = asyncio.create_task(beat())
    bodies = [
        b'{"price":' + b"1" * 1_000_000 + b"}",
        b'{"price":"' + b"9" * 1_000_000 + b'"}',
        b'{"symbol":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b"[" * 1_000_000,
        b"{" + b",".join(b'"k%d":1' % n for n in range(80_000)) + b"}",
        b"{" + b",".join([b'"side":"buy"'] * 80_000) + b"}",
        b'{"operations":[{' + b",".join([b'"id":"x"'] * 26_000) + b',"op":"cancel"}]}',
        b'{"side":"buy",' + b",".join([b'"symbol":"x"'] * 9_000) + b',"type":"limit"}',
        b'{"operations":[' + b",".join([b'{"op":"cancel"}'] * 60_000) + b"]}",
    ]
    for one in bodies:
        for path in ("/api/v1/orders", "/api/v1/orders/batch"):
            reply = await alice.send(path, one)
            assert reply.status_code in {400, 413}, one[:30]
    beating.cancel()
    assert longest < 0.25, longest  # The aim is 0.05 on a machine of one's own.


@pytest.mark.parametrize(
    ("changes", "code", "field", "said"),
    [
        ({"price": "100.005"}, "ORDER_002", "price", "not a multiple of the tick size 0.01"),
        ({"price": "0"}, "ORDER_002", "price", "must be above 0"),
        ({"price": "100000000000.01"}, "ORDER_002", "price", "above the maximum"),
        ({"price": "999999999999999999"}, "ORDER_002", "price", "larger than any order"),
        ({"quantity": "0.00005"}, "ORDER_005", "quantity", "not a multiple of the lot size 0.0001"),
        ({"quantity": "0"}, "ORDER_005", "quantity", "must be above 0"),
        ({"quantity": "1000000000.0001"}, "ORDER_005", "quantity", "above the maximum"),
        ({"quantity": "999999999999999999"}, "ORDER_005", "quantity", "larger than any order"),
        ({"price": "0.01", "quantity": "1"}, "ORDER_006", "quantity", "minimum notional 5.0000"),
        ({"price": "100000000000", "quantity": "1000000000"}, "ORDER_006", "quantity", "maximum"),
        ({"price": "50000000", "quantity": "3"}, "WALLET_001", "quantity", "USDT is too low"),
        ({"side": "sell", "quantity": "1000.0001"}, "WALLET_001", "quantity", "BTC is too low"),
    ],
)
async def test_what_the_market_does_not_take_is_explained(
    alice: Client, changes: dict[str, str], code: str, field: str, said: str
) -> None:
    reply = await alice.place(**changes)
    problem = reply.json()
    assert (reply.status_code, problem["code"]) == (400, code), reply.text
    assert (problem["errors"][0]["field"], said in problem["detail"]) == (field, True), problem
    assert (await alice.balance("USDT"))["hold"] == "0.00000000"


@pytest.mark.parametrize(
    "changes",
    [
        {"price": "0.01", "quantity": "500"},  # Exactly the smallest notional.
        {"price": "50000.00", "quantity": "0.0001"},  # One lot.
        {"price": "100000000", "quantity": "1"},  # All that alice has.
        {"side": "sell", "price": "1.00", "quantity": "1000"},
        {"price": "100.0", "quantity": "1.0000000000"},  # Zeros at the end say nothing.
    ],
)
async def test_boundaries_are_taken(alice: Client, changes: dict[str, str]) -> None:
    order = await alice.placed(**changes)
    assert (await alice.delete(f"/api/v1/orders/{order['id']}")).status_code == 200


async def test_a_limit_order_needs_price_and_quantity(alice: Client) -> None:
    for field in ("price", "quantity"):
        reply = await alice.place(**{field: None})
        assert reply.json()["errors"][0] == {
            "field": field,
            "rule": "required",
            "message": reply.json()["detail"],
        }


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"type": "market", "price": "1.00"}, "price"),
        ({"type": "market", "price": None, "quoteQuantity": "10"}, "quoteQuantity"),
        ({"type": "market", "price": None, "quantity": None}, "quantity"),
        ({"type": "market", "price": None, "timeInForce": "GTC"}, "timeInForce"),
        ({"type": "market", "price": None, "postOnly": True}, "postOnly"),
        ({"quoteQuantity": "10"}, "quoteQuantity"),
        ({"postOnly": True, "timeInForce": "IOC"}, "postOnly"),
        ({"timeInForce": "GTD"}, "expiresAt"),
        ({"expiresAt": "2099-01-01T00:00:00Z"}, "expiresAt"),
        ({"type": "limit_maker", "postOnly": False}, "postOnly"),
    ],
)
async def test_fields_that_do_not_go_together_are_named(
    alice: Client, changes: dict[str, object], field: str
) -> None:
    reply = await alice.place(**changes)
    assert (reply.status_code, reply.json()["code"]) == (400, "ORDER_009"), reply.text
    assert reply.json()["errors"][0]["field"] == field
    assert field in reply.json()["detail"] or "quantity" in reply.json()["detail"]


@pytest.mark.parametrize("text", ["2026-01-01", "1700000000", "2026-13-01T00:00:00Z", "", "now"])
async def test_times_are_rfc_3339(alice: Client, text: str) -> None:
    reply = await alice.place(timeInForce="GTD", expiresAt=text)
    assert reply.json()["errors"][0]["rule"] == "time"


async def test_a_field_twice_is_refused(exchange: Exchange, alice: Client) -> None:
    order = json.dumps({"symbol": "BTCUSDT", "side": "buy", "type": "limit", "quantity": "1"})
    raw = order[:-1] + ',"price":"1.00","price":"10.00"}'
    reply = await alice.send("/api/v1/orders", raw)
    assert reply.json()["errors"][0]["rule"] == "duplicate"


async def test_a_body_that_is_missing_is_asked_for(alice: Client) -> None:
    reply = await alice.send("/api/v1/orders", b"")
    assert (reply.status_code, reply.json()["code"]) == (400, "VALIDATION_001")
    assert reply.json()["detail"] == "the body is missing: send a JSON object"
