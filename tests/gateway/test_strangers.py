"""Who may do what: forged tokens, roles, other people's orders, fields that are not theirs."""

import base64
import json
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from bezant.accounts.models import Role
from bezant.accounts.tokens import AUDIENCE, ISSUER, KIND, LIFETIME_S
from tests.gateway.exchange import Client, Exchange

pytestmark = pytest.mark.asyncio(loop_scope="module")


def claims_of(token: str) -> dict[str, Any]:
    claims: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    return claims


def part(value: object) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


async def refused(exchange: Exchange, token: str) -> None:
    reply = await Client(exchange.http, None, token).get("/api/wallet/balances")
    assert (reply.status_code, reply.json()["code"]) == (401, "AUTH_005"), token[:60]
    assert reply.headers["www-authenticate"].startswith("Bearer")


async def test_s01_only_our_algorithm_counts(exchange: Exchange, alice: Client) -> None:
    claims = claims_of(alice.token or "")
    keys = exchange.house.tokens._keys
    public = keys.public[keys.kid]
    spki = serialization.PublicFormat.SubjectPublicKeyInfo
    pem = public.public_bytes(serialization.Encoding.PEM, spki)
    der = public.public_bytes(serialization.Encoding.DER, spki)
    for alg in ("none", "nOnE", "", "None", "HS256", "ES256", "PS256", "RS512"):
        header = {"alg": alg, "kid": keys.kid, "typ": KIND}
        for signature in ("", part(b"x" * 256)):
            await refused(exchange, f"{part(header)}.{part(claims)}.{signature}")
    for secret in (pem, der, json.dumps(exchange.house.tokens.jwks()["keys"][0]).encode()):
        import hashlib
        import hmac

        signed = f"{part({'alg': 'HS256', 'kid': keys.kid, 'typ': KIND})}.{part(claims)}"
        await refused(
            exchange, f"{signed}.{part(hmac.digest(secret, signed.encode(), hashlib.sha256))}"
        )
    headers = {"kid": keys.kid, "typ": KIND}
    curve = ec.generate_private_key(ec.SECP256R1())
    await refused(exchange, jwt.encode(claims, curve, "ES256", headers=headers))
    await refused(exchange, jwt.encode(claims, keys.private, "PS256", headers=headers))
    other = rsa.generate_private_key(65_537, 2048)
    await refused(exchange, jwt.encode(claims, other, "RS256", headers=headers))


