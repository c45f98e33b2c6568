"""Register and log in over HTTP: rules, limits, and the same answer for those who are unknown."""

import asyncio
import json
import shutil
from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio

from bezant.accounts.passwords import PasswordHasher
from bezant.kit.paths import DataDir
from tests.gateway.exchange import Document, Exchange, make_settings, open_exchange

pytestmark = pytest.mark.asyncio(loop_scope="module")

GOOD = "correct horse battery"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def limited(
    module_dsn: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Exchange]:
    """An exchange with the limits of the preset `standard`."""
    folder = tmp_path_factory.mktemp("limited") / "data"
    settings = make_settings(folder, module_dsn, limits="standard")
    try:
        async with open_exchange(settings) as running:
            running.house.accounts._hasher = PasswordHasher(cost=4)  # The real cost is slow.
            yield running
    finally:
        shutil.rmtree(DataDir.of(settings).sockets, ignore_errors=True)


@pytest_asyncio.fixture(autouse=True, loop_scope="module")
async def forgetful(limited: Exchange) -> None:
    """Each test begins with nothing counted."""
    async with limited.house.pool.acquire() as conn:
        await conn.execute("DELETE FROM attempts")


async def register(limited: Exchange, email: str, password: str = GOOD) -> int:
    reply = await limited.anybody.post("/api/auth/register", {"email": email, "password": password})
    return reply.status_code


async def test_a_new_user_can_trade_at_once(limited: Exchange) -> None:
    body = {"email": "Ada@Example.com", "password": GOOD}
    registered = await limited.anybody.post("/api/auth/register", body)
    assert registered.status_code == 201, registered.text
    assert registered.headers["cache-control"] == "no-store"
    user = registered.json()
    assert (user["email"], set(user)) == (
        "ada@example.com",
        {"userId", "accountId", "email", "createdAt"},
    )
    session = (await limited.anybody.post("/api/auth/login", body)).json()
    assert (session["tokenType"], session["expiresIn"]) == ("Bearer", 900)
    headers = {"Authorization": f"Bearer {session['accessToken']}"}
    profile = await limited.http.get("/api/auth/profile", headers=headers)
    assert profile.json() == user | {"role": "USER", "tier": "free"}
    balances = await limited.http.get("/api/wallet/balances", headers=headers)
    assert balances.json()["balances"] == []


async def test_s14_s15_passwords_are_long_and_rare(limited: Exchange) -> None:
    for password, rule in (
        ("short12", "length_min"),
        ("x" * 257, "length_max"),
        ("qwertyuiop", "not_common"),
        ("Password123", "not_common"),
        ("weak@example.com", "not_guessable"),
        ("bezant2026!", "not_guessable"),
        ("nul\x00in the middle", "no_nul"),
    ):
        reply = await limited.anybody.post(
            "/api/auth/register", {"email": "weak@example.com", "password": password}
        )
        error = reply.json()["errors"][0]
        assert (reply.status_code, error["field"], error["rule"]) == (400, "password", rule)


@pytest.mark.parametrize(
    "email",
    [
        "", "a", "a@", "@b.c", "a@b", "a b@c.de", "a@b..c", "a@-b.com", "a@b.c\n",
        "a\r\nBcc: x@y.z", "a@b@c.de", "é@example.com", "a" * 65 + "@example.com", ".a@b.cd",
        "a@" + "b" * 250 + ".com",
    ],
)  # fmt: skip
async def test_what_is_no_email_is_refused(limited: Exchange, email: str) -> None:
    reply = await limited.anybody.post("/api/auth/register", {"email": email, "password": GOOD})
    assert (reply.status_code, reply.json()["errors"][0]["field"]) == (400, "email"), reply.text


async def test_an_email_is_registered_once(limited: Exchange) -> None:
    first, second = await asyncio.gather(
        register(limited, "twice@example.com"), register(limited, "TWICE@example.com")
    )
    assert sorted((first, second)) == [201, 409]


async def test_s13_unknown_and_known_users_get_the_same_answer(limited: Exchange) -> None:
    await register(limited, "known@example.com")
    replies = [
        await limited.anybody.post("/api/auth/login", {"email": email, "password": "wrong one!"})
        for email in ("known@example.com", "unknown@example.com", "not an email at all")
    ]
    bodies = [
        {name: value for name, value in reply.json().items() if name != "traceId"}
        for reply in replies
    ]
    assert bodies[0] == bodies[1] == bodies[2]
    assert {reply.status_code for reply in replies} == {401}
    names = [sorted(reply.headers) for reply in replies]
    assert names[0] == names[1] == names[2]


