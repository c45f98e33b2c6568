"""What holds for every request: trace ids, headers, sizes, media types, unknown routes, faults."""

import re
from collections.abc import Sequence
from typing import Any

import msgspec
import pytest

from bezant.core.commands import Command
from bezant.gateway.native.examples import EXAMPLES
from bezant.gateway.native.problems import Problem
from bezant.ingress.client import (
    CoreStopping,
    CoreUnavailable,
    OutcomeUnknown,
    Overloaded,
    Submission,
)
from tests.gateway.exchange import Client, Exchange

pytestmark = pytest.mark.asyncio(loop_scope="module")


class BrokenCore:
    """A core that fails in one way."""

    is_connected = False

    def __init__(self, error: Exception) -> None:
        self._error = error

    async def submit(
        self, commands: Sequence[Command], *, valid_until_ns: int = 0, timeout_s: float = 10
    ) -> Submission:
        raise self._error

    async def query(self, read: object, timeout_s: float = 5) -> Any:
        raise self._error


async def test_every_answer_has_a_trace_id_and_safe_headers(exchange: Exchange) -> None:
    seen = set()
    for method, path in (
        ("GET", "/"),
        ("GET", "/health"),
        ("GET", "/api/nothing"),
        ("PUT", "/api/v1/orders"),
        ("GET", "/api/wallet/balances"),
        ("GET", "/docs"),
        ("GET", "/schema"),
        ("GET", "/metrics"),
    ):
        reply = await exchange.http.request(method, path)
        assert re.fullmatch(r"[0-9a-f]{24}", reply.headers["x-trace-id"]), path
        seen.add(reply.headers["x-trace-id"])
        assert reply.headers["x-content-type-options"] == "nosniff"
        assert "frame-ancestors 'none'" in reply.headers["content-security-policy"]
        assert "access-control-allow-origin" not in reply.headers
        if reply.status_code >= 400:
            assert reply.headers["content-type"] == "application/problem+json"
            assert reply.json()["traceId"] == reply.headers["x-trace-id"]
    assert len(seen) == 8


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/nothing", 404),
        ("POST", "/api/nothing", 404),
        ("DELETE", "/api/v1/orders/1/2/3", 404),
        ("GET", "/api", 404),
        ("GET", "/schema/nothing", 404),
        ("GET", "/ws/nothing", 404),
        ("POST", "/", 404),
        ("PUT", "/api/v1/orders", 405),
        ("PUT", "/api/v1/orders/1", 405),
        ("HEAD", "/api/v1/orders", 405),
        ("OPTIONS", "/api/v1/orders", 405),
        ("TRACE", "/api/v1/orders", 405),
        ("POST", "/api/v1/orders/1", 405),
        ("GET", "/api/auth/login", 405),
        ("DELETE", "/health", 405),
    ],
)
async def test_s62_what_is_not_there_is_a_problem(
    exchange: Exchange, method: str, path: str, status: int
) -> None:
    headers = {"X-HTTP-Method-Override": "GET", "Origin": "https://evil.example"}
    reply = await exchange.http.request(method, path, headers=headers)
    assert reply.status_code == status
    if method != "HEAD":
        assert reply.json()["code"] in {"ROUTE_001", "ROUTE_002"}
    assert "access-control-allow-origin" not in reply.headers


async def test_pages_of_the_app_are_served_for_its_own_paths(exchange: Exchange) -> None:
    for path in ("/", "/trade/BTCUSDT", "/markets", "/../../etc/passwd", "/%2e%2e/secret"):
        reply = await exchange.http.get(path)
        assert (reply.status_code, "<title>Bezant</title>" in reply.text) == (200, True), path


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/x-www-form-urlencoded"},
        {"Content-Type": "multipart/form-data; boundary=x"},
        {"Content-Type": ""},
        {"Content-Type": "application/json", "Content-Encoding": "gzip"},
        {"Content-Type": "application/json", "Content-Encoding": "zstd"},
    ],
)
async def test_s45_only_plain_json_is_read(alice: Client, headers: dict[str, str]) -> None:
    reply = await alice.send("/api/v1/orders", b'{"symbol":"BTCUSDT"}', headers=headers)
    assert (reply.status_code, reply.json()["code"]) == (415, "VALIDATION_002"), reply.text


async def test_s45d_large_bodies_are_refused(alice: Client) -> None:
    async def endless() -> Any:
        for _ in range(40):
            yield b" " * 65_536

    stated = await alice.send("/api/v1/orders", b" " * 1_048_577)
    assert (stated.status_code, stated.json()["code"]) == (413, "VALIDATION_003")
    lied = await alice.send("/api/v1/orders", b"{}", headers={"Content-Length": "9" * 40})
    assert lied.status_code == 413
    chunked = await alice.request(
        "POST", "/api/v1/orders", content=endless(), headers={"Content-Type": "application/json"}
    )
    assert (chunked.status_code, chunked.json()["code"]) == (413, "VALIDATION_003")