async def test_s02_every_bit_counts(exchange: Exchange, alice: Client) -> None:
    header, payload, signature = (alice.token or "").split(".")
    for index, text in enumerate((header, payload, signature)):
        raw = bytearray(base64.urlsafe_b64decode(text + "=="))
        for position in (0, len(raw) // 2, len(raw) - 1):
            flipped = bytearray(raw)
            flipped[position] ^= 1
            parts = [header, payload, signature]
            parts[index] = part(bytes(flipped))
            await refused(exchange, ".".join(parts))
    await refused(exchange, f"{header}.{payload}.")
    await refused(exchange, f"{header}.{payload}")
    await refused(exchange, f"{alice.token}.{signature}")
    await refused(exchange, f"{alice.token}=")
    last = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    spare = last[last.index(signature[-1]) ^ 1]  # Differs in bits that base64 does not use.
    await refused(exchange, f"{header}.{payload}.{signature[:-1]}{spare}")


async def test_s03_headers_of_others_make_us_do_nothing(exchange: Exchange, alice: Client) -> None:
    claims, keys = claims_of(alice.token or ""), exchange.house.tokens._keys
    jwk = exchange.house.tokens.jwks()["keys"][0]
    hostile: list[dict[str, Any]] = [
        {"kid": "../../dev/null"},
        {"kid": "' OR 1=1--"},
        {"kid": "k" * 10_000},
        {"jku": "http://127.0.0.1:1/keys"},
        {"x5u": "http://127.0.0.1:1/cert"},
        {"jwk": jwk},
        {"crit": ["exp"]},
    ]
    for extra in hostile:
        headers = {"kid": keys.kid, "typ": KIND} | extra
        await refused(exchange, jwt.encode(claims, keys.private, "RS256", headers=headers))
    await refused(exchange, f"{part({'alg': 'RS256', 'kid': [keys.kid], 'typ': KIND})}.e30.AAAA")


async def test_s04_all_claims_are_needed(exchange: Exchange, alice: Client) -> None:
    claims, keys = claims_of(alice.token or ""), exchange.house.tokens._keys
    headers = {"kid": keys.kid, "typ": KIND}
    wrong: list[dict[str, Any]] = [
        {name: value for name, value in claims.items() if name != missing} for missing in claims
    ]
    wrong += [
        claims | change
        for change in (
            {"exp": str(claims["exp"])},
            {"exp": 1e309},
            {"exp": 253_402_300_799},
            {"exp": claims["iat"] - 1},
            {"iat": claims["iat"] + 3_600, "exp": claims["exp"] + 3_600},
            {"nbf": claims["iat"] + 3_600},
            {"iss": ISSUER + "x"},
            {"aud": "other"},
            {"aud": [AUDIENCE]},
            {"sub": "x"},
            {"sub": 1},
            {"role": "ROOT"},
            {"extra": 1},
        )
    ]
    for one in wrong:
        raw = json.dumps(one).encode()
        signed = jwt.PyJWS().encode(raw, keys.private, "RS256", headers=headers)
        await refused(exchange, signed)
    assert claims["exp"] - claims["iat"] == LIFETIME_S


async def test_s05_other_kinds_of_token_are_not_access_tokens(
    exchange: Exchange, alice: Client
) -> None:
    claims, keys = claims_of(alice.token or ""), exchange.house.tokens._keys
    for kind in ("JWT", "refresh+jwt", "verify+jwt", "2fa+jwt", "AT+JWT"):
        headers = {"kid": keys.kid, "typ": kind}
        await refused(exchange, jwt.encode(claims, keys.private, "RS256", headers=headers))


async def test_a_token_must_be_there_once_in_its_header(exchange: Exchange, alice: Client) -> None:
    for headers in (
        {},
        {"Authorization": alice.token or ""},
        {"Authorization": f"Basic {alice.token}"},
        {"Authorization": "Bearer "},
        {"Authorization": "Bearer " + "x" * 5_000},
    ):
        reply = await exchange.http.get("/api/auth/profile", headers=headers)
        assert reply.status_code == 401, headers
    twice = [("Authorization", f"Bearer {alice.token}"), ("Authorization", f"Bearer {alice.token}")]
    assert (await exchange.http.get("/api/auth/profile", headers=twice)).status_code == 401
    in_query = await exchange.http.get(f"/api/auth/profile?access_token={alice.token}")
    assert in_query.status_code in {400, 401}


@pytest.mark.parametrize("role", list(Role))
async def test_s27_only_traders_trade(exchange: Exchange, role: Role) -> None:
    someone = await exchange.user(role=role)
    may_trade = role in {Role.USER, Role.ADMIN}
    order = await someone.place(price="10.00")
    assert order.status_code == (201 if may_trade else 403)
    assert (await someone.delete("/api/v1/orders")).status_code == (200 if may_trade else 403)
    batch = await someone.post(
        "/api/v1/orders/batch", {"operations": [{"op": "cancel", "id": "1"}]}
    )
    assert batch.status_code == (200 if may_trade else 403)
    amend = await someone.patch("/api/v1/orders/64", {"quantity": "1"})
    assert amend.status_code == (404 if may_trade else 403)
    terms = {"side": "buy", "type": "limit", "quantity": "1", "price": "10.00"}
    change = {"id": "64", "order": terms | {"symbol": "BTCUSDT"}}
    replaced = await someone.post("/api/v1/orders/replace", change)
    assert replaced.status_code == (404 if may_trade else 403)
    pair = {"symbol": "BTCUSDT", "kind": "oto", "legs": [terms, terms]}
    placed = await someone.post("/api/v1/order-lists", pair)
    assert placed.status_code == (201 if may_trade else 403)
    assert (await someone.delete("/api/v1/order-lists/64")).status_code == (
        404 if may_trade else 403
    )
    timer = await someone.put("/api/v1/cancel-timer", {"timeoutMs": 0})
    assert timer.status_code == (200 if may_trade else 403)
    assert (await someone.get("/api/v1/order-lists")).status_code == 200
    assert (await someone.get("/api/wallet/balances")).status_code == 200


async def test_s28_what_is_anothers_is_not_there(alice: Client, bob: Client) -> None:
    hers = await alice.placed(price="10.00", clientOrderId="hers")
    last = await alice.placed(price="11.00")
    nothing = "999999936"
    for path in (f"/api/v1/orders/{hers['id']}", "/api/v1/orders/by-client-id/hers"):
        missing = path.replace(hers["id"], nothing).replace("hers", "nobodys")
        for method in ("GET", "DELETE"):
            seen = await bob.request(method, path, params={})
            unseen = await bob.request(method, missing)
            assert seen.status_code == unseen.status_code == 404
            for reply in (seen, unseen):
                assert reply.json()["code"] == "ORDER_003"
        for one in (path, missing):
            changed = await bob.patch(one, {"quantity": "0.1"})
            assert (changed.status_code, changed.json()["code"]) == (404, "ORDER_003")
    batch = await bob.post(
        "/api/v1/orders/batch", {"operations": [{"op": "cancel", "id": hers["id"]}]}
    )
    assert batch.json()["results"][0]["error"]["code"] == "ORDER_003"
    assert (await bob.get("/api/v1/orders", minSeq=last["seq"])).json()["orders"] == []
    fills = await bob.get("/api/v1/fills", orderId=hers["id"])
    assert fills.json()["fills"] == []
    still = await alice.get(f"/api/v1/orders/{hers['id']}", minSeq=last["seq"])
    assert still.json()["status"] == "new"


@pytest.mark.parametrize(
    "field",
    [
        "role", "isAdmin", "kycLevel", "balance", "status", "userId", "accountId", "account", "fee",
        "filled", "filledQuantity", "createdAt", "emailVerified", "tier", "id", "seq",
        "client_order_id", "__proto__", "SYMBOL",
    ],
)  # fmt: skip
async def test_s29_fields_of_the_house_cannot_be_sent(
    exchange: Exchange, alice: Client, field: str
) -> None:
    order = await alice.place(**{field: "1"})
    assert order.json()["errors"][0] == {
        "field": field,
        "rule": "unknown_field",
        "message": f"{field} is not a field here: leave it out",
    }
    for path in ("/api/auth/register", "/api/auth/login"):
        body = {"email": "s29@example.com", "password": "long enough to be one", field: "ADMIN"}
        reply = await exchange.anybody.post(path, body)
        assert (reply.status_code, reply.json()["code"]) == (400, "VALIDATION_001")
    count = await exchange.house.pool.fetchval(
        "SELECT count(*) FROM users WHERE email = 's29@example.com'"
    )
    assert count == 0


async def test_an_account_that_is_not_open_yet_is_told_so(exchange: Exchange) -> None:
    early = await exchange.user(is_open=False)
    terms = {"side": "buy", "type": "limit", "quantity": "1", "price": "10.00"}
    wanted = terms | {"symbol": "BTCUSDT"}
    pair = {"symbol": "BTCUSDT", "kind": "oto", "legs": [terms, terms]}
    replies = [
        await early.post("/api/v1/orders", wanted),
        await early.post("/api/v1/orders/replace", {"id": "64", "order": wanted}),
        await early.post("/api/v1/order-lists", pair),
        await early.patch("/api/v1/orders/64", {"quantity": "1"}),
        await early.delete("/api/v1/orders/by-client-id/x"),
        await early.delete("/api/v1/order-lists/64"),
        await early.delete("/api/v1/orders"),
        await early.put("/api/v1/cancel-timer", {"timeoutMs": 1000}),
    ]
    told = [(reply.status_code, reply.json()["reason"]) for reply in replies]
    assert told == [(403, "ACCOUNT_UNKNOWN")] * len(replies)
