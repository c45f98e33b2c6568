"""Order entry over the WebSocket: the same work as REST's, by id, in the order of sending."""

import asyncio
from typing import Any
from unittest.mock import AsyncMock

import pytest

from bezant.accounts import tokens
from bezant.accounts.models import Role
from bezant.gateway.entry import session
from bezant.gateway.limits import PRESETS
from bezant.gateway.stream import connection
from bezant.ingress.client import CoreUnavailable, OutcomeUnknown, Overloaded
from tests.gateway.exchange import Client, Exchange
from tests.gateway.sockets import Closed, connect, log_on

pytestmark = pytest.mark.asyncio(loop_scope="module")

Document = dict[str, Any]


def order(**changes: object) -> Document:
    body = {"symbol": "BTCUSDT", "side": "buy", "type": "limit", "quantity": "1", "price": "10.00"}
    return body | changes


def place(request_id: str, **changes: object) -> Document:
    return {"id": request_id, "method": "order.place", "params": order(**changes)}


def cancel(request_id: str, **params: str) -> Document:
    return {"id": request_id, "method": "order.cancel", "params": params}


async def test_an_order_is_placed_repeated_and_canceled(exchange: Exchange, alice: Client) -> None:
    async with log_on(exchange.app, alice.token or "") as socket:
        first = await socket.ask(place("1", clientOrderId="once"))
        assert (first["id"], first["status"], first["result"]["status"]) == ("1", 201, "new")
        again = await socket.ask(place("2", clientOrderId="once"))
        assert (again["status"], again["result"]) == (200, first["result"])
        assert (await alice.place(**order(clientOrderId="once"))).json() == first["result"]
        other = await socket.ask(place("3", clientOrderId="once", price="11.00"))
        assert (other["status"], other["error"]["code"]) == (409, "ORDER_008")
        assert other["error"]["traceId"]
        ended = await socket.ask(cancel("4", clientOrderId="once"))
        assert (ended["status"], ended["result"]["status"]) == (200, "canceled")
        gone = await socket.ask(cancel("5", id=first["result"]["id"]))
        assert (gone["status"], gone["error"]["code"]) == (400, "ORDER_004")


async def test_all_orders_of_a_market_are_canceled(exchange: Exchange, alice: Client) -> None:
    async with log_on(exchange.app, alice.token or "") as socket:
        socket.say(place("1"), place("2", symbol="ETHUSDT"), place("3"))
        placed = await socket.hear_all(3)
        params = {"symbol": "BTCUSDT"}
        reply = await socket.ask({"id": "4", "method": "order.cancelAll", "params": params})
        assert reply["result"]["canceled"] == [placed[one]["result"]["id"] for one in ("1", "3")]
        rest = await socket.ask({"id": "5", "method": "order.cancelAll"})
        assert rest["result"]["canceled"] == [placed["2"]["result"]["id"]]


async def test_an_order_is_amended_and_replaced(exchange: Exchange, alice: Client) -> None:
    async with log_on(exchange.app, alice.token or "") as socket:
        # The amend names an order that is still on its way; what follows waits behind it.
        socket.say(
            place("1", clientOrderId="am"),
            {
                "id": "2",
                "method": "order.amend",
                "params": {"clientOrderId": "am", "quantity": "0.5"},
            },
            place("3"),
        )
        replies = await socket.hear_all(3)
        placed, amended, after = (replies[one]["result"] for one in "123")
        assert (replies["2"]["status"], amended["quantity"]) == (200, "0.5000")
        assert amended["keptPriority"] is True
        assert placed["seq"] < amended["seq"] < after["seq"]
        params = {"id": placed["id"], "order": order(price="9.00")}
        replaced = await socket.ask({"id": "4", "method": "order.replace", "params": params})
        assert replaced["status"] == 201
        assert replaced["result"]["cancel"]["order"]["id"] == placed["id"]
        assert replaced["result"]["place"]["order"]["price"] == "9.00"
        gone = {"id": placed["id"], "quantity": "0.4"}
        refused = await socket.ask({"id": "5", "method": "order.amend", "params": gone})
        assert (refused["status"], refused["error"]["code"]) == (400, "ORDER_004")