@pytest.mark.parametrize(
    "raw",
    [b"", b"null", b"[]", b'"x"', b"1", b"{", b"\xff\xfe", b'{"symbol":"\xff"}', b"{} {}", b"\x00"],
)
async def test_what_is_not_an_object_is_refused(alice: Client, raw: bytes) -> None:
    for path in ("/api/v1/orders", "/api/v1/orders/batch", "/api/auth/login"):
        reply = await alice.send(path, raw)
        assert (reply.status_code, reply.json()["code"]) == (400, "VALIDATION_001"), (path, raw)


@pytest.mark.parametrize(
    ("error", "problem"),
    [
        (CoreUnavailable("away"), Problem.CORE_AWAY),
        (CoreStopping("going"), Problem.CORE_AWAY),
        (OutcomeUnknown("lost"), Problem.OUTCOME_UNKNOWN),
        (Overloaded("full"), Problem.OVERLOADED),
    ],
)
async def test_a_failing_core_is_told_exactly(
    exchange: Exchange, alice: Client, error: Exception, problem: Problem
) -> None:
    real = exchange.house.core
    exchange.house.core = BrokenCore(error)
    try:
        reply = await alice.place()
        assert (reply.status_code, reply.json()["code"]) == (problem.status, problem.code)
        assert reply.headers["retry-after"] == "1"
        if problem is Problem.OUTCOME_UNKNOWN:
            assert "clientOrderId" in reply.json()["detail"]
        health = (await exchange.anybody.get("/health")).json()
        assert (health["status"], health["core"], health["database"]) == ("degraded", "down", "up")
        assert (await exchange.anybody.get("/health/ready")).status_code == 503
    finally:
        exchange.house.core = real


async def test_s62_a_fault_says_nothing_of_our_insides(exchange: Exchange, alice: Client) -> None:
    real = exchange.house.core
    exchange.house.core = BrokenCore(RuntimeError("secret detail of /work/path"))
    try:
        reply = await alice.place()
        assert (reply.status_code, reply.json()["code"]) == (500, "SYSTEM_007")
        assert "secret" not in reply.text
        assert "Traceback" not in reply.text
    finally:
        exchange.house.core = real


async def test_a_missing_database_is_told(exchange: Exchange, alice: Client) -> None:
    class Gone:
        async def fetchrow(self, *_: object) -> None:
            raise ConnectionRefusedError

        fetch = fetchrow

    real = exchange.house.pool
    exchange.house.pool = Gone()
    try:
        reply = await alice.get("/api/v1/orders")
        assert (reply.status_code, reply.json()["code"]) == (503, "SYSTEM_005")
        health = (await exchange.anybody.get("/health")).json()
        assert (health["database"], health["projector"]) == ("down", None)
        assert (await alice.place(price="10.00")).status_code == 201  # Orders need no rows.
    finally:
        exchange.house.pool = real


async def test_health_and_metrics(exchange: Exchange) -> None:
    health = (await exchange.anybody.get("/health")).json()
    assert (health["status"], health["projector"]["lag"]) == ("ok", 0)
    assert (await exchange.anybody.get("/health/ready")).json() == {"ready": True}
    metrics = (await exchange.anybody.get("/metrics")).text
    assert 'bezant_gateway_requests_total{method="GET",route="/health",status="200"}' in metrics
    assert "bezant_gateway_core_up 1.0" in metrics


async def test_the_api_describes_itself(exchange: Exchange) -> None:
    schema = (await exchange.anybody.get("/schema")).json()
    assert schema["openapi"].startswith("3.1")
    for path, item in schema["paths"].items():
        for method, operation in item.items():
            assert operation["summary"], (method, path)
            assert operation["description"], (method, path)
            assert operation["tags"], (method, path)
    place = schema["paths"]["/api/v1/orders"]["post"]
    assert place["security"] == [{"accessToken": []}]
    documented = {int(status) for status in place["responses"]}
    assert documented >= {200, 201, 400, 401, 403, 409, 429, 503, 504}
    body = schema["components"]["schemas"]["PlaceOrderBody"]
    assert body["additionalProperties"] is False
    docs = await exchange.anybody.get("/docs")
    assert "/api/v1/orders/batch" in docs.text
    assert "<script" not in docs.text
    assert "http://" not in docs.text
    assert "https://" not in docs.text
    for problem in Problem:
        assert f'id="{problem.code}"' in docs.text


async def test_examples_are_what_they_stand_for() -> None:
    for model, example in EXAMPLES.items():
        sent = msgspec.json.encode(msgspec.convert(example, model))
        assert msgspec.json.decode(sent) == example, model