async def test_s16_the_sixth_login_in_the_window_waits(limited: Exchange) -> None:
    await register(limited, "locked@example.com")
    tries = ["locked@example.com", "LOCKED@example.com", "lock.ed@example.com"]
    tries += ["locked+a@example.com", "locked@example.com"]
    for email in tries:
        wrong = await limited.anybody.post(
            "/api/auth/login", {"email": email, "password": "wrong wrong"}
        )
        assert wrong.status_code == 401, email
    for forwarded in ("1.2.3.4", "5.6.7.8"):
        reply = await limited.anybody.post(
            "/api/auth/login",
            {"email": "locked@example.com", "password": GOOD},
            headers={"X-Forwarded-For": forwarded},
        )
        assert (reply.status_code, reply.json()["code"]) == (429, "AUTH_008")
        assert 0 < int(reply.headers["retry-after"]) <= 900


async def test_s16_a_hundred_at_once_get_no_extra_attempts(limited: Exchange) -> None:
    replies = await asyncio.gather(
        *(
            limited.anybody.post(
                "/api/auth/login", {"email": "crowd@example.com", "password": "wrong wrong"}
            )
            for _ in range(100)
        )
    )
    codes = [reply.status_code for reply in replies]
    assert (codes.count(401), codes.count(429)) == (5, 95)


async def test_a_right_login_forgives_the_wrong_ones(limited: Exchange) -> None:
    await register(limited, "human@example.com")
    codes = [
        (
            await limited.anybody.post(
                "/api/auth/login", {"email": "human@example.com", "password": password}
            )
        ).status_code
        for password in ("wrong wrong", "wrong again", GOOD) * 3
    ]
    assert codes == [401, 401, 200] * 3


async def test_registrations_of_one_address_are_few(limited: Exchange) -> None:
    codes = [await register(limited, f"many{n}@example.com") for n in range(6)]
    assert codes == [201] * 5 + [429]


async def test_a_free_user_asks_a_hundred_times_a_minute(limited: Exchange) -> None:
    someone = await limited.user()
    replies: list[httpx.Response] = []
    while not replies or (replies[-1].status_code == 200 and len(replies) < 200):
        replies.append(await someone.get("/api/auth/profile"))
    # A request comes back every 0.6 s, so on a slow machine some more than a hundred get in.
    assert len(replies) > 100
    assert [reply.status_code for reply in replies] == [200] * (len(replies) - 1) + [429]
    assert replies[0].headers["ratelimit-limit"] == "100"
    assert replies[0].headers["ratelimit-remaining"] == "99"
    assert replies[-1].json()["code"] == "LIMIT_001"
    assert int(replies[-1].headers["retry-after"]) >= 1


async def test_a_free_user_places_ten_orders_a_second(limited: Exchange) -> None:
    someone = await limited.user()
    replies = await asyncio.gather(*(someone.place(price="10.00") for _ in range(14)))
    codes = [reply.status_code for reply in replies]
    assert codes.count(201) in {10, 11}
    assert codes.count(429) == 14 - codes.count(201)
    over = await someone.post(
        "/api/v1/orders/batch", {"operations": [{"op": "cancel", "id": "1"}] * 20}
    )
    assert over.status_code == 200  # Cancels are never stopped by the rate of orders.


LEG = {"side": "buy", "type": "limit", "quantity": "1", "price": "10.00"}
LIST = {"symbol": "BTCUSDT", "kind": "oto", "legs": [LEG, LEG | {"side": "sell"}]}
CHANGE = {"id": "64", "order": LEG | {"symbol": "BTCUSDT"}}


@pytest.mark.parametrize(
    ("method", "path", "body", "left"),
    [
        ("POST", "/api/v1/order-lists", LIST, ("10", "8")),
        ("POST", "/api/v1/orders/replace", CHANGE, ("10", "9")),
        ("PATCH", "/api/v1/orders/64", {"quantity": "1"}, ("10", "9")),
        (
            "POST",
            "/api/v1/orders/batch",
            {
                "operations": [
                    {"op": "place_list"} | LIST,
                    {"op": "replace"} | CHANGE,
                    {"op": "amend", "id": "64", "quantity": "1"},
                    {"op": "cancel", "id": "64"},
                    {"op": "cancel_all"},
                ]
            },
            ("10", "6"),
        ),
        ("PUT", "/api/v1/cancel-timer", {"timeoutMs": 0}, ("100", "99")),
    ],
)
async def test_each_leg_and_change_counts_as_an_order(
    limited: Exchange, method: str, path: str, body: Document, left: tuple[str, str]
) -> None:
    someone = await limited.user()
    reply = await someone.send(path, json.dumps(body), method=method)
    assert reply.status_code < 500, reply.text
    assert (reply.headers["ratelimit-limit"], reply.headers["ratelimit-remaining"]) == left


async def test_a_maker_is_not_stopped(limited: Exchange) -> None:
    maker = await limited.user(tier=3)
    replies = [await maker.get("/api/auth/profile") for _ in range(120)]
    assert {reply.status_code for reply in replies} == {200}


async def test_the_keys_are_public(limited: Exchange) -> None:
    keys = (await limited.anybody.get("/.well-known/jwks.json")).json()["keys"]
    assert [sorted(key) for key in keys] == [["alg", "e", "kid", "kty", "n", "use"]]