async def test_all_types_of_orders_are_placed(exchange: Exchange, alice: Client) -> None:
    async with log_on(exchange.app, alice.token or "") as socket:
        await socket.ask(place("1", quantity="1", price="100.00", side="sell"))
        await socket.ask(place("2", price="100.00", selfTradePrevention="none"))
        waiting = await socket.ask(
            place("3", side="sell", type="stop_limit", triggerPrice="90.00", price="89.00")
        )
        shown = await socket.ask(place("4", type="iceberg", displayQuantity="0.5"))
    assert waiting["result"]["status"] == "pending_trigger", waiting
    assert shown["result"]["displayQuantity"] == "0.5000", shown


async def test_a_list_is_placed_and_canceled_whole(exchange: Exchange, alice: Client) -> None:
    legs = [
        {"side": "buy", "type": "limit", "quantity": "1", "price": "10.00"},
        {"side": "sell", "type": "limit", "quantity": "1", "price": "500.00"},
    ]
    params = {"symbol": "ETHUSDT", "kind": "oto", "legs": legs, "listClientOrderId": "l1"}
    async with log_on(exchange.app, alice.token or "") as socket:
        # The cancel needs the list that is still on its way.
        socket.say(
            {"id": "1", "method": "orderList.place", "params": params},
            {"id": "2", "method": "orderList.cancel", "params": {"listClientOrderId": "l1"}},
            place("3"),
        )
        replies = await socket.hear_all(3)
        placed, canceled = replies["1"], replies["2"]
        assert placed["status"] == 201, placed
        assert [leg["status"] for leg in placed["result"]["legs"]] == ["new", "pending_trigger"]
        assert (canceled["status"], canceled["result"]["status"]) == (200, "done")
        assert [leg["status"] for leg in canceled["result"]["legs"]] == ["canceled"] * 2
        again = await socket.ask({"id": "4", "method": "orderList.place", "params": params})
        assert (again["status"], again["result"]) == (200, placed["result"])
        nameless = await socket.ask({"id": "5", "method": "orderList.cancel"})
        assert nameless["error"]["errors"][0]["field"] == "id"
        legless = {"symbol": "ETHUSDT", "kind": "oto", "legs": legs[:1]}
        short = await socket.ask({"id": "6", "method": "orderList.place", "params": legless})
        assert short["error"]["errors"][0]["field"] == "legs"


async def test_a_cancel_timer_is_set_and_removed(exchange: Exchange, alice: Client) -> None:
    async with log_on(exchange.app, alice.token or "") as socket:
        for request_id, timeout_ms, is_due in (("1", 60_000, True), ("2", 0, False)):
            params = {"timeoutMs": timeout_ms}
            reply = await socket.ask(
                {"id": request_id, "method": "cancelTimer.set", "params": params}
            )
            assert reply["status"] == 200, reply
            assert (reply["result"]["dueAt"] is not None) == is_due
        params = {"timeoutMs": 5}
        refused = await socket.ask({"id": "3", "method": "cancelTimer.set", "params": params})
        assert refused["error"]["errors"][0]["field"] == "timeoutMs"


async def test_a_batch_answers_each_operation(exchange: Exchange, alice: Client) -> None:
    operations = [{"op": "place", **order()}, {"op": "cancel", "id": "1"}]
    async with log_on(exchange.app, alice.token or "") as socket:
        params = {"operations": operations}
        reply = await socket.ask({"id": "b", "method": "batch", "params": params})
    assert reply["status"] == 200
    assert [one["ok"] for one in reply["result"]["results"]] == [True, False]


async def test_a_request_may_expire(exchange: Exchange, alice: Client) -> None:
    async with log_on(exchange.app, alice.token or "") as socket:
        reply = await socket.ask(place("1", validUntil="2020-01-01T00:00:00Z"))
    assert (reply["status"], reply["error"]["code"]) == (400, "ORDER_019")


async def test_a_session_says_how_it_stands(exchange: Exchange, alice: Client, bob: Client) -> None:
    assert alice.user is not None
    async with log_on(exchange.app, alice.token or "") as socket:
        status = (await socket.ask({"id": "1", "method": "session.status"}))["result"]
        assert status["accountId"] == str(alice.user.account)
        assert status["inFlightMax"] == 1_000
        pong = (await socket.ask({"id": "2", "method": "ping"}))["result"]
        assert pong["live"] is True
        fresh = {"token": exchange.house.tokens.issue(alice.user)}
        renewed = await socket.ask({"id": "3", "method": "session.auth", "params": fresh})
        assert renewed["status"] == 200
        foreign = {"token": bob.token}
        refused = await socket.ask({"id": "4", "method": "session.auth", "params": foreign})
        assert (refused["status"], refused["error"]["code"]) == (401, "AUTH_005")
        assert (await socket.ask({"id": "5", "method": "ping"}))["status"] == 200


@pytest.mark.parametrize(
    ("message", "request_id", "field", "rule"),
    [
        ("{", None, "", "json"),
        ("", None, "", "json"),
        ("[]", None, "message", "type"),
        (b'{"id":"1","method":"ping"}', None, "", "json"),
        ("\ud800", None, "", "json"),
        ("[" * 60_000, None, "message", "type"),
        ('{"id":"1","method":"ping","params":' + "[" * 60_000, None, "", "json"),
        ('{"id":"1","method":"ping","params":' + "[" * 9_000 + "]" * 9_000 + "}", None, "", "json"),
        ({"method": "ping"}, None, "id", "required"),
        ({"id": 1, "method": "ping"}, None, "id", "type"),
        ({"id": "", "method": "ping"}, None, "id", "range"),
        ({"id": "x" * 65, "method": "ping"}, None, "id", "range"),
        ({"id": "1"}, "1", "method", "required"),
        ({"id": "1", "method": "ping", "more": 1}, "1", "more", "unknown_field"),
        ('{"id":"1","method":"ping","method":"ping"}', "1", "method", "duplicate"),
        ({"id": "1", "method": "order.eat"}, "1", "method", "method_unknown"),
        ({"id": "1", "method": "ping", "params": []}, "1", "params", "type"),
        ({"id": "1", "method": "ping", "params": {"a": 1}}, "1", "a", "unknown_field"),
        ({"id": "1", "method": "order.place"}, "1", "side", "required"),
        (place("1", quantity=1), "1", "quantity", "type"),
        (place("1", price="10.001"), "1", "price", "step"),
        (place("1", price="1e1"), "1", "price", "decimal"),
        (place("1", shape="odd"), "1", "shape", "unknown_field"),
        (place("1", symbol="NOPE"), "1", "symbol", "market_unknown"),
        (place("1", type="market"), "1", "price", "combination_not_supported"),
        ({"id": "1", "method": "order.amend", "params": {"id": "1"}}, "1", "quantity", "required"),
        ({"id": "1", "method": "order.replace", "params": {}}, "1", "order", "required"),
        (cancel("1"), "1", "id", "required"),
        (cancel("1", id="1", clientOrderId="x"), "1", "clientOrderId", "one_of"),
        ({"id": "1", "method": "batch", "params": {"operations": []}}, "1", "operations", "range"),
        ({"id": "1", "method": "session.auth"}, "1", "token", "required"),
    ],
)
async def test_what_is_wrong_is_named_and_the_connection_goes_on(
    exchange: Exchange,
    alice: Client,
    message: object,
    request_id: str | None,
    field: str,
    rule: str,
) -> None:
    async with log_on(exchange.app, alice.token or "") as socket:
        reply = await socket.ask(message)
        assert reply["id"] == request_id
        assert reply["status"] == reply["error"]["status"] == 400
        error = reply["error"]["errors"][0]
        assert (error["field"], error["rule"]) == (field, rule)
        assert (await socket.ask({"id": "after", "method": "ping"}))["status"] == 200


async def test_commands_enter_in_the_order_of_sending(exchange: Exchange, alice: Client) -> None:
    """Each cancel asks the core first, and each place behind it waits for its turn."""
    messages: list[Document] = []
    for number in range(500):
        name = f"o{number}"
        messages.append(place(f"{2 * number:04d}", clientOrderId=name))
        messages.append(cancel(f"{2 * number + 1:04d}", clientOrderId=name))
    async with log_on(exchange.app, alice.token or "") as socket:
        socket.say(*messages)
        replies = await socket.hear_all(1_000)
    results = [replies[f"{number:04d}"]["result"] for number in range(1_000)]
    assert {result["status"] for result in results[::2]} == {"new"}
    assert {result["status"] for result in results[1::2]} == {"canceled"}
    seqs = [result["seq"] for result in results]
    assert seqs == sorted(seqs)
    assert len(set(seqs)) == 1_000


async def test_a_refused_request_holds_up_nobody(exchange: Exchange, alice: Client) -> None:
    async with log_on(exchange.app, alice.token or "") as socket:
        socket.say(
            cancel("1", id="7"),
            place("2", price="10.001"),
            place("3", symbol="NOPE"),
            {"id": "4", "method": "nope"},
            place("5"),
            place("6"),
        )
        replies = await socket.hear_all(6)
    assert [replies[one]["status"] for one in "123456"] == [404, 400, 400, 400, 201, 201]
    assert int(replies["6"]["result"]["seq"]) > int(replies["5"]["result"]["seq"])


async def test_one_more_than_the_window_is_refused(
    exchange: Exchange, alice: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "IN_FLIGHT_MAX", 3)
    async with log_on(exchange.app, alice.token or "") as socket:
        socket.say(*(place(str(number)) for number in range(5)))
        replies = await socket.hear_all(5)
        assert [replies[str(number)]["status"] for number in range(5)] == [201] * 3 + [429] * 2
        assert replies["4"]["error"]["code"] == "LIMIT_004"
        assert (await socket.ask(place("again")))["status"] == 201


async def test_an_id_in_flight_is_not_taken_twice(exchange: Exchange, alice: Client) -> None:
    async with log_on(exchange.app, alice.token or "") as socket:
        socket.say(place("same"), place("same"))
        refused, placed = await socket.hear(), await socket.hear()
        assert refused["error"]["errors"][0] | {"message": ""} == {
            "field": "id",
            "rule": "duplicate",
            "message": "",
        }
        assert (placed["id"], placed["status"]) == ("same", 201)
        assert (await socket.ask(place("same")))["status"] == 201


async def test_rates_are_those_of_rest_and_stand_in_the_reply(
    exchange: Exchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exchange.house.access, "_rates", PRESETS["standard"])
    client = await exchange.user()
    assert (await client.place()).headers["ratelimit-remaining"] == "9"
    async with log_on(exchange.app, client.token or "") as socket:
        socket.say(*(place(str(number)) for number in range(10)))
        replies = await socket.hear_all(10)
        assert replies["0"]["rateLimit"] == {"limit": 10, "remaining": 8, "reset": 1}
        assert [replies[str(number)]["status"] for number in range(10)] == [201] * 9 + [429]
        refused = replies["9"]
        assert (refused["error"]["code"], refused["retryAfter"]) == ("LIMIT_002", 1)
        assert refused["rateLimit"]["remaining"] == 0
        pinged = await socket.ask({"id": "p", "method": "ping"})
        assert pinged["rateLimit"]["limit"] == 100


async def test_connections_count_against_the_tier(
    exchange: Exchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exchange.hub, "_is_limited", True)
    client = await exchange.user()
    async with log_on(exchange.app, client.token or ""), connect(exchange.app, "/ws/api") as second:
        second.say({"id": "1", "method": "session.auth", "params": {"token": client.token}})
        with pytest.raises(Closed) as closed:
            await second.hear()
        assert closed.value.code == 4429


async def test_only_traders_place(exchange: Exchange) -> None:
    support = await exchange.user(role=Role.SUPPORT)
    async with log_on(exchange.app, support.token or "") as socket:
        reply = await socket.ask(place("1"))
        assert (reply["status"], reply["error"]["code"]) == (403, "AUTH_006")
        assert (await socket.ask({"id": "2", "method": "session.status"}))["status"] == 200


async def test_requests_are_counted_by_method(exchange: Exchange, alice: Client) -> None:
    async with log_on(exchange.app, alice.token or "") as socket:
        await socket.ask(place("1"))
        await socket.ask({"id": "2", "method": "made up"})
    told = (await exchange.http.get("/metrics")).text
    counts = [line for line in told.splitlines() if 'method="WS"' in line and "_total" in line]
    assert any('route="order.place",status="201"' in line for line in counts), counts
    assert any('route="none",status="400"' in line for line in counts), counts


async def test_a_stranger_is_told_to_say_who_it_is(exchange: Exchange) -> None:
    async with connect(exchange.app, "/ws/api") as socket:
        reply = await socket.ask(place("1"))
        assert (reply["id"], reply["status"], reply["error"]["code"]) == ("1", 401, "AUTH_005")
        assert (await socket.ask("{"))["status"] == 400
        forged = {"id": "2", "method": "session.auth", "params": {"token": "forged"}}
        assert (await socket.ask(forged))["status"] == 401
        with pytest.raises(Closed) as closed:
            await socket.hear()
        assert closed.value.code == 4401


async def test_a_stranger_that_talks_too_much_is_ended(exchange: Exchange) -> None:
    async with connect(exchange.app, "/ws/api") as socket:
        socket.say(*["{"] * 30)
        with pytest.raises(Closed) as closed:
            for _ in range(30):
                await socket.hear()
        assert closed.value.code == 1008


async def test_a_ticket_opens_one_session(exchange: Exchange, alice: Client) -> None:
    ticket = (await alice.post("/api/auth/ws-ticket", {})).json()["ticket"]
    async with connect(exchange.app, f"/ws/api?ticket={ticket}") as socket:
        assert (await socket.ask(place("1")))["status"] == 201
    async with connect(exchange.app, f"/ws/api?ticket={ticket}") as socket:
        with pytest.raises(Closed) as closed:
            await socket.hear()
        assert closed.value.code == 4401


async def test_a_session_ends_with_its_token_unless_it_shows_a_fresh_one(
    exchange: Exchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = await exchange.user()
    assert client.user is not None
    monkeypatch.setattr(tokens, "LIFETIME_S", 2)
    short = exchange.house.tokens.issue(client.user)
    monkeypatch.setattr(tokens, "LIFETIME_S", 5)
    longer = {"token": exchange.house.tokens.issue(client.user)}
    async with log_on(exchange.app, short) as renewing, log_on(exchange.app, short) as socket:
        await renewing.ask({"id": "1", "method": "session.auth", "params": longer})
        with pytest.raises(Closed) as closed:
            await socket.hear()
        assert (closed.value.code, "token" in closed.value.reason) == (4401, True)
        assert (await renewing.ask({"id": "2", "method": "ping"}))["status"] == 200
        with pytest.raises(Closed) as closed:
            await renewing.hear()
        assert closed.value.code == 4401


async def test_nothing_is_read_of_a_client_that_does_not_take_its_replies(
    exchange: Exchange, alice: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "REPLIES_MAX", 10)
    monkeypatch.setattr(connection, "SEND_TIMEOUT_S", 1.0)
    async with log_on(exchange.app, alice.token or "") as socket:
        socket.may_send.clear()
        socket.say(*["{"] * 1_000)
        await asyncio.sleep(0.3)
        assert socket.inward.qsize() > 900, "what is not read stays with the client"
        await asyncio.sleep(1.5)
        socket.may_send.set()
        with pytest.raises(Closed) as closed:
            for _ in range(100):
                await socket.hear()
        assert closed.value.code == 4413


async def test_without_the_core_nothing_is_done(
    exchange: Exchange, alice: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with log_on(exchange.app, alice.token or "") as socket:
        for error, status, code in (
            (CoreUnavailable("away"), 503, "SYSTEM_001"),
            (OutcomeUnknown("lost"), 504, "SYSTEM_002"),
            (Overloaded("full"), 503, "SYSTEM_003"),
            (RuntimeError("unforeseen"), 500, "SYSTEM_007"),
        ):
            with monkeypatch.context() as patch:
                patch.setattr(exchange.house.core, "submit", AsyncMock(side_effect=error))
                reply = await socket.ask(place("1"))
            assert (reply["status"], reply["error"]["code"]) == (status, code)
        assert (await socket.ask(place("1")))["status"] == 201
